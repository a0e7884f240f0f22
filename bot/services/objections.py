"""What speaks against a paper: that it was there before, or the group's selection rule."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.domain import likeness, papers, selection
from bot.domain.views import Actor, FoundTalk, GroupView, MeetingView
from bot.services import groups, queries
from bot.services.bookings import Named
from storage.enums import MeetingKind, MeetingStatus
from storage.models import Meeting, Paper, Slot, Talk

MOST_SEEN = 3
"""Talks that are named when a paper was there before; one would do, three tell a habit."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The paper that is wanted for `found` was presented or is planned there, newest first."""

    found: FoundTalk
    named: Named
    before: tuple[FoundTalk, ...]


@dataclass(frozen=True, slots=True)
class Bent:
    """The paper is one more of a kind of which the meeting has its one already: that of `by`."""

    found: FoundTalk
    named: Named
    by: FoundTalk


def objection(
    session: Session, actor: Actor, found: FoundTalk, named: Named, now: datetime, *, sure: bool
) -> Seen | Bent | None:
    """The first thing that speaks against this paper in this slot. Whoever is `sure` knows that it
    was there before; organizers are not bound by the rule, since they are the ones to be asked."""
    if not named.announced:
        return None
    before = () if sure else seen_before(session, actor.group_id, found.slot.id, named, now)
    if before:
        return Seen(found, named, before)
    if actor.organizer:
        return None
    by = _bends(groups.by_id(session, actor.group_id), found, named)
    return Bent(found, named, by) if by is not None else None


def seen_before(
    session: Session, group_id: int, slot_id: int, named: Named, now: datetime
) -> tuple[FoundTalk, ...]:
    """The group's other talks on this paper, by what makes a paper the same and by nearly the same
    title, newest first; those of cancelled meetings do not count."""
    identity = papers.identity(named.url, named.title)
    rows = session.execute(
        select(Talk.slot_id, Talk.title, Paper.identity)
        .join(Slot, Slot.id == Talk.slot_id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .outerjoin(Paper, Paper.id == Talk.paper_id)
        .where(
            and_(Talk.group_id == group_id, Talk.slot_id != slot_id),
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


def _bends(group: GroupView, found: FoundTalk, named: Named) -> FoundTalk | None:
    rule = _rule(group, found.meeting)
    others = [slot for slot in found.meeting.slots if slot.talk and slot.id != found.slot.id]
    venues = [slot.talk.venue for slot in others if slot.talk]
    if rule is None or not selection.bends(rule, named.venue, venues):
        return None
    part = selection.part_of(rule, named.venue)
    there = next(
        slot
        for slot, venue in zip(others, venues, strict=True)
        if selection.part_of(rule, venue) == part
    )
    return FoundTalk(found.meeting, there)


def _rule(group: GroupView, meeting: MeetingView) -> selection.Rule | None:
    if group.selection_rule is None or meeting.kind is not MeetingKind.REGULAR:
        return None
    return selection.parse_rule(group.selection_rule)
