"""What a new term is probably like, by the group and its last term."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain import public_holidays, term_plans
from bot.domain.calendar import Usual, local, usual
from bot.domain.term_plans import TermPlan
from bot.domain.views import GroupView
from bot.services import terms
from storage.enums import MeetingKind
from storage.models import Group, Meeting, Slot, Term

USUAL_TOPICS = 2


def plan(session: Session, group: GroupView, title: str, now: datetime) -> TermPlan:
    """A plan that could be made as it is. Without a title it has the one that comes next."""
    last = terms.latest(session, group.id)
    tomorrow = local(now, group.zone).date() + timedelta(days=1)
    earliest, weeks = tomorrow, term_plans.USUAL_WEEKS
    if last is not None and last.first_date and last.last_date:
        earliest = max(tomorrow, last.last_date + timedelta(days=1))
        weeks = min(max((last.last_date - last.first_date).days // 7 + 1, 1), 52)
    title = title or term_plans.next_title(last.title if last else None, tomorrow)
    begins = term_plans.coming(group.weekday, term_plans.begins(title, earliest))
    return TermPlan(
        title,
        begins,
        None,
        weeks,
        group.weekday,
        group.start_time,
        group.place,
        topics_of(session, last),
        country(session, group, None),
    )


def country(session: Session, group: GroupView, chosen: str | None) -> str | None:
    """Whose holidays are suggested: of what was chosen, else the group's, else its time zone's."""
    kept = session.scalar(select(Group.country).where(Group.id == group.id))
    return chosen or kept or public_holidays.of_zone(group.timezone)


def usual_of(session: Session, group: GroupView, term_id: int) -> Usual:
    """When the term's regular meetings usually begin."""
    begin = session.scalars(
        select(Meeting.starts_at).where(
            Meeting.term_id == term_id, Meeting.kind == MeetingKind.REGULAR
        )
    )
    return usual(Usual(group.weekday, group.start_time), begin, group.zone)


def topics_of(session: Session, term: Term | None) -> int:
    """How many slots most of the term's regular meetings have."""
    counts = session.execute(
        select(func.count(Slot.id))
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .where(Meeting.term_id == (term.id if term else 0), Meeting.kind == MeetingKind.REGULAR)
        .group_by(Meeting.id)
    ).scalars()
    most = Counter(counts).most_common(1)
    return min(most[0][0], term_plans.MOST_TOPICS) if most else USUAL_TOPICS
