"""Changes of the schedule, told to the group once: what happens within a few minutes becomes one
message, which says what is different now from what the group was told."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import GroupView, MeetingView, NewsView, ReassignedView, SlotView
from bot.services import gathering, slots
from bot.services.audit import Action
from bot.services.meetings import load
from storage.enums import DeliveryKind, MeetingStatus
from storage.models import Delivery, Meeting, Member, Slot

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
    """Owe the group the change of this audit entry, with those that follow soon."""
    gathering.tell(session, group, DeliveryKind.CHANGES, entry_id, now)


def of(session: Session, delivery: Delivery, now: datetime) -> tuple[NewsView, ...]:
    """What this message has to tell, by meeting; nothing when all was changed back."""
    times: dict[int, datetime] = {}
    statuses: dict[int, MeetingStatus] = {}
    mains: dict[int, int | None] = {}
    for entry in gathering.entries(session, delivery, TOLD):
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
