"""Claiming: an open slot becomes a member's talk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain import papers
from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import queries
from bot.services.audit import Action, note
from bot.services.members import require_member
from bot.services.talks import MAX_TITLE, paper_of
from storage.enums import MeetingStatus, Role
from storage.models import Member, Presenter, Slot, Talk


@dataclass(frozen=True, slots=True)
class Claimed:
    """The talk that the member now gives. `new` is false when it was so already."""

    found: FoundTalk
    new: bool


def check_paper(title: str | None, url: str | None) -> str:
    """The title, tidied. Raises `DomainError` for a missing or overlong title or a bad link."""
    tidy = " ".join((title or "").split())
    # A title of nothing but joiners and direction marks is no title.
    if not any(character.isprintable() and character != " " for character in tidy):
        raise DomainError(Refusal.TITLE_MISSING, url=url)
    if len(tidy) > MAX_TITLE:
        raise DomainError(Refusal.TITLE_TOO_LONG, most=MAX_TITLE)
    if url is not None and not papers.is_web_url(url):
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=url)
    return tidy


def claim(
    session: Session,
    actor: Actor,
    slot_id: int,
    title: str | None,
    url: str | None,
    now: datetime,
) -> Claimed:
    """Give the slot to the actor, who becomes the main presenter of a talk on this paper.

    Doing it again with the same paper changes nothing and answers the same. Raises
    `DomainError` when the slot is somebody else's or holds another talk, when its meeting has
    begun or is cancelled, and when title or link will not do.
    """
    member_id = require_member(actor)
    tidy = check_paper(title, url)
    # Claims of one slot queue here; on SQLite the transaction itself is the queue.
    session.execute(select(Slot.id).where(Slot.id == slot_id).with_for_update())
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is None:
        raise DomainError(Refusal.NO_SUCH_SLOT)
    if found.slot.talk is not None and _is_same(found, member_id, tidy, url):
        return Claimed(found, new=False)
    if found.meeting.status is MeetingStatus.CANCELLED:
        raise DomainError(Refusal.MEETING_CANCELLED, meeting=found.meeting)
    if found.meeting.starts_at <= now:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=found.meeting)
    if found.slot.talk is not None:
        raise DomainError(Refusal.SLOT_TAKEN, found=found)
    _book(session, actor, found, tidy, url, now)
    booked = queries.of_slot(session, actor.group_id, slot_id, now)
    if booked is None:
        raise LookupError("the slot was there a moment ago")
    return Claimed(booked, new=True)


def _is_same(found: FoundTalk, member_id: int, title: str, url: str | None) -> bool:
    main = found.talk.presenters[0].member_id if found.talk.presenters else None
    named = papers.split_venue(title)
    return main == member_id and papers.identity(found.talk.url, found.talk.title) == (
        papers.identity(url, named.title)
    )


def _book(
    session: Session,
    actor: Actor,
    found: FoundTalk,
    title: str,
    url: str | None,
    now: datetime,
) -> None:
    member_id = require_member(actor)
    named = papers.split_venue(title)
    venue, year = (named.venue, named.year) if named.venue else papers.venue_of(url)
    paper_id = paper_of(session, actor.group_id, named.title, venue, year, url)
    talk = Talk(
        group_id=actor.group_id,
        slot_id=found.slot.id,
        paper_id=paper_id,
        title=named.title,
        venue=venue,
        year=year,
        url=url,
        created_at=now,
    )
    session.add(talk)
    try:
        session.flush()
    except IntegrityError:  # another connection was quicker, past every lock
        raise DomainError(Refusal.SLOT_TAKEN, found=found) from None
    member = session.get_one(Member, member_id)
    session.add(
        Presenter(
            group_id=actor.group_id,
            talk_id=talk.id,
            member_id=member_id,
            role=Role.MAIN,
            position=1,
            affiliation=member.affiliation,
        )
    )
    session.flush()
    after = {"slot": found.slot.id, "title": named.title, "url": url, "main": member_id}
    note(session, actor, Action.TALK_CLAIM, talk.id, now, after=after)
