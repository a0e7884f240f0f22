"""Giving a claimed slot back."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import notices, queries, slots
from bot.services.audit import Action
from bot.services.changes import talk_change
from bot.services.members import require_member
from storage.enums import DeliveryKind, Role
from storage.models import Meeting, Member, Presenter, Slot, Talk

NEAR = timedelta(days=7)
"""Organizers hear of a slot that becomes free so shortly before its meeting: by then the others
have made their plans for the week."""


def releasable(
    session: Session, group_id: int, telegram_id: int, now: datetime
) -> tuple[FoundTalk, ...]:
    """The coming talks of which this account is the main presenter, soonest first."""
    slot_ids = session.scalars(
        select(Slot.id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .join(Talk, Talk.slot_id == Slot.id)
        .join(Presenter, Presenter.talk_id == Talk.id)
        .join(Member, Member.id == Presenter.member_id)
        .where(
            Slot.group_id == group_id,
            Meeting.starts_at > now,
            Presenter.role == Role.MAIN,
            Member.telegram_id == telegram_id,
        )
        .order_by(Meeting.starts_at, Slot.position)
    )
    found = (queries.of_slot(session, group_id, slot_id, now) for slot_id in slot_ids)
    return tuple(talk for talk in found if talk is not None)


def release(
    session: Session,
    actor: Actor,
    slot_id: int,
    now: datetime,
    *,
    talk_id: int | None = None,
    in_group: bool = False,
) -> FoundTalk:
    """Open the slot again. Returns the talk as it was, with its meeting. Organizers hear of it when
    the meeting is near; `in_group` says that the answer tells the group. `talk_id` is the talk that
    a button was made for.

    Raises `DomainError` for whoever is not its main presenter, when there is no talk in it (any
    more) or another one, and when its meeting has begun.
    """
    member_id = require_member(actor)
    slots.lock(session, actor.group_id, [slot_id])
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is None or found.slot.talk is None:
        raise DomainError(Refusal.OPEN_ALREADY)
    if not found.talk.is_given_by(member_id):
        raise DomainError(Refusal.NOT_YOUR_TALK, found=found)
    if talk_id not in (None, found.talk.id):
        raise DomainError(Refusal.OLD_BUTTON)
    if found.meeting.starts_at <= now:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=found.meeting)
    with talk_change(session, actor, Action.TALK_RELEASE, [slot_id], now) as change:
        slots.clear(session, [slot_id])
    if found.meeting.starts_at - now <= NEAR and change.entry_id is not None:
        notices.to_organizers(
            session,
            DeliveryKind.CHANGE,
            actor.group_id,
            now,
            found.meeting.starts_at,
            told_in_group=in_group,
            known_to=member_id,
            audit_id=change.entry_id,
        )
    return found
