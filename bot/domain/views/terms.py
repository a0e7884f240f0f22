"""A term, while it runs and when it is over."""

from datetime import date, datetime
from typing import NamedTuple

from bot.domain.views.meetings import MeetingView


class TermView(NamedTuple):
    """`closed_at` is `None` while it runs."""

    id: int
    title: str
    first_date: date | None
    last_date: date | None
    closed_at: datetime | None


class TermSum(NamedTuple):
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


class TermNow(NamedTuple):
    """A term and what it comes to. `over` is the one before it, while nobody closed that."""

    term: TermView
    sum: TermSum
    over: TermView | None = None
