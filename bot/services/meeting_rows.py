"""A meeting and its slots as rows: making them, writing down what they were, and being rid of them
without leaving anything that points to nothing."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain import topics
from bot.domain.calendar import local
from bot.domain.views import GroupView, MeetingView
from bot.services import ledger, waiting
from storage.enums import (
    DeliveryState,
    DraftKind,
    MeetingKind,
    MeetingStatus,
    OfferState,
    RequestState,
)
from storage.models import Delivery, Draft, Link, Meeting, Offer, Request, Slot, Talk, Wait

States = list[list[Any]]
"""Meetings as data, fit for JSON: whatever is done to one of them shows."""


def add(
    session: Session,
    group: GroupView,
    term_id: int,
    starts_at: datetime,
    many: int,
    *,
    title: str | None = None,
    place: str | None = None,
    online_url: str | None = None,
) -> Meeting:
    """A meeting with so `many` open slots; a special one if it has a title."""
    meeting = Meeting(
        group_id=group.id,
        term_id=term_id,
        date=local(starts_at, group.zone).date(),
        starts_at=starts_at,
        ends_at=starts_at + group.duration,
        kind=MeetingKind.SPECIAL if title else MeetingKind.REGULAR,
        status=MeetingStatus.PLANNED,
        title=title,
        place=place,
        online_url=online_url,
        revision=1,
    )
    session.add(meeting)
    session.flush()  # for its id
    session.add_all(
        Slot(group_id=group.id, meeting_id=meeting.id, position=position, topic=topic)
        for position, topic in enumerate(topics.of(many), 1)
    )
    session.flush()
    return meeting


def on_day(session: Session, term_id: int, day: date) -> Meeting:
    """The term's meeting on this day; it is known to be there."""
    return session.scalars(
        select(Meeting).where(Meeting.term_id == term_id, Meeting.date == day)
    ).one()


def slots_of(session: Session, meeting_id: int) -> Sequence[Slot]:
    """The meeting's slots, in order."""
    ordered = select(Slot).where(Slot.meeting_id == meeting_id).order_by(Slot.position)
    return session.scalars(ordered).all()


def states(session: Session, *conditions: ColumnElement[bool]) -> States:
    """The meetings that meet all conditions, each with its slots and what is taken of them."""
    meetings = session.scalars(select(Meeting).where(*conditions).order_by(Meeting.id)).all()
    ids = [meeting.id for meeting in meetings]
    slots: dict[int, list[list[Any]]] = defaultdict(list)
    for slot, talk_id in session.execute(
        select(Slot, Talk.id)
        .outerjoin(Talk, Talk.slot_id == Slot.id)
        .where(Slot.meeting_id.in_(ids))
        .order_by(Slot.position)
    ):
        slots[slot.meeting_id].append([slot.id, slot.topic, talk_id])
    linked = select(Link.meeting_id, func.count(Link.id)).where(Link.meeting_id.in_(ids))
    links = dict(session.execute(linked.group_by(Link.meeting_id)).all())
    return [
        [
            meeting.id,
            meeting.date.isoformat(),
            meeting.starts_at.isoformat(),
            meeting.status.value,
            meeting.kind.value,
            meeting.title,
            meeting.place,
            meeting.online_url,
            links.get(meeting.id, 0),
            slots[meeting.id],
        ]
        for meeting in meetings
    ]


def as_view(state: list[Any]) -> MeetingView:
    """A meeting that is gone, by what was written down of it."""
    meeting_id, day, starts_at, _, kind, title, *_ = state
    day, begins = date.fromisoformat(day), datetime.fromisoformat(starts_at)
    status = MeetingStatus.CANCELLED
    return MeetingView(meeting_id, day, begins, begins, MeetingKind(kind), status, title, 0, (), ())


def remove(session: Session, group_id: int, meeting_ids: Collection[int], now: datetime) -> None:
    """These meetings are gone, with slots that have no talk. What was told of them stays in the
    ledger; what was to be told is not."""
    slot_ids = session.scalars(select(Slot.id).where(Slot.meeting_id.in_(meeting_ids))).all()
    remove_slots(session, slot_ids, now)
    of_meetings = (Delivery.group_id == group_id, Delivery.meeting_id.in_(meeting_ids))
    session.execute(
        update(Delivery)
        .where(*of_meetings, Delivery.state == DeliveryState.PLANNED)
        .values(state=DeliveryState.CANCELLED, reason=ledger.CHANGED, changed_at=now)
    )
    session.execute(update(Delivery).where(*of_meetings).values(meeting_id=None, stale=False))
    session.execute(
        delete(Meeting).where(Meeting.group_id == group_id, Meeting.id.in_(meeting_ids))
    )
    session.expire_all()


def is_spoken_for(session: Session, slot_id: int, now: datetime) -> bool:
    """Whether somebody is being offered the open slot, or asks for it, at this moment."""
    offered = select(Offer.id).where(Offer.slot_id == slot_id, Offer.state == OfferState.OPEN)
    asked = select(Request.id).where(
        or_(Request.slot_id == slot_id, Request.other_slot_id == slot_id),
        Request.state == RequestState.OPEN,
        Request.expires_at > now,
    )
    return any(session.scalar(query.limit(1)) is not None for query in (offered, asked))


def remove_slots(session: Session, slot_ids: Collection[int], now: datetime) -> None:
    """These slots, which have no talk, are gone, and nobody waits for them or is offered them. Of
    whoever is asked for a paper's title, its slot is to be asked for as well."""
    for slot_id in slot_ids:
        waiting.withdraw(session, slot_id, now)
    offers = select(Offer.id).where(Offer.slot_id.in_(slot_ids))
    session.execute(update(Delivery).where(Delivery.offer_id.in_(offers)).values(offer_id=None))
    session.execute(
        update(Draft)
        .where(Draft.slot_id.in_(slot_ids), Draft.kind == DraftKind.CLAIM)
        .values(slot_id=None)
    )
    for table in (Offer, Wait, Draft):
        session.execute(delete(table).where(table.slot_id.in_(slot_ids)))
    for column in (Request.slot_id, Request.other_slot_id):
        _forget_requests(session, column, slot_ids, now)
    session.execute(delete(Slot).where(Slot.id.in_(slot_ids)))
    session.expire_all()


def _forget_requests(
    session: Session,
    column: InstrumentedAttribute[int | None],
    slot_ids: Collection[int],
    now: datetime,
) -> None:
    asked = column.in_(slot_ids)
    session.execute(
        update(Delivery)
        .where(
            Delivery.request_id.in_(select(Request.id).where(asked)),
            Delivery.state == DeliveryState.PLANNED,
        )
        .values(state=DeliveryState.CANCELLED, reason=ledger.CHANGED, changed_at=now)
    )
    session.execute(
        update(Request)
        .where(asked, Request.state == RequestState.OPEN)
        .values(state=RequestState.WITHDRAWN)
    )
    session.execute(update(Request).where(asked).values({column.key: None}))
