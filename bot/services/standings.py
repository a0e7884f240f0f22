"""Who has presented how often, and how long ago."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, case, func, select
from sqlalchemy.orm import Session

from bot.domain.turns import Turn, in_order
from storage.enums import MeetingStatus, Role
from storage.models import Meeting, Member, Presenter, Slot, Talk
from storage.prepared import AnyRow


def standings(session: Session, group_id: int, now: datetime) -> tuple[Turn, ...]:
    """Everybody who did not leave, whose turn it is first; names without an account only if they
    ever presented. Main talks count, of meetings that are not cancelled."""
    rows = _rows(session, group_id, now)
    return in_order([_turn(row) for row in rows if row.telegram_id or row.ever])


def candidates(
    session: Session, group_id: int, now: datetime, *, in_private: bool
) -> tuple[list[Turn], set[int]]:
    """The members with an account, with `in_private` only those whom the bot may write to and who
    did not mute it; and the ids of those who have a talk to come."""
    rows = [row for row in _rows(session, group_id, now) if row.telegram_id]
    turns = [_turn(row) for row in rows if row.hears or not in_private]
    return turns, {row.id for row in rows if row.coming}


def _rows(session: Session, group_id: int, now: datetime) -> Sequence[AnyRow]:
    counted = and_(Meeting.id == Slot.meeting_id, Meeting.status == MeetingStatus.PLANNED)
    return session.execute(
        select(
            Member.id,
            Member.name,
            Member.telegram_id,
            and_(Member.reachable, ~Member.muted).label("hears"),
            func.count(Meeting.id).label("ever"),
            func.count(case((Meeting.term_id == _term(group_id, now), 1))).label("this_term"),
            func.count(case((Meeting.starts_at > now, 1))).label("coming"),
            func.max(Meeting.date).label("last"),
        )
        .outerjoin(Presenter, and_(Presenter.member_id == Member.id, Presenter.role == Role.MAIN))
        .outerjoin(Talk, Talk.id == Presenter.talk_id)
        .outerjoin(Slot, Slot.id == Talk.slot_id)
        .outerjoin(Meeting, counted)
        .where(Member.group_id == group_id, ~Member.gone)
        .group_by(Member.id, Member.name, Member.telegram_id, Member.reachable, Member.muted)
    ).all()


def _term(group_id: int, now: datetime) -> ScalarSelect[int]:
    """The term of the next meeting, or of the last one where none is to come."""
    over = case((Meeting.ends_at > now, 0), else_=1)
    return (
        select(Meeting.term_id)
        .where(Meeting.group_id == group_id)
        .order_by(over, case((Meeting.ends_at > now, Meeting.date)), Meeting.date.desc())
        .limit(1)
        .scalar_subquery()
    )


def _turn(row: AnyRow) -> Turn:
    return Turn(row.id, row.name, row.this_term, row.ever, row.last)
