"""Taking a page into the schedule, and giving it back.

A page adds to what is known and corrects it; it never takes away what somebody did in the chat.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import instant
from bot.domain.page import Page, PageMeeting
from bot.domain.views import Actor, GroupView
from bot.services import (
    announcements,
    import_slots,
    import_talks,
    page_limits,
    term_defaults,
    weeks,
)
from bot.services.audit import Action, note
from bot.services.groups import OPERATOR
from bot.services.import_slots import Told
from bot.services.import_talks import Imported
from bot.services.talks import set_links
from storage.enums import MeetingStatus
from storage.models import Link, Meeting, Term
from storage.queries import new_rows


def import_page(session: Session, group: GroupView, page: Page, now: datetime) -> Imported:
    """Make the schedule say what `page` says; doing it twice changes nothing the second time.

    Raises `OperatorError` for a page on which something is too long to be kept.
    """
    page_limits.check(page)
    done = Imported()
    term = _term(session, group, page, done)
    import_meetings(session, group, term, page.meetings[::-1], now, done)
    _keep_the_rest(session, term, page, done)
    if done.changed:
        operator = Actor(group, OPERATOR, organizer=True)
        after = {"term": page.title, "meetings": done.added_meetings, "talks": done.added_talks}
        note(session, operator, Action.PAGE_IMPORT, term.id, now, after=after)
    weeks.plan(session, group, now)
    return done


def _term(session: Session, group: GroupView, page: Page, done: Imported) -> Term:
    term = session.scalars(
        select(Term).where(Term.group_id == group.id, Term.title == page.title)
    ).one_or_none()
    if term is None:
        term = Term(group_id=group.id, title=page.title)
        session.add(term)
    says = (page.requirements, page.other_information)
    done.changed_term = (term.requirements, term.other_information) != says
    term.requirements, term.other_information = says
    stretch(term, page)
    session.flush()  # for its id
    return term


def stretch(term: Term, page: Page) -> None:
    """The term has all the page's dates in it."""
    dates = [meeting.date for meeting in page.meetings]
    if dates:
        term.first_date = min([*dates, *([term.first_date] if term.first_date else [])])
        term.last_date = max([*dates, *([term.last_date] if term.last_date else [])])


def _keep_the_rest(session: Session, term: Term, page: Page, done: Imported) -> None:
    """Meetings that the page does not list any more stay: somebody may have claimed a talk."""
    known = session.scalars(
        select(Meeting.date).where(Meeting.term_id == term.id).order_by(Meeting.date)
    )
    for day in sorted(set(known) - {meeting.date for meeting in page.meetings}):
        done.kept.append(
            f"{day:%d %B %Y} is not on the page; to be rid of it, list it there as cancelled."
        )


def import_meetings(
    session: Session,
    group: GroupView,
    term: Term,
    said: Sequence[PageMeeting],
    now: datetime,
    done: Imported,
) -> None:
    """Make these meetings of the term, no two on one date, say what their page says: all of them
    with as many statements as one of them."""
    told: Told = {one.date: [] for one in said}
    known = _known(session, group.id, told)
    mine: list[PageMeeting] = []
    changed: set[date] = set()
    for one in said:
        meeting = known.get(one.date)
        if meeting is not None and meeting.term_id != term.id:
            told[one.date].append(f"{one.date:%d %B %Y} belongs to another term already.")
            continue
        mine.append(one)
        if meeting is not None and _correct(meeting, one):
            changed.add(one.date)
    there = [known[one.date] for one in mine if one.date in known]
    at = term_defaults.usual_of(session, group, term.id).start_time
    new = [_values(group, term, one, at) for one in mine if one.date not in known]
    ids = {meeting.date: meeting.id for meeting in there}
    ids |= new_rows(session, Meeting, new, "date")
    links = {ids[one.date]: one.links for one in mine}
    known_ids = [meeting.id for meeting in there]
    linked = set_links(session, group.id, links, Link.meeting_id, known_ids)
    slots = import_slots.import_slots(session, group.id, mine, ids, known_ids)
    talks = import_talks.in_slots(session, [slot.id for slot in slots.known])
    import_talks.import_talks(session, group.id, slots.places, talks, now, done, told)
    changed |= slots.changed | import_slots.drop(session, slots.left, talks, told)
    changed |= {day for day, meeting_id in ids.items() if meeting_id in linked}
    done.added_meetings += len(new)
    done.changed_meetings += sum(meeting.date in changed for meeting in there)
    done.kept += [sentence for one in said for sentence in told[one.date]]
    begins = {one["date"]: one["starts_at"] for one in new}
    begins |= {meeting.date: meeting.starts_at for meeting in there}
    coming = [ids[one.date] for one in mine if begins[one.date] > now]
    announcements.plan_meetings(session, group, coming, now)


def _known(session: Session, group_id: int, days: Collection[date]) -> dict[date, Meeting]:
    """The group's meetings about the time of these days."""
    if not days:
        return {}
    near = select(Meeting).where(
        Meeting.group_id == group_id, Meeting.date.between(min(days), max(days))
    )
    return {meeting.date: meeting for meeting in session.scalars(near)}


def _values(group: GroupView, term: Term, said: PageMeeting, at: time) -> dict[str, Any]:
    """The row of a new meeting, which begins at this time."""
    starts_at = instant(said.date, at, group.zone)
    return {
        "group_id": group.id,
        "term_id": term.id,
        "date": said.date,
        "starts_at": starts_at,
        "ends_at": starts_at + group.duration,
        "kind": said.kind,
        "title": said.title,
        "status": MeetingStatus.CANCELLED if said.cancelled else MeetingStatus.PLANNED,
        "revision": 1,
    }


def _correct(meeting: Meeting, said: PageMeeting) -> bool:
    status = MeetingStatus.CANCELLED if said.cancelled else MeetingStatus.PLANNED
    if (meeting.kind, meeting.title, meeting.status) == (said.kind, said.title, status):
        return False
    if meeting.status is not status:
        # What was planned for it is void, or owed anew.
        meeting.revision += 1
    meeting.kind, meeting.title, meeting.status = said.kind, said.title, status
    return True
