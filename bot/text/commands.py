"""The commands, once: the menus, `/help` and the router all read them here."""

from dataclasses import dataclass
from enum import Enum


class Audience(Enum):
    EVERYONE = "everyone"
    ORGANIZERS = "organizers"


@dataclass(frozen=True, slots=True)
class Command:
    """`usage` is an example of what may follow; `in_private` says whether the menu of a private
    chat has it."""

    name: str
    says: str
    usage: str = ""
    audience: Audience = Audience.EVERYONE
    in_private: bool = True


COMMANDS = (
    Command("next", "The next meeting"),
    Command("schedule", "The coming meetings, and the past ones"),
    Command("meeting", "One meeting", "jan 13"),
    Command("open", "Slots that nobody has taken"),
    Command("claim", "Take an open slot for your paper", "jan 13 2 Title https://…"),
    Command("mine", "Your talks"),
    Command("release", "Give a slot back"),
    Command("find", "Search titles, presenters and venues", "cache"),
    Command("help", "What I can do"),
    Command("video", "Post a meeting's video", "https://…", Audience.ORGANIZERS),
    Command("setup", "Tie this chat to its group", "", Audience.ORGANIZERS, in_private=False),
    Command("start", "Let me write to you in private"),
)
