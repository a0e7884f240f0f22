"""Planning what a meeting sets in motion: reminders, asking whose turn it is, and asking for what
is missing afterwards. A change replans one meeting."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from bot.domain import turns
from bot.domain.calendar import polite
from bot.domain.reminders import for_a_member, for_the_group, key_of, next_nag
from bot.domain.views import GroupView
from bot.services import groups, ledger, weeks
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, MeetingStatus
from storage.models import Delivery, Group, Meeting, Member, Presenter, Slot, Talk
from storage.prepared import AnyRow, AnySelect
from storage.queries import among, in_parts, models_among, rows_of, schedule, table

PLANNED_KINDS = (
    DeliveryKind.ANNOUNCEMENT,
    DeliveryKind.DAY_BEFORE,
    DeliveryKind.STARTING_SOON,
    DeliveryKind.PREPARE,
    DeliveryKind.REMINDER,
)


_COMING = (
    select(Meeting)
    .where(Meeting.id.in_(among("ids")), Meeting.starts_at > bindparam("now"))
    .order_by(Meeting.starts_at)
)
_delivery = Delivery.__table__.c
_PLANNED = select(table(Delivery)).where(
    _delivery.meeting_id.in_(among("meeting_ids")),
    _delivery.kind.in_(PLANNED_KINDS),
    _delivery.about_id.is_(None),
)
_PLANNED_FOR = _PLANNED.where(_delivery.member_id == bindparam("member_id"))
_slot, _talk, _presenter, _member = (model.__table__.c for model in (Slot, Talk, Presenter, Member))
_presents = (
    select(_slot.meeting_id, _presenter.member_id)
    .join(Talk.__table__, _talk.slot_id == _slot.id)
    .join(Presenter.__table__, _presenter.talk_id == _talk.id)
    .where(_slot.meeting_id.in_(among("meeting_ids")))
    .subquery()
)
_HEARERS = (
    select(
        _member.id,
        _presents.c.meeting_id,
        _member.hears_own,
        _member.hears_all,
        _member.remind_hours,
    )
    .outerjoin(_presents, _presents.c.member_id == _member.id)
    .where(
        _member.group_id == bindparam("group_id"),
        ~_member.muted,
        or_(_member.hears_all, _presents.c.meeting_id.is_not(None)),
    )
    .order_by(_member.id)
)
_HEARS = _HEARERS.where(_member.id == bindparam("member_id"))

Hearer = tuple[int, DeliveryKind, int]
"""A member's id, of what they are to be told in private, and how many hours before."""


def plan_group(session: Session, group: GroupView, now: datetime) -> None:
    """Plan all the group's coming meetings and weeks. What is planned already stays."""
    coming = session.scalars(
        select(Meeting.id).where(Meeting.group_id == group.id, Meeting.starts_at > now)
    ).all()
    plan_meetings(session, group, coming, now)
    weeks.plan(session, group, now)


def look(session: Session, now: datetime) -> None:
    """Plan each group anew for which it is time: once a week, and after an update of the bot."""
    due = session.scalars(
        select(Group.id).where(Group.weeks_planned_to <= now).order_by(Group.weeks_planned_to)
    ).all()
    for group_id in due:
        plan_group(session, groups.by_id(session, group_id), now)


def plan_slots(session: Session, group: GroupView, slot_ids: Iterable[int], now: datetime) -> None:
    """Plan the meetings of these slots anew: somebody else presents there."""
    meetings = schedule.of_slots(session, group.id, tuple(slot_ids))
    coming = [meeting for meeting in meetings if meeting.starts_at > now]
    _plan_reminders(session, group, coming, now)


def plan_member(session: Session, group: GroupView, member_id: int, now: datetime) -> None:
    """Plan anew what this member is told in private of the group's coming meetings."""
    if group.chat is None:
        return
    coming = session.scalars(
        select(Meeting).where(
            Meeting.group_id == group.id,
            Meeting.starts_at > now,
            Meeting.status == MeetingStatus.PLANNED,
        )
    ).all()
    _plan_reminders(session, group, coming, now, member_id)


def plan_meeting(session: Session, group: GroupView, meeting_id: int, now: datetime) -> None:
    plan_meetings(session, group, [meeting_id], now)


def plan_meetings(
    session: Session, group: GroupView, meeting_ids: Sequence[int], now: datetime
) -> None:
    """Make the ledger agree with these meetings: what an earlier revision planned is cancelled,
    what this one owes is planned. A meeting that has begun is left alone, and a group without a
    chat is owed nothing yet."""
    coming = models_among(session, _COMING, meeting_ids, now=now)
    for meeting in coming:
        meeting.turns_at = first_turn(group, meeting, now)
        meeting.nag_at = (
            next_nag(meeting.starts_at, group.zone, group.reminders, now)
            if _takes_place(group, meeting)
            else None
        )
    _plan_reminders(session, group, coming, now)


def _takes_place(group: GroupView, meeting: Meeting | AnyRow) -> bool:
    return group.chat is not None and meeting.status is MeetingStatus.PLANNED


