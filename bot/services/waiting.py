"""The waiting list: a slot that becomes free is offered to whoever waits for it, one after the
other, and held for them meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.turns import LAST_CALL
from bot.services import ledger, notices
from storage.enums import DeliveryKind, MeetingStatus, OfferKind, OfferState, Role
from storage.models import Delivery, Meeting, Member, Offer, Presenter, Slot, Talk, Wait
from storage.queries import among, change_rows, in_parts, rows_of, table

HELD_FOR = timedelta(hours=24)
"""How long the first of a waiting list has to answer: a day, so that nobody has to be awake."""


_wait, _offer, _slot, _meeting, _talk, _presenter = (
    model.__table__.c for model in (Wait, Offer, Slot, Meeting, Talk, Presenter)
)
_OPEN = select(_offer.id).where(
    _offer.slot_id == bindparam("of_slot"), _offer.state == OfferState.OPEN
)
_SERVED = delete(table(Wait)).where(
    _wait.member_id == bindparam("main_id"),
    or_(
        _wait.slot_id == bindparam("of_slot"),
        _wait.term_id
        == select(_meeting.term_id)
        .join(Slot.__table__, _slot.meeting_id == _meeting.id)
        .where(_slot.id == bindparam("of_slot"))
        .scalar_subquery(),
    ),
)
_CONCERNED = (
    select(_talk.slot_id, _presenter.member_id)
    .select_from(table(Talk))
    .outerjoin(table(Presenter), and_(_presenter.talk_id == _talk.id, _presenter.role == Role.MAIN))
    .where(
        _talk.slot_id.in_(among("slot_ids")),
        or_(
            exists().where(_offer.slot_id == _talk.slot_id, _offer.state == OfferState.OPEN),
            exists().where(_wait.member_id == _presenter.member_id),
        ),
    )
    .order_by(_talk.slot_id)
)


def freed(session: Session, group_id: int, slot_id: int, now: datetime) -> None:
    """Offer the slot, if it is open, to the first who waits for it, if somebody does and there is
    time. Nobody is offered it besides."""
    if session.scalar(select(Talk.id).where(Talk.slot_id == slot_id)) is not None:
        return
    withdraw(session, slot_id, now)
    slot = session.get_one(Slot, slot_id)
    meeting = session.get_one(Meeting, slot.meeting_id)
    until = min(now + HELD_FOR, meeting.starts_at - LAST_CALL)
    if meeting.status is not MeetingStatus.PLANNED or until <= now:
        return
    wait = _first(session, slot, meeting)
    if wait is None:
        meeting.turns_at = now  # whose turn it is may be asked
        return
    paper = {"title": wait.title, "url": wait.url}
    offer(session, group_id, slot_id, wait.member_id, OfferKind.WAITING, now, until, **paper)


def offer(
    session: Session,
    group_id: int,
    slot_id: int,
    member_id: int,
    kind: OfferKind,
    now: datetime,
    until: datetime,
    **paper: str | None,
) -> None:
    """Offer the slot to the member, who is told. `paper` is the title and url that they said."""
    made = Offer(
        group_id=group_id,
        slot_id=slot_id,
        member_id=member_id,
        kind=kind,
        state=OfferState.OPEN,
        made_at=now,
        expires_at=until,
        **paper,
    )
    session.add(made)
    session.flush()  # for its id
    notices.to_member(session, DeliveryKind.OFFER, member_id, now, until, offer_id=made.id)


def filled(session: Session, slot_id: int, main_id: int | None, now: datetime) -> None:
    """Somebody has the slot now: its offers are settled, and whoever got it waits no more."""
    withdraw(session, slot_id, now, taken_by=main_id)
    change_rows(session, _SERVED, main_id=main_id, of_slot=slot_id)


def filled_all(session: Session, slot_ids: Sequence[int], now: datetime) -> None:
    """As `filled` for each of the slots, whoever is the main presenter there now. Few slots were
    offered to anybody or are waited for."""
    for part in in_parts(slot_ids):
        for row in rows_of(session, _CONCERNED, slot_ids=part):
            filled(session, row.slot_id, row.member_id, now)


def withdraw(session: Session, slot_id: int, now: datetime, *, taken_by: int | None = None) -> None:
    """Nobody is offered the slot any more; the offer to `taken_by` counts as taken. What was
    given by turn stays open to be declined, as long as it is theirs."""
    for row in rows_of(session, _OPEN, of_slot=slot_id):
        given = session.get_one(Offer, row.id)
        theirs = given.member_id == taken_by
        if theirs and given.kind is OfferKind.FILLED:
            continue
        if given.kind is OfferKind.WAITING and taken_by is not None and not theirs:
            _tell_given_away(session, given, now)
        close(session, given, OfferState.TAKEN if theirs else OfferState.WITHDRAWN, now)


def _tell_given_away(session: Session, given: Offer, now: datetime) -> None:
    """Whoever read that the slot is kept for them is told that somebody else has it."""
    told = select(Delivery.id).where(Delivery.offer_id == given.id, Delivery.state.in_(ledger.TOLD))
    if session.scalar(told.limit(1)) is not None:
        until = now + notices.NEWS_KEPT
        notices.to_member(
            session, DeliveryKind.ANSWER, given.member_id, now, until, offer_id=given.id
        )


def pass_on(session: Session, given: Offer, state: OfferState, now: datetime) -> None:
    """Whoever waited does not take the slot: it is the next one's. They leave the slot's list; on
    the term's they stay, and are offered other slots."""
    close(session, given, state, now)
    session.execute(
        delete(Wait).where(Wait.slot_id == given.slot_id, Wait.member_id == given.member_id)
    )
    freed(session, given.group_id, given.slot_id, now)


