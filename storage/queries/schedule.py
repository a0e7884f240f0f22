"""Meetings and all that hangs on them: four statements, however many meetings."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from storage.enums import OfferKind, OfferState, Role
from storage.models import Link, Meeting, Member, Offer, Presenter, Slot, Talk
from storage.queries import AnyRow, AnySelect


def meetings(group_id: int) -> AnySelect:
    """The group's meetings, for the caller to narrow, order and limit."""
    return select(Meeting.__table__).where(Meeting.group_id == group_id)


def slots(session: Session, meeting_ids: Collection[int]) -> Sequence[AnyRow]:
    """The slots of these meetings, each with its talk's columns or nulls, and those of the offer
    that holds it."""
    return session.execute(
        select(
            Slot.id,
            Slot.meeting_id,
            Slot.position,
            Slot.topic,
            Talk.id.label("talk_id"),
            Talk.title,
            Talk.venue,
            Talk.year,
            Talk.url,
            Offer.id.label("offer_id"),
            Offer.member_id,
            Offer.expires_at,
            Offer.title.label("offered_title"),
            Offer.url.label("offered_url"),
            Member.name,
            Member.telegram_id,
            Member.reachable,
        )
        .outerjoin(Talk, Talk.slot_id == Slot.id)
        .outerjoin(
            Offer,
            and_(
                Offer.slot_id == Slot.id,
                Offer.state == OfferState.OPEN,
                Offer.kind == OfferKind.WAITING,
            ),
        )
        .outerjoin(Member, Member.id == Offer.member_id)
        .where(Slot.meeting_id.in_(meeting_ids))
        .order_by(Slot.meeting_id, Slot.position)
    ).all()


def presenters(session: Session, talk_ids: Collection[int]) -> Sequence[AnyRow]:
    """Who gives these talks, each talk's main presenter first."""
    return session.execute(
        select(
            Presenter.talk_id,
            Presenter.member_id,
            Presenter.role,
            Presenter.affiliation,
            Member.name,
            Member.telegram_id,
            Member.reachable,
        )
        .join(Member, Member.id == Presenter.member_id)
        .where(Presenter.talk_id.in_(talk_ids))
        .order_by(Presenter.talk_id, Presenter.role != Role.MAIN, Presenter.position)
    ).all()


def links(
    session: Session, talk_ids: Collection[int], meeting_ids: Collection[int]
) -> Sequence[AnyRow]:
    """What is linked to these talks and meetings, in the order in which it was added."""
    return session.execute(
        select(Link.talk_id, Link.meeting_id, Link.kind, Link.url, Link.label)
        .where(or_(Link.talk_id.in_(talk_ids), Link.meeting_id.in_(meeting_ids)))
        .order_by(Link.id)
    ).all()
