"""Another title or link for one's own talk."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain import likeness, titles
from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import bookings, queries, requests
from bot.services.audit import Action
from bot.services.bookings import Named
from bot.services.changes import talk_change
from bot.services.members import require_member
from storage.enums import RequestKind
from storage.models import Talk


def own_talk(session: Session, actor: Actor, slot_id: int, now: datetime) -> FoundTalk:
    """The coming talk in this slot. Raises `DomainError` when there is none, when the actor is not
    its main presenter, and when its meeting has begun."""
    member_id = require_member(actor)
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is None or found.slot.talk is None:
        raise DomainError(Refusal.OPEN_ALREADY)
    if not found.talk.is_given_by(member_id):
        raise DomainError(Refusal.NOT_YOUR_TALK, found=found)
    bookings.check_coming(found, now)
    return found


def renamed(session: Session, found: FoundTalk, title: str | None, url: str | None) -> Named:
    """The paper that the talk would be on. What is not said stays: a new title keeps the link, and
    the venue where that, or nearly the same title, says that it is the same paper; a link that no
    catalogue knows keeps the title. Raises `DomainError` as `name_paper` does, and when neither is
    said."""
    if title is None and url is None:
        raise DomainError(Refusal.TITLE_MISSING)
    talk = found.talk
    chosen = talk.title != titles.TO_BE_ANNOUNCED
    if title is None and url is not None and chosen and not bookings.is_known(session, url):
        title = talk.title
    if title is not None and chosen and (url is None or not bookings.is_known(session, url)):
        title = titles.completed(title, talk.title)
    named = bookings.name_paper(session, title, url or talk.url)
    said = titles.split_venue(title or "")
    same = talk.url is not None or likeness.same_title(said.title, talk.title)
    if url is None and same and said.venue is None:
        return named._replace(venue=talk.venue, year=talk.year)
    return named


def edit(
    session: Session,
    actor: Actor,
    slot_id: int,
    title: str | None,
    url: str | None,
    now: datetime,
) -> FoundTalk:
    """Put this title, this link or both on the actor's own talk. The same again changes nothing.
    Raises `DomainError` as `own_talk` and `renamed` do."""
    found = own_talk(session, actor, slot_id, now)
    return put(session, actor, found, renamed(session, found, title, url), now)


def put(session: Session, actor: Actor, found: FoundTalk, named: Named, now: datetime) -> FoundTalk:
    """Put this paper on the talk that `own_talk` found, whatever other one was asked about."""
    slot_id = found.slot.id
    requests.supersede(session, require_member(actor), RequestKind.BEND, slot_id, now)
    with talk_change(session, actor, Action.TALK_EDIT, [slot_id], now):
        session.execute(
            update(Talk)
            .where(Talk.id == found.talk.id)
            .values(
                title=named.title,
                venue=named.venue,
                year=named.year,
                url=named.url,
                paper_id=bookings.paper_id(session, actor.group_id, named),
            )
        )
    return bookings.need(session, actor.group_id, slot_id, now)
