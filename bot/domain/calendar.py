"""From a group's wall clock to instants and back, across changes of clocks."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.errors import DomainError, Refusal
from storage.enums import MeetingStatus, Weekday

WEEKDAYS = tuple(Weekday)
"""In the order of `date.weekday()`."""

FARTHEST = timedelta(days=2 * 366)
"""How far ahead anything is planned. Beyond that the year was mistyped."""


class Quiet(NamedTuple):
    """Hours on a group's wall in which the bot is silent of its own accord, also over midnight;
    none where both are the same."""

    begins: time
    ends: time

    def covers(self, at: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


NIGHT = Quiet(time(22), time(8))


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clock in `zone` shows `at` on `day`, in UTC.

    A time that the clock skips is taken as the same distance after the last one it showed
    (02:30 becomes 03:30); of a time that it shows twice, the first.
    """
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def check_ahead(day: date, today: date) -> None:
    """Raises `DomainError` for a day that is past, and for one that nobody plans for yet."""
    if day < today:
        raise DomainError(Refusal.DAY_IS_PAST, date=day)
    if day > today + FARTHEST:
        raise DomainError(Refusal.DAY_IS_FAR, date=day)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock and the calendar in `zone` show at `moment`."""
    return moment.astimezone(zone)


def same_time_days_before(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same wall-clock time `days` earlier, in UTC: not always 24 hours a day."""
    there = local(moment, zone)
    return instant(there.date() - timedelta(days=days), there.time(), zone)


def polite(moment: datetime, zone: ZoneInfo, quiet: Quiet) -> datetime:
    """This instant, or the end of the quiet hours if it falls into them, in UTC."""
    there = local(moment, zone)
    day, at = there.date(), there.time()
    if not quiet.covers(at):
        return moment.astimezone(UTC)
    return instant(day if at < quiet.ends else day + timedelta(days=1), quiet.ends, zone)


class Usual(NamedTuple):
    """The day of the week and the time at which a group meets, by its own clock."""

    weekday: Weekday
    start_time: time


def usual(own: Usual, begin: Iterable[datetime], zone: ZoneInfo) -> Usual:
    """When a term's meetings usually begin, by those it has: the group's `own` may be another, once
    the next term is planned. Two that were moved make nothing usual."""
    there = (local(moment, zone) for moment in begin)
    counts = Counter([own, own])
    counts.update(Usual(WEEKDAYS[one.weekday()], one.time()) for one in there)
    return counts.most_common(1)[0][0]


def status_at(stored: MeetingStatus, ends_at: datetime, now: datetime) -> MeetingStatus:
    """A planned meeting is held once it is over, without anybody noting it."""
    if stored is MeetingStatus.PLANNED and ends_at <= now:
        return MeetingStatus.HELD
    return stored
