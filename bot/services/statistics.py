"""What the group has done so far, in numbers."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.statistics import GivenTalk, Statistics, count
from bot.errors import DomainError, Refusal
from storage.enums import LinkKind, MeetingStatus, Role
from storage.models import Link, Meeting, Member, Presenter, Slot, Talk, Term
from storage.prepared import AnyRow


class Report(NamedTuple):
    """The statistics of one term or, where `term_id` is `None`, of all. `newest` is the id and the
    title of the last term in which a talk was given, `None` where there is but one or none."""

    statistics: Statistics
    term_id: int | None
    newest: tuple[int, str] | None


def report(session: Session, group_id: int, now: datetime, term_id: int | None = None) -> Report:
    """Of the meetings that are over and were not cancelled. Raises `DomainError` for a term of
    which there is nothing to tell, as an old button may want."""
    rows = _given(session, group_id, now)
    titles = {row.term_id: row.term_title for row in rows}
    if term_id is not None and term_id not in titles:
        raise DomainError(Refusal.OLD_BUTTON)
    shown = [term for term in titles if term_id in (None, term)]
    talks = [
        GivenTalk(
            row.meeting_id,
            shown.index(row.term_id),
            (row.member_id, row.name) if row.member_id is not None else None,
            row.venue,
            row.has_video,
        )
        for row in rows
        if row.term_id in shown
    ]
    newest = list(titles.items())[-1] if len(titles) > 1 else None
    return Report(count(talks, tuple(titles[term] for term in shown)), term_id, newest)


def _given(session: Session, group_id: int, now: datetime) -> list[AnyRow]:
    """Each talk with its main presenter or nulls, in order of time."""
    video = exists().where(
        Link.kind == LinkKind.VIDEO, or_(Link.talk_id == Talk.id, Link.meeting_id == Meeting.id)
    )
    return list(
        session.execute(
            select(
                Meeting.id.label("meeting_id"),
                Term.id.label("term_id"),
                Term.title.label("term_title"),
                Talk.venue,
                Member.id.label("member_id"),
                Member.name,
                video.correlate(Talk, Meeting).label("has_video"),
            )
            .join(Slot, Slot.id == Talk.slot_id)
            .join(Meeting, Meeting.id == Slot.meeting_id)
            .join(Term, Term.id == Meeting.term_id)
            .outerjoin(Presenter, and_(Presenter.talk_id == Talk.id, Presenter.role == Role.MAIN))
            .outerjoin(Member, Member.id == Presenter.member_id)
            .where(
                Talk.group_id == group_id,
                Meeting.ends_at <= now,
                Meeting.status == MeetingStatus.PLANNED,
            )
            .order_by(Meeting.starts_at, Slot.position)
        )
    )
