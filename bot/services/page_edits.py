"""Reading back what somebody changed in a page's file by hand.

`bot.domain.page_changes` finds out what that is; here the schedule takes it over, as if it were
said in the chat: written down, offered to whoever waits, planned anew.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.page import Page, PageLink, PageMeeting, PageSlot, PageTalk
from bot.domain.page_changes import Edit, Move
from bot.domain.views import Actor, GroupView
from bot.services import (
    announcements,
    changes,
    import_talks,
    meeting_changes,
    meeting_rows,
    page_objections,
    presenters,
    slots,
    terms,
    weeks,
)
from bot.services.audit import Action, note
from bot.services.import_talks import Imported
from bot.services.imports import import_meetings, stretch
from bot.services.talks import drop_links, paper_of, set_links
from storage.enums import MeetingStatus
from storage.models import Link, Meeting, Slot, Term

EDITOR = "Somebody"
"""Who it was, as far as a file tells."""


@dataclass(frozen=True, slots=True)
class Taken:
    """`page` is the term as it is now; `None` when nothing was taken: because of the
    `objections`, or because the schedule was changed since it was seen."""

    page: Page | None = None
    objections: tuple[str, ...] = ()


def take(session: Session, group: GroupView, edit: Edit, now: datetime) -> Taken:
    """Make the schedule say what the page says, all of it or nothing."""
    term = session.get(Term, edit.term_id)
    if term is None or terms.page_of(session, term, now) != edit.seen:
        return Taken()
    objections = tuple(page_objections.against(session, group, edit, now))
    if objections:
        return Taken(objections=objections)
    actor = Actor(group, EDITOR, organizer=True)
    for move in edit.merged.moves:
        _move(session, actor, term, move, now)
    term.requirements = _kept(term.requirements, edit, "requirements")
    term.other_information = _kept(term.other_information, edit, "other_information")
    before = edit.known
    oldest_first = edit.merged.page.meetings[::-1]
    new = [said for said in oldest_first if said.date not in before]
    import_meetings(session, group, term, new, now, Imported())
    for said in oldest_first:
        was = before.get(said.date)
        if was is not None and was != said:
            _take_meeting(session, actor, term, was, said, now)
    stretch(term, edit.merged.page)
    note(session, actor, Action.PAGE_EDIT, term.id, now, after={"term": term.title})
    weeks.plan(session, group, now)
    session.flush()
    session.expire_all()
    return Taken(terms.page_of(session, session.get_one(Term, term.id), now))


def _kept(now: str, edit: Edit, text: str) -> str:
    """The page's text where it was changed there; else what is stored, down to its blanks."""
    said: str = getattr(edit.merged.page, text)
    return now if said == getattr(edit.schedule, text) else said


def _move(session: Session, actor: Actor, term: Term, move: Move, now: datetime) -> None:
    meeting = meeting_rows.on_day(session, term.id, move.day)
    meeting_changes.move(session, actor, meeting.id, move.to, None, now)


def _take_meeting(
    session: Session,
    actor: Actor,
    term: Term,
    was: PageMeeting,
    said: PageMeeting,
    now: datetime,
) -> None:
    meeting = meeting_rows.on_day(session, term.id, said.date)
    meeting.kind = said.kind
    meeting.title = meeting.title if said.title == was.title else said.title
    _change_links(session, actor.group_id, was.links, said.links, Link.meeting_id, meeting.id)
    for position in range(1, max(len(was.slots), len(said.slots)) + 1):
        becomes = said.slots[position - 1] if position <= len(said.slots) else None
        here = was.slots[position - 1] if position <= len(was.slots) else PageSlot()
        if becomes != here or position > len(was.slots):
            _take_slot(session, actor, meeting, position, here, becomes, now)
    session.flush()
    if was.cancelled != said.cancelled:
        _cancel(session, actor, meeting, now, cancelled=said.cancelled)
    announcements.plan_meeting(session, actor.group, meeting.id, now)
    changes.touch(session, [slot.id for slot in meeting_rows.slots_of(session, meeting.id)])


def _cancel(
    session: Session, actor: Actor, meeting: Meeting, now: datetime, *, cancelled: bool
) -> None:
    if meeting.starts_at > now:
        change = meeting_changes.cancel if cancelled else meeting_changes.restore
        change(session, actor, meeting.id, meeting.revision, now)
    else:
        meeting.status = MeetingStatus.CANCELLED if cancelled else MeetingStatus.PLANNED
        meeting.revision += 1


def _take_slot(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    position: int,
    was: PageSlot,
    said: PageSlot | None,
    now: datetime,
) -> None:
    slot = session.scalars(
        select(Slot).where(Slot.meeting_id == meeting.id, Slot.position == position)
    ).one_or_none()
    if slot is None:
        slot = Slot(group_id=meeting.group_id, meeting_id=meeting.id, position=position)
        session.add(slot)
        session.flush()  # for its id
    with changes.talk_change(session, actor, Action.TALK_ON_PAGE, [slot.id], now):
        _take_talk(session, meeting, slot, was.talk, said.talk if said else None, now)
    if said is None:
        session.delete(slot)
    elif said.topic != was.topic:
        slot.topic = said.topic


def _take_talk(
    session: Session,
    meeting: Meeting,
    slot: Slot,
    was: PageTalk | None,
    said: PageTalk | None,
    now: datetime,
) -> None:
    talk = import_talks.in_slots(session, [slot.id]).get(slot.id)
    if said == was:
        return
    if said is None or talk is None or was is None:
        slots.clear(session, [slot.id])
        if said is not None:
            has_paper = import_talks.has_paper(meeting.title, said)
            new = import_talks.NewTalk(slot.id, said, has_paper)
            import_talks.new_talks(session, slot.group_id, [new], now)
        return
    says = (said.title, said.venue, said.year, said.url)
    if says != (was.title, was.venue, was.year, was.url):
        talk.title, talk.venue, talk.year, talk.url = says
        has_paper = import_talks.has_paper(meeting.title, said)
        talk.paper_id = paper_of(session, talk.group_id, *says) if has_paper else None
    if said.presenters != was.presenters:
        given = presenters.of_talks(session, [talk.id])
        presenters.set_presenters(session, talk.group_id, {talk.id: said.presenters}, given)
    _change_links(session, talk.group_id, was.links, said.links, Link.talk_id, talk.id)


def _change_links(
    session: Session,
    group_id: int,
    was: tuple[PageLink, ...],
    said: tuple[PageLink, ...],
    target: InstrumentedAttribute[int | None],
    target_id: int,
) -> None:
    kept = {(link.kind, link.url) for link in said}
    gone = [link for link in was if (link.kind, link.url) not in kept]
    drop_links(session, gone, target, target_id)
    new = [link for link in said if link not in was]
    set_links(session, group_id, {target_id: new}, target, [target_id])
