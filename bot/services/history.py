"""What was changed, by whom, and taking changes back."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.domain.views import Actor, ChangeView, FoundTalk, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import (
    changes,
    closings,
    groups,
    links,
    meeting_changes,
    meeting_slots,
    new_meetings,
    new_terms,
    slots,
)
from bot.services.audit import Action
from bot.services.meetings import load
from bot.services.members import require_organizer
from storage.models import AuditEntry, Meeting, Member, Slot

PAGE_SIZE = 10
"""Entries in one message of `/log`."""

LOOKED_BACK = 200
"""Entries among which `/undo` looks for the last change that can be taken back."""

MOST_TRIED = 10
"""Of these, how many it tries."""

PutBack = Callable[[Session, Actor, AuditEntry, datetime], None]
"""Makes the subject of a change what it was before, and writes that down as undoing the entry.
Raises `DomainError` when it is not as that change left it any more."""

PUT_BACK: dict[Action, PutBack] = {
    **dict.fromkeys(changes.UNDOABLE, changes.put_back),
    Action.LINK_POST: links.put_back,
    Action.MEETING_CANCEL: meeting_changes.put_back,
    Action.MEETING_CREATE: new_meetings.put_back,
    Action.MEETING_MOVE: meeting_changes.put_back,
    Action.MEETING_PLACE: meeting_changes.put_back,
    Action.MEETING_RESTORE: meeting_changes.put_back,
    Action.MEETING_SLOTS: meeting_slots.put_back,
    Action.MEETING_SPECIAL: meeting_changes.put_back,
    Action.TERM_CLOSE: closings.put_back,
    Action.TERM_CREATE: new_terms.put_back,
}
"""How each kind of change is taken back; it lives with what makes the change."""


def change(session: Session, group_id: int, entry_id: int, now: datetime) -> ChangeView:
    """An audit entry as it is told."""
    return _views(session, group_id, [session.get_one(AuditEntry, entry_id)], now)[0]


def page(
    session: Session, actor: Actor, offset: int, now: datetime
) -> tuple[tuple[ChangeView, ...], bool]:
    """The `offset`-th page of the log, newest first, and whether there is an older one. Raises
    `DomainError` for anybody but an organizer."""
    require_organizer(actor)
    rows = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.group_id == actor.group_id)
        .order_by(AuditEntry.id.desc())
        .offset(PAGE_SIZE * max(offset, 0))
        .limit(PAGE_SIZE + 1)
    ).all()
    shown = rows[:PAGE_SIZE]
    return _views(session, actor.group_id, shown, now), len(rows) > PAGE_SIZE


def since(
    session: Session, group_id: int, entry_id: int, most: int, now: datetime
) -> tuple[ChangeView, ...]:
    """What was changed after this entry, in order; of more, the newest `most`."""
    rows = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.group_id == group_id, AuditEntry.id > entry_id)
        .order_by(AuditEntry.id.desc())
        .limit(most)
    ).all()
    return _views(session, group_id, rows[::-1], now)


def last_change(
    session: Session, actor: Actor, place: MeetingView | FoundTalk | None, now: datetime
) -> ChangeView:
    """The last change that can be and was not taken back: the group's; or that of a meeting and
    whatever is in it; or that of a talk in one slot and of its links. Raises `DomainError` for
    anybody but an organizer, and when there is none, with what speaks against the last one."""
    require_organizer(actor)
    against: DomainError | None = None
    made = (one for one in _not_undone(session, actor) if place is None or _is_of(one, place))
    for entry in islice(made, MOST_TRIED):
        refused = _refused(session, actor, entry, now)
        if refused is None:
            return change(session, actor.group_id, entry.id, now)
        against = against or refused
    raise against or DomainError(Refusal.NOTHING_TO_UNDO)


def _not_undone(session: Session, actor: Actor) -> Sequence[AuditEntry]:
    """What can be taken back by its kind, newest first."""
    undoing = aliased(AuditEntry)
    return session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.group_id == actor.group_id,
            AuditEntry.action.in_([one.value for one in PUT_BACK if one is not Action.TALK_UNDO]),
            AuditEntry.id.not_in(
                select(undoing.undoes_id).where(
                    undoing.group_id == actor.group_id, undoing.undoes_id.is_not(None)
                )
            ),
        )
        .order_by(AuditEntry.id.desc())
        .limit(LOOKED_BACK)
    ).all()


def _refused(
    session: Session, actor: Actor, entry: AuditEntry, now: datetime
) -> DomainError | None:
    """What speaks against taking this change back, found out by trying."""
    try:
        with changes.tried(session):
            PUT_BACK[Action(entry.action)](session, actor, entry, now)
    except DomainError as error:
        return error
    return None


def undo(session: Session, actor: Actor, entry_id: int, now: datetime) -> ChangeView:
    """Put what this change was about back to what it was before. Raises `DomainError` for anybody
    but an organizer, and when it was changed since or put back already."""
    require_organizer(actor)
    entry = groups.own(session, AuditEntry, entry_id, actor.group_id, lock=True)
    known = {action.value: put_back for action, put_back in PUT_BACK.items()}
    if entry.action not in known:
        raise DomainError(Refusal.OLD_BUTTON)
    if session.scalar(select(AuditEntry.id).where(AuditEntry.undoes_id == entry_id)) is not None:
        raise DomainError(Refusal.CHANGED_SINCE)
    told = change(session, actor.group_id, entry_id, now)
    known[entry.action](session, actor, entry, now)
    return told


def _views(
    session: Session, group_id: int, entries: Sequence[AuditEntry], now: datetime
) -> tuple[ChangeView, ...]:
    """Eight statements for the meetings and one for the names, however many entries."""
    places = _places(session, group_id, entries, now)
    meetings = _meetings(session, group_id, entries, now)
    states = [_state(entry) for entry in entries]
    mains = {main for state in states if (main := slots.main_of(state)) is not None}
    rows = session.execute(select(Member.id, Member.name).where(Member.id.in_(mains)))
    names = {row.id: row.name for row in rows}
    return tuple(
        ChangeView(
            entry.id,
            entry.action,
            entry.actor_name,
            entry.at,
            places.get(_place_id(entry) or 0),
            state["title"] if state else None,
            names.get(slots.main_of(state) or 0),
            _said(entry.before),
            _said(entry.after),
            meetings.get(entry.subject_id) if entry.action.startswith("meeting:") else None,
        )
        for entry, state in zip(entries, states, strict=True)
    )


def _is_of(entry: AuditEntry, place: MeetingView | FoundTalk) -> bool:
    if isinstance(place, FoundTalk):
        return place.slot.id in _slot_ids(entry)
    if entry.action.startswith("meeting:"):
        return entry.subject_id == place.id
    return any(slot.id in _slot_ids(entry) for slot in place.slots)


def _slot_ids(entry: AuditEntry) -> set[int]:
    """The slots that a change was in; that of a link notes the one of its talk."""
    if entry.action.startswith("link:"):
        return {side["slot"] for side in (entry.before, entry.after) if side and "slot" in side}
    return {int(slot_id) for slot_id in _slots(entry.after)}


def _place_id(entry: AuditEntry) -> int | None:
    """The slot that a change is told of."""
    if entry.action.startswith("talk:"):
        return entry.subject_id
    return next(iter(_slot_ids(entry)), None) if entry.action.startswith("link:") else None


def _places(
    session: Session, group_id: int, entries: Sequence[AuditEntry], now: datetime
) -> dict[int, FoundTalk]:
    slot_ids = {slot_id for slot_id in map(_place_id, entries) if slot_id is not None}
    if not slot_ids:
        return {}
    meetings = select(Slot.meeting_id).where(Slot.id.in_(slot_ids))
    return {
        slot.id: FoundTalk(meeting, slot)
        for meeting in load(session, group_id, now, Meeting.id.in_(meetings))
        for slot in meeting.slots
    }


def _meetings(
    session: Session, group_id: int, entries: Sequence[AuditEntry], now: datetime
) -> dict[int, MeetingView]:
    meeting_ids = {entry.subject_id for entry in entries if entry.action.startswith("meeting:")}
    if not meeting_ids:
        return {}
    found = load(session, group_id, now, Meeting.id.in_(meeting_ids))
    return {meeting.id: meeting for meeting in found}


def _state(entry: AuditEntry) -> slots.State | None:
    """The talk as it was before, or, where there was none, as it is since."""
    slot_id = str(entry.subject_id)
    return _slots(entry.before).get(slot_id) or _slots(entry.after).get(slot_id)


def _slots(side: dict[str, Any] | None) -> slots.Contents:
    found: slots.Contents = (side or {}).get("slots") or {}
    return found


def _said(side: dict[str, Any] | None) -> dict[str, Any]:
    """What a change says besides what is in slots: "name", "status", "url" and so on."""
    return {key: value for key, value in (side or {}).items() if key != "slots"}