def offer_another(session: Session, member_id: int, meeting: Meeting, now: datetime) -> None:
    """Who waits for any slot of the term is offered one at a time; after a "no" it may be that
    another one has become free meanwhile."""
    waits = select(Wait.id).where(Wait.member_id == member_id, Wait.term_id == meeting.term_id)
    if session.scalar(waits) is None:
        return
    known = exists().where(
        Offer.slot_id == Slot.id,
        or_(
            Offer.state == OfferState.OPEN,
            and_(Offer.member_id == member_id, Offer.kind == OfferKind.WAITING),
        ),
    )
    slot_id = session.scalar(
        select(Slot.id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .where(
            Meeting.term_id == meeting.term_id,
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_at > now + LAST_CALL,
            ~exists().where(Talk.slot_id == Slot.id).correlate(Slot),
            ~known.correlate(Slot),
        )
        .order_by(Meeting.starts_at, Slot.position)
        .limit(1)
    )
    if slot_id is not None:
        freed(session, meeting.group_id, slot_id, now)


def close(session: Session, given: Offer, state: OfferState, now: datetime) -> None:
    given.state = state
    session.flush()
    notices.settle(session, now, offer_id=given.id)


def _first(session: Session, slot: Slot, meeting: Meeting) -> Wait | None:
    """Who came first, without those who were asked already or left the chat. Whoever waits for any
    slot of the term is offered one at a time, and none beside their own talk."""
    had_their_chance = exists().where(
        Offer.slot_id == slot.id,
        Offer.member_id == Wait.member_id,
        Offer.kind == OfferKind.WAITING,
        Offer.made_at >= Wait.since,
        Offer.state.in_((OfferState.DECLINED, OfferState.EXPIRED)),
    )
    is_asked = exists().where(
        Offer.member_id == Wait.member_id,
        Offer.kind == OfferKind.WAITING,
        Offer.state == OfferState.OPEN,
    )
    presents_there = exists().where(
        Presenter.member_id == Wait.member_id,
        Presenter.role == Role.MAIN,
        Presenter.talk_id == Talk.id,
        Talk.slot_id == Slot.id,
        Slot.meeting_id == meeting.id,
    )
    left = exists().where(Member.id == Wait.member_id, Member.gone)
    may_be_asked = and_(~is_asked.correlate(Wait), ~presents_there.correlate(Wait))
    return session.scalars(
        select(Wait)
        .where(
            waits_for(slot, meeting),
            ~had_their_chance.correlate(Wait),
            ~left.correlate(Wait),
            or_(Wait.slot_id.is_not(None), may_be_asked),
        )
        .order_by(Wait.id)
        .limit(1)
    ).first()


def waits_for(slot: Slot, meeting: Meeting) -> ColumnElement[bool]:
    """The places on the lists of the slot and of its term."""
    return and_(
        Wait.group_id == slot.group_id,
        or_(Wait.slot_id == slot.id, Wait.term_id == meeting.term_id),
    )
