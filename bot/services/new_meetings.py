"""One more meeting in the term that is on, and being rid of it again."""

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import check_ahead, instant, local
from bot.domain.views import Actor, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import (
    announcements,
    bookings,
    changes_of_meetings,
    meeting_rows,
    news,
    term_defaults,
    terms,
    waiting,
    weeks,
)
from bot.services.audit import Action, note, note_undone
from bot.services.meeting_changes import check_day
from bot.services.members import require_organizer
from storage.models import AuditEntry, Group, Meeting, Term


def add(
    session: Session,
    actor: Actor,
    day: date,
    start_time: time | None,
    title: str | None,
    now: datetime,
) -> MeetingView:
    """One more meeting in the term of this day, at its usual time if no other is said: a special
    one for a single talk if it has a title, else a regular one with as many slots as is usual,
    offered to whoever waits for any slot of the term.

    Raises `DomainError` for anybody but an organizer, when no term is on, for a day that is past or
    years from now, and for one on which the group has a meeting.
    """
    require_organizer(actor)
    session.execute(select(Group.id).where(Group.id == actor.group_id).with_for_update())
    group = actor.group
    term = terms.of_day(session, group, day)
    if term is None:
        raise DomainError(Refusal.NO_TERM_RUNS)
    title = bookings.check_title(title) if title else None
    check_ahead(day, local(now, group.zone).date())
    at = start_time or term_defaults.usual_of(session, group, term.id).start_time
    starts_at = instant(day, at, group.zone)
    check_day(session, group, starts_at, now)
    return _add(session, actor, session.get_one(Term, term.id), starts_at, title, now)


def put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    """The meeting is gone. Raises `DomainError` when it has begun, and when anything of it was
    changed, or a slot claimed, since."""
    meeting = changes_of_meetings.coming(session, actor, entry.subject_id, now)
    before, after = entry.before or {}, entry.after or {}
    term = session.get_one(Term, meeting.term_id)
    there = meeting_rows.states(session, Meeting.id == meeting.id)
    if there != after["meetings"] or _dates(term) != after["term"]:
        raise DomainError(Refusal.CHANGED_SINCE)
    meeting_rows.remove(session, actor.group_id, (entry.subject_id,), now)
    first, last = before["term"]
    term.first_date = first and date.fromisoformat(first)
    term.last_date = last and date.fromisoformat(last)
    session.flush()
    weeks.plan(session, actor.group, now)
    undone = note_undone(session, actor, Action.MEETING_UNDO, entry, now)
    news.tell(session, actor.group, undone, now)


def _add(
    session: Session,
    actor: Actor,
    term: Term,
    starts_at: datetime,
    title: str | None,
    now: datetime,
) -> MeetingView:
    group, many = actor.group, 1 if title else term_defaults.topics_of(session, term)
    meeting = meeting_rows.add(session, group, term.id, starts_at, many, title=title)
    before = {"term": _dates(term)}
    term.first_date = min(meeting.date, term.first_date or meeting.date)
    term.last_date = max(meeting.date, term.last_date or meeting.date)
    session.flush()
    announcements.plan_meeting(session, group, meeting.id, now)
    weeks.plan(session, group, now)
    states = meeting_rows.states(session, Meeting.id == meeting.id)
    after = {"meetings": states, "term": _dates(term)}
    entry = note(session, actor, Action.MEETING_CREATE, meeting.id, now, before=before, after=after)
    news.tell(session, group, entry, now)
    for slot in meeting_rows.slots_of(session, meeting.id):
        waiting.freed(session, group.id, slot.id, now)
    return changes_of_meetings.view(session, meeting, now)


def _dates(term: Term) -> list[str | None]:
    both = (term.first_date, term.last_date)
    return [day.isoformat() if day is not None else None for day in both]
