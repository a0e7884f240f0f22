"""Two talks change places: asked of the other main presenter, who agrees by a tap."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk, RequestView
from bot.errors import DomainError, Refusal
from bot.services import bookings, edits, queries, requests, slots
from bot.services.audit import Action
from bot.services.changes import talk_change
from bot.services.requests import Asked
from storage.enums import RequestKind
from storage.models import Request

ANSWER_WITHIN = timedelta(days=7)
"""How long a question to another member stands, if their meetings leave it that long."""


def others(session: Session, actor: Actor, now: datetime) -> tuple[FoundTalk, ...]:
    """The coming talks of other members who can be asked, soonest first."""
    meetings = queries.coming_meetings(session, actor.group_id, now, most=2 * queries.PAGE_SIZE)
    return tuple(
        FoundTalk(meeting, slot)
        for meeting in meetings
        for slot in meeting.slots
        if slot.talk
        and slot.talk.main
        and slot.talk.main.telegram_id is not None
        and not slot.talk.is_given_by(actor.member_id)
    )


def ask(
    session: Session,
    actor: Actor,
    slot_id: int,
    other_slot_id: int,
    now: datetime,
    *,
    in_group: bool,
) -> RequestView:
    """Ask the main presenter of the other slot's talk to change places with the actor's own.

    Raises `DomainError` when the actor does not give the talk in `slot_id`, when the other slot
    is open or the actor's as well, when its presenter has no account, and when one of the
    meetings has begun or is cancelled.
    """
    mine = edits.own_talk(session, actor, slot_id, now)
    other = queries.of_slot(session, actor.group_id, other_slot_id, now)
    if other is None:
        raise DomainError(Refusal.NO_SUCH_SLOT)
    bookings.check_coming(other, now)
    held = other.slot.held
    if held is not None and held.member.id != actor.member_id:
        raise DomainError(Refusal.SLOT_HELD, found=other)
    if other.slot.talk is None:
        raise DomainError(Refusal.SLOT_IS_FREE, found=other)
    if other.talk.is_given_by(actor.member_id):
        raise DomainError(Refusal.SLOT_IS_YOURS, found=other)
    main = other.talk.main
    if main is None or main.telegram_id is None:
        raise DomainError(Refusal.HAS_NO_ACCOUNT, name=main.name if main else "Somebody")
    until = min(now + ANSWER_WITHIN, mine.meeting.starts_at, other.meeting.starts_at)
    asked = Asked(RequestKind.SWAP, main.member_id, slot_id=slot_id, other_slot_id=other_slot_id)
    return requests.ask(session, actor, asked, now, until, in_group=in_group)


def swap(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    """The other side agreed: what is in the two slots changes places, in one change. Raises
    `DomainError` when one of the two gives that talk no more, and when one of the meetings has
    begun or is cancelled."""
    if request.slot_id is None or request.other_slot_id is None:
        raise LookupError("a swap is of two slots")
    one, other = str(request.slot_id), str(request.other_slot_id)
    pair = (request.slot_id, request.other_slot_id)
    for slot_id, main_id in zip(pair, (request.asker_id, request.asked_id), strict=True):
        found = bookings.need(session, actor.group_id, slot_id, now)
        bookings.check_coming(found, now)
        if not found.talk.is_given_by(main_id):
            raise DomainError(Refusal.CHANGED_SINCE)
    with talk_change(session, actor, Action.TALK_SWAP, pair, now):
        there = slots.contents(session, pair)
        slots.put(session, actor.group_id, {one: there[other], other: there[one]}, now)
