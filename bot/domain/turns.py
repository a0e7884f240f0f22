"""Fair turns: whose turn it is to present, and when somebody may be asked."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.calendar import Quiet, polite, same_time_days_before

NUDGE_DAYS = 10
"""So many days before its meeting an open slot is near at hand: whose turn it is, is asked."""

LAST_CALL = timedelta(hours=3)
"""So long before a meeting whoever comes first has the slot: no time is left to ask around."""

ANSWER_WITHIN = timedelta(hours=24)
"""How long each who is asked has to answer: a day, so that nobody has to be awake."""


class Turn(NamedTuple):
    """How often somebody is the main presenter, in the present term and ever, and the date of the
    last time, which may be to come; `None` for never."""

    member_id: int
    name: str
    this_term: int
    ever: int
    last: date | None


def in_order(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Whose turn it is first: who presented least often this term, then who did so longest ago or
    never, then least often ever. Names decide between equals, so that the order never wavers."""
    return tuple(
        sorted(
            turns,
            key=lambda one: (
                one.this_term,
                one.last or date.min,
                one.ever,
                one.name.casefold(),
                one.member_id,
            ),
        )
    )


def next_turns(
    turns: Sequence[Turn], asked: AbstractSet[int], busy: AbstractSet[int]
) -> tuple[Turn, ...]:
    """Those who may be asked to take a slot, whose turn it is first. `asked` are the members who
    were asked about this slot before, `busy` those who have a talk to come."""
    return tuple(one for one in in_order(turns) if one.member_id not in asked | busy)


def nudge_at(starts_at: datetime, zone: ZoneInfo, quiet: Quiet) -> datetime:
    """When somebody is first asked about an open slot of a meeting."""
    return polite(same_time_days_before(starts_at, NUDGE_DAYS, zone), zone, quiet)


def fill_at(starts_at: datetime, days_before: int, zone: ZoneInfo, quiet: Quiet) -> datetime:
    """When an open slot of a meeting is filled by turn, in a group that wants that."""
    return polite(same_time_days_before(starts_at, days_before, zone), zone, quiet)
