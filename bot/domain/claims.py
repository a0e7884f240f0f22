"""Reading what a member writes behind `/claim`, `/slides`, `/video` and the like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.dates import split_date

# Chinese is written without blanks, and no address holds its punctuation, or angle brackets.
_LINK = re.compile(r"https?://[^\s<>，。；！？”’）》]+", re.IGNORECASE)
_POSITION = re.compile(
    r"(?:(?:topic|slot|talk)\s+)?#?(\d{1,2}|iii|ii|iv|i|v)(?=\s|$)", re.IGNORECASE
)
# A sentence goes on after a link: "(https://…)", "https://…,".
_AFTER_LINK = ".,;:!?'\""
_AROUND_LINK = {"(": ")", "<": ">", "（": "）", "《": "》", "“": "”", '"': '"', "'": "'"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


@dataclass(frozen=True, slots=True)
class Wish:
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
    found = _LINK.search(text)
    return _without_tail(found[0]) if found else None


def read_paper(text: str) -> Wish:
    """Read `[TITLE] [LINK]`, with no date in it."""
    link = first_link(text)
    start = text.find(link) if link else 0
    title = _tidy(_without_link(text, start, link) if link else text)
    return Wish(None, None, title, title, link)


def read_wish(text: str, today: date, known: Sequence[date]) -> Wish:
    """Read `[DATE] [SLOT] [TITLE] [LINK]`. A slot's number counts only behind a date."""
    link = _LINK.search(text)
    url = _without_tail(link[0]) if link else None
    words = _without_link(text, link.start(), url) if link and url else text
    day, rest = split_date(words.strip(), today, known)
    found = _POSITION.match(rest.strip()) if day is not None else None
    position, title = None, rest
    if found:
        number = found[1].lower()
        position = _ROMAN.get(number) or int(number)
        title = rest.strip()[found.end() :]
    return Wish(day, position, _tidy(title), _tidy(rest), url)


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
    return f"{before.rstrip()} {after.lstrip()}"


def _tidy(words: str) -> str | None:
    return " ".join(words.split()) or None
