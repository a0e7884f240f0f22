"""Organizers give slots to members, and empty them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import bookings, groups, queries, slots
from bot.services.audit import Action
from bot.services.changes import talk_change
from bot.services.members import require_organizer
from storage.models import Member

MAX_NAME = 100
"""Characters of a new member's name."""


def assign(
    session: Session,
    actor: Actor,
    slot_id: int,
    member_id: int,
    title: str | None,
    url: str | None,
    now: datetime,
) -> FoundTalk:
    """Give the open slot to a member, who is told. The selection rule and a waiting list do not
    bind organizers. Raises `DomainError` for anybody else, for a slot that is taken or whose
    meeting has begun or is cancelled, and when title or link will not do."""
    require_organizer(actor)
    groups.own(session, Member, member_id, actor.group_id)
    slots.lock(session, actor.group_id, [slot_id])
    there = queries.of_slot(session, actor.group_id, slot_id, now)
    if there is not None and there.slot.talk is not None and there.talk.is_given_by(member_id):
        return there
    if there is not None and there.slot.talk is not None and there.meeting.is_coming:
        raise DomainError(Refusal.NOT_EMPTY, found=there)
    found = bookings.check_free(there, now)
    named = bookings.name_paper(session, title, url)
    with talk_change(session, actor, Action.TALK_ASSIGN, [slot_id], now):
        bookings.book(session, found, member_id, named, now)
    return bookings.need(session, actor.group_id, slot_id, now)


def unassign(session: Session, actor: Actor, slot_id: int, now: datetime) -> FoundTalk:
    """Empty the slot; its main presenter is told. Returns it as it was. Raises `DomainError` for
    anybody but an organizer, when it is open, and when its meeting has begun."""
    require_organizer(actor)
    slots.lock(session, actor.group_id, [slot_id])
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is None or found.slot.talk is None:
        raise DomainError(Refusal.OPEN_ALREADY)
    if found.meeting.begun:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=found.meeting)
    with talk_change(session, actor, Action.TALK_UNASSIGN, [slot_id], now):
        slots.clear(session, [slot_id])
    return found


def new_member(session: Session, actor: Actor, name: str) -> int:
    """The member of that name without an account, made if there is none. Returns the id."""
    require_organizer(actor)
    tidy = " ".join(name.split())
    if not any(character.isalnum() for character in tidy) or len(tidy) > MAX_NAME:
        raise DomainError(Refusal.NOT_A_NAME)
    known = session.scalars(
        select(Member.id).where(
            Member.group_id == actor.group_id, Member.name == tidy, Member.telegram_id.is_(None)
        )
    ).first()
    if known is not None:
        return known
    member = Member(group_id=actor.group_id, name=tidy)
    session.add(member)
    session.flush()  # for its id
    return member.id
