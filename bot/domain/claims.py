"""Reading what a member writes behind `/claim`, `/slides`, `/video` and the like."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.domain.dates import split_date

# Chinese is written without blanks, and no address holds its punctuation, or angle brackets.
_LINK = re.compile(r"https?://[^\s<>，。；！？”’）》]+", re.IGNORECASE)
_POSITION = re.compile(
    r"(?:(?:topic|slot|talk)\s+)?#?(\d{1,2}|iii|ii|iv|i|v)(?=\s|$)", re.IGNORECASE
)
# A sentence goes on after a link: "(https://…)", "https://…,".
_AFTER_LINK = ".,;:!?'\""
_AROUND_LINK = {"(": ")", "<": ">", "（": "）", "《": "》", "“": "”", '"': '"', "'": "'"}
# "1:30", "1:02:30", as players show it; whatever else has colons between digits is a slip.
_START = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
_LIKE_A_START = re.compile(r"(?<!\S)(\d+(?:[:：]\d+)+)(?=[\s,;，；]|$)[,;，；]?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


class Wish(NamedTuple):
    """What was asked for: on which day, in which slot (counted from 1), which title and link.
    Whatever was not said is `None`. `rest` is the title with the slot's number still before it,
    for a meeting in which that number cannot be a slot's."""

    day: date | None
    position: int | None
    title: str | None
    rest: str | None
    url: str | None


def first_link(text: str) -> str | None:
    """The first web link in a text, without the punctuation behind it."""
    return _apart(text)[1]


def read_paper(text: str) -> Wish:
    """Read `[TITLE] [LINK]`, with no date in it."""
    words, url = _apart(text)
    title = _tidy(words)
    return Wish(None, None, title, title, url)


def read_wish(text: str, today: date, known: Sequence[date]) -> Wish:
    """Read `[DATE] [SLOT] [TITLE] [LINK]`. A slot's number counts only behind a date."""
    words, url = _apart(text)
    day, rest = split_date(words, today, known)
    found = _POSITION.match(rest.strip()) if day is not None else None
    position, title = None, rest
    if found:
        number = found[1].lower()
        position = _ROMAN.get(number) or int(number)
        title = rest.strip()[found.end() :]
    return Wish(day, position, _tidy(title), _tidy(rest), url)


class Starts(NamedTuple):
    """Where talks begin in one recording, in seconds; `rest` is what was said besides. `wrong` is
    what looks like such a time and is none."""

    seconds: tuple[int, ...]
    rest: str
    wrong: str | None = None


def read_starts(text: str) -> Starts:
    """Read `1:30 47:10`, wherever it stands."""
    written = [found[1].replace("：", ":") for found in _LIKE_A_START.finditer(text)]
    read = [(one, _seconds(one)) for one in written]
    wrong = next((one for one, at in read if at is None), None)
    known = tuple(at for _, at in read if at is not None)
    return Starts(known, " ".join(_LIKE_A_START.sub(" ", text).split()), wrong)


def _seconds(written: str) -> int | None:
    found = _START.fullmatch(written)
    if found is None or (found[1] and int(found[2]) > 59):
        return None
    return 3600 * int(found[1] or 0) + 60 * int(found[2]) + int(found[3])


def _apart(text: str) -> tuple[str, str | None]:
    """The words around the first link, and the link."""
    found = _LINK.search(text)
    if found is None:
        return text, None
    url = _without_tail(found[0])
    return _without_link(text, found.start(), url), url


def _without_tail(link: str) -> str:
    url = link.rstrip(_AFTER_LINK)
    if url.endswith(")") and "(" not in url:
        url = url.rstrip(")").rstrip(_AFTER_LINK)
    return url


def _without_link(text: str, start: int, url: str) -> str:
    """The words around the link, without its brackets and the comma or full stop behind it."""
    before, after = text[:start], text[start + len(url) :]
    closing = _AROUND_LINK.get(before[-1:])
    if closing is not None and after.startswith(closing):
        before, after = before[:-1], after[1:]
    after = re.sub(r"^(?:[，。；：！？]+|[.,;:!?]+(?=\s|$))", "", after)
    return f"{before} {after}"


def _tidy(words: str) -> str | None:
    return " ".join(words.split()) or None
