"""Taking a page into the schedule, and giving it back.

A page adds to what is known and corrects it; it never takes away what somebody did in the chat.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import instant
from bot.domain.page import Page, PageMeeting, PageSlot
from bot.domain.views import Actor, GroupView
from bot.services import announcements, page_limits, weeks
from bot.services.audit import Action, note
from bot.services.groups import OPERATOR
from bot.services.import_talks import Imported, import_talk, where
from bot.services.talks import set_links
from storage.enums import MeetingStatus
from storage.models import Draft, Meeting, Offer, Request, Slot, Talk, Term, Wait


def import_page(session: Session, group: GroupView, page: Page, now: datetime) -> Imported:
    """Make the schedule say what `page` says; doing it twice changes nothing the second time.

    Raises `OperatorError` for a page on which something is too long to be kept.
    """
    page_limits.check(page)
    done = Imported()
    term = _term(session, group, page, done)
    for meeting in reversed(page.meetings):
        import_meeting(session, group, term, meeting, now, done)
    _keep_the_rest(session, term, page, done)
    dates = [meeting.date for meeting in page.meetings]
    if dates:
        term.first_date = min(dates + ([term.first_date] if term.first_date else []))
        term.last_date = max(dates + ([term.last_date] if term.last_date else []))
    if done.changed:
        operator = Actor(group.id, OPERATOR, organizer=True)
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
    session.flush()  # for its id
    return term


def _keep_the_rest(session: Session, term: Term, page: Page, done: Imported) -> None:
    """Meetings that the page does not list any more stay: somebody may have claimed a talk."""
    known = session.scalars(
        select(Meeting.date).where(Meeting.term_id == term.id).order_by(Meeting.date)
    )
    for date in sorted(set(known) - {meeting.date for meeting in page.meetings}):
        done.kept.append(
            f"{date:%d %B %Y} is not on the page; to be rid of it, list it there as cancelled."
        )


def import_meeting(
    session: Session,
    group: GroupView,
    term: Term,
    said: PageMeeting,
    now: datetime,
    done: Imported,
) -> None:
    known = session.scalars(
        select(Meeting).where(Meeting.group_id == group.id, Meeting.date == said.date)
    ).one_or_none()
    if known is not None and known.term_id != term.id:
        done.kept.append(f"{said.date:%d %B %Y} belongs to another term already.")
        return
    meeting = known or _new_meeting(group, term, said)
    session.add(meeting)
    changed = _correct_meeting(meeting, said)
    session.flush()  # for its id
    changed |= set_links(session, group.id, said.links, meeting_id=meeting.id)
    for position, slot in enumerate(said.slots, 1):
        changed |= _import_slot(session, meeting, position, slot, now, done)
    changed |= _drop_slots(session, meeting, len(said.slots), done)
    if known is None:
        done.added_meetings += 1
    else:
        done.changed_meetings += changed
    announcements.plan_meeting(session, group, meeting.id, now)


def _new_meeting(group: GroupView, term: Term, said: PageMeeting) -> Meeting:
    starts_at = instant(said.date, group.start_time, group.zone)
    return Meeting(
        group_id=group.id,
        term_id=term.id,
        date=said.date,
        starts_at=starts_at,
        ends_at=starts_at + group.duration,
        kind=said.kind,
        title=said.title,
        status=MeetingStatus.CANCELLED if said.cancelled else MeetingStatus.PLANNED,
        revision=1,
    )


def _correct_meeting(meeting: Meeting, said: PageMeeting) -> bool:
    status = MeetingStatus.CANCELLED if said.cancelled else MeetingStatus.PLANNED
    if (meeting.kind, meeting.title, meeting.status) == (said.kind, said.title, status):
        return False
    if meeting.status is not status:
        # What was planned for it is void, or owed anew.
        meeting.revision += 1
    meeting.kind, meeting.title, meeting.status = said.kind, said.title, status
    return True


def _import_slot(
    session: Session,
    meeting: Meeting,
    position: int,
    said: PageSlot,
    now: datetime,
    done: Imported,
) -> bool:
    """Returns whether the slot itself, not its talk, is new or bears another topic."""
    slot = session.scalars(
        select(Slot).where(Slot.meeting_id == meeting.id, Slot.position == position)
    ).one_or_none()
    changed = slot is None or slot.topic != said.topic
    if slot is None:
        slot = Slot(group_id=meeting.group_id, meeting_id=meeting.id, position=position)
        session.add(slot)
    slot.topic = said.topic
    session.flush()  # for its id
    if said.talk is not None:
        import_talk(session, meeting, slot, said.talk, now, done)
    return changed


def _drop_slots(session: Session, meeting: Meeting, said: int, done: Imported) -> bool:
    """Slots past the `said` ones on the page go, unless there is a talk in them or somebody asked
    for them."""
    extra = session.execute(
        select(Slot, Talk.title)
        .outerjoin(Talk, Talk.slot_id == Slot.id)
        .where(Slot.meeting_id == meeting.id, Slot.position > said)
        .order_by(Slot.position)
    ).all()
    dropped = False
    for slot, title in extra:
        if title is not None:
            done.kept.append(f"{where(meeting, slot)} has “{title}”; the page has no such slot.")
        elif is_spoken_for(session, slot):
            done.kept.append(f"{where(meeting, slot)} was asked for; the page has no such slot.")
        else:
            session.delete(slot)
            dropped = True
    return dropped


def is_spoken_for(session: Session, slot: Slot) -> bool:
    """Whether somebody waits for the slot, or was offered it, or asked for it."""
    columns = (Wait.slot_id, Offer.slot_id, Draft.slot_id, Request.slot_id, Request.other_slot_id)
    return any(
        session.scalar(select(column).where(column == slot.id).limit(1)) is not None
        for column in columns
    )
