"""Offers of a slot: answering one, and what becomes of those that nobody answers."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk, OfferView, RequestView
from bot.errors import DomainError, Refusal
from bot.services import bookings, choices, groups, members, slots, turns, waiting
from bot.services.audit import Action
from bot.services.changes import talk_change, touch
from bot.services.objections import bends
from storage.enums import OfferKind, OfferState
from storage.models import Meeting, Member, Offer, Slot

MOST = 50
"""Rows of each sort handled in one transaction; the next tick takes the rest."""


class Accepted(NamedTuple):
    """The slot is the member's now. `asked` is the question to the organizers about the paper that
    they waited with, where the group's rule does not have it in that meeting."""

    found: FoundTalk
    asked: RequestView | None = None

    @property
    def named(self) -> bool:
        """Whether it is known what they will present."""
        return bookings.announced(self.found)


def accept(session: Session, actor: Actor, offer_id: int, now: datetime) -> Accepted:
    """Take the offered slot, with the paper that one waited with, or to be named later. A second
    tap gives the same answer. Raises `DomainError` when the offer is somebody else's or has ended,
    and when the slot cannot be had any more."""
    offer = _own(session, actor, offer_id)
    there = bookings.need(session, offer.group_id, offer.slot_id, now)
    if there.slot.talk is not None and there.slot.talk.is_given_by(offer.member_id):
        return Accepted(there)
    _check_open(offer, now)
    found = bookings.check_free(there, now)
    named = bookings.name_paper(session, offer.title, offer.url)
    bent = bends(actor, found, named)
    with talk_change(session, actor, Action.TALK_CLAIM, [offer.slot_id], now):
        booked = bookings.NOT_YET_NAMED if bent else named
        bookings.book(session, found, offer.member_id, booked, now)
    asked = None
    if bent:
        put = choices.edit(session, actor, offer.slot_id, offer.title, offer.url, now, sure=True)
        asked = put if isinstance(put, RequestView) else None
    return Accepted(bookings.need(session, offer.group_id, offer.slot_id, now), asked)


def refuse(session: Session, actor: Actor, offer_id: int, now: datetime) -> FoundTalk:
    """Let the slot go to the next. Returns it as it is then. A second tap gives the same answer.
    Raises `DomainError` when the offer is somebody else's, and when it has ended."""
    offer = _own(session, actor, offer_id)
    if offer.state is not OfferState.DECLINED:
        _check_open(offer, now)
        _decline(session, actor, offer, now)
    return bookings.need(session, offer.group_id, offer.slot_id, now)


def advance(session: Session, now: datetime) -> int:
    """Whatever is due: offers that were not answered in time, and meetings whose open slots are to
    be looked at. Returns how many of both there were. Safe to call at any time."""
    ended = session.scalars(
        select(Offer)
        .where(Offer.state == OfferState.OPEN, Offer.expires_at <= now)
        .order_by(Offer.expires_at, Offer.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    ).all()
    for offer in ended:
        _expire(session, offer, now)
    meetings = session.scalars(
        select(Meeting)
        .where(Meeting.turns_at.is_not(None), Meeting.turns_at <= now)
        .order_by(Meeting.turns_at, Meeting.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    ).all()
    for meeting in meetings:
        turns.look(session, groups.by_id(session, meeting.group_id), meeting, now)
    return len(ended) + len(meetings)


def view(session: Session, offer: Offer) -> OfferView:
    return OfferView(
        offer.id,
        offer.kind,
        members.view(session.get_one(Member, offer.member_id)),
        offer.expires_at,
        offer.title,
        offer.url,
    )


def _own(session: Session, actor: Actor, offer_id: int) -> Offer:
    """The actor's offer, with its slot locked first, as everything that changes a slot does."""
    offer = groups.own(session, Offer, offer_id, actor.group_id)
    if offer.member_id != actor.member_id:
        raise DomainError(Refusal.SOMEBODY_ELSES_BUTTON)
    slots.lock(session, offer.group_id, [offer.slot_id])
    session.refresh(offer, with_for_update=True)
    return offer


def _check_open(offer: Offer, now: datetime) -> None:
    if offer.state is not OfferState.OPEN or offer.expires_at <= now:
        raise DomainError(Refusal.OFFER_ENDED)


def _decline(session: Session, actor: Actor, offer: Offer, now: datetime) -> None:
    slot = session.get_one(Slot, offer.slot_id)
    meeting = session.get_one(Meeting, slot.meeting_id)
    match offer.kind:
        case OfferKind.WAITING:
            waiting.pass_on(session, offer, OfferState.DECLINED, now)
            waiting.offer_another(session, offer.member_id, meeting, now)
        case OfferKind.TURN:
            waiting.close(session, offer, OfferState.DECLINED, now)
        case OfferKind.FILLED:
            waiting.close(session, offer, OfferState.DECLINED, now)
            with talk_change(session, actor, Action.TALK_DECLINE, [offer.slot_id], now):
                slots.clear(session, [offer.slot_id])
    touch(session, [offer.slot_id])
    # The next is asked at once.
    turns.look(session, groups.by_id(session, offer.group_id), meeting, now)


def _expire(session: Session, offer: Offer, now: datetime) -> None:
    if offer.kind is OfferKind.WAITING:
        waiting.pass_on(session, offer, OfferState.EXPIRED, now)
        touch(session, [offer.slot_id])
        return
    waiting.close(session, offer, OfferState.EXPIRED, now)
    if offer.kind is OfferKind.TURN:
        slot = session.get_one(Slot, offer.slot_id)
        session.get_one(Meeting, slot.meeting_id).turns_at = now
