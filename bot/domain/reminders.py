"""What a meeting and a week owe a group and its members of the bot's own accord, and when."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.calendar import NIGHT, Quiet, instant, local, polite
from storage.enums import DeliveryKind, Weekday

ANNOUNCEMENT_DAYS = 3
LATE_AFTER = timedelta(minutes=10)
"""A message that goes out this much after it was due says that it is late."""

FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)

NAG_DAYS = (1, 3, 7, 14, 28)
"""So many days after a meeting it is asked for what is missing: more and more rarely."""

MORE_WEEKS = timedelta(weeks=4)
"""How far ahead open slots are called out."""

CHECKLIST = (
    "At least 45 minutes",
    "Strengths and weaknesses",
    "Related work of the past three years",
    "Slides",
)
"""What presenters are reminded of, by the requirements on the first group's page."""

LEADS = (1, 3, 24, 48, 72)
"""Hours before a meeting from which members choose when to be reminded in private."""

_DAY = 24


_LIST_SIGN = re.compile(r"^(?:[-*+•·–—]|\d{1,2}[.)、])\s+")


def read_points(text: str) -> tuple[str, ...]:
    """The points of a checklist, one on each line, with or without the sign of a list before it."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(point for line in lines if (point := _LIST_SIGN.sub("", line)))


class ReminderRules(NamedTuple):
    """What a group wants to hear, and when, as in `storage.models.Group`; `None` is off, but for
    `tell_at`, where it means the meeting's own time of day."""

    announcement_days: int | None = ANNOUNCEMENT_DAYS
    day_before: bool = True
    soon_minutes: int | None = 30
    open_slots_day: Weekday | None = Weekday.FRIDAY
    slides_missing: bool = True
    video_missing: bool = True
    no_meeting: bool = True
    pins: bool = True
    checklist: tuple[str, ...] = CHECKLIST
    tell_at: time | None = None
    quiet: Quiet = NIGHT
    online: bool = True
    cards: bool = True


DEFAULT_RULES = ReminderRules()


class Reminder(NamedTuple):
    """Due at `due_at`, of no more use from `expires_at` on; both instants in UTC."""

    kind: DeliveryKind
    due_at: datetime
    expires_at: datetime


def key_of(meeting_id: int, revision: int, kind: DeliveryKind, to: str) -> str:
    """What makes a reminder one and the same: nothing is owed twice under one key. `to` is
    "chat:7" or "member:9"."""
    return f"meeting:{meeting_id}:rev{revision}:{kind.value}:{to}"


def for_the_group(starts_at: datetime, zone: ZoneInfo, rules: ReminderRules) -> list[Reminder]:
    """What the group is told of a meeting. The announcement gives way to the reminder of the day
    before, which is of use until the meeting begins."""
    begins = local(starts_at, zone)
    at = rules.tell_at or begins.time()
    day_before = polite(instant(begins.date() - timedelta(days=1), at, zone), zone, rules.quiet)
    owed = []
    if rules.announcement_days is not None:
        day = begins.date() - timedelta(days=rules.announcement_days)
        due_at = polite(instant(day, at, zone), zone, rules.quiet)
        # Long quiet hours may put the day before off past the beginning, where it is not owed.
        gives_way = min(day_before, starts_at) if rules.day_before else starts_at
        owed.append(Reminder(DeliveryKind.ANNOUNCEMENT, due_at, gives_way))
    if rules.day_before:
        owed.append(Reminder(DeliveryKind.DAY_BEFORE, day_before, starts_at))
    if rules.soon_minutes is not None:
        due_at = starts_at - timedelta(minutes=rules.soon_minutes)
        owed.append(Reminder(DeliveryKind.STARTING_SOON, due_at, starts_at))
    return [reminder for reminder in owed if reminder.due_at < reminder.expires_at]


def for_a_member(
    kind: DeliveryKind, hours: int, starts_at: datetime, zone: ZoneInfo, rules: ReminderRules
) -> Reminder:
    """What a member is told in private, `hours` before the meeting. Whole days mean the same time
    on the wall and keep to the quiet hours; a few hours are what the member chose."""
    days, rest = divmod(hours, _DAY)
    if rest:
        return Reminder(kind, starts_at - timedelta(hours=hours), starts_at)
    begins = local(starts_at, zone)
    due_at = instant(begins.date() - timedelta(days=days), rules.tell_at or begins.time(), zone)
    return Reminder(kind, polite(due_at, zone, rules.quiet), starts_at)


def next_nag(
    starts_at: datetime, zone: ZoneInfo, rules: ReminderRules, now: datetime
) -> datetime | None:
    """When to ask next for what is missing after a meeting; `None` once it was asked for often
    enough."""
    begins = local(starts_at, zone)
    for days in NAG_DAYS:
        day = begins.date() + timedelta(days=days)
        at = polite(instant(day, rules.tell_at or begins.time(), zone), zone, rules.quiet)
        if at > now:
            return at
    return None


def on_day(day: date, at: time, zone: ZoneInfo, rules: ReminderRules) -> datetime:
    """When a weekly message of this day goes out; `at` is the group's usual time of day."""
    return polite(instant(day, rules.tell_at or at, zone), zone, rules.quiet)


def is_late(due_at: datetime, now: datetime) -> bool:
    return now - due_at >= LATE_AFTER


def pause_before_retry(attempts: int) -> timedelta:
    """How long to wait after the `attempts`-th try failed: doubling, up to a quarter of an hour."""
    doublings = min(attempts - 1, 10)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
