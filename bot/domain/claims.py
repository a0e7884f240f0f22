"""Reading what a member writes behind `/claim`, `/slides`, `/video` and the like."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from bot.domain.dates import Days, find_split, names_another, split_date
from bot.domain.linked_text import apart
from bot.domain.months import MONTHS
from bot.domain.patterns import pattern
from bot.domain.week_days import DAYS

LONGEST_DATE = 60
"""Characters, with what leads to it; what is longer is none."""

_ORDINALS = {"first": 1, "second": 2, "third": 3, "1st": 1, "2nd": 2, "3rd": 3}
_NUMBERS = {
    **dict(zip(("i", "ii", "iii", "iv", "v"), range(1, 6), strict=True)),
    **dict(zip(("one", "two", "three"), range(1, 4), strict=True)),
    **dict(zip("一二三", range(1, 4), strict=True)),
    **_ORDINALS,
}
_END = r"(?:\s+|$|[,;:，；：](?!\d)\s*|[.)](?:\s+|$))"
_SLOT = r"(?:(?:in|for)\s+)?(?:topic|slot|talk)[\s-]*"
# "2", "(ii)", "topic 2", "slot two", "the second slot", "第二个". A number in words with nothing
# beside it begins a title: "One Model to Learn Them All".
_POSITION = pattern(
    rf"(?:{_SLOT})?[#(]?(?P<figure>\d{{1,2}}|iii|ii|iv|i|v){_END}"
    rf"|{_SLOT}(?P<word>one|two|three|[一二三]){_END}"
    rf"|(?:(?:in|for)\s+)?(?:the\s+)?(?P<ordinal>{'|'.join(_ORDINALS)})"
    rf"\s+(?:topic|slot|talk|one){_END}"
    rf"|第\s*(?P<chinese>\d{{1,2}}|[一二三])\s*(?:[个個场場讲講]{_END}?|{_END})",
    re.IGNORECASE,
)
_BEFORE_SLOT = pattern(
    rf"(?<!\w)(?=(?:topic|slot|talk|{'|'.join(_ORDINALS)})\b)|(?=第)", re.IGNORECASE
)
_SEVERAL = pattern(
    r"(?:topics?|slots?|talks?)?\s*(?:both(?:\s+(?:topics|slots|talks|of\s+them)\b|$)"
    r"|(?:[12]|ii?)\s*(?:[+&/,、和]|and\b)\s*(?:[123]|i{1,3})(?:\s|[:：,]|$))",
    re.IGNORECASE,
)
# Whoever copies a date from the bot has the time behind it: "Tue 13 January, 19:00, Topic II".
_CLOCK = pattern(r"(?:at\s+)?\d{1,2}[:：]\d\d(?:[\s,;，；]+|$)", re.IGNORECASE)
_LINKS_NAME = r"(?:link|url|pdf|paper|code|repo|链接|代码)"
# What sets a title off from a slot or a link: "– DiffKV", "DiffKV: https://…", "Title: DiffKV",
# and what is left of "DiffKV (code: https://…)".
_AROUND_TITLE = pattern(
    r"^(?:(?:title|paper|题目|论文)\s*[:：]|[-–—|·•:：,，;；](?=\s))\s*"
    rf"|(?:\s+[(（]{_LINKS_NAME}?\s*[:：]?\s*[)）]|(?:(?:^|\s+){_LINKS_NAME}\s*[:：])+"
    r"|\s+[-–—|·•]|\s*[:：,，;；])\s*$",
    re.IGNORECASE,
)
# "any free slot: DiffKV" and "next open slot" say which slot; "Slot Attention" is a paper.
_ANY_SLOT = pattern(
    r"^(?:(?:(?:the|an?|any|next)\s+)+(?:(?:free|open|available)\s+)?|(?:free|open|available)\s+)"
    r"slot\b[\s:：,]*(?:for\s+)?",
    re.IGNORECASE,
)
_BEFORE_DATE = pattern(r"[\s,;:，；：]*(?:(?:on|for|am|den|für)\s+)?", re.IGNORECASE)
# Behind a title only what cannot be its end is a date: "Qwen 2.5", "What Comes Next" and "Ruby
# Tuesday" are titles, "Qwen on 2.5." has one.
_BEHIND_TITLE = pattern(
    r"(?<=[\s,，])(?:(?:on|for|at|to|am)\s+)?(?P<date>(?:next|this)\s+[a-z]"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+)?(?:{'|'.join(name[:3] for name in MONTHS)})[a-z]*\b"
    r"|\d{4}-\d|\d{1,2}\s*月|[本这下]个?[周星])"
    rf"|(?<=\s)(?:on|for|at|am)\s+(?P<day>(?:{'|'.join(DAYS)}|today|tomorrow)\b|\d{{1,2}}[./]\d|the\s+\d)",
    re.IGNORECASE,
)
# What stands between the two in "jan 13 with jan 20".
_EXCHANGED = pattern(r"\A\s*(?:(?:with|for|and|to|mit|gegen)\b|[&+/、和跟与])?\s*", re.IGNORECASE)
# What help and answers show in place of a paper, and whoever copies them sends along.
_PLACEHOLDER = pattern(r"TITLE(?: LINK)?|LINK")
_POLITE = pattern(
    r"[\s,，]*(?:please|pls|thanks?|thank\s+you|thx|ok(?:ay)?|谢谢|好的?)?[\s.!。！]*",
    re.IGNORECASE,
)
# "1:30", "1:02:30", as players show it; whatever else has colons between digits is a slip.
_START = pattern(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
_LIKE_A_START = pattern(r"(?<!\S)(\d+(?:[:：]\d+)+)(?=[\s,;，；]|$)[,;，；]?")


class Wish(NamedTuple):
    """What was asked for: on which day, in which slot (counted from 1), which title and link.
    Whatever was not said is `None`. `rest` is the title with the slot's number still before it,
    for a meeting in which that number cannot be a slot's. `left_out` are the other links: a paper
    has one."""

    day: date | None
    position: int | None
    title: str | None
    rest: str | None
    url: str | None
    left_out: tuple[str, ...] = ()


def read_paper(text: str) -> Wish:
    """Read `[TITLE] [LINK]`, with no date in it."""
    words, url, left_out = apart(text)
    title = _tidy(words)
    return Wish(None, None, title, title, url, left_out)


def read_wish(text: str, today: date, known: Sequence[date], ahead: Sequence[date] = ()) -> Wish:
    """Read `[DATE] [SLOT] [TITLE] [LINK]`, or `[TITLE] DATE [SLOT]`. A slot's number counts only
    beside a date; before it, and behind a title, only if a meeting has that date. `known` and
    `ahead` are as in `split_date`."""
    words, url, left_out = apart(text)
    days = Days(known, ahead)
    day, rest = split_date(words, today, *days)
    position = None
    if day not in known:
        if later := _date_later(words, today, days):
            position, day, rest = later
        elif day is None:
            for number, behind, title in _dates_behind(words, today, days):
                if behind in known:
                    return Wish(behind, number, _tidy(title), _tidy(title), url, left_out)
    if day is None and (slot := _POSITION.match(rest)) and slot.end() == len(rest):
        rest = ""  # "slot 2" of a day that was not said
    if position is not None or day is None:
        return Wish(day, position, _tidy(rest), _tidy(rest), url, left_out)
    if clock := _CLOCK.match(rest):
        rest = rest[clock.end() :]
    slot = _POSITION.match(rest)
    position = _number(slot) if slot else None
    title = rest[slot.end() :] if slot else rest
    return Wish(day, position, _tidy(title), _tidy(rest), url, left_out)


def day_behind(text: str, today: date) -> date | None:
    """The date at the end of a text, whether or not a meeting has it."""
    end = apart(text).words[-LONGEST_DATE:]
    return next((day for _, day, _ in _dates_behind(end, today, Days())), None)


def read_exchange(
    text: str, today: date, known: Sequence[date], ahead: Sequence[date] = ()
) -> tuple[tuple[Wish, str], tuple[Wish, str]] | None:
    """Read `DATE [SLOT] with DATE [SLOT]`: both places, each as it is read and in its words; `None`
    where no two meetings are named so."""
    words, days = text.strip(), Days(known, ahead)
    first, rest = _place(words, today, days)
    behind = _EXCHANGED.sub("", rest, count=1)
    second, _ = _place(behind, today, days)
    if first.day == second.day or not {first.day, second.day} <= set(known):
        return None
    return (first, words.removesuffix(rest)), (second, behind)


def _place(words: str, today: date, days: Days) -> tuple[Wish, str]:
    day, rest = split_date(words, today, *days)
    slot = _POSITION.match(rest)
    wish = Wish(day, _number(slot) if slot else None, None, None, None)
    return wish, rest[slot.end() :] if slot else rest


def read_sentence(
    text: str, today: date, known: Sequence[date], ahead: Sequence[date] = ()
) -> Wish:
    """Read "could I take https://… in the second slot of jan 13?": day, slot and link, wherever
    they stand. What else is said is no title."""
    words, url, left_out = apart(text)
    slots = (_POSITION.match(words, one.start()) for one in _BEFORE_SLOT.finditer(words))
    slot = next((one for one in slots if one), None)
    position = _number(slot) if slot else None
    day, rest = find_split(words, today, known, ahead)
    if day is not None and names_another(rest, day, today, known):
        day, position = None, None  # "jan 13 or jan 20"
    return Wish(day, position, None, None, url, left_out)


def names_several(rest: str | None) -> bool:
    """Whether what follows a date begins with more than one slot: "1 and 2", "both slots"."""
    return bool(rest and _SEVERAL.match(rest))


def names_another_day(wish: Wish, today: date, known: Sequence[date]) -> bool:
    """Whether what was asked for has a second meeting's date beside the first: "jan 13 and jan 20",
    "DiffKV on jan 13, jan 20"."""
    said = {one for one in (wish.title, wish.rest) if one and any(map(str.isdigit, one))}
    if (day := wish.day) is None or not said:
        return False
    title = wish.title if wish.title in said else ""
    # What is to be the whole of a date stands at the end: looked for in all of a long text, each
    # one with all that follows it, it took as long as that is long, squared.
    end = title[-LONGEST_DATE:]
    behind = (end[one.start("date") :] for one in _BEHIND_TITLE.finditer(end) if one["date"])
    return any(names_another(words, day, today, known) for words in said) or any(
        names_another(words, day, today, known, whole=True) for words in behind
    )


def _date_later(words: str, today: date, days: Days) -> tuple[int | None, date, str] | None:
    """A meeting's date behind a slot's number or a preposition ("topic 2 on jan 13"): the number,
    the date, and what follows."""
    words = words.strip()
    found = _POSITION.match(words)
    start = _BEFORE_DATE.match(words, found.end() if found else 0)
    day, rest = split_date(words[start.end() :] if start else words, today, *days)
    if day is None or day not in days.known:
        return None
    return _number(found) if found else None, day, rest


def _dates_behind(words: str, today: date, days: Days) -> Iterator[tuple[int | None, date, str]]:
    """What may be a date at the end of all ("DiffKV on jan 13, slot 2"): the slot's number, the
    date, and what stands before it."""
    for found in _BEHIND_TITLE.finditer(words):
        start = max(found.start("date"), found.start("day"))
        day, rest = split_date(words[start:], today, *days)
        slot = _POSITION.match(rest)
        ends = _POLITE.fullmatch(rest, slot.end() if slot else 0)
        if day is not None and ends:
            yield _number(slot) if slot else None, day, words[: found.start()]


def _number(position: re.Match[str]) -> int:
    written = position[position.lastgroup or 0].lower()
    return _NUMBERS.get(written) or int(written)


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


def _tidy(words: str) -> str | None:
    title = _AROUND_TITLE.sub("", _ANY_SLOT.sub("", " ".join(words.split())))
    is_none = _POLITE.fullmatch(title) or _PLACEHOLDER.fullmatch(title)
    return None if is_none or not any(sign.isalnum() for sign in title) else title
