"""What a week owes a group, whether it has a meeting or not: calling out open slots, and saying
that there is no meeting."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import WEEKDAYS, instant, local
from bot.domain.reminders import ANNOUNCEMENT_DAYS, on_day
from bot.domain.views import ChatView, GroupView
from bot.services import ledger
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus
from storage.models import Delivery, Group, Meeting
from storage.queries import table

AHEAD = timedelta(days=8)
AGAIN = timedelta(days=7)
"""A week is planned again before what was planned ahead comes to its end."""

OF_USE = timedelta(days=2)
"""How long calling out open slots is of use."""


def plan(session: Session, group: GroupView, now: datetime) -> None:
    """Make the ledger agree with the days ahead. What is due already is left alone, and a group
    without a chat is owed nothing yet."""
    if group.chat is None:
        return
    session.execute(update(Group).where(Group.id == group.id).values(weeks_planned_to=now + AGAIN))
    promises = [*_open_slots(session, group, group.chat, now), *_no_meeting(session, group, now)]
    coming = [promise for promise in promises if now < promise.due_at <= now + AHEAD]
    ahead = and_(
        Delivery.due_at > now,
        Delivery.state.in_((DeliveryState.PLANNED, DeliveryState.CANCELLED)),
    )
    # A day's message may have gone out already when its time is moved to later that day.
    known = session.execute(
        select(table(Delivery)).where(
            Delivery.group_id == group.id,
            Delivery.kind.in_((DeliveryKind.OPEN_SLOTS, DeliveryKind.NO_MEETING)),
            or_(ahead, Delivery.key.in_([promise.key for promise in coming])),
        )
    ).all()
    ledger.keep(session, group.id, known, coming, now)


def _open_slots(
    session: Session, group: GroupView, chat: ChatView, now: datetime
) -> Iterator[Promise]:
    """Whether any slot is open is seen when it is due; but there has to be something to come."""
    rules = group.reminders
    comes = exists().where(Meeting.group_id == group.id, Meeting.starts_at > now)
    if rules.open_slots_day is None or not session.scalar(select(comes)):
        return
    for day in _days(group, now):
        if WEEKDAYS[day.weekday()] is rules.open_slots_day:
            due_at = on_day(day, group.start_time, group.zone, rules)
            key = f"group:{group.id}:open_slots:{day}:chat:{chat.id}"
            kind = DeliveryKind.OPEN_SLOTS
            yield Promise(key, kind, due_at, due_at + OF_USE, chat_id=chat.id)


def _no_meeting(session: Session, group: GroupView, now: datetime) -> Iterator[Promise]:
    """For each usual day of the running term in whose week, Monday to Sunday, no meeting takes
    place. It is told when the meeting would have been announced."""
    rules = group.reminders
    if not rules.no_meeting or group.chat is None:
        return
    ahead = timedelta(days=rules.announcement_days or ANNOUNCEMENT_DAYS)
    for told_on in _days(group, now):
        usual = told_on + ahead
        if WEEKDAYS[usual.weekday()] is group.weekday and _is_free(session, group.id, usual):
            due_at = on_day(told_on, group.start_time, group.zone, rules)
            until = instant(usual, group.start_time, group.zone)
            key = f"group:{group.id}:no_meeting:{usual}:chat:{group.chat.id}"
            yield Promise(key, DeliveryKind.NO_MEETING, due_at, until, chat_id=group.chat.id)


def _is_free(session: Session, group_id: int, day: date) -> bool:
    """Whether the term goes on over this day and no meeting takes place in its week."""
    monday = day - timedelta(days=day.weekday())
    in_week = exists().where(
        Meeting.group_id == group_id,
        Meeting.date.between(monday, monday + timedelta(days=6)),
        Meeting.status == MeetingStatus.PLANNED,
    )
    in_term = (
        select(Meeting.term_id)
        .where(Meeting.group_id == group_id)
        .group_by(Meeting.term_id)
        .having(func.min(Meeting.date) <= day, func.max(Meeting.date) >= day)
        .limit(1)
    )
    return session.scalar(in_term) is not None and not session.scalar(select(in_week))


def _days(group: GroupView, now: datetime) -> tuple[date, ...]:
    """The days ahead by the group's calendar, and yesterday, whose message may have been put off
    to the end of the quiet hours."""
    today = local(now, group.zone).date()
    return tuple(today + timedelta(days=days) for days in range(-1, AHEAD.days + 1))
