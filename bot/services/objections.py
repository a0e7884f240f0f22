"""What speaks against a paper: that it was there before, or the group's selection rule."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import likeness, papers, selection
from bot.domain.views import Actor, FoundTalk, GroupView, MeetingView
from bot.services import groups, queries
from bot.services.bookings import Named
from storage.enums import MeetingKind, MeetingStatus
from storage.models import Meeting, Paper, Slot, Talk

MOST_SEEN = 3
"""Talks that are named when a paper was there before; one would do, three tell a habit."""


def seen_before(
    session: Session, group_id: int, wanted: FoundTalk, named: Named, now: datetime
) -> tuple[FoundTalk, ...]:
    """The group's talks on this paper, beside the `wanted` slot's own: by what makes a paper the
    same and by nearly the same title, newest first. Those of cancelled meetings do not count."""
    if not named.announced:
        return ()
    identity = papers.identity(named.url, named.title)
    rows = session.execute(
        select(Talk.slot_id, Talk.title, Paper.identity)
        .join(Slot, Slot.id == Talk.slot_id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .outerjoin(Paper, Paper.id == Talk.paper_id)
        .where(
            Talk.group_id == group_id,
            Talk.slot_id != wanted.slot.id,
            Meeting.status == MeetingStatus.PLANNED,
            Talk.paper_id.is_not(None),
        )
        .order_by(Meeting.starts_at.desc(), Slot.position)
    ).all()
    near = set(likeness.nearest_titles(named.title, [row.title for row in rows]))
    alike = [
        row.slot_id for number, row in enumerate(rows) if row.identity == identity or number in near
    ]
    found = (queries.of_slot(session, group_id, other, now) for other in alike[:MOST_SEEN])
    return tuple(talk for talk in found if talk is not None)


def expected(group: GroupView, meeting: MeetingView) -> tuple[str, ...]:
    """What the group's rule still wants in this meeting, in the organizers' words: "SOSP/OSDI"."""
    rule = _rule(group, meeting)
    if rule is None:
        return ()
    venues = [slot.talk.venue for slot in meeting.slots if slot.talk]
    parts = selection.expects(rule, venues, len(meeting.slots) - len(venues))
    return tuple("/".join(part) for part in parts)


def bends(session: Session, actor: Actor, found: FoundTalk, named: Named) -> bool:
    """Whether the paper is one more of a kind of which the meeting has its one already. Organizers
    are not bound by the rule, since they are the ones to be asked."""
    if actor.organizer or not named.announced:
        return False
    rule = _rule(groups.by_id(session, actor.group_id), found.meeting)
    others = [slot for slot in found.meeting.slots if slot.id != found.slot.id]
    there = [slot.talk.venue for slot in others if slot.talk]
    return rule is not None and selection.bends(rule, named.venue, there)


def _rule(group: GroupView, meeting: MeetingView) -> selection.Rule | None:
    if group.selection_rule is None or meeting.kind is not MeetingKind.REGULAR:
        return None
    return selection.parse_rule(group.selection_rule)
