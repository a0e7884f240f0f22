"""A term, while it runs and when it is over."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class TermView:
    """`closed_at` is `None` while it runs."""

    id: int
    title: str
    first_date: date | None
    last_date: date | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TermSum:
    """Meetings `held`, `coming` and `cancelled`; the `next` that takes place. `presenters` are
    those with the most talks as main presenter, and `venues` how many talks were from each, both
    with the most first. `videos` is how many of the talks that were given have one; `missing` are
    the meetings with a talk that has none."""

    held: int
    coming: int
    cancelled: int
    next: MeetingView | None
    open_slots: int
    talks: int
    presenters: tuple[tuple[str, int], ...]
    venues: tuple[tuple[str, int], ...]
    videos: int
    missing: tuple[MeetingView, ...]


@dataclass(frozen=True, slots=True)
class TermNow:
    """A term and what it comes to."""

    term: TermView
    sum: TermSum
