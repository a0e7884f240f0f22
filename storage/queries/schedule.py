"""Meetings and all that hangs on them: four statements, however many meetings."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.enums import Role
from storage.models import Link, Meeting, Member, Presenter, Slot, Talk
from storage.queries import AnyRow, AnySelect


def meetings(group_id: int) -> AnySelect:
    """The group's meetings, for the caller to narrow, order and limit."""
    return select(Meeting.__table__).where(Meeting.group_id == group_id)


def slots(session: Session, meeting_ids: Collection[int]) -> Sequence[AnyRow]:
    """The slots of these meetings, each with its talk's columns or nulls."""
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
        )
        .outerjoin(Talk, Talk.slot_id == Slot.id)
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
