"""Moving, cancelling and restoring a meeting. Its talks stay in their slots whatever happens."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import instant, local
from bot.domain.views import Actor, GroupView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import announcements, changes, groups, news, queries, slots, waiting, weeks
from bot.services.audit import Action, note
from bot.services.members import require_organizer
from storage.enums import MeetingStatus, OfferKind, OfferState
from storage.models import Meeting, Offer, Slot


def move(
    session: Session,
    actor: Actor,
    meeting_id: int,
    day: date,
    start_time: time | None,
    now: datetime,
) -> MeetingView:
    """Hold the meeting on this day instead, for as long as before: at this time on the wall of
    the group's zone, or else at the same time of day. Returns it as it is now.

    To where it is already changes nothing. Raises `DomainError` for anybody but an organizer, for
    a meeting that has begun or is cancelled, for a time that is past, and for a day on which the
    group has another meeting.
    """
    group, meeting = _coming(session, actor, meeting_id, now)
    if meeting.status is MeetingStatus.CANCELLED:
        raise DomainError(Refusal.MEETING_CANCELLED, meeting=_view(session, meeting, now))
    at = start_time or local(meeting.starts_at, group.zone).time()
    starts_at = instant(day, at, group.zone)
    if (day, starts_at) == (meeting.date, meeting.starts_at):
        return _view(session, meeting, now)
    if starts_at <= now:
        raise DomainError(Refusal.DAY_IS_PAST, date=day)
    there = queries.meeting_on(session, group.id, day, now)
    if there is not None and there.id != meeting_id:
        raise DomainError(Refusal.DAY_IS_TAKEN, meeting=there)
    before = _when(meeting)
    meeting.ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    meeting.starts_at, meeting.date = starts_at, day
    session.flush()
    _renew_offers(session, meeting, now)
    _changed(session, actor, group, meeting, Action.MEETING_MOVE, before, _when(meeting), now)
    return _view(session, meeting, now)


def cancel(
    session: Session, actor: Actor, meeting_id: int, revision: int, now: datetime
) -> MeetingView:
    """The meeting does not take place; nobody is reminded of it or offered its slots. `revision`
    is that of the meeting that the organizer saw.

    Raises `DomainError` for anybody but an organizer, for a meeting that has begun or is cancelled
    already, and when it was changed since the organizer saw it.
    """
    group, meeting = _coming(session, actor, meeting_id, now)
    if meeting.status is MeetingStatus.CANCELLED:
        raise DomainError(Refusal.MEETING_CANCELLED, meeting=_view(session, meeting, now))
    _check_seen(meeting, revision)
    meeting.status = MeetingStatus.CANCELLED
    session.flush()
    for slot_id in _slot_ids(session, meeting_id):
        waiting.withdraw(session, slot_id, now)
    before, after = {"status": "planned"}, {"status": "cancelled"}
    _changed(session, actor, group, meeting, Action.MEETING_CANCEL, before, after, now)
    return _view(session, meeting, now)


def restore(
    session: Session, actor: Actor, meeting_id: int, revision: int, now: datetime
) -> MeetingView:
    """The cancelled meeting takes place after all, and its open slots are offered to whoever waits.
    Raises `DomainError` as `cancel` does, and for a meeting that is not cancelled."""
    group, meeting = _coming(session, actor, meeting_id, now)
    if meeting.status is not MeetingStatus.CANCELLED:
        raise DomainError(Refusal.NOT_CANCELLED, meeting=_view(session, meeting, now))
    _check_seen(meeting, revision)
    meeting.status = MeetingStatus.PLANNED
    session.flush()
    _renew_offers(session, meeting, now)
    before, after = {"status": "cancelled"}, {"status": "planned"}
    _changed(session, actor, group, meeting, Action.MEETING_RESTORE, before, after, now)
    return _view(session, meeting, now)


def _coming(
    session: Session, actor: Actor, meeting_id: int, now: datetime
) -> tuple[GroupView, Meeting]:
    require_organizer(actor)
    slots.lock(session, actor.group_id, _slot_ids(session, meeting_id))
    meeting = session.scalars(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.group_id == actor.group_id)
        .with_for_update()
    ).one_or_none()
    if meeting is None:
        raise DomainError(Refusal.OLD_BUTTON)
    if meeting.starts_at <= now:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=_view(session, meeting, now))
    return groups.by_id(session, actor.group_id), meeting


def _check_seen(meeting: Meeting, revision: int) -> None:
    if meeting.revision != revision:
        raise DomainError(Refusal.OLD_BUTTON)


def _slot_ids(session: Session, meeting_id: int) -> tuple[int, ...]:
    ordered = select(Slot.id).where(Slot.meeting_id == meeting_id).order_by(Slot.position)
    return tuple(session.scalars(ordered))


def _renew_offers(session: Session, meeting: Meeting, now: datetime) -> None:
    """Whoever waits is offered an open slot anew: what they were told before names another day.
    Who was put down for one by turn may decline until the meeting begins, whenever that is."""
    session.execute(
        update(Offer)
        .where(
            Offer.slot_id.in_(_slot_ids(session, meeting.id)),
            Offer.kind == OfferKind.FILLED,
            Offer.state == OfferState.OPEN,
        )
        .values(expires_at=meeting.starts_at)
    )
    for slot_id in _slot_ids(session, meeting.id):
        waiting.freed(session, meeting.group_id, slot_id, now)


def _changed(
    session: Session,
    actor: Actor,
    group: GroupView,
    meeting: Meeting,
    action: Action,
    before: dict[str, Any],
    after: dict[str, Any],
    now: datetime,
) -> None:
    meeting.revision += 1
    session.flush()
    announcements.plan_meeting(session, group, meeting.id, now)
    weeks.plan(session, group, now)
    entry = note(session, actor, action, meeting.id, now, before=before, after=after)
    news.tell(session, group, entry, now)
    changes.touch(session, _slot_ids(session, meeting.id))


def _when(meeting: Meeting) -> dict[str, Any]:
    return {"date": meeting.date.isoformat(), "starts_at": meeting.starts_at.isoformat()}


def _view(session: Session, meeting: Meeting, now: datetime) -> MeetingView:
    found = queries.meeting(session, meeting.group_id, meeting.id, now)
    if found is None:
        raise LookupError("the meeting was there a moment ago")
    return found
