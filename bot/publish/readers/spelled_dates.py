"""A date as somebody wrote it, with what it leaves open: its year, or which figure is the month."""

import re
from dataclasses import dataclass

from bot.domain.calendar import WEEKDAYS
from bot.domain.months import month_named

_CHINESE_DAYS = "一二三四五六日"
_WEEKDAY = re.compile(
    r"(?:(mon|tue|wed|thu|fri|sat|sun)(?:s|r|rs|nes|day|sday|nesday|rsday|urday)?(?![^\W\d_])"
    r"|(?:周|星期|礼拜)([一二三四五六日天]))",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:week|wk|meeting|session|no)\.?\s*#?\d{1,3}(?![\d/.-])|#\d{1,3}|第\s*\d{1,3}\s*[周次期]"
    r"|week of|the|on)?[\s.,:;)\]|–—-]*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s.,:;([{<*_（【-]*")
_END = r"(?![\w%])(?!\s?[-–—~/.:]\s?\d)"
_ISO = re.compile(r"(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?=T\d|(?![\w%])(?![-/:]\d))")
_COMPACT = re.compile(r"(?:(?:20)(\d\d)|(\d\d))(\d\d)(\d\d)(?![\w%.,])")
_CHINESE = re.compile(r"(?:(\d{4}|\d\d)\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?(?!\d)")
_NUMERIC = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})(?:\2(\d{{4}}|\d\d)|\.)?{_END}")
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"([^\W\d_]{3,12})"
_YEAR = r"(?:[\s,-]+(\d{4})|[\s,]*['’](\d\d)|-(\d\d))?"
_MONTH_DAY = re.compile(rf"{_MONTH}\.?[\s-]*{_ORDINAL}{_YEAR}{_END}", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"{_ORDINAL}\.?[\s-]*(?:of\s+|de\s+)?{_MONTH}\.?{_YEAR}{_END}", re.IGNORECASE
)
_BEFORE_WEEKDAY = re.compile(r"[\s,(（]*")
_AFTER_WEEKDAY = re.compile(r"\.?[)）]?")
_LONGEST = 80
"""Characters that are looked at; no date is longer."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """`readings` are month and day: one, or day-first and month-first where both are possible;
    `day_first` is what the figures themselves show of that. `weekday` is 0 for Monday. `end` is
    where the text goes on."""

    readings: tuple[tuple[int, int], ...]
    year: int | None
    weekday: int | None
    end: int
    day_first: bool | None = None


def spelled(text: str) -> Spelled | None:
    """The date that `text` begins with, also behind a weekday, a number or a bracket."""
    text = text[:_LONGEST]
    position, weekday = _skipped(text, 0)
    found = _figures(text, position) or _words(text, position)
    if found is None:
        return None
    readings, year, end = found
    after = _BEFORE_WEEKDAY.match(text, end)
    behind = _WEEKDAY.match(text, after.end() if after else end)
    if behind:
        weekday, end = _day(behind), behind.end()
        closing = _AFTER_WEEKDAY.match(text, end)
        end = closing.end() if closing else end
    possible = tuple(one for one in readings if 1 <= one[0] <= 12 and 1 <= one[1] <= 31)
    if not possible:
        return None
    shown = possible[0] == readings[0] if len(readings) > len(possible) else None
    return Spelled(possible, year, weekday, end, shown)


def _skipped(text: str, position: int) -> tuple[int, int | None]:
    """Where the date itself begins, and the weekday before it."""
    weekday = None
    for _ in range(3):
        for pattern in (_BETWEEN, _LEAD):
            match = pattern.match(text, position)
            position = match.end() if match else position
        day = _WEEKDAY.match(text, position)
        if day:
            weekday, position = _day(day), day.end()
    return position, weekday


def _day(match: re.Match[str]) -> int:
    if match[2]:
        return _CHINESE_DAYS.index(match[2].replace("天", "日"))
    return next(n for n, name in enumerate(WEEKDAYS) if name.startswith(match[1].lower()))


_Found = tuple[tuple[tuple[int, int], ...], int | None, int]


def _figures(text: str, position: int) -> _Found | None:
    if match := _ISO.match(text, position):
        return ((int(match[3]), int(match[4])),), int(match[1]), match.end()
    if match := _CHINESE.match(text, position):
        return ((int(match[2]), int(match[3])),), _full(match[1]), match.end()
    if match := _COMPACT.match(text, position):
        return ((int(match[3]), int(match[4])),), _full(match[1] or match[2]), match.end()
    if match := _NUMERIC.match(text, position):
        first, second = int(match[1]), int(match[3])
        both = ((second, first), (first, second))
        return both if first != second else both[:1], _full(match[4]), match.end()
    return None


def _words(text: str, position: int) -> _Found | None:
    for pattern, month_at, day_at in ((_MONTH_DAY, 1, 2), (_DAY_MONTH, 2, 1)):
        match = pattern.match(text, position)
        month = month_named(match[month_at]) if match else None
        if match and month:
            year = match[3] or match[4] or match[5]
            return ((month, int(match[day_at])),), _full(year), match.end()
    return None


def _full(year: str | None) -> int | None:
    if year is None:
        return None
    return int(year) + (2000 if len(year) == 2 else 0)
