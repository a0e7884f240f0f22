"""Terms, and a term as a page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.archive import ArchivedTerm
from bot.domain.calendar import local
from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.views import GroupView, LinkView, MeetingView, SlotView, TalkView, TermView
from bot.services import queries
from storage.enums import MeetingStatus
from storage.models import Term

NEWEST_FIRST = (Term.last_date.desc().nulls_last(), Term.id.desc())

LATELY = timedelta(days=120)
"""A term that ended longer ago is not waiting to be closed: it came from an archive."""


def titles(session: Session, group_id: int) -> tuple[str, ...]:
    """The group's terms, newest first."""
    return tuple(
        session.scalars(select(Term.title).where(Term.group_id == group_id).order_by(*NEWEST_FIRST))
    )


def running(session: Session, group: GroupView, now: datetime) -> TermView | None:
    """The term that is on: of those that nobody closed the one today is in, else the next to come,
    else the last that was. `None` when there is none."""
    today = local(now, group.zone).date()
    return min(_open(session, group), key=lambda one: _far(one, today), default=None)


def of_day(session: Session, group: GroupView, day: date) -> TermView | None:
    """The term to which this day belongs, of those that nobody closed: one that it is in, else the
    nearest. `None` when there is none."""
    return min(_open(session, group), key=lambda term: _days_from(term, day), default=None)


def over(session: Session, group: GroupView, now: datetime) -> TermView | None:
    """The term that ended last, if that was lately and nobody closed it."""
    today = local(now, group.zone).date()
    dated = [(one.last_date, one) for one in _open(session, group) if one.last_date is not None]
    ended = [(last, one) for last, one in dated if today - LATELY <= last < today]
    return max(ended, key=lambda pair: pair[0])[1] if ended else None


def open_named(session: Session, group: GroupView, title: str) -> TermView | None:
    """The term of this title, however it is written, unless it is closed."""
    wanted = title.casefold()
    return next((one for one in _open(session, group) if one.title.casefold() == wanted), None)


def _open(session: Session, group: GroupView) -> Iterator[TermView]:
    rows = session.scalars(select(Term).where(Term.group_id == group.id, Term.closed_at.is_(None)))
    return map(view, rows)


def latest(session: Session, group_id: int) -> Term | None:
    """The term with the last date of all, closed or not."""
    return session.scalars(
        select(Term).where(Term.group_id == group_id).order_by(*NEWEST_FIRST).limit(1)
    ).first()


def view(term: Term) -> TermView:
    return TermView(term.id, term.title, term.first_date, term.last_date, term.closed_at)


def _far(term: TermView, today: date) -> tuple[int, int, int]:
    """How far a term is from today: those that are on, those to come, those that were."""
    if term.first_date is None or term.last_date is None:
        return 3, 0, -term.id
    if today < term.first_date:
        return 1, (term.first_date - today).days, term.id
    if today > term.last_date:
        return 2, (today - term.last_date).days, -term.id
    return 0, (term.last_date - today).days, term.id


def _days_from(term: TermView, day: date) -> tuple[bool, int, int]:
    if term.first_date is None or term.last_date is None:
        return True, 0, -term.id
    away = max(term.first_date - day, day - term.last_date, timedelta())
    return False, away.days, term.id


def named(session: Session, group: GroupView, title: str, now: datetime) -> ArchivedTerm | None:
    """The term of this title with all its meetings; `None` when there is none."""
    term = session.scalars(
        select(Term).where(Term.group_id == group.id, Term.title == title)
    ).one_or_none()
    return None if term is None else _whole(session, term, now)


def page_of(session: Session, term: Term, now: datetime) -> Page:
    """The term as its page states it now."""
    return as_page(_whole(session, term, now))


def _whole(session: Session, term: Term, now: datetime) -> ArchivedTerm:
    meetings = queries.all_meetings(session, term.group_id, term.id, now)
    return ArchivedTerm(term.id, term.title, term.requirements, term.other_information, meetings)


def as_page(term: ArchivedTerm) -> Page:
    return Page(
        term.title,
        term.requirements,
        term.other_information,
        tuple(_meeting(meeting) for meeting in term.meetings),
    )


def _meeting(meeting: MeetingView) -> PageMeeting:
    return PageMeeting(
        meeting.date,
        tuple(_slot(slot) for slot in meeting.slots),
        meeting.kind,
        meeting.title,
        cancelled=meeting.status is MeetingStatus.CANCELLED,
        links=_links(meeting.links),
    )


def _slot(slot: SlotView) -> PageSlot:
    return PageSlot(slot.topic, _talk(slot.talk) if slot.talk else None)


def _talk(talk: TalkView) -> PageTalk:
    return PageTalk(
        talk.title,
        talk.venue,
        talk.year,
        talk.url,
        tuple(PagePresenter(p.name, p.role, p.affiliation) for p in talk.presenters),
        _links(talk.links),
    )


def _links(links: tuple[LinkView, ...]) -> tuple[PageLink, ...]:
    return tuple(PageLink(link.kind, link.url, link.label) for link in links)
