"""Giving a slot to a member. Whether they may have it is decided before."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain import likeness, papers, titles
from bot.domain.titles import TO_BE_ANNOUNCED
from bot.domain.views import FoundTalk, PresenterView, TalkView
from bot.errors import DomainError, Refusal
from bot.services import queries
from bot.services.talks import MAX_TITLE, paper_of
from storage.enums import Role
from storage.models import Lookup, Member, Presenter, Talk
from storage.queries import new_row, rows_of, table

NOT_YET = frozenset({"tba", "tbc", "tbd", "to be announced", "to be decided", "待定", "未定"})
"""What people write for that."""


class Named(NamedTuple):
    """A paper as it will stand in the schedule. `authors` is empty where nobody told them."""

    title: str
    venue: str | None = None
    year: int | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()

    @property
    def as_said(self) -> str:
        """The title with its venue before it in brackets, as on the page."""
        venue = titles.format_venue(self.venue, self.year)
        return f"[{venue}] {self.title}" if venue else self.title

    @property
    def announced(self) -> bool:
        return self.title != TO_BE_ANNOUNCED or self.url is not None


_member = Member.__table__.c
_MEMBER = select(Member.__table__).where(_member.id == bindparam("member_id"))
_TALK = insert(table(Talk))
_PRESENTER = insert(table(Presenter))

NOT_YET_NAMED = Named(TO_BE_ANNOUNCED)


def name_paper(session: Session, title: str | None, url: str | None) -> Named:
    """What a member wrote, with what a catalogue said of the link: its title where they gave none,
    and venue and year. Without title and link the paper is to be announced.

    Raises `DomainError` for a bad link, an overlong title, and a link alone, or with nothing but a
    venue, that no catalogue knows.
    """
    if url is not None:
        papers.check_link(url)
    known = _known(session, url)
    if url is None and (title is None or title.strip(" .!?").casefold() in NOT_YET):
        return NOT_YET_NAMED
    if title is not None and known is not None and known.title is not None:
        title = titles.completed(title, known.title)
    if title is not None and titles.venue_alone(title):
        raise DomainError(Refusal.TITLE_MISSING)
    said = titles.split_venue(check_title(title or (known.title if known else None)))
    venue, year = said.venue, said.year
    if known is not None and known.title is not None:
        said = said._replace(title=likeness.better_title(said.title, known.title))
    if venue is None:
        # A paper's page on arXiv may say where it appeared, which its address does not.
        venue, year = _appeared(known) if known else (None, None)
    if venue is None:
        venue, year = papers.venue_of(url)
    authors = tuple(known.authors) if known else ()
    return Named(said.title, venue, year, url, authors)


def title_for(session: Session, title: str | None, url: str | None) -> str | None:
    """The title that the paper will have, checked; `None` for a link alone that no catalogue
    knows, whose title must be asked for. Raises `DomainError` as `name_paper` does."""
    untitled = title is None or titles.venue_alone(title) is not None
    if untitled and url is not None and papers.is_web_url(url) and not is_known(session, url):
        return None
    return name_paper(session, title, url).as_said


def check_title(title: str | None) -> str:
    """The title, tidied. Raises `DomainError` for one that is missing or too long."""
    tidy = " ".join((title or "").split())
    # A title of nothing but joiners and direction marks is no title.
    if not any(character.isprintable() and character != " " for character in tidy):
        raise DomainError(Refusal.TITLE_MISSING)
    if len(tidy) > MAX_TITLE:
        raise DomainError(Refusal.TITLE_TOO_LONG, most=MAX_TITLE)
    return tidy


def book(
    session: Session, found: FoundTalk, member_id: int, named: Named, now: datetime
) -> FoundTalk:
    """Make the open slot this member's talk; returns it as it is then. Raises `DomainError` when
    somebody else was quicker, past every lock. To be called inside `changes.talk_change`."""
    (member,) = rows_of(session, _MEMBER, member_id=member_id)
    paper = paper_id(session, member.group_id, named)
    try:
        talk_id = new_row(
            session,
            _TALK,
            group_id=member.group_id,
            slot_id=found.slot.id,
            paper_id=paper,
            title=named.title,
            venue=named.venue,
            year=named.year,
            url=named.url,
            created_at=now,
        )
    except IntegrityError:
        raise DomainError(Refusal.SLOT_TAKEN, found=found) from None
    part = {"member_id": member_id, "role": Role.MAIN, "affiliation": member.affiliation}
    new_row(session, _PRESENTER, group_id=member.group_id, talk_id=talk_id, position=1, **part)
    main = PresenterView(
        **part, name=member.name, telegram_id=member.telegram_id, reachable=member.reachable
    )
    talk = TalkView(talk_id, named.title, named.venue, named.year, named.url, (main,), ())
    return found.filled(talk)


def paper_id(session: Session, group_id: int, named: Named) -> int | None:
    if not named.announced:
        return None
    return paper_of(
        session, group_id, named.title, named.venue, named.year, named.url, named.authors
    )


def check_free(found: FoundTalk | None, now: datetime) -> FoundTalk:
    """The slot, if it can still be given to somebody. Raises `DomainError` when there is none,
    when its meeting is cancelled or has begun, and when it has a talk."""
    if found is None:
        raise DomainError(Refusal.NO_SUCH_SLOT)
    check_coming(found, now)
    if found.slot.talk is not None:
        raise DomainError(Refusal.SLOT_TAKEN, found=found)
    return found


def announced(found: FoundTalk) -> bool:
    """Whether the presenter has chosen a paper."""
    return found.talk.announced


def check_coming(found: FoundTalk, now: datetime) -> None:
    """Raises `DomainError` when the meeting is cancelled or has begun."""
    if found.meeting.is_cancelled:
        raise DomainError(Refusal.MEETING_CANCELLED, meeting=found.meeting)
    if found.meeting.starts_at <= now:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=found.meeting)


def need(session: Session, group_id: int, slot_id: int, now: datetime) -> FoundTalk:
    """The slot as it is now; it is known to be there."""
    found = queries.of_slot(session, group_id, slot_id, now)
    if found is None:
        raise LookupError("the slot was there a moment ago")
    return found


def is_known(session: Session, url: str) -> bool:
    """Whether a catalogue knows the paper at this address."""
    return _known(session, url) is not None


def _appeared(known: Lookup) -> tuple[str | None, int | None]:
    """Where the paper appeared, if it did; arXiv's own year is left out, as on the page."""
    return (known.venue, known.year) if known.venue != "arXiv" else (None, None)


def _known(session: Session, url: str | None) -> Lookup | None:
    if url is None:
        return None
    return session.scalars(
        select(Lookup).where(Lookup.identity == papers.identity(url, ""), Lookup.found)
    ).one_or_none()
