"""Changes of the schedule, told to the group once: what happens within a few minutes becomes one
message, which says what is different now from what the group was told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import GroupView, MeetingView, NewsView, ReassignedView, SlotView
from bot.services import gathering, meeting_rows, slots
from bot.services.audit import Action
from bot.services.meetings import load
from storage.enums import DeliveryKind, MeetingStatus
from storage.models import AuditEntry, Delivery, Meeting, Member, Slot

TOLD = (
    Action.MEETING_CANCEL,
    Action.MEETING_CREATE,
    Action.MEETING_MOVE,
    Action.MEETING_PLACE,
    Action.MEETING_RESTORE,
    Action.MEETING_SPECIAL,
    Action.MEETING_UNDO,
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


@dataclass(slots=True)
class _Before:
    """What was, by the ids of meetings, and the main presenters by those of slots. `new` are
    meetings that were not there, `gone` those that are not there any more, as they were."""

    times: dict[int, datetime] = field(default_factory=dict)
    statuses: dict[int, MeetingStatus] = field(default_factory=dict)
    places: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    titles: dict[int, str | None] = field(default_factory=dict)
    mains: dict[int, int | None] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    gone: dict[int, MeetingView] = field(default_factory=dict)


def of(session: Session, delivery: Delivery, now: datetime) -> tuple[NewsView, ...]:
    """What this message has to tell, by meeting; nothing when all was changed back."""
    was = _Before()
    for entry in gathering.entries(session, delivery, TOLD):
        _remember(was, entry)
    there = {*was.times, *was.statuses, *was.places, *was.titles, *was.new}
    meetings = _meetings(session, delivery.group_id, there, was.mains, now)
    names = _names(session, was.mains.values())
    news = [_news(meeting, was, names) for meeting in meetings]
    news += [
        NewsView(meeting, None, MeetingStatus.PLANNED, ())
        for meeting in was.gone.values()
        if meeting.id not in was.new and meeting.starts_at > now
    ]
    return tuple(one for one in news if one is not None)


def _remember(was: _Before, entry: AuditEntry) -> None:
    before, meeting_id = entry.before or {}, entry.subject_id
    if "starts_at" in before:
        was.times.setdefault(meeting_id, datetime.fromisoformat(before["starts_at"]))
    if "status" in before:
        was.statuses.setdefault(meeting_id, MeetingStatus(before["status"]))
    if "online_url" in before:
        was.places.setdefault(meeting_id, (before["place"], before["online_url"]))
    if "kind" in before:
        was.titles.setdefault(meeting_id, before["title"])
    for slot_id, state in before.get("slots", {}).items():
        was.mains.setdefault(int(slot_id), slots.main_of(state))
    if entry.action == Action.MEETING_CREATE.value:
        was.new.add(meeting_id)
    elif entry.action == Action.MEETING_UNDO.value and "meetings" in before:
        was.gone[meeting_id] = meeting_rows.as_view(before["meetings"][0])


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


def _news(meeting: MeetingView, was: _Before, names: dict[int, str]) -> NewsView | None:
    was_at, status_was = was.times.get(meeting.id), was.statuses.get(meeting.id)
    here = (meeting.place, meeting.online_url)
    reassigned = tuple(
        ReassignedView(slot, names.get(was.mains[slot.id] or 0))
        for slot in meeting.slots
        if slot.id in was.mains and was.mains[slot.id] != _main_in(slot)
        if not meeting.is_cancelled  # where nobody presents
    )
    news = NewsView(
        meeting,
        was_at if was_at != meeting.starts_at else None,
        status_was if status_was is not meeting.status else None,
        reassigned,
        new=meeting.id in was.new,
        elsewhere=was.places.get(meeting.id, here) != here,
        renamed=was.titles.get(meeting.id, meeting.title) != meeting.title,
    )
    differs = news.was_at or news.status_was or reassigned or news.elsewhere or news.renamed
    if news.new:
        return news if not meeting.is_cancelled else None
    return news if differs else None


def _main_in(slot: SlotView) -> int | None:
    main = slot.talk.main if slot.talk else None
    return main.member_id if main else None
