"""Moving, cancelling and restoring a meeting. Its talks stay in their slots whatever happens."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import check_ahead, instant, local
from bot.domain.views import Actor, GroupView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import queries, slots, waiting
from bot.services.audit import Action
from bot.services.changes_of_meetings import changed, coming, slot_ids, view
from storage.enums import (
    MeetingKind,
    MeetingStatus,
    OfferKind,
    OfferState,
    RequestKind,
    RequestState,
)
from storage.models import AuditEntry, Meeting, Offer, Request, Term


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
    a meeting that has begun or is cancelled, for a time that is past or years from now, and for a
    day on which the group has another meeting.
    """
    meeting = coming(session, actor, meeting_id, now)
    if meeting.status is MeetingStatus.CANCELLED:
        raise DomainError(Refusal.MEETING_CANCELLED, meeting=view(session, meeting, now))
    zone = actor.group.zone
    check_ahead(day, local(now, zone).date())
    starts_at = instant(day, start_time or local(meeting.starts_at, zone).time(), zone)
    if (day, starts_at) == (meeting.date, meeting.starts_at):
        return view(session, meeting, now)
    before = _when(meeting)
    _hold_on(session, actor.group, meeting, starts_at, now)
    changed(session, actor, meeting, Action.MEETING_MOVE, before, _when(meeting), now)
    return view(session, meeting, now)


