"""Reading what an organizer writes behind `/move`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.domain.dates import split_date
from bot.errors import DomainError, Refusal

_TO = re.compile(r"(?:to|→|->)\s+", re.IGNORECASE)
_TIME = re.compile(r"(?:at\s+)?(\d{1,2})[:：](\d{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Move:
    """The meeting of `day` to the date `to`. `start_time` is `None` for the same time of day."""

    day: date
    to: date
    start_time: time | None


def read_move(text: str, today: date, known: Sequence[date]) -> Move:
    """Read `DATE [to] DATE [at] [18:00]`, or `DATE 18:00` for another time on the same day.
    `known` are the dates of meetings. Raises `DomainError` for what is no date or time."""
    day, rest = split_date(text, today, known)
    if day is None or not rest:
        raise DomainError(Refusal.MOVE_WHERE)
    rest = _TO.sub("", rest, count=1) if _TO.match(rest) else rest
    only_time = _TIME.fullmatch(rest)
    # A meeting moves to a day that has none yet, so the known ones do not help.
    to, rest = (day, rest) if only_time else split_date(rest, today)
    if to is None:
        raise DomainError(Refusal.MOVE_WHERE)
    return Move(day, to, _time(rest) if rest else None)


def _time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise DomainError(Refusal.NOT_A_TIME)
    return time(int(found[1]), int(found[2]))
