"""Dates as people write them in a command: `jan 13`, `13.1`, `1月13日`, `tue`, `下周二`, `next`."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.domain.months import MONTH_WORDS, month_named

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SHORT_DAYS = {day[:3]: number for number, day in enumerate(WEEKDAYS)} | {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
DAYS = {day: number for number, day in enumerate(WEEKDAYS)} | _SHORT_DAYS
# What may follow a date: nothing that would make it part of a longer number or word.
_END = r"(?![\w%])(?![-./:]\w)"
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(\d{4}))?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_END}")
_CHINESE = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?(?!\d)")
_MONTH_DAY = re.compile(
    rf"(?!the\s)([^\W\d_]{{3,12}})\.?\s+(?:the\s+)?{_ORDINAL}{_YEAR}{_END}", re.IGNORECASE
)
_ATTACHED = re.compile(rf"({'|'.join(MONTH_WORDS)})\.?{_ORDINAL}{_YEAR}{_END}", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"(?:the\s+)?{_ORDINAL}\.?\s+(?:(?:de|of)\s+)?([^\W\d_]{{3,12}})\.?{_YEAR}{_END}",
    re.IGNORECASE,
)
_NUMERIC = re.compile(rf"(\d{{1,2}})([./])(\d{{1,2}})(?:\2(\d{{4}})|\.)?{_END}")
_DAY_ALONE = re.compile(r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th|\s*[日号號])?", re.IGNORECASE)
# In a longer text a day alone is a date only where nothing else, or a slot, follows.
_NTH = re.compile(
    r"the\s+(\d{1,2})(?:st|nd|rd|th)(?=\W*$|[\s,:]+(?:the\s+)?(?:\d|i+\b|topic|slot|first|second))"
    r"|(\d{1,2})\s*[号號]",
    re.IGNORECASE,
)
_BEHIND_WEEKDAY = re.compile(
    r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:topic|slot|talk|one))", re.IGNORECASE
)
_CHINESE_DAYS = {"今天": 0, "明天": 1, "后天": 2, "後天": 2}
# 下周二 is in the calendar week after this one, and 周二 alone the one to come.
_CHINESE_WEEKDAY = re.compile(
    r"(上|这|這|本|下下|下)?个?(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])?|今天|明天|后天|後天|下一?次"
)
_WEEKS = {"上": -1, "这": 0, "這": 0, "本": 0, "下": 1, "下下": 2}
_WEEK = re.compile(r"\s+(next|this)\s+week\b", re.IGNORECASE)
_FOLLOWING = re.compile(r"\s+(?:(meeting)\b|([a-z]+)\b)", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+(?![\w'’])(?!-\w)", re.IGNORECASE)
# Inside a sentence "sat" and "last" are mostly verbs; at its end, or before a day, they are dates.
_LAST_WORD = re.compile(
    rf"(?:(?:next|last|this)\s+)?(?:{'|'.join(DAYS)}|meeting)(?=\W*$)"
    rf"|(?:(?:next|last|this)\s+)?(?:{'|'.join(WEEKDAYS)})\b"
    r"|(?:next|last)(?=\W*$)|(?:next|last)\s+(?:meeting|week)\b|(?:today|tomorrow)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\S+")
_CHINESE_INSIDE = re.compile(
    r"\d{1,2}\s*月|(?:上|这|這|本|下下|下)个?(?:周|週|星期|礼拜|禮拜)|[周週][一二三四五六日天]|今天|明天|下一?次"
)
_TWO_MONTHS = 62
# No February 29 is further away (in 1900: those of 1896 and 1904).
_LEAP_YEARS = 4


class Days(NamedTuple):
    """When a group meets, in order: all its meetings, and those that take place and have not
    begun."""

    known: Sequence[date] = ()
    ahead: Sequence[date] = ()


def split_date(
    text: str, today: date, known: Sequence[date] = (), ahead: Sequence[date] = ()
) -> tuple[date | None, str]:
    """The date at the beginning of `text` and what follows it, or `None` and all of `text`.

    `known` are the dates of meetings: they decide the year, what `next` and `last` mean, and
    which of two readings of `5/6` is right. Without them the year is the one nearest to `today`.
    `next` is the first of those `ahead`, if there are any: not one that is cancelled or has begun.
    A title is no date: "May the force be with you" and "2 Fast 2 Furious" stay what they are.
    """
    whole = text.strip()
    found = (
        _spelled(whole, today, known)
        or _by_word(whole, today, known, ahead)
        or _in_chinese(whole, today, known, ahead)
        or _nth(_NTH.match(whole), today, known)
    )
    if found is None:
        return None, whole
    day, length = found
    return day, whole[length:].lstrip(" \t\n,:;，：；–—-")


def find_date(
    text: str, today: date, known: Sequence[date] = (), ahead: Sequence[date] = ()
) -> date | None:
    """The first date anywhere in `text`; see `split_date`.

    Within a sentence `3.5` and `2/3` are taken for a date only if a meeting has it, and so is
    `the 13th` alone.
    """
    whole = text.strip()
    day, _ = split_date(whole, today, known, ahead)
    if day is None and (alone := _DAY_ALONE.fullmatch(whole)):
        day = _closest([one for one in known if one.day == int(alone[1])], today)
    if day is not None:
        return day
    for word in list(_WORDS.finditer(whole))[1:]:
        rest = whole[word.start() :].lstrip("(\"'“‘")
        found = _spelled(rest, today, known, inside=True) or _nth(_NTH.match(rest), today, known)
        if found is None and _LAST_WORD.match(rest):
            found = _by_word(rest, today, known, ahead)
        if found is not None:
            return found[0]
    for word in _CHINESE_INSIDE.finditer(whole):
        day, _ = split_date(whole[word.start() :], today, known, ahead)
        if day is not None:
            return day
    return None


def nearest(month: int, day: int, today: date, known: Sequence[date] = ()) -> date | None:
    """The meeting on that day of the year nearest to `today`, else that day nearest to it.

    `None` if no year has such a day.
    """
    meetings = [one for one in known if (one.month, one.day) == (month, day)]
    if meetings:
        return _closest(meetings, today)
    years = range(today.year - _LEAP_YEARS, today.year + _LEAP_YEARS + 1)
    dates = (_date(year, month, day) for year in years)
    return _closest([one for one in dates if one is not None], today)


def _closest(dates: Sequence[date], today: date) -> date | None:
    # Of two that are equally far, the one to come.
    return min(dates, key=lambda one: (abs(one - today), one < today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _on(year: str | None, month: int, day: int, today: date, known: Sequence[date]) -> date | None:
    if year is not None:
        return _date(int(year), month, day)
    return nearest(month, day, today, known)


_Found = tuple[date, int]


def _spelled(
    text: str, today: date, known: Sequence[date], *, inside: bool = False
) -> _Found | None:
    """A date in figures or with a month's name at the beginning of `text`, and its length."""
    if match := _ISO.match(text):
        day = _date(int(match[1]), int(match[3]), int(match[4]))
    elif match := _CHINESE.match(text):
        day = _on(match[1], int(match[2]), int(match[3]), today, known)
    elif match := _NUMERIC.match(text):
        day = _numeric(
            match, today, known, strict=inside or (bool(known) and match.end() < len(text))
        )
    elif match := _MONTH_DAY.match(text) or _ATTACHED.match(text):
        day = _named(match[1], match[2], match[3], today, known)
    elif match := _DAY_MONTH.match(text):
        day = _named(match[2], match[1], match[3], today, known)
    else:
        return None
    return (day, match.end()) if day is not None else None


