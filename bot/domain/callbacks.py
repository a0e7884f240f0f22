"""What a button carries: a version, a word and short ids, at most 64 bytes.

A payload is a request, not a right: whoever forges one meets the same checks in the services.
"""

import re
from dataclasses import astuple, dataclass

VERSION = "c1"
MAX_BYTES = 64
"""Telegram's limit for callback data."""

LARGEST = 2**31 - 1
"""The largest id in a table of PostgreSQL; four of them fit a button."""


@dataclass(frozen=True, slots=True)
class ShowSchedule:
    group_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class Book:
    """Take this slot for the paper in the draft."""

    group_id: int
    draft_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class Release:
    """Give this slot back."""

    group_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class PostVideo:
    """Put the draft's video beside one slot of the meeting, or beside all for `slot_id` 0."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class ChooseGroup:
    group_id: int


@dataclass(frozen=True, slots=True)
class Arrived:
    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class SendAgain:
    group_id: int
    delivery_id: int


Callback = ShowSchedule | Book | Release | PostVideo | ChooseGroup | Arrived | SendAgain

_WORDS: dict[str, type[Callback]] = {
    "page": ShowSchedule,
    "book": Book,
    "release": Release,
    "video": PostVideo,
    "group": ChooseGroup,
    "arrived": Arrived,
    "again": SendAgain,
}
_TO_WORD = {made: word for word, made in _WORDS.items()}


def encode(callback: Callback) -> str:
    numbers = ":".join(str(number) for number in astuple(callback))
    return f"{VERSION}:{_TO_WORD[type(callback)]}:{numbers}"


def decode(data: str) -> Callback | None:
    """What the button asks for; `None` for one of another version, and for nonsense."""
    version, _, rest = data.partition(":")
    word, *numbers = rest.split(":")
    made = _WORDS.get(word)
    if version != VERSION or made is None or len(numbers) != len(made.__slots__):
        return None
    if not all(_is_id(number) for number in numbers):
        return None
    return made(*(int(number) for number in numbers))


def _is_id(number: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,10}", number) is not None and abs(int(number)) <= LARGEST
