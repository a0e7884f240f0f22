"""Choosing a paper, for an open slot or for one's own talk: at once, or, when something speaks
against it, once the member is sure or an organizer agrees."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.domain import likeness
from bot.domain.views import Actor, FoundTalk, RequestView
from bot.errors import DomainError, Refusal
from bot.services import bookings, claims, edits, releases, requests
from bot.services.bookings import Named
from bot.services.claims import Claimed
from bot.services.members import require_member
from bot.services.objections import bends, seen_before
from bot.services.requests import Asked
from storage.enums import RequestKind
from storage.models import Member, Request


class Seen(NamedTuple):
    """The paper that is wanted for `found` was presented or is planned there, newest first."""

    found: FoundTalk
    before: tuple[FoundTalk, ...]


def claim(
    session: Session,
    actor: Actor,
    slot_id: int,
    title: str | None,
    url: str | None,
    now: datetime,
    *,
    sure: bool = False,
    in_group: bool = False,
    there: FoundTalk | None = None,
) -> Claimed | FoundTalk | Seen | RequestView:
    """Claim, unless something speaks against the paper: then what it is, or the question that the
    organizers were asked. For the actor's own slot that waits for its paper, this is the paper.
    `in_group` says where that stands (see `requests.ask`), and `there` is the slot, where this
    transaction has read it already. Raises as `claims.claim` does."""
    require_member(actor)
    named = bookings.name_paper(session, title, url)
    try:
        found = claims.look(session, actor, slot_id, named, now, there)
    except DomainError as error:
        if error.code is not Refusal.SLOT_IS_YOURS or bookings.announced(error.params["found"]):
            raise
        return edit(session, actor, slot_id, title, url, now, sure=sure, in_group=in_group)
    if isinstance(found, Claimed):
        return found
    against = _against(session, actor, found, named, now, sure=sure, in_group=in_group)
    return against or claims.take(session, actor, found, named, now)


def edit(
    session: Session,
    actor: Actor,
    slot_id: int,
    title: str | None,
    url: str | None,
    now: datetime,
    *,
    sure: bool = False,
    in_group: bool = False,
) -> FoundTalk | Seen | RequestView:
    """Put another title or link on one's own talk, in the same way. Raises as `edits.edit` does."""
    found = edits.own_talk(session, actor, slot_id, now)
    named = edits.renamed(session, found, title, url)
    against = _against(session, actor, found, named, now, sure=sure, in_group=in_group)
    return against or edits.put(session, actor, found, named, now)


def bend(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    """An organizer agreed: book the paper for the asker, or put it on the talk that they have."""
    asker = session.get_one(Member, request.asker_id)
    on_behalf = Actor(actor.group, asker.name, member_id=asker.id)
    if request.slot_id is None:
        raise LookupError("a paper is for a slot")
    if request.talk_id is None:
        claims.claim(session, on_behalf, request.slot_id, request.title, request.url, now)
    else:
        edits.edit(session, on_behalf, request.slot_id, request.title, request.url, now)


def own_for(
    session: Session, actor: Actor, named: Named | None, now: datetime
) -> tuple[FoundTalk, ...]:
    """The actor's own coming talks that may be meant where nobody says which slot the paper is for:
    the one that is on it and lacks its link, else those whose paper is not named yet. `named` is
    `None` while nobody knows its title."""
    own = [
        found
        for found in releases.releasable(session, actor.group_id, actor.telegram_id or 0, now)
        if found.talk.url is None and not found.meeting.is_cancelled
    ]
    if named is not None and named.url is not None:
        for one in own:
            if _is_on(one, named):
                return (one,)
    return tuple(one for one in own if not bookings.announced(one))


def _is_on(found: FoundTalk, named: Named) -> bool:
    title = found.talk.title
    return bookings.announced(found) and likeness.better_title(title, named.title) == named.title


def _against(
    session: Session,
    actor: Actor,
    found: FoundTalk,
    named: Named,
    now: datetime,
    *,
    sure: bool,
    in_group: bool,
) -> Seen | RequestView | None:
    """Whoever is `sure` knows that the paper was there before."""
    if not sure and (before := seen_before(session, actor.group_id, found, named, now)):
        return Seen(found, before)
    if not bends(actor, found, named):
        return None
    asked = Asked(RequestKind.BEND, slot_id=found.slot.id, title=named.as_said, url=named.url)
    until = found.meeting.starts_at
    return requests.ask(session, actor, asked, now, until, in_group=in_group)
