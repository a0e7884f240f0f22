"""Claiming: an open slot becomes a member's talk."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.domain import papers
from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import bookings, queries, slots
from bot.services.audit import Action
from bot.services.bookings import Named
from bot.services.changes import talk_change
from bot.services.members import require_member


class Claimed(NamedTuple):
    """The talk that the member now gives. `new` is false when it was so already."""

    found: FoundTalk
    new: bool


def claim(
    session: Session,
    actor: Actor,
    slot_id: int,
    title: str | None,
    url: str | None,
    now: datetime,
) -> Claimed:
    """Give the slot to the actor, who becomes the main presenter of a talk on this paper.

    Doing it again with the same paper changes nothing and answers the same. Raises
    `DomainError` when the slot is somebody's, their own included, or is held for somebody,
    when its meeting has begun or is cancelled, and when title or link will not do.
    """
    require_member(actor)
    named = bookings.name_paper(session, title, url)
    there = look(session, actor, slot_id, named, now)
    return there if isinstance(there, Claimed) else take(session, actor, there, named, now)


def look(
    session: Session,
    actor: Actor,
    slot_id: int,
    named: Named,
    now: datetime,
    there: FoundTalk | None = None,
) -> FoundTalk | Claimed:
    """The slot, locked, if the actor may have it for this paper; or the same claim made before.
    `there` is the slot, where this transaction has read it already. Raises as `claim` does."""
    member_id = require_member(actor)
    slots.lock(session, actor.group_id, [slot_id])
    there = there or queries.of_slot(session, actor.group_id, slot_id, now)
    if there is not None and there.slot.talk is not None and _is_same(there, member_id, named):
        return Claimed(there, new=False)
    if there is not None and there.slot.talk is not None and there.talk.is_given_by(member_id):
        bookings.check_coming(there, now)
        raise DomainError(Refusal.SLOT_IS_YOURS, found=there)
    found = bookings.check_free(there, now)
    if found.slot.held is not None and found.slot.held.member.id != member_id:
        raise DomainError(Refusal.SLOT_HELD, found=found)
    return found


def take(session: Session, actor: Actor, found: FoundTalk, named: Named, now: datetime) -> Claimed:
    """Book the slot that `look` found."""
    slot_id = found.slot.id
    with talk_change(session, actor, Action.TALK_CLAIM, [slot_id], now):
        booked = bookings.book(session, found, require_member(actor), named, now)
    return Claimed(booked, new=True)


def _is_same(found: FoundTalk, member_id: int, named: Named) -> bool:
    return found.talk.is_given_by(member_id) and papers.identity(
        found.talk.url, found.talk.title
    ) == papers.identity(named.url, named.title)
