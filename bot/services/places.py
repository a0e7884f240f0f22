"""A member's places on waiting lists: of one slot that is taken, or of any slot of the term."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import bookings, queries, slots, waiting
from bot.services.changes import touch
from bot.services.members import require_member
from storage.enums import MeetingStatus, OfferKind, OfferState
from storage.models import Meeting, Offer, Slot, Talk, Term, Wait


class Place(NamedTuple):
    """`number` counts from 1, who is next. Either `found` is the slot, or any slot of the term of
    this title will do. `title` is the paper's that they wait with, if they said one. `offered` is
    the slot that is kept for them now, if one is."""

    id: int
    number: int
    found: FoundTalk | None
    term: str | None
    title: str | None
    offered: FoundTalk | None = None

    @property
    def to_take(self) -> FoundTalk | None:
        """What they can have at once: what is kept for them, or their slot if it is free."""
        is_free = self.found and self.found.slot.talk is None and self.found.slot.held is None
        return self.offered or (self.found if is_free else None)


class Choice(NamedTuple):
    """The places that a member has, and the taken slots of the coming meetings that they could
    wait for besides."""

    places: tuple[Place, ...]
    others: tuple[FoundTalk, ...]

    @property
    def whole_term(self) -> bool:
        """Whether they wait for any slot of the term already."""
        return any(place.found is None for place in self.places)


def wait(
    session: Session,
    actor: Actor,
    slot_id: int | None,
    title: str | None,
    url: str | None,
    now: datetime,
) -> Place:
    """Join the list of the slot or, without one, of the present or next term. Doing it again keeps
    the place, with the new paper if there is one.

    Raises `DomainError` when a slot is there to be taken, when the slot is the actor's own, when
    its meeting is cancelled or has begun, when nothing is planned, and when title or link will
    not do.
    """
    member_id = require_member(actor)
    named = bookings.name_paper(session, title, url)
    target = (
        {"term_id": _term(session, actor, now)}
        if slot_id is None
        else {"slot_id": _taken(session, actor, slot_id, now)}
    )
    place = session.scalars(select(Wait).filter_by(member_id=member_id, **target)).one_or_none()
    if place is None:
        place = Wait(group_id=actor.group_id, member_id=member_id, since=now, **target)
        session.add(place)
    if named.announced:
        place.title, place.url = named.as_said, named.url
    session.flush()  # for its id
    return _view(session, place, now)


def leave(session: Session, actor: Actor, wait_id: int, now: datetime) -> Place:
    """Give the place up, and what was offered because of it. Returns the place as it was."""
    place = session.get(Wait, wait_id, with_for_update=True)
    if place is None or place.group_id != actor.group_id:
        raise DomainError(Refusal.NOT_WAITING)
    if place.member_id != actor.member_id:
        raise DomainError(Refusal.SOMEBODY_ELSES_BUTTON)
    was = _view(session, place, now)
    session.delete(place)
    session.flush()
    for offer in session.scalars(_offers(place)).all():
        waiting.pass_on(session, offer, OfferState.DECLINED, now)
        touch(session, [offer.slot_id])
    return was


def places(session: Session, actor: Actor, now: datetime) -> tuple[Place, ...]:
    """The actor's places on the lists of what is still to come, oldest first."""
    coming = select(Meeting.id).where(
        Meeting.group_id == actor.group_id,
        Meeting.starts_at > now,
        Meeting.status == MeetingStatus.PLANNED,
    )
    in_slots = select(Slot.id).where(Slot.meeting_id.in_(coming))
    in_terms = select(Meeting.term_id).where(Meeting.id.in_(coming))
    found = session.scalars(
        select(Wait)
        .where(
            Wait.member_id == actor.member_id,
            Wait.slot_id.in_(in_slots) | Wait.term_id.in_(in_terms),
        )
        .order_by(Wait.id)
    )
    return tuple(_view(session, place, now) for place in found)


def choice(session: Session, actor: Actor, now: datetime) -> Choice:
    """What the actor waits for, and could wait for."""
    mine = places(session, actor, now)
    known = {place.found.slot.id for place in mine if place.found}
    has_talk = exists().where(Slot.meeting_id == Meeting.id, Talk.slot_id == Slot.id)
    meetings = queries.coming_meetings(
        session, actor.group_id, now, has_talk.correlate(Meeting), most=queries.PAGE_SIZE
    )
    others = tuple(
        FoundTalk(meeting, slot)
        for meeting in meetings
        for slot in meeting.slots
        if slot.talk and slot.id not in known and not slot.talk.is_given_by(actor.member_id)
    )
    return Choice(mine, others)


def _taken(session: Session, actor: Actor, slot_id: int, now: datetime) -> int:
    """The slot, if it can only be waited for."""
    slots.lock(session, actor.group_id, [slot_id])
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is None:
        raise DomainError(Refusal.NO_SUCH_SLOT)
    bookings.check_coming(found, now)
    talk, held = found.slot.talk, found.slot.held
    if talk is not None and talk.is_given_by(actor.member_id):
        raise DomainError(Refusal.SLOT_IS_YOURS, found=found)
    if talk is None and (held is None or held.member.id == actor.member_id):
        raise DomainError(Refusal.SLOT_IS_FREE, found=found)
    return slot_id


def _term(session: Session, actor: Actor, now: datetime) -> int:
    """The term of the next meeting, if all its coming slots are taken."""
    term_id = session.scalar(
        select(Meeting.term_id)
        .where(
            Meeting.group_id == actor.group_id,
            Meeting.starts_at > now,
            Meeting.status == MeetingStatus.PLANNED,
        )
        .order_by(Meeting.starts_at)
        .limit(1)
    )
    if term_id is None:
        raise DomainError(Refusal.NOTHING_TO_WAIT_FOR)
    session.execute(select(Term.id).where(Term.id == term_id).with_for_update())
    for meeting in queries.open_meetings(session, actor.group_id, now):
        found = next((FoundTalk(meeting, slot) for slot in meeting.open_slots), None)
        if found is not None and session.get_one(Meeting, meeting.id).term_id == term_id:
            raise DomainError(Refusal.SLOT_IS_FREE, found=found)
    return term_id


def _view(session: Session, place: Wait, now: datetime) -> Place:
    number = _number(session, place)
    kept = session.scalars(_offers(place).where(Offer.expires_at > now).limit(1)).first()
    offered = bookings.need(session, place.group_id, kept.slot_id, now) if kept else None
    if place.slot_id is None:
        term = session.get_one(Term, place.term_id).title
        return Place(place.id, number, None, term, place.title, offered)
    found = bookings.need(session, place.group_id, place.slot_id, now)
    return Place(place.id, number, found, None, place.title, offered)


def _offers(place: Wait) -> Select[Offer]:
    """What is offered because of this place."""
    return (
        select(Offer)
        .join(Slot, Slot.id == Offer.slot_id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .where(
            Offer.member_id == place.member_id,
            Offer.kind == OfferKind.WAITING,
            Offer.state == OfferState.OPEN,
            Slot.id == place.slot_id if place.slot_id else Meeting.term_id == place.term_id,
        )
    )


def _number(session: Session, place: Wait) -> int:
    same = Wait.term_id == place.term_id
    if place.slot_id is not None:
        slot = session.get_one(Slot, place.slot_id)
        same = waiting.waits_for(slot, session.get_one(Meeting, slot.meeting_id))
    before = select(func.count(Wait.member_id.distinct())).where(
        same, Wait.id < place.id, Wait.member_id != place.member_id
    )
    return 1 + (session.scalar(before) or 0)
