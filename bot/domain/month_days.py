"""Days named by their month, or by their number in it: `jan 13`, `13.1`, `1月13日`, `the 13th`, and
which year is meant."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.months import MONTH_WORDS, month_named
from bot.domain.patterns import pattern

# What may follow a date: nothing that would make it part of a longer number or word.
_END = r"(?![\w%])(?![-./:]\w)"
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(\d{4}))?"
_ISO = pattern(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_END}")
_CHINESE = pattern(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?(?!\d)")
_MONTH_DAY = pattern(
    rf"(?!the\s)([^\W\d_]{{3,12}})\.?\s+(?:the\s+)?{_ORDINAL}{_YEAR}{_END}", re.IGNORECASE
)
_ATTACHED = pattern(rf"({'|'.join(MONTH_WORDS)})\.?{_ORDINAL}{_YEAR}{_END}", re.IGNORECASE)
_DAY_MONTH = pattern(
    rf"(?:the\s+)?{_ORDINAL}\.?\s+(?:(?:de|of)\s+)?([^\W\d_]{{3,12}})\.?{_YEAR}{_END}",
    re.IGNORECASE,
)
_NUMERIC = pattern(rf"(\d{{1,2}})([./])(\d{{1,2}})(?:\2(\d{{4}})|\.)?{_END}")
# In a longer text a day alone is a date only where nothing else, or a slot, follows.
_NTH = pattern(
    r"the\s+(\d{1,2})(?:st|nd|rd|th)(?=\W*$|[\s,:]+(?:the\s+)?(?:\d|i+\b|topic|slot|first|second))"
    r"|(\d{1,2})\s*[号號]",
    re.IGNORECASE,
)
_BEHIND_WEEKDAY = pattern(
    r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:topic|slot|talk|one))", re.IGNORECASE
)
_WORD = pattern(r"\w+")
_TWO_MONTHS = 62
# No February 29 is further away (in 1900: those of 1896 and 1904).
_LEAP_YEARS = 4


def nearest(month: int, day: int, today: date, known: Sequence[date] = ()) -> date | None:
    """The meeting on that day of the year nearest to `today`, else that day nearest to it.

    `None` if no year has such a day.
    """
    meetings = [one for one in known if (one.month, one.day) == (month, day)]
    if meetings:
        return closest(meetings, today)
    years = range(today.year - _LEAP_YEARS, today.year + _LEAP_YEARS + 1)
    dates = (day_of(year, month, day) for year in years)
    return closest([one for one in dates if one is not None], today)


def first_of_month(text: str, today: date) -> date | None:
    """The first day of the month that one of the words names, in the year nearest to `today`; of
    this month, `today`."""
    months = map(month_named, _WORD.findall(text))
    month = next((one for one in months if one), None)
    if month == today.month:
        return today
    return nearest(month, 1, today) if month else None


def closest(dates: Sequence[date], today: date) -> date | None:
    """The one nearest to `today`; of two that are equally far, the one to come."""
    return min(dates, key=lambda one: (abs(one - today), one < today), default=None)


def day_of(year: int, month: int, day: int) -> date | None:
    """`None` for what no calendar has, like a February 30."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _on(year: str | None, month: int, day: int, today: date, known: Sequence[date]) -> date | None:
    if year is not None:
        return day_of(int(year), month, day)
    return nearest(month, day, today, known)


def spelled(
    text: str, today: date, known: Sequence[date], *, inside: bool = False
) -> tuple[date, int] | None:
    """A date in figures or with a month's name at the beginning of `text`, and its length."""
    if match := _ISO.match(text):
        day = day_of(int(match[1]), int(match[3]), int(match[4]))
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
        return closest(meetings, today)
    # "3.5 Turbo" begins a title; among meetings that all lie elsewhere it is no date.
    if strict and match[4] is None:
        return None
    return day_first if match[2] == "." else next(iter(readings), None)


def _named(
    word: str, day: str, year: str | None, today: date, known: Sequence[date]
) -> date | None:
    month = month_named(word)
    return _on(year, month, int(day), today, known) if month else None


def nth(text: str, today: date, known: Sequence[date]) -> tuple[date, int] | None:
    """The meeting on `the 13th` at the beginning of `text`, and the length of what was taken."""
    return _meeting_on(_NTH.match(text), today, known)


def behind_weekday(text: str, today: date, known: Sequence[date]) -> tuple[date, int] | None:
    """The date at the beginning of what follows a weekday, and its length: `13th` alone is a
    meeting there, or else a day of the next two months."""
    match = _BEHIND_WEEKDAY.match(text)
    coming = [today + timedelta(days=ahead) for ahead in range(_TWO_MONTHS)] if match else []
    return (
        spelled(text, today, known)
        or _meeting_on(match, today, known)
        or _meeting_on(match, today, coming)
    )


def _meeting_on(
    match: re.Match[str] | None, today: date, known: Sequence[date]
) -> tuple[date, int] | None:
    """The meeting on that day of a month nearest to `today`."""
    number = int(match[1] or match[2]) if match else 0
    day = closest([one for one in known if one.day == number], today)
    return (day, match.end()) if match and day else None
