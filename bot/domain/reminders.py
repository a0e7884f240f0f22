"""Which messages a meeting owes its group, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import same_time_days_before
from storage.enums import DeliveryKind

ANNOUNCEMENT_DAYS = 3
LATE_AFTER = timedelta(minutes=10)
"""A message that goes out this much after it was due says that it is late."""

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Due at `due_at`, of no more use from `expires_at` on; both instants in UTC."""

    kind: DeliveryKind
    key: str
    due_at: datetime
    expires_at: datetime


def key_of(meeting_id: int, revision: int, kind: DeliveryKind, chat_id: int) -> str:
    """What makes a reminder one and the same: nothing is owed twice under one key."""
    return f"meeting:{meeting_id}:rev{revision}:{kind.value}:chat:{chat_id}"


def reminders(
    meeting_id: int,
    revision: int,
    starts_at: datetime,
    zone: ZoneInfo,
    chat_id: int,
) -> tuple[Reminder, ...]:
    """What is to be told of a meeting to the chat with our id `chat_id`.

    The announcement is due three days before, at the meeting's own time of day, and gives way
    to the reminder of the day before; that one is of use until the meeting begins.
    """
    day_before = same_time_days_before(starts_at, 1, zone)
    times = (
        (
            DeliveryKind.ANNOUNCEMENT,
            same_time_days_before(starts_at, ANNOUNCEMENT_DAYS, zone),
            day_before,
        ),
        (DeliveryKind.DAY_BEFORE, day_before, starts_at),
    )
    return tuple(
        Reminder(
            kind,
            key_of(meeting_id, revision, kind, chat_id),
            due_at,
            expires_at,
        )
        for kind, due_at, expires_at in times
    )


def is_late(due_at: datetime, now: datetime) -> bool:
    return now - due_at >= LATE_AFTER


def pause_before_retry(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th try failed: doubling, up to a quarter of an hour."""
    doublings = min(attempts - 1, 10)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
