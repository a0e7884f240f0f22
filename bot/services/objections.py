"""What speaks against a paper: that it was there before, or the group's selection rule."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain import likeness, papers, selection
from bot.domain.views import Actor, FoundTalk, GroupView, MeetingView
from bot.services import queries
from bot.services.bookings import Named
from storage.enums import MeetingKind, MeetingStatus
from storage.models import Meeting, Paper, Slot, Talk
from storage.queries import among, rows_of

MOST_SEEN = 3
"""Talks that are named when a paper was there before; one would do, three tell a habit."""


def seen_before(
    session: Session, group_id: int, wanted: FoundTalk, named: Named, now: datetime
) -> tuple[FoundTalk, ...]:
    """The group's talks on this paper, beside the `wanted` slot's own: by what makes a paper the
    same, however old, or, of the `queries.MOST_COMPARED` newest, by nearly the same title; newest
    first. Those of cancelled meetings do not count."""
    if not named.announced:
        return ()
    identity = papers.identity(named.url, named.title)
    found = list(rows_of(session, _SAME_PAPER, group_id=group_id, identity=identity))
    titled = rows_of(session, _TITLED, group_id=group_id)
    near = likeness.nearest_titles(named.title, [title for _, title in titled])
    if near:
        slot_ids = [titled[number].slot_id for number in near]
        found += rows_of(session, _IN_SLOTS, group_id=group_id, slot_ids=slot_ids)
    alike = {row.slot_id: row for row in found}
    alike.pop(wanted.slot.id, None)
    newest = sorted(alike.values(), key=lambda row: (row.starts_at, -row.position), reverse=True)
    seen = (queries.of_slot(session, group_id, row.slot_id, now) for row in newest[:MOST_SEEN])
    return tuple(talk for talk in seen if talk is not None)


def expected(group: GroupView, meeting: MeetingView) -> tuple[str, ...]:
    """What the group's rule still wants in this meeting, in the organizers' words: "SOSP/OSDI"."""
    rule = _rule(group, meeting)
    if rule is None:
        return ()
    venues = [slot.talk.venue for slot in meeting.slots if slot.talk]
    parts = selection.expects(rule, venues, len(meeting.slots) - len(venues))
    return tuple("/".join(part) for part in parts)


def bends(actor: Actor, found: FoundTalk, named: Named) -> bool:
    """Whether the paper is one more of a kind of which the meeting has its one already. Organizers
    are not bound by the rule, since they are the ones to be asked."""
    others = [slot for slot in found.meeting.slots if slot.id != found.slot.id]
    there = [slot.talk.venue for slot in others if slot.talk]
    if actor.organizer or not named.announced or not there:
        return False
    rule = _rule(actor.group, found.meeting)
    return rule is not None and selection.bends(rule, named.venue, there)


def _rule(group: GroupView, meeting: MeetingView) -> selection.Rule | None:
    if group.selection_rule is None or meeting.kind is not MeetingKind.REGULAR:
        return None
    return selection.parse_rule(group.selection_rule)


_slot, _talk, _meeting, _paper = (model.__table__ for model in (Slot, Talk, Meeting, Paper))
_TALKS = (
    select(_slot.c.id.label("slot_id"), _slot.c.position, _meeting.c.starts_at)
    .select_from(_meeting)
    .join(_slot, _slot.c.meeting_id == _meeting.c.id)
    .join(_talk, _talk.c.slot_id == _slot.c.id)
    .where(_meeting.c.group_id == bindparam("group_id"))
    .where(_meeting.c.status == MeetingStatus.PLANNED)
)
_TITLED = (
    _TALKS.with_only_columns(_slot.c.id.label("slot_id"), _talk.c.title)
    .where(_talk.c.paper_id.is_not(None))
    .order_by(_meeting.c.starts_at.desc())
    .limit(queries.MOST_COMPARED)
)
_IN_SLOTS = _TALKS.where(_slot.c.id.in_(among("slot_ids")))
_SAME_PAPER = _TALKS.where(
    _talk.c.paper_id
    == select(_paper.c.id)
    .where(_paper.c.group_id == bindparam("group_id"), _paper.c.identity == bindparam("identity"))
    .scalar_subquery()
)
