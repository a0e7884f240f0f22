"""Asking whose turn it is to take an open slot, and filling it by turn near its meeting."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import turns as rules
from bot.domain.turns import Turn
from bot.domain.views import Actor, FoundTalk, GroupView
from bot.services import announcements, bookings, queries, slots, waiting
from bot.services.audit import Action
from bot.services.changes import talk_change
from bot.services.standings import candidates
from storage.enums import OfferKind, OfferState, RequestKind, RequestState
from storage.models import Meeting, Offer, Request, Slot

THE_BOT = "The bot"


def look(session: Session, group: GroupView, meeting: Meeting, now: datetime) -> None:
    """For each open slot that is offered to nobody ask whose turn it is; or, so near to the meeting
    that the group fills its slots, put them down for it. Outside of polite hours, and where it is
    too early or too late, nobody is bothered, nor about a slot for which somebody wants a paper
    that the organizers are to allow. Then note when to look again."""
    meeting.turns_at = announcements.first_turn(group, meeting, now)
    if meeting.turns_at is None or meeting.turns_at > now:
        return
    fill_at = announcements.turn_fills_at(group, meeting)
    again = [fill_at] if fill_at is not None and fill_at > now else []
    for found in _unoffered(session, group, meeting, now):
        if _is_wanted(session, found, now):
            again.append(now + rules.ANSWER_WITHIN)
        elif fill_at is not None and fill_at <= now:
            _fill(session, group, found, now)
        elif not _nudge(session, group.id, found, now):
            again.append(now + rules.ANSWER_WITHIN)
    meeting.turns_at = min(again, default=None)


def _unoffered(
    session: Session, group: GroupView, meeting: Meeting, now: datetime
) -> list[FoundTalk]:
    """The meeting's open slots, but for those that somebody is asked about."""
    slot_ids = session.scalars(select(Slot.id).where(Slot.meeting_id == meeting.id)).all()
    slots.lock(session, group.id, slot_ids)
    asked = set(
        session.scalars(
            select(Offer.slot_id).where(Offer.slot_id.in_(slot_ids), Offer.state == OfferState.OPEN)
        )
    )
    there = queries.meeting(session, group.id, meeting.id, now)
    if there is None:
        return []
    return [FoundTalk(there, slot) for slot in there.open_slots if slot.id not in asked]


def _is_wanted(session: Session, found: FoundTalk, now: datetime) -> bool:
    wants = select(Request.id).where(
        Request.slot_id == found.slot.id,
        Request.kind == RequestKind.BEND,
        Request.state == RequestState.OPEN,
        Request.expires_at > now,
    )
    return session.scalar(wants.limit(1)) is not None


def _nudge(session: Session, group_id: int, found: FoundTalk, now: datetime) -> bool:
    """Ask the next by turn, in private only. `False` when those who are left are being asked about
    other slots, so that it is worth trying later."""
    until = min(now + rules.ANSWER_WITHIN, found.meeting.starts_at - rules.LAST_CALL)
    asked = set(
        session.scalars(
            select(Offer.member_id).where(
                Offer.group_id == group_id, Offer.state == OfferState.OPEN
            )
        )
    )
    willing = _willing(session, group_id, found, OfferKind.TURN, now)
    free = [one.member_id for one in willing if one.member_id not in asked]
    if free:
        waiting.offer(session, group_id, found.slot.id, free[0], OfferKind.TURN, now, until)
    return bool(free) or not willing


def _fill(session: Session, group: GroupView, found: FoundTalk, now: datetime) -> None:
    """Make the slot the talk of the next by turn, who may decline until the meeting begins. With
    nobody left it stays open."""
    willing = _willing(session, group.id, found, OfferKind.FILLED, now)
    if not willing:
        return
    member_id, slot_id = willing[0].member_id, found.slot.id
    with talk_change(session, Actor(group, THE_BOT), Action.TALK_FILL, [slot_id], now):
        bookings.book(session, found, member_id, bookings.NOT_YET_NAMED, now)
    until = found.meeting.starts_at
    waiting.offer(session, group.id, slot_id, member_id, OfferKind.FILLED, now, until)


def _willing(
    session: Session, group_id: int, found: FoundTalk, kind: OfferKind, now: datetime
) -> tuple[Turn, ...]:
    """Whoever has no talk to come, was not asked about this meeting in this way, and did not say no
    to it in any; whose turn it is first."""
    slots_there = select(Slot.id).where(Slot.meeting_id == found.meeting.id)
    offers = session.scalars(select(Offer).where(Offer.slot_id.in_(slots_there))).all()
    asked = {
        offer.member_id
        for offer in offers
        if offer.state is OfferState.DECLINED or (offer.kind is kind and _counts(offer))
    }
    people, busy = candidates(session, group_id, now, in_private=kind is OfferKind.TURN)
    return rules.next_turns(people, asked, busy)


def _counts(offer: Offer) -> bool:
    """A question that was withdrawn before it was answered may be put again; whoever gave a slot
    back that they were put down for is not put down for it again."""
    return offer.kind is OfferKind.FILLED or offer.state is not OfferState.WITHDRAWN
