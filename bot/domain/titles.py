"""A paper as people name it: its title, and its venue with the year."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from bot.domain import venues
from bot.domain.patterns import pattern
from bot.domain.venues import Venue

TO_BE_ANNOUNCED = "To be announced"
"""The title of a talk whose presenter has not chosen a paper yet."""

_VENUE_YEAR = pattern(r"(.*\S)(?:\s*['’‘ʼ＇´`]\s*(\d\d)|\s+((?:19|20)\d\d))", re.DOTALL)
# On a phone the apostrophe is left out. From 40 to 69 it is no year but the number of a conference:
# the 57th MICRO was in 2024.
_PLAIN_YEAR = pattern(r"([A-Za-z][A-Za-z& ]*[A-Za-z])[\s-]?((?:19|20)\d\d|[0-37-9]\d)")
_BRACKETS = "[]", "［］", "【】"
_BEFORE_TITLE = pattern(
    r"(?:\[([^\[\]]{1,30})\]|[［【(（]([^［］【】()（）]{1,30})[］】)）])(\s*)(\S.*)"
)
_BEHIND_TITLE = pattern(
    r"(.*\S)(?:\s*[(（\[［【]([^()（）\[\]［］【】]{1,30})[)）\]］】]|[,，]\s*([^,，]{1,30}))"
)
_MARKED_YEAR = pattern(r"([A-Za-z][A-Za-z& ]{0,20}\s?['’‘ʼ＇´`]\s?\d\d)\s*[:：,，]?\s+(\S.*)")
_AROUND_WORDS = pattern(r"[\[\]［］【】()（）《》“”\"?？!！,，;；…]|[.:。：](?=\s|$)")
_SIGN = "💡"
"""What the page and the bot put before a paper, so that whoever copies a line has it as well."""
_QUOTES = "“”", '""', "‘’", "''", "«»", "„“", "《》", "「」", "『』"
_PIVOT = 70
"""Two digits from 70 are 19xx, as in POSIX's strptime (there 69): no venue here is that old."""


class NamedPaper(NamedTuple):
    """A paper as somebody names it; the venue is `None` where they do not."""

    title: str
    venue: str | None
    year: int | None


def parse_venue(text: str) -> tuple[str | None, int | None]:
    """`[SOSP'25]`, `SOSP '25` and `sosp 2025` are ("SOSP", 2025), and so are `SOSP 25` and
    `SOSP25`, since SOSP is a conference; `[arXiv]` and `[Top 10]` have no year."""
    name, year = _name_and_year(text)
    return venues.usual_name(name) or None, year


def _name_and_year(text: str) -> tuple[str, int | None]:
    name = " ".join(text.split())
    if name[:1] + name[-1:] in _BRACKETS:
        name = name[1:-1].strip()
    match = _VENUE_YEAR.fullmatch(name)
    if match is not None:
        return match[1], _in_full(match[2] or match[3])
    match = _PLAIN_YEAR.fullmatch(name)
    if match is not None and venues.is_known(match[1]):
        return match[1], _in_full(match[2])
    return name, None


def _in_full(year: str) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number < _PIVOT else 1900)


def split_venue(text: str) -> NamedPaper:
    """A title as people write it, with or without quotes around it, and with its venue before it
    in brackets, as on the page: `[SOSP'25] DiffKV: ...`. A bracket inside a word ("[Re]thinking")
    is the title's. A known venue may stand in other brackets, and one with its year also bare or
    behind the title: `SOSP'25: DiffKV`, `DiffKV (SOSP 2025)`."""
    said = " ".join(text.split())
    words = _unquoted(said.removeprefix(_SIGN).strip() or said)
    for title, written in _readings(words):
        venue, year = parse_venue(written)
        if venue is not None:
            return NamedPaper(_unquoted(title), venue, year)
    return NamedPaper(words, None, None)


def _readings(words: str) -> Iterator[tuple[str, str]]:
    """Title and venue, in each way that they can be told apart."""
    if match := _BEFORE_TITLE.fullmatch(words):
        venue = match[1] or match[2]
        if (match[1] and match[3]) or venues.is_known(parse_venue(venue)[0] or ""):
            yield match[4], venue
    if (match := _MARKED_YEAR.fullmatch(words)) and _dated(match[1]):
        yield match[2], match[1]
    if (match := _BEHIND_TITLE.fullmatch(words)) and _dated(match[2] or match[3]):
        yield match[1], match[2] or match[3]


def _dated(text: str) -> Venue | None:
    """A known venue and its year, where this is nothing else."""
    venue, year = parse_venue(text)
    if venue is None or year is None or not venues.is_known(venue):
        return None
    return venue, year


def _unquoted(title: str) -> str:
    inner = title[1:-1].strip()
    if title[:1] + title[-1:] in _QUOTES and inner and not {title[0], title[-1]} & set(inner):
        return inner
    return title


def completed(said: str, title: str) -> str:
    """What was said of a paper, with this title behind it where it is only a venue: "[SOSP 25]"."""
    alone = venue_alone(said)
    return f"[{format_venue(*alone)}] {title}" if alone else said


def venue_alone(text: str) -> Venue | None:
    """The venue, where a conference and its year is all that is said: "[SOSP 25]", "SOSP'25". A
    talk may well be called "SOSP 2025"."""
    words = text.strip(" []［］【】()（）")
    bare = words == text.strip()
    return None if bare and words[-4:].isdecimal() else _dated(words)


def wanted_words(text: str) -> str:
    """What somebody looks for, without quotes, brackets and what ends a sentence; a conference with
    its year is one word, as the schedule has it: "SOSP 25" is "SOSP'25"."""
    words = _AROUND_WORDS.sub(" ", text).split()
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    dated = {
        place: format_venue(*venue)
        for place, pair in enumerate(pairs)
        if (venue := _dated(pair)) is not None
    }
    kept = (place for place in range(len(words)) if place - 1 not in dated)
    return " ".join(dated.get(place, words[place]) for place in kept)


def format_venue(venue: str | None, year: int | None) -> str:
    """`SOSP'25`; four digits for a year that two cannot say; `""` without a venue."""
    if not venue:
        return ""
    if year is None:
        return venue
    if 1900 + _PIVOT <= year < 2000 + _PIVOT:
        return f"{venue}'{year % 100:02d}"
    return f"{venue} {year:04d}"
