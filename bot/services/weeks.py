"""What a week owes a group, whether it has a meeting or not: calling out open slots, and saying
that there is no meeting."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import WEEKDAYS, Usual, instant, local
from bot.domain.reminders import ANNOUNCEMENT_DAYS, on_day
from bot.domain.views import ChatView, GroupView
from bot.services import ledger, term_defaults
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus
from storage.models import Delivery, Group, Meeting
from storage.queries import table

AHEAD = timedelta(days=8)
AGAIN = timedelta(days=7)
"""A week is planned again before what was planned ahead comes to its end."""

OF_USE = timedelta(days=2)
"""How long calling out open slots is of use."""


class _Term(NamedTuple):
    """From its first meeting to its last, and when it meets in between."""

    first: date
    last: date
    usual: Usual


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
    """For each usual day of a term in whose week, Monday to Sunday, no meeting takes
    place. It is told when the meeting would have been announced."""
    rules = group.reminders
    if not rules.no_meeting or group.chat is None:
        return
    ahead = timedelta(days=rules.announcement_days or ANNOUNCEMENT_DAYS)
    days = [told_on + ahead for told_on in _days(group, now)]
    terms = _terms_over(session, group, days[0], days[-1])
    for day in days:
        on = (term.usual for term in terms if term.first <= day <= term.last)
        usual = next((one for one in on if one.weekday is WEEKDAYS[day.weekday()]), None)
        if usual is not None and not _has_meeting(session, group.id, day):
            due_at = on_day(day - ahead, usual.start_time, group.zone, rules)
            until = instant(day, usual.start_time, group.zone)
            key = f"group:{group.id}:no_meeting:{day}:chat:{group.chat.id}"
            yield Promise(key, DeliveryKind.NO_MEETING, due_at, until, chat_id=group.chat.id)


def _terms_over(session: Session, group: GroupView, first: date, last: date) -> list[_Term]:
    """The terms that go on over some of these days."""
    begins, ends = func.min(Meeting.date), func.max(Meeting.date)
    rows = session.execute(
        select(Meeting.term_id, begins, ends)
        .where(Meeting.group_id == group.id)
        .group_by(Meeting.term_id)
        .having(begins <= last, ends >= first)
    )
    return [
        _Term(begin, end, term_defaults.usual_of(session, group, term_id))
        for term_id, begin, end in rows.all()
    ]


def _has_meeting(session: Session, group_id: int, day: date) -> bool:
    """Whether a meeting takes place in this day's week."""
    monday = day - timedelta(days=day.weekday())
    in_week = exists().where(
        Meeting.group_id == group_id,
        Meeting.date.between(monday, monday + timedelta(days=6)),
        Meeting.status == MeetingStatus.PLANNED,
    )
    return bool(session.scalar(select(in_week)))


def _days(group: GroupView, now: datetime) -> tuple[date, ...]:
    """The days ahead by the group's calendar, and yesterday, whose message may have been put off
    to the end of the quiet hours."""
    today = local(now, group.zone).date()
    return tuple(today + timedelta(days=days) for days in range(-1, AHEAD.days + 1))
