"""One more slot in a meeting, and one less."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import topics
from bot.domain.views import Actor, FoundTalk, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import meeting_rows, queries, waiting
from bot.services.audit import Action
from bot.services.changes_of_meetings import changed, coming, view
from storage.models import AuditEntry, Meeting, Slot, Talk

MOST = 6
"""Slots in a meeting; no evening is long enough for more talks."""


def add(session: Session, actor: Actor, meeting_id: int, seen: int, now: datetime) -> MeetingView:
    """One more open slot behind the others, offered to whoever waits. `seen` is how many there were
    when the organizer asked, so that a second tap adds no second one. Raises `DomainError` for
    anybody but an organizer, for a meeting that has begun, and where there are enough."""
    meeting = coming(session, actor, meeting_id, now)
    there = meeting_rows.slots_of(session, meeting_id)
    if len(there) != seen:
        return view(session, meeting, now)
    if len(there) >= MOST:
        raise DomainError(Refusal.SLOTS_ENOUGH, most=MOST)
    topic = topics.another([slot.topic for slot in there])
    before = _written(there)
    slot = _new(session, meeting, len(there) + 1, topic)
    after = _written(meeting_rows.slots_of(session, meeting_id))
    changed(session, actor, meeting, Action.MEETING_SLOTS, before, after, now)
    waiting.freed(session, actor.group_id, slot.id, now)
    return view(session, meeting, now)


def drop(
    session: Session, actor: Actor, meeting_id: int, slot_id: int, now: datetime
) -> MeetingView:
    """One open slot less; those behind it move up. One that is gone already changes nothing. Raises
    `DomainError` for anybody but an organizer, for a meeting that has begun, and for a slot that
    has a talk, or that somebody is being offered or asks for."""
    meeting = coming(session, actor, meeting_id, now)
    there = meeting_rows.slots_of(session, meeting_id)
    if not any(slot.id == slot_id for slot in there):
        return view(session, meeting, now)
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is not None and found.slot.talk is not None:
        raise DomainError(Refusal.SLOT_TAKEN, found=found)
    _check_quiet(session, found, slot_id, now)
    before = _written(there)
    meeting_rows.remove_slots(session, (slot_id,), now)
    _move_up(session, meeting_id)
    after = _written(meeting_rows.slots_of(session, meeting_id))
    changed(session, actor, meeting, Action.MEETING_SLOTS, before, after, now)
    return view(session, meeting, now)


def put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    """The meeting has the slots that it had before. Raises `DomainError` when it has begun, when
    its slots were changed since, and when the one that was added is taken."""
    meeting = coming(session, actor, entry.subject_id, now)
    before, after = entry.before or {}, entry.after or {}
    if _written(meeting_rows.slots_of(session, meeting.id)) != after:
        raise DomainError(Refusal.CHANGED_SINCE)
    kept = {slot_id for slot_id, _ in before["shape"]}
    added = [slot_id for slot_id, _ in after["shape"] if slot_id not in kept]
    for slot_id in added:
        if session.scalar(select(Talk.id).where(Talk.slot_id == slot_id)) is not None:
            raise DomainError(Refusal.CHANGED_SINCE)
        _check_quiet(session, queries.of_slot(session, actor.group_id, slot_id, now), slot_id, now)
    meeting_rows.remove_slots(session, added, now)
    _arrange(session, meeting, before["shape"])
    now_there = _written(meeting_rows.slots_of(session, meeting.id))
    changed(
        session,
        actor,
        meeting,
        Action.MEETING_UNDO,
        after,
        now_there,
        now,
        undoes_id=entry.id,
    )
    for slot_id, _ in now_there["shape"]:
        if slot_id not in kept:
            waiting.freed(session, actor.group_id, slot_id, now)


def _check_quiet(session: Session, found: FoundTalk | None, slot_id: int, now: datetime) -> None:
    if meeting_rows.is_spoken_for(session, slot_id, now):
        raise DomainError(Refusal.SLOT_SPOKEN_FOR, found=found)


def _written(there: Sequence[Slot]) -> dict[str, Any]:
    return {"shape": [[slot.id, slot.topic] for slot in there]}


def _new(session: Session, meeting: Meeting, position: int, topic: str | None) -> Slot:
    slot = Slot(group_id=meeting.group_id, meeting_id=meeting.id, position=position, topic=topic)
    session.add(slot)
    session.flush()  # for its id
    return slot


def _move_up(session: Session, meeting_id: int) -> None:
    there = meeting_rows.slots_of(session, meeting_id)
    names = topics.renumbered([slot.topic for slot in there], [slot.position for slot in there])
    for position, (slot, topic) in enumerate(zip(there, names, strict=True), 1):
        slot.position, slot.topic = position, topic
        session.flush()  # one by one: no two may be at one position


def _arrange(session: Session, meeting: Meeting, shape: list[list[Any]]) -> None:
    """Slots in this order, with these topics; one that is not there any more is made anew."""
    there = {slot.id: slot for slot in meeting_rows.slots_of(session, meeting.id)}
    # From the back, so that no two are at one position meanwhile: they only move down.
    for position, (slot_id, topic) in reversed(list(enumerate(shape, 1))):
        if slot_id in there:
            there[slot_id].position, there[slot_id].topic = position, topic
            session.flush()
    for position, (slot_id, topic) in enumerate(shape, 1):
        if slot_id not in there:
            _new(session, meeting, position, topic)