def moved_from(session: Session, group_id: int, day: date, now: datetime) -> MeetingView | None:
    """The meeting that was moved away from this day last, as it is now; `None` for none, and for
    one that is on that day again or gone."""
    was_there = AuditEntry.before["date"].as_string() == day.isoformat()
    meeting_id = session.scalar(
        select(AuditEntry.subject_id)
        .where(
            AuditEntry.group_id == group_id,
            AuditEntry.action.in_((Action.MEETING_MOVE.value, Action.MEETING_UNDO.value)),
            was_there,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    meeting = queries.meeting(session, group_id, meeting_id, now) if meeting_id else None
    return meeting if meeting is not None and meeting.date != day else None


def cancel(
    session: Session, actor: Actor, meeting_id: int, revision: int, now: datetime
) -> MeetingView:
    """The meeting does not take place; nobody is reminded of it or offered its slots. `revision`
    is that of the meeting that the organizer saw.

    Raises `DomainError` for anybody but an organizer, for a meeting that has begun or is cancelled
    already, and when it was changed since the organizer saw it.
    """
    meeting = coming(session, actor, meeting_id, now)
    if meeting.status is MeetingStatus.CANCELLED:
        raise DomainError(Refusal.MEETING_CANCELLED, meeting=view(session, meeting, now))
    _check_seen(meeting, revision)
    _set_status(session, meeting, MeetingStatus.CANCELLED, now)
    before, after = {"status": "planned"}, {"status": "cancelled"}
    changed(session, actor, meeting, Action.MEETING_CANCEL, before, after, now)
    return view(session, meeting, now)


def restore(
    session: Session, actor: Actor, meeting_id: int, revision: int, now: datetime
) -> MeetingView:
    """The cancelled meeting takes place after all, and its open slots are offered to whoever waits.
    Raises `DomainError` as `cancel` does, and for a meeting that is not cancelled."""
    meeting = coming(session, actor, meeting_id, now)
    if meeting.status is not MeetingStatus.CANCELLED:
        raise DomainError(Refusal.NOT_CANCELLED, meeting=view(session, meeting, now))
    _check_seen(meeting, revision)
    _set_status(session, meeting, MeetingStatus.PLANNED, now)
    before, after = {"status": "cancelled"}, {"status": "planned"}
    changed(session, actor, meeting, Action.MEETING_RESTORE, before, after, now)
    return view(session, meeting, now)


def put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    """The meeting is when, where and what it was before this change. Raises `DomainError` when it
    has begun, when that was changed since, and when the day it was on is past or taken."""
    meeting = coming(session, actor, entry.subject_id, now)
    before, after = entry.before or {}, entry.after or {}
    if _state(meeting, after) != after:
        raise DomainError(Refusal.CHANGED_SINCE)
    if "date" in before:
        _hold_on(session, actor.group, meeting, datetime.fromisoformat(before["starts_at"]), now)
    if "status" in before:
        _set_status(session, meeting, MeetingStatus(before["status"]), now)
    if "kind" in before:
        meeting.kind, meeting.title = MeetingKind(before["kind"]), before["title"]
    if "online_url" in before:
        meeting.place, meeting.online_url = before["place"], before["online_url"]
    session.flush()
    changed(session, actor, meeting, Action.MEETING_UNDO, after, before, now, undoes_id=entry.id)


def check_day(
    session: Session,
    group: GroupView,
    starts_at: datetime,
    now: datetime,
    meeting_id: int | None = None,
) -> date:
    """The day on the group's calendar. Raises `DomainError` for a time that is past, and for a day
    on which the group has another meeting than this."""
    day = local(starts_at, group.zone).date()
    if starts_at <= now:
        raise DomainError(Refusal.DAY_IS_PAST, date=day)
    there = queries.meeting_on(session, group.id, day, now)
    if there is not None and there.id != meeting_id:
        raise DomainError(Refusal.DAY_IS_TAKEN, meeting=there)
    return day


def _hold_on(
    session: Session, group: GroupView, meeting: Meeting, starts_at: datetime, now: datetime
) -> None:
    day = check_day(session, group, starts_at, now, meeting.id)
    meeting.ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    meeting.starts_at, meeting.date = starts_at, day
    session.flush()
    _renew_offers(session, meeting, now)


def _set_status(session: Session, meeting: Meeting, status: MeetingStatus, now: datetime) -> None:
    if status is MeetingStatus.PLANNED:
        term = session.get_one(Term, meeting.term_id)
        if term.closed_at is not None:
            raise DomainError(Refusal.TERM_IS_CLOSED, title=term.title)
    meeting.status = status
    session.flush()
    if status is MeetingStatus.PLANNED:
        _renew_offers(session, meeting, now)
    else:
        there = slots.contents(session, slot_ids(session, meeting.id))
        for slot_id, state in there.items():
            waiting.withdraw(session, int(slot_id), now, taken_by=slots.main_of(state))


def _check_seen(meeting: Meeting, revision: int) -> None:
    if meeting.revision != revision:
        raise DomainError(Refusal.OLD_BUTTON)


def _renew_offers(session: Session, meeting: Meeting, now: datetime) -> None:
    """Whoever waits is offered an open slot anew: what they were told before names another day.
    Who was put down for one by turn may decline until the meeting begins, whenever that is, and so
    long organizers may allow a paper."""
    of_meeting = slot_ids(session, meeting.id)
    session.execute(
        update(Offer)
        .where(
            Offer.slot_id.in_(of_meeting),
            Offer.kind == OfferKind.FILLED,
            Offer.state == OfferState.OPEN,
        )
        .values(expires_at=meeting.starts_at)
    )
    session.execute(
        update(Request)
        .where(
            Request.slot_id.in_(of_meeting),
            Request.kind == RequestKind.BEND,
            Request.state == RequestState.OPEN,
        )
        .values(expires_at=meeting.starts_at)
    )
    for slot_id in of_meeting:
        waiting.freed(session, meeting.group_id, slot_id, now)


def _when(meeting: Meeting) -> dict[str, Any]:
    return {"date": meeting.date.isoformat(), "starts_at": meeting.starts_at.isoformat()}


def _state(meeting: Meeting, keys: Iterable[str]) -> dict[str, Any]:
    """These facts of a meeting as they are written down."""
    known = {
        **_when(meeting),
        "status": meeting.status.value,
        "kind": meeting.kind.value,
        "title": meeting.title,
        "place": meeting.place,
        "online_url": meeting.online_url,
    }
    return {key: known[key] for key in keys}
