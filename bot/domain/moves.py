"""Reading what an organizer writes about a meeting: its day, its time, and where it is."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

from bot.domain.claims import read_paper
from bot.domain.dates import find_date, names_another, split_date
from bot.domain.patterns import pattern
from bot.domain.week_days import DAYS
from bot.errors import DomainError, Refusal

_TO = pattern(r"\A(?:to|→|->)\s+", re.IGNORECASE)
_TIME = pattern(
    # With a dot it is a date, unless am or pm follows.
    r"(at\s+|@\s*)?(\d{1,2})(?:(?:[:：]|\.(?=\d\d\s*[ap]\.?m\b))(\d{2}))?"
    r"(?:\s*([ap])\.?m\b\.?)?(?!\w|[:：.]\d)",
    re.IGNORECASE,
)


MAX_PLACE = 200
"""Characters, as in the tables."""


class Move(NamedTuple):
    """The meeting of `day` to the date `to`. `start_time` is `None` for the same time of day."""

    day: date
    to: date
    start_time: time | None


def read_move(text: str, today: date, known: Sequence[date], ahead: Sequence[date] = ()) -> Move:
    """Read `DATE [to] DATE [at] [18:00]`, or `DATE 18:00` for another time on the same day.
    `known` and `ahead` are as in `split_date`; a weekday to move to is in the meeting's own week.
    Raises `DomainError` for what is no date or time."""
    day, rest = split_date(text, today, known, ahead)
    rest = _TO.sub("", rest)
    only_time = _time_in(rest, whole=True)
    # A meeting moves to a day that has none yet, so the known ones do not help.
    to, rest = (day, rest) if only_time else split_date(rest, _near(day, rest, today))
    if day is None or to is None:
        raise DomainError(Refusal.MOVE_WHERE)
    if find_date(rest, today):
        raise DomainError(Refusal.MOVE_WHERE)
    return Move(day, to, read_time(rest) if rest else None)


def _near(day: date | None, text: str, today: date) -> date:
    """From when on a weekday at the beginning of `text` is looked for."""
    word = text.strip().partition(" ")[0].rstrip(",").lower()
    if day is None or word not in DAYS:
        return today
    return max(today, day - timedelta(days=day.weekday()))


def read_new(text: str, today: date) -> tuple[date, time | None, str]:
    """Read `DATE [at 18:00] [TITLE]`, the title empty where there is none. Raises `DomainError` for
    what is no date, and for two."""
    day, rest = split_date(text, today)
    if day is None:
        raise DomainError(Refusal.NOT_A_DATE)
    if names_another(rest, day, today, (), whole=True):
        raise DomainError(Refusal.ONE_DAY)
    found = _time_in(rest)
    if found is None:
        return day, None, rest
    return day, read_time(found[0]), rest[found.end() :].strip(" ,:;")


def read_day(text: str, today: date, was: date) -> tuple[date, time | None]:
    """Read `DATE [at 18:00]`, or `18:00` for another time on the day it `was` on. Raises
    `DomainError` for what is no date or time."""
    if _time_in(text.strip(), whole=True):
        return was, read_time(text)
    day, rest = split_date(text, _near(was, text, today))
    if day is None:
        raise DomainError(Refusal.NOT_A_DATE)
    if find_date(rest, today):
        raise DomainError(Refusal.ONE_DAY)
    return day, read_time(rest) if rest else None


def read_place(text: str) -> tuple[str | None, str | None]:
    """Read `[PLACE] [LINK]`. Raises `DomainError` for a link that is none, and for several."""
    said = read_paper(text)
    if said.url is None and "://" in text:
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=text)
    if said.left_out:
        raise DomainError(Refusal.ONE_LINK)
    return said.title, said.url


def check_place(place: str) -> None:
    """Raises `DomainError` for one that is too long."""
    if len(place) > MAX_PLACE:
        raise DomainError(Refusal.PLACE_TOO_LONG, most=MAX_PLACE)


def read_time(text: str) -> time:
    """Read `18:00`, `6 pm` or `18`. Raises `DomainError` for what is no time."""
    at = time_said(f"at {text}") if text.strip().isdecimal() else time_said(text)
    if at is None:
        raise DomainError(Refusal.NOT_A_TIME)
    return at


def time_said(text: str) -> time | None:
    """Read `18:00`, `6 pm` or `at 18`; `None` for what is no time, and for a figure alone."""
    found = _time_in(text.strip(), whole=True)
    if found is None:
        return None
    hour, minute, half = int(found[2]), int(found[3] or 0), (found[4] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _time_in(text: str, *, whole: bool = False) -> re.Match[str] | None:
    """A time at the beginning. A figure alone is none: "18 ideas" is a title."""
    found = _TIME.fullmatch(text) if whole else _TIME.match(text)
    return found if found and (found[1] or found[3] or found[4]) else None
