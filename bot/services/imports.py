"""Taking a page into the schedule, and giving it back.

A page adds to what is known and corrects it; it never takes away what somebody did in the chat.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import papers
from bot.domain.calendar import instant
from bot.domain.page import Page, PageMeeting, PageSlot, PageTalk
from bot.domain.views import Actor, GroupView
from bot.services import announcements
from bot.services.audit import Action, note
from bot.services.groups import OPERATOR
from bot.services.talks import paper_of, set_links, set_presenters
from storage.enums import MeetingStatus
from storage.models import Meeting, Slot, Talk, Term


@dataclass(slots=True)
class Imported:
    """What an import did. `kept` are sentences on what the page contradicts and the schedule
    keeps."""

    added_meetings: int = 0
    changed_meetings: int = 0
    added_talks: int = 0
    changed_talks: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(
            (self.added_meetings, self.changed_meetings, self.added_talks, self.changed_talks)
        )


def import_page(session: Session, group: GroupView, page: Page, now: datetime) -> Imported:
    """Make the schedule say what `page` says; doing it twice changes nothing the second time."""
    done = Imported()
    term = _term(session, group, page)
    for meeting in reversed(page.meetings):
        _import_meeting(session, group, term, meeting, now, done)
    dates = [meeting.date for meeting in page.meetings]
    if dates:
        term.first_date = min(dates + ([term.first_date] if term.first_date else []))
        term.last_date = max(dates + ([term.last_date] if term.last_date else []))
    if done.changed:
        operator = Actor(group.id, OPERATOR, organizer=True)
        after = {"term": page.title, "meetings": done.added_meetings, "talks": done.added_talks}
        note(session, operator, Action.PAGE_IMPORT, term.id, now, after=after)
    return done


def _term(session: Session, group: GroupView, page: Page) -> Term:
    term = session.scalars(
        select(Term).where(Term.group_id == group.id, Term.title == page.title)
    ).one_or_none()
    if term is None:
        term = Term(group_id=group.id, title=page.title)
        session.add(term)
    term.requirements, term.other_information = page.requirements, page.other_information
    session.flush()  # for its id
    return term


def _import_meeting(
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
        _import_talk(session, meeting, slot, said.talk, now, done)
    return changed


def _import_talk(
    session: Session,
    meeting: Meeting,
    slot: Slot,
    said: PageTalk,
    now: datetime,
    done: Imported,
) -> None:
    talk = session.scalars(select(Talk).where(Talk.slot_id == slot.id)).one_or_none()
    if talk is None:
        _new_talk(session, slot, said, _has_paper(meeting, said), now)
        done.added_talks += 1
    elif _same_paper(talk, said):
        done.changed_talks += _correct_talk(session, talk, said)
    else:
        where = f"{meeting.date:%d %B %Y}, {slot.topic or f'slot {slot.position}'}"
        done.kept.append(f"{where} has “{talk.title}”; the page says “{said.title}”.")


def _has_paper(meeting: Meeting, said: PageTalk) -> bool:
    """A kick-off is announced under its own name; that is no paper."""
    return said.title != meeting.title


def _same_paper(talk: Talk, said: PageTalk) -> bool:
    return talk.title == said.title or papers.identity(talk.url, talk.title) == papers.identity(
        said.url, said.title
    )


def _new_talk(
    session: Session,
    slot: Slot,
    said: PageTalk,
    has_paper: bool,  # noqa: FBT001 - a fact about the talk, not a switch
    now: datetime,
) -> None:
    paper_id = (
        paper_of(session, slot.group_id, said.title, said.venue, said.year, said.url)
        if has_paper
        else None
    )
    talk = Talk(
        group_id=slot.group_id,
        slot_id=slot.id,
        paper_id=paper_id,
        title=said.title,
        venue=said.venue,
        year=said.year,
        url=said.url,
        created_at=now,
    )
    session.add(talk)
    session.flush()  # for its id
    set_presenters(session, talk, said.presenters)
    set_links(session, slot.group_id, said.links, talk_id=talk.id)


def _correct_talk(session: Session, talk: Talk, said: PageTalk) -> bool:
    says = (said.title, said.venue, said.year, said.url)
    changed = (talk.title, talk.venue, talk.year, talk.url) != says
    talk.title, talk.venue, talk.year, talk.url = says
    changed |= set_presenters(session, talk, said.presenters)
    changed |= set_links(session, talk.group_id, said.links, talk_id=talk.id)
    return changed
