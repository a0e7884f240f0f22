"""Changes of the schedule, told to the group once: what happens within a few minutes becomes one
message, which says what is different now from what the group was told."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.calendar import polite
from bot.domain.views import GroupView, MeetingView, NewsView, ReassignedView, SlotView
from bot.services import ledger, slots
from bot.services.audit import Action
from bot.services.ledger import Promise
from bot.services.meetings import load
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus
from storage.models import AuditEntry, Delivery, Meeting, Member, Slot

SETTLING = timedelta(minutes=3)
"""How long the bot waits for other changes before it tells the first."""

OF_USE = timedelta(days=2)

TOLD = (
    Action.MEETING_CANCEL,
    Action.MEETING_MOVE,
    Action.MEETING_RESTORE,
    Action.TALK_ASSIGN,
    Action.TALK_HAND_OVER,
    Action.TALK_SWAP,
    Action.TALK_UNASSIGN,
    Action.TALK_UNDO,
)
"""What is told of its own accord; a claim has its card, and whoever releases a talk is seen to."""


def tell(session: Session, group: GroupView, entry_id: int, now: datetime) -> None:
    """Owe the group the change of this audit entry, with those that follow soon. A message that
    waits already takes it in."""
    if group.chat is None:
        return
    waits = select(Delivery.id).where(
        Delivery.group_id == group.id,
        Delivery.kind == DeliveryKind.CHANGES,
        Delivery.state == DeliveryState.PLANNED,
        Delivery.expires_at > now,
    )
    if session.scalar(waits.limit(1)) is not None:
        return
    due_at = polite(now + SETTLING, group.zone, group.reminders.quiet)
    promise = Promise(
        f"changes:{entry_id}:chat:{group.chat.id}",
        DeliveryKind.CHANGES,
        due_at,
        due_at + OF_USE,
        chat_id=group.chat.id,
        audit_id=entry_id,
    )
    ledger.owe(session, group.id, promise, now)


def of(session: Session, delivery: Delivery, now: datetime) -> tuple[NewsView, ...]:
    """What this message has to tell, by meeting; nothing when all was changed back."""
    entries = _entries(session, delivery)
    times: dict[int, datetime] = {}
    statuses: dict[int, MeetingStatus] = {}
    mains: dict[int, int | None] = {}
    for entry in entries:
        before = entry.before or {}
        if "starts_at" in before:
            times.setdefault(entry.subject_id, datetime.fromisoformat(before["starts_at"]))
        if "status" in before:
            statuses.setdefault(entry.subject_id, MeetingStatus(before["status"]))
        for slot_id, state in before.get("slots", {}).items():
            mains.setdefault(int(slot_id), slots.main_of(state))
    meetings = _meetings(session, delivery.group_id, {*times, *statuses}, mains, now)
    names = _names(session, mains.values())
    news = (_news(meeting, times, statuses, mains, names) for meeting in meetings)
    return tuple(one for one in news if one is not None)


def _entries(session: Session, delivery: Delivery) -> list[AuditEntry]:
    """The changes from this message's first up to the next message's."""
    following = session.scalar(
        select(func.min(Delivery.audit_id)).where(
            Delivery.group_id == delivery.group_id,
            Delivery.kind == DeliveryKind.CHANGES,
            Delivery.audit_id > delivery.audit_id,
        )
    )
    wanted = select(AuditEntry).where(
        AuditEntry.group_id == delivery.group_id,
        AuditEntry.id >= delivery.audit_id,
        AuditEntry.action.in_([action.value for action in TOLD]),
    )
    if following is not None:
        wanted = wanted.where(AuditEntry.id < following)
    return list(session.scalars(wanted.order_by(AuditEntry.id)))


def _meetings(
    session: Session, group_id: int, meeting_ids: set[int], slot_ids: Iterable[int], now: datetime
) -> list[MeetingView]:
    """Those that are still to come, soonest first."""
    of_slots = session.scalars(select(Slot.meeting_id).where(Slot.id.in_(list(slot_ids))))
    found = load(session, group_id, now, Meeting.id.in_(meeting_ids | set(of_slots)))
    return sorted((one for one in found if not one.begun), key=lambda one: one.starts_at)


def _names(session: Session, member_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = [member_id for member_id in member_ids if member_id is not None]
    rows = session.execute(select(Member.id, Member.name).where(Member.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _news(
    meeting: MeetingView,
    times: dict[int, datetime],
    statuses: dict[int, MeetingStatus],
    mains: dict[int, int | None],
    names: dict[int, str],
) -> NewsView | None:
    was_at, status_was = times.get(meeting.id), statuses.get(meeting.id)
    reassigned = tuple(
        ReassignedView(slot, names.get(mains[slot.id] or 0))
        for slot in meeting.slots
        if slot.id in mains and mains[slot.id] != _main_in(slot)
    )
    news = NewsView(
        meeting,
        was_at if was_at != meeting.starts_at else None,
        status_was if status_was is not meeting.status else None,
        reassigned,
    )
    return news if news.was_at or news.status_was or reassigned else None


def _main_in(slot: SlotView) -> int | None:
    main = slot.talk.main if slot.talk else None
    return main.member_id if main else None
