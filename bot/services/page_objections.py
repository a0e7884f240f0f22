"""What the schedule must not take from a page that was edited by hand, in sentences."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import FARTHEST, instant, local
from bot.domain.page import PageMeeting
from bot.domain.page_changes import Edit, Move, where
from bot.domain.views import GroupView
from bot.errors import OperatorError
from bot.services import import_talks, meeting_rows, page_limits, presenters
from bot.services.import_slots import was_asked_for
from storage.enums import MeetingStatus
from storage.models import Meeting


def against(session: Session, group: GroupView, edit: Edit, now: datetime) -> Iterator[str]:
    """What speaks against taking this edit over; nothing where all of it can be."""
    try:
        page_limits.check(edit.merged.page)
    except OperatorError as error:
        yield str(error)
    for move in edit.merged.moves:
        yield from _against_moving(session, group, edit.term_id, move, now)
    before = edit.known
    for said in edit.merged.page.meetings:
        was = before.get(said.date)
        if was is None:
            if _of_group(session, group.id, said.date) is not None:
                yield f"{where(said.date)} belongs to another term already."
        elif was != said:
            yield from _against_slots(session, edit, was, said)


def _against_moving(
    session: Session, group: GroupView, term_id: int, move: Move, now: datetime
) -> Iterator[str]:
    meeting = meeting_rows.on_day(session, term_id, move.day)
    at = local(meeting.starts_at, group.zone).time()
    there = f"{where(move.day)} is on {where(move.to)} on the page"
    if _of_group(session, group.id, move.to) is not None:
        yield f"{there}, where there is another meeting."
    elif meeting.status is MeetingStatus.CANCELLED:
        yield f"{there}, and is cancelled."
    elif move.to > local(now, group.zone).date() + FARTHEST:
        yield f"{there}, more than two years from now."
    elif meeting.starts_at <= now or instant(move.to, at, group.zone) <= now:
        yield f"{there}, but what is past cannot be moved."


def _against_slots(
    session: Session, edit: Edit, was: PageMeeting, said: PageMeeting
) -> Iterator[str]:
    came_from = {move.to: move.day for move in edit.merged.moves}
    meeting = meeting_rows.on_day(session, edit.term_id, came_from.get(was.date, was.date))
    slots = meeting_rows.slots_of(session, meeting.id)
    talks = import_talks.in_slots(session, [slot.id for slot in slots])
    for slot in slots:
        told = where(was.date, was.slots[slot.position - 1], slot.position)
        if slot.position > len(said.slots):
            if was_asked_for(session, slot):
                yield f"{told} was asked for, and is not on the page any more."
            continue
        talk, becomes = talks.get(slot.id), said.slots[slot.position - 1].talk
        if talk is None or becomes is None or edit.agreed:
            continue
        if becomes != was.slots[slot.position - 1].talk:
            given = presenters.of_talks(session, [talk.id])
            absent = presenters.left_out(given[talk.id], becomes.presenters)
            if absent:
                yield f"{told}: {' and '.join(absent)} took the talk; the page does not say."


def _of_group(session: Session, group_id: int, day: date) -> int | None:
    return session.scalar(
        select(Meeting.id).where(Meeting.group_id == group_id, Meeting.date == day)
    )
