"""Reading what a member writes behind `/claim`, `/slides`, `/video` and the like."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.domain import papers, web_links
from bot.domain.dates import split_date

# Chinese is written without blanks, and no address holds its punctuation, or angle brackets.
_LINK = re.compile(r"https?://[^\s<>，。；！？”’）》]+", re.IGNORECASE)
# Without "https://", as people type it on a phone: "arxiv.org/abs/2509.01092". Of other sites it
# may as well be a word of the title.
_SITES = (*papers.HOSTS, *web_links.KNOWN_HOSTS, *web_links.OTHER_NAMES)
_BARE_LINK = re.compile(
    rf"(?<![\w@./:-])(?:[\w-]+\.)*(?:{'|'.join(map(re.escape, _SITES))})/[^\s<>，。；！？”’）》]+",
    re.IGNORECASE,
)
_PAPER_ID = re.compile(r"(?<!\S)(?:(?:arxiv|doi):\s*)?\d[^\s<>，。；！？”’）》]+", re.IGNORECASE)
_IN_MARKDOWN = re.compile(r"\[([^\[\]]+)\]\((https?://[^\s()]+)\)", re.IGNORECASE)
_POSITION = re.compile(
    r"(?:(?:topic|slot|talk)[\s-]*)?[#(]?(\d{1,2}|iii|ii|iv|i|v)"
    r"(?:\s+|$|[,;:，；：](?!\d)\s*|[.)](?:\s+|$))",
    re.IGNORECASE,
)
# Whoever copies a date from the bot has the time behind it: "Tue 13 January, 19:00, Topic II".
_CLOCK = re.compile(r"(?:at\s+)?\d{1,2}[:：]\d\d(?:[\s,;，；]+|$)", re.IGNORECASE)
# What sets a title off from a slot or a link: "– DiffKV", "DiffKV: https://…", "Title: DiffKV".
_AROUND_TITLE = re.compile(
    r"^(?:(?:title|paper|题目|论文)\s*[:：]|[-–—|·•:：,，;；](?=\s))\s*"
    r"|(?:\s+(?:link|url|pdf|链接)\s*[:：]|\s+[-–—|·•]|\s*[:：,，;；])\s*$",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"[\s,;:，；：]*(?:(?:on|for)\s+)?", re.IGNORECASE)
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
    """Read `[DATE] [SLOT] [TITLE] [LINK]`. A slot's number counts only beside a date; before it
    only if a meeting has that date."""
    words, url = _apart(text)
    day, rest = split_date(words, today, known)
    if day not in known and (later := _date_later(words, today, known)):
        position, day, rest = later
        if position is not None:
            return Wish(day, position, _tidy(rest), _tidy(rest), url)
    if day is not None and (clock := _CLOCK.match(rest)):
        rest = rest[clock.end() :]
    found = _POSITION.match(rest) if day is not None else None
    if found is None:
        return Wish(day, None, _tidy(rest), _tidy(rest), url)
    return Wish(day, _number(found), _tidy(rest[found.end() :]), _tidy(rest), url)


def _date_later(
    words: str, today: date, known: Sequence[date]
) -> tuple[int | None, date, str] | None:
    """A meeting's date behind a slot's number or a preposition ("topic 2 on jan 13"): the number,
    the date, and what follows."""
    words = words.strip()
    found = _POSITION.match(words)
    start = _BEFORE_DATE.match(words, found.end() if found else 0)
    day, rest = split_date(words[start.end() :] if start else words, today, known)
    if day is None or day not in known:
        return None
    return _number(found) if found else None, day, rest


def _number(position: re.Match[str]) -> int:
    written = position[1].lower()
    return _ROMAN.get(written) or int(written)


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
    """The words around the first link, and the link. What a paper's number or an address without a
    scheme leads to is a link as well."""
    text = _IN_MARKDOWN.sub(r"\1 \2", text)
    if found := _LINK.search(text):
        url = _without_tail(found[0])
        return _without_link(text, found.start(), url), url
    if found := _BARE_LINK.search(text):
        written = _without_tail(found[0])
        return _without_link(text, found.start(), written), f"https://{written}"
    for found in _PAPER_ID.finditer(text):
        written = _without_tail(found[0])
        if address := papers.address_of(written):
            return _without_link(text, found.start(), written), address
    return text, None


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
    return _AROUND_TITLE.sub("", " ".join(words.split())) or None
