"""1+N: who helps the main presenter, and changing who that is."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import bookings, queries, slots
from bot.services.audit import Action
from bot.services.changes import talk_change
from bot.services.members import require_member
from storage.enums import Role
from storage.models import Member, Presenter


def supportable(session: Session, actor: Actor, now: datetime) -> tuple[FoundTalk, ...]:
    """The talks of the coming meetings that the actor neither gives nor supports, and that have
    room for one more, soonest first."""
    most = actor.group.max_supporters
    meetings = queries.coming_meetings(session, actor.group_id, now, most=queries.PAGE_SIZE)
    return tuple(
        FoundTalk(meeting, slot)
        for meeting in meetings
        for slot in meeting.slots
        if slot.talk
        and len(slot.talk.supporters) < most
        and not slot.talk.has_presenter(actor.member_id)
    )


def support(
    session: Session, actor: Actor, slot_id: int, now: datetime, talk_id: int | None = None
) -> FoundTalk:
    """Join the talk as a supporter; who is one already stays one. `talk_id` is the talk that a
    button was made for.

    Raises `DomainError` when there is no talk or another one, when its meeting has begun or is
    cancelled, when the actor is its main presenter, and when it has as many supporters as the
    group allows.
    """
    member_id = require_member(actor)
    found = _talk_in(session, actor, slot_id, now, talk_id)
    if found.talk.is_given_by(member_id):
        raise DomainError(Refusal.SLOT_IS_YOURS, found=found)
    if any(person.member_id == member_id for person in found.talk.supporters):
        return found
    most = actor.group.max_supporters
    if len(found.talk.supporters) >= most:
        raise DomainError(Refusal.ENOUGH_SUPPORTERS, most=most)
    last = select(func.max(Presenter.position)).where(Presenter.talk_id == found.talk.id)
    with talk_change(session, actor, Action.TALK_SUPPORTERS, [slot_id], now):
        session.add(
            Presenter(
                group_id=actor.group_id,
                talk_id=found.talk.id,
                member_id=member_id,
                role=Role.SUPPORTER,
                position=(session.scalar(last) or 0) + 1,
                affiliation=session.get_one(Member, member_id).affiliation,
            )
        )
    return bookings.need(session, actor.group_id, slot_id, now)


def remove(
    session: Session, actor: Actor, slot_id: int, member_id: int, now: datetime
) -> FoundTalk:
    """A supporter supports no more: by their own wish, or the main presenter's, or an organizer's.
    Who is none already stays none. Raises `DomainError` for anybody else."""
    found = _talk_in(session, actor, slot_id, now)
    if member_id != require_member(actor):
        _check_main_or_organizer(actor, found)
    if any(person.member_id == member_id for person in found.talk.supporters):
        with talk_change(session, actor, Action.TALK_SUPPORTERS, [slot_id], now):
            session.execute(
                delete(Presenter).where(
                    Presenter.talk_id == found.talk.id,
                    Presenter.member_id == member_id,
                    Presenter.role == Role.SUPPORTER,
                )
            )
            session.expire_all()
    return bookings.need(session, actor.group_id, slot_id, now)


def promote(
    session: Session, actor: Actor, slot_id: int, member_id: int, now: datetime
) -> FoundTalk:
    """A supporter and the main presenter change roles; the main presenter or an organizer decides.
    Who is main already stays so. Raises `DomainError` for who is no supporter."""
    found = _talk_in(session, actor, slot_id, now)
    if found.talk.is_given_by(member_id):
        return found
    _check_main_or_organizer(actor, found)
    if all(person.member_id != member_id for person in found.talk.supporters):
        raise DomainError(Refusal.NO_SUPPORTER)
    with talk_change(session, actor, Action.TALK_SUPPORTERS, [slot_id], now):
        make_main(session, found.talk.id, member_id)
    return bookings.need(session, actor.group_id, slot_id, now)


def make_main(session: Session, talk_id: int, member_id: int) -> None:
    """The talk's presenter with this id is its main one, and the main one becomes a supporter."""
    of_talk = Presenter.talk_id == talk_id
    # Never two main presenters, not even between two statements.
    session.execute(update(Presenter).where(of_talk).values(role=Role.SUPPORTER))
    session.execute(
        update(Presenter).where(of_talk, Presenter.member_id == member_id).values(role=Role.MAIN)
    )
    session.expire_all()


def _talk_in(
    session: Session, actor: Actor, slot_id: int, now: datetime, talk_id: int | None = None
) -> FoundTalk:
    slots.lock(session, actor.group_id, [slot_id])
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is None or found.slot.talk is None:
        raise DomainError(Refusal.OPEN_ALREADY)
    if talk_id not in (None, found.talk.id):
        raise DomainError(Refusal.OLD_BUTTON)
    bookings.check_coming(found, now)
    return found


def _check_main_or_organizer(actor: Actor, found: FoundTalk) -> None:
    if not actor.organizer and not found.talk.is_given_by(actor.member_id):
        raise DomainError(Refusal.NOT_YOUR_TALK, found=found)
