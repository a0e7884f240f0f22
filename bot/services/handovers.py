"""Handing a talk over to another member, who agrees by a tap."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.views import Actor, MemberView, RequestView
from bot.errors import DomainError, Refusal
from bot.services import bookings, edits, groups, requests
from bot.services.audit import Action
from bot.services.changes import talk_change
from bot.services.members import view
from bot.services.requests import Asked
from bot.services.swaps import ANSWER_WITHIN
from storage.enums import RequestKind, Role
from storage.models import Member, Presenter, Request


def candidates(session: Session, actor: Actor) -> tuple[MemberView, ...]:
    """The other members whose account is in the chat, so that they can be asked, by name."""
    rows = session.scalars(
        select(Member)
        .where(
            Member.group_id == actor.group_id,
            Member.telegram_id.is_not(None),
            ~Member.gone,
            Member.id != actor.member_id,
        )
        .order_by(Member.name, Member.id)
    )
    return tuple(view(member) for member in rows)


def ask(
    session: Session,
    actor: Actor,
    slot_id: int,
    member_id: int,
    now: datetime,
    *,
    in_group: bool,
) -> RequestView:
    """Ask a member to take the actor's talk over. Raises `DomainError` when the actor does not
    give it, when it is to go to the actor or to who has no account, and when its meeting has
    begun or is cancelled."""
    found = edits.own_talk(session, actor, slot_id, now)
    member = groups.own(session, Member, member_id, actor.group_id)
    if member_id == actor.member_id:
        raise DomainError(Refusal.SLOT_IS_YOURS, found=found)
    if member.telegram_id is None or member.gone:
        raise DomainError(Refusal.HAS_NO_ACCOUNT, name=member.name)
    until = min(now + ANSWER_WITHIN, found.meeting.starts_at)
    asked = Asked(RequestKind.HAND_OVER, member_id, slot_id=slot_id)
    return requests.ask(session, actor, asked, now, until, in_group=in_group)


def hand_over(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    """The member agreed, and is the main presenter in place of the asker, who leaves the talk."""
    if request.slot_id is None or request.asked_id is None:
        raise LookupError("a talk is handed over to somebody")
    found = bookings.need(session, actor.group_id, request.slot_id, now)
    bookings.check_coming(found, now)
    if not found.talk.is_given_by(request.asker_id):
        raise DomainError(Refusal.CHANGED_SINCE)
    with talk_change(session, actor, Action.TALK_HAND_OVER, [request.slot_id], now):
        _replace_main(session, found.talk.id, request.asker_id, request.asked_id)


def _replace_main(session: Session, talk_id: int, old_id: int, new_id: int) -> None:
    of_talk = Presenter.talk_id == talk_id
    session.execute(delete(Presenter).where(of_talk, Presenter.member_id == old_id))
    supports = session.scalar(
        select(func.count(Presenter.id)).where(of_talk, Presenter.member_id == new_id)
    )
    if supports:
        session.execute(
            update(Presenter).where(of_talk, Presenter.member_id == new_id).values(role=Role.MAIN)
        )
    else:
        last = session.scalar(select(func.max(Presenter.position)).where(of_talk)) or 0
        member = session.get_one(Member, new_id)
        session.add(
            Presenter(
                group_id=member.group_id,
                talk_id=talk_id,
                member_id=new_id,
                role=Role.MAIN,
                position=last + 1,
                affiliation=member.affiliation,
            )
        )
    session.flush()
    session.expire_all()
