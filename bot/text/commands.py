"""The commands, once: the menus, `/help` and the router all read them here."""

from enum import Enum
from typing import NamedTuple


class Audience(Enum):
    EVERYONE = "everyone"
    ORGANIZERS = "organizers"


class Topic(Enum):
    """A chapter of `/help`, as its button says. Buttons name it by its place here."""

    SCHEDULE = "What is on"
    PRESENTING = "Presenting"
    AFTERWARDS = "After a talk"
    YOURSELF = "You and me"
    ORGANIZING = "Organizing"


TOPICS = tuple(Topic)


class Command(NamedTuple):
    """`usage` is an example of what may follow; `in_private` says whether the menu of a private
    chat has it. `about` is the chapter of a command for everyone; the others have their own."""

    name: str
    says: str
    usage: str = ""
    audience: Audience = Audience.EVERYONE
    in_private: bool = True
    about: Topic = Topic.SCHEDULE

    @property
    def topic(self) -> Topic:
        return Topic.ORGANIZING if self.audience is Audience.ORGANIZERS else self.about


COMMANDS = (
    Command("next", "The next meeting"),
    Command("schedule", "The coming meetings, and the past ones"),
    Command("meeting", "One meeting", "jan 13"),
    Command("open", "Slots that nobody has taken"),
    Command(
        "claim",
        "Take an open slot for your paper",
        "jan 13 2 Title https://…",
        about=Topic.PRESENTING,
    ),
    Command(
        "edit", "Another title or link for your talk", "Title https://…", about=Topic.PRESENTING
    ),
    Command("mine", "Your talks", about=Topic.PRESENTING),
    Command("support", "Support somebody's talk", "jan 13 2", about=Topic.PRESENTING),
    Command("swap", "Change places with another presenter", "jan 20 1", about=Topic.PRESENTING),
    Command("handover", "Hand your talk over", "Ann", about=Topic.PRESENTING),
    Command("release", "Give a slot back", about=Topic.PRESENTING),
    Command("slides", "Post the slides of your talk", "https://…", about=Topic.AFTERWARDS),
    Command("video", "Post the video of a talk", "https://…", about=Topic.AFTERWARDS),
    Command("summary", "Post the summary of a talk", "https://…", about=Topic.AFTERWARDS),
    Command("wait", "Wait for a slot that is taken", "jan 13 2", about=Topic.PRESENTING),
    Command("turns", "Whose turn it is to present", about=Topic.PRESENTING),
    Command("iam", "Say which name on the schedule is you", "Bosen Yang", about=Topic.YOURSELF),
    Command("find", "Search titles, presenters and venues", "cache"),
    Command("stats", "Who presented how often, as a picture"),
    Command("remind", "What I tell you in private, and when", about=Topic.YOURSELF),
    Command("mute", "Tell me nothing of your own accord", about=Topic.YOURSELF),
    Command("unmute", "Tell me things again", about=Topic.YOURSELF),
    Command("help", "What I can do", about=Topic.YOURSELF),
    Command("term", "The term: how far it is, a new one", "new 2026 Spring", Audience.ORGANIZERS),
    Command("move", "Move a meeting", "jan 13 jan 15 18:00", Audience.ORGANIZERS),
    Command("cancel", "Cancel a meeting, or restore it", "jan 13", Audience.ORGANIZERS),
    Command("assign", "Give a slot to somebody", "jan 20 2 Ann", Audience.ORGANIZERS),
    Command("unassign", "Empty a slot", "jan 20 2", Audience.ORGANIZERS),
    Command("undo", "Take the last change back", "", Audience.ORGANIZERS),
    Command("announce", "Tell the group something", "Room 401 is closed", Audience.ORGANIZERS),
    Command("deliveries", "What I told and am going to tell", "", Audience.ORGANIZERS),
    Command("log", "Who changed what", "", Audience.ORGANIZERS),
    Command("settings", "The group's rules, and what I tell it", "", Audience.ORGANIZERS),
    Command("checklist", "What presenters are reminded of", "", Audience.ORGANIZERS),
    Command("rule", "Which papers a meeting takes", "SOSP/OSDI + arXiv", Audience.ORGANIZERS),
    Command("hosts", "Sites whose links I know", "slides.example.org", Audience.ORGANIZERS),
    Command("setup", "Tie this chat to its group", "", Audience.ORGANIZERS, in_private=False),
    Command("start", "Let me write to you in private", about=Topic.YOURSELF),
)


def chapter(topic: Topic) -> tuple[Command, ...]:
    """The commands of a chapter of `/help`, which does not name itself."""
    return tuple(c for c in COMMANDS if c.topic is topic and c.name not in ("start", "help"))
