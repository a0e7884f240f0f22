"""One way to change a meeting: by an organizer, while it is to come, written down, told where
members must know, and with the reminders and messages that follow from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import announcements, changes, news, queries, slots, weeks
from bot.services.audit import Action, note
from bot.services.members import require_organizer
from storage.models import Meeting, Slot


def coming(session: Session, actor: Actor, meeting_id: int, now: datetime) -> Meeting:
    """The meeting, which nobody else changes meanwhile. Raises `DomainError` for anybody but an
    organizer, and for one that is gone, or has begun."""
    require_organizer(actor)
    slots.lock(session, actor.group_id, slot_ids(session, meeting_id))
    meeting = session.scalars(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.group_id == actor.group_id)
        .with_for_update()
    ).one_or_none()
    if meeting is None:
        raise DomainError(Refusal.OLD_BUTTON)
    if meeting.starts_at <= now:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=view(session, meeting, now))
    return meeting


def changed(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    action: Action,
    before: dict[str, Any],
    after: dict[str, Any],
    now: datetime,
    *,
    undoes_id: int | None = None,
) -> int:
    """What every change of a meeting has in common: its reminders are planned anew, it is written
    down, the group is told if it must know, and whatever shows it is kept true. Returns the audit
    entry's id."""
    if "starts_at" in before or "status" in before:
        meeting.revision += 1  # what was planned for it is void
    session.flush()
    announcements.plan_meeting(session, actor.group, meeting.id, now)
    weeks.plan(session, actor.group, now)
    entry = note(
        session, actor, action, meeting.id, now, before=before, after=after, undoes_id=undoes_id
    )
    if action in news.TOLD:
        news.tell(session, actor.group, entry, now)
    changes.touch(session, slot_ids(session, meeting.id), meeting.id)
    return entry


def slot_ids(session: Session, meeting_id: int) -> tuple[int, ...]:
    ordered = select(Slot.id).where(Slot.meeting_id == meeting_id).order_by(Slot.position)
    return tuple(session.scalars(ordered))


def view(session: Session, meeting: Meeting, now: datetime) -> MeetingView:
    found = queries.meeting(session, meeting.group_id, meeting.id, now)
    if found is None:
        raise LookupError("the meeting was there a moment ago")
    return found
