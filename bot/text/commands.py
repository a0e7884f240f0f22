"""The commands, once: the menus, `/help` and the router all read them here."""

from enum import Enum
from typing import NamedTuple


class Topic(Enum):
    """A chapter of `/help`, as its button says. Buttons name it by its place here."""

    SCHEDULE = "What is on"
    PRESENTING = "Presenting"
    AFTERWARDS = "After a talk"
    YOURSELF = "You and me"
    ORGANIZING = "Organizing"


TOPICS = tuple(Topic)


class Command(NamedTuple):
    """`usage` is an example of what may follow; `topic` is the chapter of `/help` that tells of it,
    which for those of organizers is one of its own."""

    name: str
    says: str
    usage: str = ""
    topic: Topic = Topic.SCHEDULE

    @property
    def for_organizers(self) -> bool:
        return self.topic is Topic.ORGANIZING


COMMANDS = (
    Command("next", "The next meeting"),
    Command("schedule", "The coming meetings, and the past ones"),
    Command("meeting", "One meeting", "jan 13"),
    Command("open", "Slots that nobody has taken"),
    Command(
        "claim",
        "Take an open slot for your paper",
        "jan 13 2 Title https://…",
        topic=Topic.PRESENTING,
    ),
    Command(
        "edit", "Another title or link for your talk", "Title https://…", topic=Topic.PRESENTING
    ),
    Command("mine", "Your talks", topic=Topic.PRESENTING),
    Command("support", "Support somebody's talk", "jan 13 2", topic=Topic.PRESENTING),
    Command("swap", "Change places with another presenter", "jan 20 1", topic=Topic.PRESENTING),
    Command("handover", "Hand your talk over", "Ann", topic=Topic.PRESENTING),
    Command("release", "Give a slot back", topic=Topic.PRESENTING),
    Command("slides", "Post the slides of your talk", "https://…", topic=Topic.AFTERWARDS),
    Command("video", "Post the video of a talk", "https://…", topic=Topic.AFTERWARDS),
    Command("summary", "Post the summary of a talk", "https://…", topic=Topic.AFTERWARDS),
    Command("wait", "Wait for a slot that is taken", "jan 13 2", topic=Topic.PRESENTING),
    Command("turns", "Whose turn it is to present", topic=Topic.PRESENTING),
    Command("iam", "Say which name on the schedule is you", "Bosen Yang", topic=Topic.YOURSELF),
    Command("find", "Search titles, presenters and venues", "cache"),
    Command("stats", "Who presented how often, as a picture"),
    Command("remind", "What I tell you in private, and when", topic=Topic.YOURSELF),
    Command("mute", "Tell me nothing of your own accord", topic=Topic.YOURSELF),
    Command("unmute", "Tell me things again", topic=Topic.YOURSELF),
    Command("help", "What I can do", topic=Topic.YOURSELF),
    Command("term", "The term: how far it is, a new one", "new 2026 Spring", Topic.ORGANIZING),
    Command("move", "Move a meeting", "jan 13 jan 15 18:00", Topic.ORGANIZING),
    Command("cancel", "Cancel a meeting, or restore it", "jan 13", Topic.ORGANIZING),
    Command("assign", "Give a slot to somebody", "jan 20 2 Ann", Topic.ORGANIZING),
    Command("unassign", "Empty a slot", "jan 20 2", Topic.ORGANIZING),
    Command("undo", "Take the last change back", topic=Topic.ORGANIZING),
    Command("announce", "Tell the group something", "Room 401 is closed", Topic.ORGANIZING),
    Command("deliveries", "What I told and am going to tell", topic=Topic.ORGANIZING),
    Command("log", "Who changed what", topic=Topic.ORGANIZING),
    Command("settings", "The group's rules, and what I tell it", topic=Topic.ORGANIZING),
    Command("checklist", "What presenters are reminded of", topic=Topic.ORGANIZING),
    Command("rule", "Which papers a meeting takes", "SOSP/OSDI + arXiv", Topic.ORGANIZING),
    Command("hosts", "Sites whose links I know", "slides.example.org", Topic.ORGANIZING),
    Command("setup", "Tie this chat to its group", topic=Topic.ORGANIZING),
    Command("start", "Let me write to you in private", topic=Topic.YOURSELF),
)


def chapter(topic: Topic) -> tuple[Command, ...]:
    """The commands of a chapter of `/help`, which does not name itself."""
    return tuple(c for c in COMMANDS if c.topic is topic and c.name not in ("start", "help"))