def _plan_reminders(
    session: Session,
    group: GroupView,
    meetings: Sequence[Meeting | AnyRow],
    now: datetime,
    member_id: int | None = None,
) -> None:
    """What is told of these meetings to everybody, or only what this member is told in private."""
    tells = _promises if member_id is None else _to_members
    of_whom, planned = _of_whom(member_id, _PLANNED, _PLANNED_FOR)
    known: dict[int, list[AnyRow]] = {meeting.id: [] for meeting in meetings}
    for part in in_parts(list(known)):
        for row in rows_of(session, planned, meeting_ids=part, **of_whom):
            known[row.meeting_id].append(row)
    held = [meeting for meeting in meetings if _takes_place(group, meeting)]
    hearers = _hearers(session, group.id, [meeting.id for meeting in held], member_id)
    promises = [
        promise
        for meeting in held
        for promise in _not_told(tells(group, meeting, hearers[meeting.id]), known[meeting.id], now)
    ]
    there = [row for rows in known.values() for row in rows]
    ledger.keep(session, group.id, there, promises, now)


def _promises(
    group: GroupView, meeting: Meeting | AnyRow, hearers: Iterable[Hearer]
) -> Iterator[Promise]:
    if group.chat is None:
        return
    # Members come first: whom the bot cannot reach is named in the group's message.
    yield from _to_members(group, meeting, hearers)
    for told in for_the_group(meeting.starts_at, group.zone, group.reminders):
        chat_id = group.chat.id
        key = key_of(meeting.id, meeting.revision, told.kind, f"chat:{chat_id}")
        yield Promise(
            key, told.kind, told.due_at, told.expires_at, chat_id=chat_id, meeting_id=meeting.id
        )


def _to_members(
    group: GroupView, meeting: Meeting | AnyRow, hearers: Iterable[Hearer]
) -> Iterator[Promise]:
    """What is told in private."""
    for member_id, kind, hours in hearers:
        own = for_a_member(kind, hours, meeting.starts_at, group.zone, group.reminders)
        key = key_of(meeting.id, meeting.revision, kind, f"member:{member_id}")
        yield Promise(
            key, kind, own.due_at, own.expires_at, member_id=member_id, meeting_id=meeting.id
        )


def _hearers(
    session: Session, group_id: int, meeting_ids: Sequence[int], member_id: int | None
) -> dict[int, list[Hearer]]:
    """Who is to be told in private of each of these meetings; of all members, or of this one."""
    told: dict[int, list[Hearer]] = {meeting_id: [] for meeting_id in meeting_ids}
    of_whom, hearers = _of_whom(member_id, _HEARERS, _HEARS)
    for part in in_parts(meeting_ids):
        rows = rows_of(session, hearers, group_id=group_id, meeting_ids=part, **of_whom)
        presents = {(row.meeting_id, row.id) for row in rows}
        members = {row.id: row for row in rows}
        for meeting_id in part:
            for member in members.values():
                if (meeting_id, member.id) in presents:
                    kind, hears = DeliveryKind.PREPARE, member.hears_own
                else:
                    kind, hears = DeliveryKind.REMINDER, member.hears_all
                if hears:
                    told[meeting_id].append((member.id, kind, member.remind_hours))
    return told


def _of_whom(
    member_id: int | None, everybody: AnySelect, one: AnySelect
) -> tuple[dict[str, int], AnySelect]:
    return ({}, everybody) if member_id is None else ({"member_id": member_id}, one)


def _not_told(
    promises: Iterable[Promise], known: Sequence[AnyRow], now: datetime
) -> Iterator[Promise]:
    """A meeting that was moved is told anew in time; but what should have gone out already, and was
    told of its earlier date, is left to the message that tells of the change."""
    keys = {row.key for row in known}
    told = {(row.kind, row.chat_id, row.member_id) for row in known if row.state in ledger.TOLD}
    for promise in promises:
        again = (promise.kind, promise.chat_id, promise.member_id) in told
        if promise.due_at > now or promise.key in keys or not again:
            yield promise


def first_turn(group: GroupView, meeting: Meeting, now: datetime) -> datetime | None:
    """When to look first whose turn the meeting's open slots are; `None` when it is too late, and
    when there is no meeting or nobody to ask."""
    if not _takes_place(group, meeting):
        return None
    quiet = group.reminders.quiet
    nudge_at = turns.nudge_at(meeting.starts_at, group.zone, quiet)
    first = min(nudge_at, turn_fills_at(group, meeting) or nudge_at)
    at = polite(max(first, now), group.zone, quiet)
    return at if at < meeting.starts_at - turns.LAST_CALL else None


def turn_fills_at(group: GroupView, meeting: Meeting) -> datetime | None:
    """When the meeting's open slots are filled by turn, in a group that wants that."""
    if group.fill_days is None:
        return None
    return turns.fill_at(meeting.starts_at, group.fill_days, group.zone, group.reminders.quiet)
