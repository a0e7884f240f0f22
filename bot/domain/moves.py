"""Reading what an organizer writes about a meeting: its day, its time, and where it is."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import NamedTuple

from bot.domain.claims import read_paper
from bot.domain.dates import split_date
from bot.errors import DomainError, Refusal

_TO = re.compile(r"\A(?:to|→|->)\s+", re.IGNORECASE)
_TIME = re.compile(r"(?:at\s+)?(\d{1,2})[:：](\d{2})", re.IGNORECASE)


class Move(NamedTuple):
    """The meeting of `day` to the date `to`. `start_time` is `None` for the same time of day."""

    day: date
    to: date
    start_time: time | None


def read_move(text: str, today: date, known: Sequence[date]) -> Move:
    """Read `DATE [to] DATE [at] [18:00]`, or `DATE 18:00` for another time on the same day.
    `known` are the dates of meetings. Raises `DomainError` for what is no date or time."""
    day, rest = split_date(text, today, known)
    rest = _TO.sub("", rest)
    only_time = _TIME.fullmatch(rest)
    # A meeting moves to a day that has none yet, so the known ones do not help.
    to, rest = (day, rest) if only_time else split_date(rest, today)
    if day is None or to is None:
        raise DomainError(Refusal.MOVE_WHERE)
    return Move(day, to, read_time(rest) if rest else None)


def read_new(text: str, today: date) -> tuple[date, time | None, str]:
    """Read `DATE [at 18:00] [TITLE]`, the title empty where there is none. Raises `DomainError` for
    what is no date."""
    day, rest = split_date(text, today)
    if day is None:
        raise DomainError(Refusal.NOT_A_DATE)
    found = _TIME.match(rest)
    if found is None:
        return day, None, rest
    return day, read_time(found[0]), rest[found.end() :].strip(" ,:;")


def read_day(text: str, today: date, was: date) -> tuple[date, time | None]:
    """Read `DATE [at 18:00]`, or `18:00` for another time on the day it `was` on. Raises
    `DomainError` for what is no date or time."""
    if _TIME.fullmatch(text.strip()):
        return was, read_time(text)
    day, rest = split_date(text, today)
    if day is None:
        raise DomainError(Refusal.NOT_A_DATE)
    return day, read_time(rest) if rest else None


def read_place(text: str) -> tuple[str | None, str | None]:
    """Read `[PLACE] [LINK]`. Raises `DomainError` for a link that is none."""
    said = read_paper(text)
    if said.url is None and "://" in text:
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=text)
    return (said.title or "").strip(" ,;，；") or None, said.url


def read_time(text: str) -> time:
    """Read `18:00`. Raises `DomainError` for what is no time."""
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise DomainError(Refusal.NOT_A_TIME)
    return time(int(found[1]), int(found[2]))