def _numeric(
    match: re.Match[str], today: date, known: Sequence[date], *, strict: bool
) -> date | None:
    first, second = int(match[1]), int(match[3])
    day_first = _on(match[4], second, first, today, known)
    month_first = _on(match[4], first, second, today, known)
    readings = [one for one in (day_first, month_first) if one is not None]
    meetings = [one for one in readings if one in known]
    if meetings:
        return _closest(meetings, today)
    # "3.5 Turbo" begins a title; among meetings that all lie elsewhere it is no date.
    if strict and match[4] is None:
        return None
    return day_first if match[2] == "." else next(iter(readings), None)


def _named(
    word: str, day: str, year: str | None, today: date, known: Sequence[date]
) -> date | None:
    month = month_named(word)
    return _on(year, month, int(day), today, known) if month else None


def _by_word(text: str, today: date, known: Sequence[date], ahead: Sequence[date]) -> _Found | None:
    """`today`, `next`, `tuesday` at the beginning of `text`, and the length of what was taken.

    Capitals and more words after it make it a title ("Next Generation", "Sun RPC").
    """
    match = _WORD.match(text)
    if match is None:
        return None
    word, alone = match[0].lower(), match.end() == len(text)
    if word in DAYS and (dated := _dated(text, match.end(), today, known)):
        return dated
    if not alone and match[0] != word and word not in WEEKDAYS:
        return None
    if word in DAYS:
        return _weekday(text, match, today, known)
    if word in ("next", "this", "last"):
        return _relative(text, match, today, known, ahead)
    day = {"today": today, "tomorrow": today + timedelta(days=1)}.get(word)
    return (day, match.end()) if day else None


