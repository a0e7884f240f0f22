"""Asking somebody to agree: another member, or the organizers. What agreeing leads to is in
`decisions`."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk, GroupView, RequestView
from bot.errors import DomainError, Refusal
from bot.services import groups, members, notices, queries
from bot.services.members import require_member, require_organizer
from storage.enums import DeliveryKind, RequestKind, RequestState
from storage.models import Member, Request, Talk


class Asked(NamedTuple):
    """What is asked, besides who and when. `asked_id` is `None` for the organizers."""

    kind: RequestKind
    asked_id: int | None = None
    slot_id: int | None = None
    other_slot_id: int | None = None
    name_id: int | None = None
    title: str | None = None
    url: str | None = None


def ask(
    session: Session,
    actor: Actor,
    asked: Asked,
    now: datetime,
    expires_at: datetime,
    *,
    in_group: bool,
) -> RequestView:
    """Put the question. It replaces an earlier one of the same kind on the same slot by the same
    member. `in_group` says that the answer to the asker is the question, with its buttons, in the
    group's chat; organizers are asked in private besides."""
    member_id = require_member(actor)
    supersede(session, member_id, asked.kind, asked.slot_id, now)
    request = Request(
        group_id=actor.group_id,
        kind=asked.kind,
        state=RequestState.OPEN,
        asker_id=member_id,
        asked_id=asked.asked_id,
        name_id=asked.name_id,
        slot_id=asked.slot_id,
        other_slot_id=asked.other_slot_id,
        talk_id=_talk_in(session, asked.slot_id),
        other_talk_id=_talk_in(session, asked.other_slot_id),
        title=asked.title,
        url=asked.url,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(request)
    session.flush()  # for its id
    if asked.asked_id is None:
        notices.to_organizers(
            session,
            DeliveryKind.REQUEST,
            actor.group_id,
            now,
            expires_at,
            told_in_group=in_group,
            request_id=request.id,
        )
    elif not in_group:
        notices.to_member(
            session, DeliveryKind.REQUEST, asked.asked_id, now, expires_at, request_id=request.id
        )
    return view(session, request, now)


def supersede(
    session: Session, member_id: int, kind: RequestKind, slot_id: int | None, now: datetime
) -> None:
    """The member wants something else by now: what they asked of this kind about the slot ends, and
    the tick says so where it stands."""
    earlier = select(Request).where(
        Request.asker_id == member_id,
        Request.kind == kind,
        Request.slot_id.is_not_distinct_from(slot_id),
        Request.state == RequestState.OPEN,
    )
    for request in session.scalars(earlier).all():
        if request.created_at < now:
            request.expires_at = min(request.expires_at, now)
        else:  # nobody has seen it yet
            request.state = RequestState.WITHDRAWN


def settle(
    session: Session, actor: Actor, request_id: int, now: datetime, *, agreed: bool
) -> Request:
    """Answer an open question. Raises `DomainError` when it is not the actor's to answer, when it
    was settled before or is too old, and when the slots it is about have other talks by now.
    The asker is told."""
    request = _open(session, actor, request_id, now)
    if request.asked_id is None:
        require_organizer(actor)
    elif request.asked_id != actor.member_id:
        raise DomainError(Refusal.SOMEBODY_ELSES_BUTTON)
    talks = (_talk_in(session, request.slot_id), _talk_in(session, request.other_slot_id))
    if agreed and talks != (request.talk_id, request.other_talk_id):
        raise DomainError(Refusal.CHANGED_SINCE)
    request.state = RequestState.AGREED if agreed else RequestState.DECLINED
    session.flush()
    notices.settle(session, now, request_id=request.id)
    if request.asker_id != actor.member_id:
        tell_asker(session, request, now)
    return request


def tell_asker(session: Session, request: Request, now: datetime) -> None:
    """What became of the question, in private; where the bot may not write, the group sees it."""
    asker = session.get_one(Member, request.asker_id)
    if asker.reachable and not asker.gone:
        until = max(request.expires_at, now + notices.NEWS_KEPT)
        notices.to_member(session, DeliveryKind.ANSWER, asker.id, now, until, request_id=request.id)


def withdraw(session: Session, actor: Actor, request_id: int, now: datetime) -> RequestView:
    """The asker takes the question back."""
    request = _open(session, actor, request_id, now)
    if request.asker_id != actor.member_id:
        raise DomainError(Refusal.SOMEBODY_ELSES_BUTTON)
    request.state = RequestState.WITHDRAWN
    session.flush()
    notices.settle(session, now, request_id=request.id)
    return view(session, request, now)


def by_id(session: Session, group_id: int, request_id: int, now: datetime) -> RequestView:
    return view(session, groups.own(session, Request, request_id, group_id), now)


def shown_in(session: Session, request_id: int, message_id: int) -> None:
    """The question stands in this message of the group's chat."""
    session.execute(update(Request).where(Request.id == request_id).values(message_id=message_id))


def copies(session: Session, group: GroupView, request_id: int) -> tuple[tuple[int, int], ...]:
    """Every message that asks it: Telegram's chat id and message id of the one in the group's
    chat, if it was put there, and of those that the ledger sent."""
    there = session.get_one(Request, request_id).message_id
    in_group = ((group.chat.telegram_id, there),) if group.chat and there is not None else ()
    return (*in_group, *notices.copies(session, request_id=request_id))


def view(session: Session, request: Request, now: datetime) -> RequestView:
    asked = session.get_one(Member, request.asked_id) if request.asked_id is not None else None
    name = session.get(Member, request.name_id) if request.name_id is not None else None
    return RequestView(
        request.id,
        request.kind,
        request.state,
        members.view(session.get_one(Member, request.asker_id)),
        members.view(asked) if asked else None,
        _found(session, request.group_id, request.slot_id, now),
        _found(session, request.group_id, request.other_slot_id, now),
        name.name if name else request.title,
        request.title,
        request.url,
        request.expires_at,
        lapsed=request.state is RequestState.WITHDRAWN and request.expires_at <= now,
        name_taken=request.kind is RequestKind.IDENTITY and name is None,
    )


def _open(session: Session, actor: Actor, request_id: int, now: datetime) -> Request:
    request = groups.own(session, Request, request_id, actor.group_id, lock=True)
    if request.state is not RequestState.OPEN or request.expires_at <= now:
        raise DomainError(Refusal.REQUEST_SETTLED)
    return request


def _talk_in(session: Session, slot_id: int | None) -> int | None:
    if slot_id is None:
        return None
    return session.scalar(select(Talk.id).where(Talk.slot_id == slot_id))


def _found(session: Session, group_id: int, slot_id: int | None, now: datetime) -> FoundTalk | None:
    return queries.of_slot(session, group_id, slot_id, now) if slot_id is not None else None
