"""Making the term that was planned, and being rid of it again."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.calendar import instant
from bot.domain.term_plans import TermPlan
from bot.domain.views import Actor, GroupView, TermView
from bot.errors import DomainError, Refusal
from bot.services import announcements, groups, meeting_rows, slots, term_drafts, terms, weeks
from bot.services.audit import Action, last_of, note, note_undone
from storage.enums import Weekday
from storage.models import AuditEntry, Group, Meeting, Term, TermPage, Wait


class Made(NamedTuple):
    """A new term, with so many meetings and slots. `entry_id` is the audit entry's, by which it is
    taken back."""

    term: TermView
    meetings: int
    slots: int
    entry_id: int


def make(session: Session, actor: Actor, draft_id: int, now: datetime) -> Made:
    """Make the term that the actor planned, with its reminders. A second tap makes no second one.

    Raises `DomainError` for anybody but the organizer who planned it, when the draft is gone, and
    where the plan makes no term: a title that is taken, no day left, a day that is past, and one on
    which the group has a meeting already.
    """
    # Two organizers with one title queue here instead of meeting in the constraint.
    session.execute(select(Group.id).where(Group.id == actor.group_id).with_for_update())
    planning, made = term_drafts.look(session, actor, draft_id, now)
    if made is not None:
        return _made(session, actor.group_id, made)
    group, plan = actor.group, planning.plan
    term = _add_term(session, group, plan)
    days = [day.date for day in planning.days if day.left_out is None]
    # The group's own place may change; where it is the same, the meetings follow it.
    place = plan.place if plan.place != group.place else None
    online_url = plan.online_url if plan.online_url != group.online_url else None
    meetings = [
        meeting_rows.add(
            session,
            group,
            term.id,
            instant(day, plan.start_time, group.zone),
            plan.topics,
            place=place,
            online_url=online_url,
        )
        for day in days
    ]
    before, after = _usual(session.get_one(Group, group.id)), _usual(plan)
    _set_usual(session, group.id, after)
    group = groups.by_id(session, group.id)
    announcements.plan_meetings(session, group, [meeting.id for meeting in meetings], now)
    weeks.plan(session, group, now)
    entry_id = note(
        session,
        actor,
        Action.TERM_CREATE,
        term.id,
        now,
        before={"group": before},
        after={"title": term.title, "group": after, "meetings": _as_made(session, term.id)},
    )
    term_drafts.done(session, planning, term.id)
    return Made(terms.view(term), len(meetings), len(meetings) * plan.topics, entry_id)


def put_back(session: Session, actor: Actor, entry: AuditEntry, now: datetime) -> None:
    """The term is gone, with its meetings, and what it made the group's usual is as before. Raises
    `DomainError` when anything of it was changed, or anything was claimed, since."""
    before, after = entry.before or {}, entry.after or {}
    slot_ids = [slot_id for *_, there in after["meetings"] for slot_id, *_ in there]
    slots.lock(session, actor.group_id, slot_ids)
    term = session.get_one(Term, entry.subject_id, with_for_update=True)
    if (
        term.closed_at is not None
        or term.title != after["title"]
        or _usual(session.get_one(Group, actor.group_id)) != after["group"]
        or _as_made(session, term.id) != after["meetings"]
    ):
        raise DomainError(Refusal.CHANGED_SINCE)
    meeting_ids = [meeting_id for meeting_id, *_ in after["meetings"]]
    meeting_rows.remove(session, actor.group_id, meeting_ids, now)
    for table in (Wait, TermPage):
        session.execute(delete(table).where(table.term_id == term.id))
    session.delete(term)
    _set_usual(session, actor.group_id, before["group"])
    note_undone(session, actor, Action.TERM_UNDO, entry, now)
    session.flush()
    weeks.plan(session, actor.group, now)


def _add_term(session: Session, group: GroupView, plan: TermPlan) -> Term:
    """What the last term's page asks of everybody, the new one's does too."""
    last = terms.latest(session, group.id)
    term = Term(
        group_id=group.id,
        title=plan.title,
        requirements=last.requirements if last else "",
        other_information=last.other_information if last else "",
        first_date=plan.first,
        last_date=plan.ends,
    )
    session.add(term)
    session.flush()  # for its id
    return term


def _usual(source: Group | TermPlan) -> dict[str, Any]:
    """What a term changes of its group: the usual day and time, and whose holidays are kept."""
    return {
        "weekday": source.weekday.value,
        "start_time": source.start_time.isoformat(),
        "country": source.country,
    }


def _set_usual(session: Session, group_id: int, usual: dict[str, Any]) -> None:
    group = session.get_one(Group, group_id)
    group.weekday = Weekday(usual["weekday"])
    group.start_time = group.start_time.fromisoformat(usual["start_time"])
    group.country = usual["country"]
    session.flush()


def _as_made(session: Session, term_id: int) -> list[list[Any]]:
    """The term's meetings as they were made: whatever is done to one of them shows here."""
    return meeting_rows.states(session, Meeting.term_id == term_id)


def _made(session: Session, group_id: int, term_id: int) -> Made:
    """Raises `DomainError` when the term was taken back."""
    term = session.get(Term, term_id)
    if term is None:
        raise DomainError(Refusal.DRAFT_GONE)
    entry_id = last_of(session, group_id, Action.TERM_CREATE, term_id)
    states = _as_made(session, term_id)
    return Made(terms.view(term), len(states), sum(len(there) for *_, there in states), entry_id)
