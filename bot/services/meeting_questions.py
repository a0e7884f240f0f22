"""What is asked about a meeting, to be answered by a tap or a reply. A draft keeps the question, so
that it survives a restart."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.domain.calendar import local
from bot.domain.moves import read_day, read_new, read_place
from bot.domain.views import Actor, DraftView, GroupView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import (
    drafts,
    meeting_changes,
    meeting_details,
    new_meetings,
    queries,
    terms,
)
from bot.services.members import require_organizer
from storage.enums import DraftKind

DAYS_APART = (-1, 1, 2, 3, 7, 14)
"""How far from its day a meeting is most often moved."""


class Asks(StrEnum):
    DAY = "day"
    PLACE = "place"
    TITLE = "title"
    NEW = "new"


class Question(NamedTuple):
    """`days` are free ones near the meeting's, where a day is asked for."""

    draft_id: int
    asks: Asks
    meeting: MeetingView
    days: tuple[date, ...]


def of(session: Session, actor: Actor, meeting_id: int, now: datetime) -> MeetingView:
    """The meeting, if it can still be changed. Raises `DomainError` for anybody but an organizer,
    and for one that is gone, or has begun."""
    require_organizer(actor)
    meeting = queries.meeting(session, actor.group_id, meeting_id, now)
    if meeting is None:
        raise DomainError(Refusal.OLD_BUTTON)
    if meeting.begun:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=meeting)
    return meeting


def ask(session: Session, actor: Actor, asks: Asks, meeting_id: int, now: datetime) -> Question:
    """Ask for a day, a place or a title. Raises `DomainError` as `of` does."""
    meeting = of(session, actor, meeting_id, now)
    plan = {"asks": asks.value, "meeting": meeting_id}
    draft = drafts.keep(session, actor, DraftKind.MEETING, now, plan=plan)
    group = actor.group
    days = _free_days(session, group, meeting, now) if asks is Asks.DAY else ()
    return Question(draft.id, asks, meeting, days)


def ask_new(session: Session, actor: Actor, now: datetime) -> int:
    """Ask for one more meeting. Returns the draft's id. Raises `DomainError` for anybody but an
    organizer, and when no term is on."""
    require_organizer(actor)
    if terms.running(session, actor.group, now) is None:
        raise DomainError(Refusal.NO_TERM_RUNS)
    return drafts.keep(session, actor, DraftKind.MEETING, now, plan={"asks": Asks.NEW.value}).id


def answer(
    session: Session, actor: Actor, draft: DraftView, words: str, now: datetime
) -> MeetingView:
    """Do what was asked about as these words say, and ask no more. Raises `DomainError` for words
    that say nothing of the kind, and as what is done raises it."""
    require_organizer(actor)
    plan = draft.plan or {}
    asks = Asks(plan["asks"])
    drafts.forget(session, actor, draft.id)
    if asks is Asks.NEW:
        return add(session, actor, words, now)
    meeting = of(session, actor, plan["meeting"], now)
    if asks is Asks.DAY:
        day, at = read_day(words, _today(actor, now), meeting.date)
        return meeting_changes.move(session, actor, meeting.id, day, at, now)
    if asks is Asks.TITLE:
        return meeting_details.set_special(session, actor, meeting.id, words, now)
    place, url = read_place(words)
    return meeting_details.set_place(
        session, actor, meeting.id, place or meeting.place, url or meeting.online_url, now
    )


def add(session: Session, actor: Actor, words: str, now: datetime) -> MeetingView:
    """One more meeting, by `DATE [18:00] [TITLE]`. Raises `DomainError` for no date, and as
    `new_meetings.add` does."""
    require_organizer(actor)
    day, at, title = read_new(words, _today(actor, now))
    return new_meetings.add(session, actor, day, at, title or None, now)


def _today(actor: Actor, now: datetime) -> date:
    return local(now, actor.group.zone).date()


def _free_days(
    session: Session, group: GroupView, meeting: MeetingView, now: datetime
) -> tuple[date, ...]:
    """Days near the meeting's that are to come and have no meeting."""
    taken, today = queries.days(session, group.id, now).known, local(now, group.zone).date()
    near = (meeting.date + timedelta(days=days) for days in DAYS_APART)
    return tuple(day for day in near if day > today and day not in taken)
