"""Meetings and all that hangs on them: four statements, however many meetings."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from storage.enums import MeetingStatus, OfferKind, OfferState, Role
from storage.models import Link, Meeting, Member, Offer, Presenter, Slot, Talk
from storage.prepared import AnyRow, AnySelect
from storage.queries import among, rows_of


def meetings(group_id: int) -> AnySelect:
    """The group's meetings, for the caller to narrow, order and limit."""
    return select(Meeting.__table__).where(Meeting.group_id == group_id)


def of_meeting(session: Session, group_id: int, meeting_id: int) -> Sequence[AnyRow]:
    """This meeting, if it is the group's."""
    return rows_of(session, _OF_MEETING, group_id=group_id, meeting_id=meeting_id)


def on_day(session: Session, group_id: int, day: date) -> Sequence[AnyRow]:
    """The group's meeting on this day, if there is one."""
    return rows_of(session, _ON_DAY, group_id=group_id, day=day)


def dates(
    session: Session, group_id: int, first: date, last: date, now: datetime
) -> Sequence[AnyRow]:
    """The dates from `first` to `last` on which the group has a meeting, in order. `ahead` tells
    those that take place and have not begun."""
    return rows_of(session, _DATES, group_id=group_id, first=first, last=last, now=now)


def of_slot(session: Session, group_id: int, slot_id: int) -> Sequence[AnyRow]:
    """The meeting that this slot is in, if it is the group's."""
    return rows_of(session, _OF_SLOT, group_id=group_id, slot_id=slot_id)


def of_slots(session: Session, group_id: int, slot_ids: Collection[int]) -> Sequence[AnyRow]:
    """The meetings that these slots are in, as far as they are the group's."""
    return rows_of(session, _OF_SLOTS, group_id=group_id, slot_ids=list(slot_ids))


def slots(session: Session, meeting_ids: Collection[int]) -> Sequence[AnyRow]:
    """The slots of these meetings, each with its talk's columns or nulls, and those of the offer
    that holds it."""
    return rows_of(session, _SLOTS, meeting_ids=list(meeting_ids))


def presenters(session: Session, talk_ids: Collection[int]) -> Sequence[AnyRow]:
    """Who gives these talks, each talk's main presenter first."""
    return rows_of(session, _PRESENTERS, talk_ids=list(talk_ids))


def links(
    session: Session, talk_ids: Collection[int], meeting_ids: Collection[int]
) -> Sequence[AnyRow]:
    """What is linked to these talks and meetings, in the order in which it was added."""
    return rows_of(session, _LINKS, talk_ids=list(talk_ids), meeting_ids=list(meeting_ids))


# Made once: putting such a statement together takes several times as long as SQLite needs for it.
_slot, _talk, _offer, _member, _presenter, _link = (
    model.__table__.c for model in (Slot, Talk, Offer, Member, Presenter, Link)
)
_meeting = Meeting.__table__.c
_OF_MEETING = select(Meeting.__table__).where(
    _meeting.group_id == bindparam("group_id"), _meeting.id == bindparam("meeting_id")
)
_ON_DAY = select(Meeting.__table__).where(
    _meeting.group_id == bindparam("group_id"), _meeting.date == bindparam("day")
)
_AHEAD = and_(_meeting.status == MeetingStatus.PLANNED, _meeting.starts_at > bindparam("now"))
_DATES = (
    select(_meeting.date, _AHEAD.label("ahead"))
    .where(
        _meeting.group_id == bindparam("group_id"),
        _meeting.date.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_meeting.date)
)
_OF_SLOT = select(Meeting.__table__).where(
    _meeting.group_id == bindparam("group_id"),
    _meeting.id
    == select(_slot.meeting_id).where(_slot.id == bindparam("slot_id")).scalar_subquery(),
)
_OF_SLOTS = select(Meeting.__table__).where(
    _meeting.group_id == bindparam("group_id"),
    _meeting.id.in_(select(_slot.meeting_id).where(_slot.id.in_(among("slot_ids")))),
)
_SLOTS = (
    select(
        _slot.id,
        _slot.meeting_id,
        _slot.position,
        _slot.topic,
        _talk.id.label("talk_id"),
        _talk.title,
        _talk.venue,
        _talk.year,
        _talk.url,
        _offer.id.label("offer_id"),
        _offer.member_id,
        _offer.expires_at,
        _offer.title.label("offered_title"),
        _offer.url.label("offered_url"),
        _member.name,
        _member.telegram_id,
        _member.reachable,
    )
    .select_from(Slot.__table__)
    .outerjoin(Talk.__table__, _talk.slot_id == _slot.id)
    .outerjoin(
        Offer.__table__,
        and_(
            _offer.slot_id == _slot.id,
            _offer.state == OfferState.OPEN,
            _offer.kind == OfferKind.WAITING,
        ),
    )
    .outerjoin(Member.__table__, _member.id == _offer.member_id)
    .where(_slot.meeting_id.in_(among("meeting_ids")))
    .order_by(_slot.meeting_id, _slot.position)
)
_PRESENTERS = (
    select(
        _presenter.talk_id,
        _presenter.member_id,
        _presenter.role,
        _presenter.affiliation,
        _member.name,
        _member.telegram_id,
        _member.reachable,
    )
    .select_from(Presenter.__table__)
    .join(Member.__table__, _member.id == _presenter.member_id)
    .where(_presenter.talk_id.in_(among("talk_ids")))
    .order_by(_presenter.talk_id, _presenter.role != Role.MAIN, _presenter.position)
)
_LINKS = (
    select(_link.talk_id, _link.meeting_id, _link.kind, _link.url, _link.label)
    .where(or_(_link.talk_id.in_(among("talk_ids")), _link.meeting_id.in_(among("meeting_ids"))))
    .order_by(_link.id)
)
