"""One way to change what is in a slot: written down whole, so that it can be undone, and with what
follows for the waiting list and for the messages that show the slot."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import announcements, news, notices, slots, waiting
from bot.services.audit import Action, note
from storage.enums import DeliveryKind, DeliveryState
from storage.models import AuditEntry, Delivery, Meeting, Member, Slot
from storage.queries import among, change_rows, table

OVER_THEIR_HEADS = (
    Action.TALK_ASSIGN,
    Action.TALK_ON_PAGE,
    Action.TALK_SUPPORTERS,
    Action.TALK_UNASSIGN,
    Action.TALK_UNDO,
)
"""Changes that others make without asking the presenters."""

BY_THE_MAIN = (Action.TALK_DECLINE, Action.TALK_RELEASE, Action.TALK_SWAP)
"""Changes that the main presenters make or agree to, and of which supporters do not know."""

TOUCHED = "touched slots"
"""Where a session keeps the ids of the slots that its transaction changed."""

UNDOABLE = (
    Action.TALK_ASSIGN,
    Action.TALK_CLAIM,
    Action.TALK_DECLINE,
    Action.TALK_EDIT,
    Action.TALK_FILL,
    Action.TALK_HAND_OVER,
    Action.TALK_ON_PAGE,
    Action.TALK_RELEASE,
    Action.TALK_SUPPORTERS,
    Action.TALK_SWAP,
    Action.TALK_UNASSIGN,
    Action.TALK_UNDO,
)
"""Changes that are taken back by `put_back`."""


_slot, _delivery = Slot.__table__.c, Delivery.__table__.c
_STALE = (
    update(table(Delivery))
    .where(
        or_(
            _delivery.meeting_id.in_(
                select(_slot.meeting_id).where(_slot.id.in_(among("slot_ids")))
            ),
            _delivery.meeting_id == bindparam("of_meeting"),
        ),
        _delivery.kind == DeliveryKind.ANNOUNCEMENT,
        _delivery.state == DeliveryState.SENT,
    )
    .values(stale=True)
)


@dataclass(slots=True)
class Change:
    """`entry_id` is the audit entry's; `None` until the change is over, or when nothing changed."""

    entry_id: int | None = None


@contextmanager
def talk_change(
    session: Session,
    actor: Actor,
    action: Action,
    slot_ids: Iterable[int],
    now: datetime,
    *,
    undoes_id: int | None = None,
) -> Iterator[Change]:
    """Whatever happens to these slots inside is one change. What was before and what is after goes
    into the audit log; a slot that became free is offered to whoever waits for it; the reminders of
    whoever presents there are planned anew. The group is told of what was reassigned, and the
    presenters in private where it was not for them to decide."""
    slot_ids = tuple(slot_ids)
    slots.lock(session, actor.group_id, slot_ids)
    before = slots.contents(session, slot_ids)
    change = Change()
    yield change
    session.flush()
    after = slots.contents(session, slot_ids)
    if after == before:
        return
    entry = note(
        session,
        actor,
        action,
        slot_ids[0],
        now,
        before={"slots": before},
        after={"slots": after},
        undoes_id=undoes_id,
    )
    change.entry_id = entry
    touch(session, slot_ids)
    for slot_id in slot_ids:
        was, state = before[str(slot_id)], after[str(slot_id)]
        if state is None and was is not None:
            waiting.freed(session, actor.group_id, slot_id, now)
        elif state is not None and (was is None or slots.main_of(state) != slots.main_of(was)):
            waiting.filled(session, slot_id, slots.main_of(state), now)
    group = actor.group
    announcements.plan_slots(session, group, slot_ids, now)
    if action in news.TOLD and _is_reassigned(before, after):
        news.tell(session, group, entry, now)
    _tell_presenters(session, actor, action, before, after, entry, now)


def put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    """The slots have what was in them before this change. Raises `DomainError` when they have
    something else since, when it is no change any more because two names are one, and for a swap
    when a meeting of it has begun."""
    before, after = (entry.before or {}).get("slots", {}), (entry.after or {}).get("slots", {})
    slot_ids = [int(slot_id) for slot_id in before]
    slots.lock(session, actor.group_id, slot_ids)
    if before == after or slots.contents(session, slot_ids) != after:
        raise DomainError(Refusal.CHANGED_SINCE)
    if len(slot_ids) > 1 and _has_begun(session, slot_ids, now):
        raise DomainError(Refusal.SWAP_STANDS)
    with talk_change(session, actor, Action.TALK_UNDO, slot_ids, now, undoes_id=entry.id):
        slots.put(session, actor.group_id, before, now)


def _has_begun(session: Session, slot_ids: Iterable[int], now: datetime) -> bool:
    """Whether a meeting of one of the slots has begun or is over."""
    begun = select(Slot.id).join(Meeting, Meeting.id == Slot.meeting_id)
    wanted = begun.where(Slot.id.in_(slot_ids), Meeting.starts_at <= now).limit(1)
    return session.scalar(wanted) is not None


def _is_reassigned(before: slots.Contents, after: slots.Contents) -> bool:
    return any(
        slots.main_of(state) != slots.main_of(after[slot_id]) for slot_id, state in before.items()
    )


def _tell_presenters(
    session: Session,
    actor: Actor,
    action: Action,
    before: slots.Contents,
    after: slots.Contents,
    entry_id: int,
    now: datetime,
) -> None:
    """Tell the presenters of talks to come whose part it is that changed, but for whoever knows and
    whom the bot may not write to: the group sees the slot's card."""
    if action not in (*OVER_THEIR_HEADS, *BY_THE_MAIN):
        return
    coming = session.scalars(
        select(Slot.id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .where(Slot.id.in_(map(int, before)), Meeting.starts_at > now)
    )
    parts = [slots.parts(before[key]) ^ slots.parts(after[key]) for key in map(str, coming)]
    concerned = {member_id for changed in parts for member_id, _ in changed} - {actor.member_id}
    if action in BY_THE_MAIN:
        both = (*before.values(), *after.values())
        concerned -= {slots.main_of(state) for state in both}
    reachable = select(Member.id).where(Member.id.in_(concerned), Member.reachable, ~Member.gone)
    until = now + notices.NEWS_KEPT
    for member_id in session.scalars(reachable.order_by(Member.id)).all():
        notices.to_member(session, DeliveryKind.CHANGE, member_id, now, until, audit_id=entry_id)


def touch(session: Session, slot_ids: Iterable[int], meeting_id: int | None = None) -> None:
    """The messages that show these slots, or this meeting, are out of date. Announcements are noted
    in the ledger, which edits them in its own time; cards are left to whoever began the
    transaction."""
    slot_ids = tuple(slot_ids)
    session.info.setdefault(TOUCHED, set()).update(slot_ids)
    change_rows(session, _STALE, slot_ids=slot_ids, of_meeting=meeting_id)


@contextmanager
def tried(session: Session) -> Iterator[None]:
    """Whatever happens inside is as if it had not, once it is over."""
    before, point = touched(session), session.begin_nested()
    try:
        yield
    finally:
        point.rollback()
        session.info[TOUCHED] = set(before)


def touched(session: Session) -> frozenset[int]:
    return frozenset(session.info.get(TOUCHED, ()))