def _dated(text: str, start: int, today: date, known: Sequence[date]) -> _Found | None:
    """The date behind a weekday: in "Tuesday, January 13" the figures say more than the name."""
    rest = text[start:].lstrip(" .,")
    match = _BEHIND_WEEKDAY.match(rest)
    coming = [today + timedelta(days=ahead) for ahead in range(_TWO_MONTHS)] if match else []
    dated = _spelled(rest, today, known) or _nth(match, today, known) or _nth(match, today, coming)
    return (dated[0], len(text) - len(rest) + dated[1]) if dated is not None else None


def _nth(match: re.Match[str] | None, today: date, known: Sequence[date]) -> _Found | None:
    """The meeting on that day of a month nearest to `today`."""
    number = int(match[1] or match[2]) if match else 0
    day = _closest([one for one in known if one.day == number], today)
    return (day, match.end()) if match and day else None


def _weekday(text: str, match: re.Match[str], today: date, known: Sequence[date]) -> _Found:
    weekday, week = DAYS[match[0].lower()], _WEEK.match(text, match.end())
    if week is None:
        return _coming(weekday, today, known), match.end()
    weeks = 1 if week[1].lower() == "next" else 0
    return _in_week(weeks, weekday, today), week.end()


def _coming(weekday: int, after: date, known: Sequence[date]) -> date:
    """The first such weekday from `after` on that has a meeting, or else the first of all."""
    day = after + timedelta(days=(weekday - after.weekday()) % 7)
    return min((one for one in known if one.weekday() == weekday and one >= after), default=day)


def _relative(
    text: str, match: re.Match[str], today: date, known: Sequence[date], ahead: Sequence[date]
) -> _Found | None:
    word = match[0].lower()
    follow = _FOLLOWING.match(text, match.end())
    weekday = DAYS.get(follow[2].lower()) if follow and follow[2] else None
    if follow and weekday is not None:
        if word == "last":
            day = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
        else:
            day = _coming(weekday, today + timedelta(days=word == "next"), ())
        return day, follow.end()
    if follow and follow[2] and follow[2].lower() in ("week", "month", "year"):
        weeks = {"last": -1, "this": 0, "next": 1}[word]
        first = _of_week(weeks, today, known, ahead) if follow[2].lower() == "week" else None
        return (first, follow.end()) if first else None
    if word == "this":
        return None
    end = follow.end() if follow and follow[1] else match.end()
    if word == "last":
        found = _closest([one for one in known if one < today], today)
    else:
        found = _next(today, known, ahead)
    return (found, end) if found else None


def _next(today: date, known: Sequence[date], ahead: Sequence[date]) -> date | None:
    return min(ahead or [one for one in known if one >= today], default=None)


def _in_week(weeks: int, weekday: int, today: date) -> date:
    """Such a weekday of the calendar week so many weeks from this one."""
    return today + timedelta(days=7 * weeks - today.weekday() + weekday)


def _of_week(weeks: int, today: date, known: Sequence[date], ahead: Sequence[date]) -> date | None:
    """The first meeting of the calendar week so many weeks from this one, one that is ahead before
    others."""
    monday = _in_week(weeks, 0, today)
    there = [one for one in known if 0 <= (one - monday).days < 7]
    return min([one for one in there if one in ahead] or there, default=None)


def _in_chinese(
    text: str, today: date, known: Sequence[date], ahead: Sequence[date]
) -> _Found | None:
    match = _CHINESE_WEEKDAY.match(text)
    if match is None:
        return None
    weeks = _WEEKS.get(match[1] or "")
    weekday = "一二三四五六日".find((match[2] or "").replace("天", "日"))
    day: date | None
    if match[0] in _CHINESE_DAYS:
        day = today + timedelta(days=_CHINESE_DAYS[match[0]])
    elif match[0].endswith("次"):
        day = _next(today, known, ahead)
    elif match[2] is None:
        day = _of_week(weeks, today, known, ahead) if weeks is not None else None
    elif weeks is None:
        day = _coming(weekday, today, known)
    else:
        day = _in_week(weeks, weekday, today)
    return (day, match.end()) if day else None
