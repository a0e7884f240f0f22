"""Giving a claimed slot back."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import queries
from bot.services.audit import Action, note
from bot.services.members import require_member
from storage.enums import Role
from storage.models import Link, Meeting, Member, Presenter, Slot, Talk


def releasable(
    session: Session, group_id: int, telegram_id: int, now: datetime
) -> tuple[FoundTalk, ...]:
    """The coming talks of which this account is the main presenter, soonest first."""
    slot_ids = session.scalars(
        select(Slot.id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .join(Talk, Talk.slot_id == Slot.id)
        .join(Presenter, Presenter.talk_id == Talk.id)
        .join(Member, Member.id == Presenter.member_id)
        .where(
            Slot.group_id == group_id,
            Meeting.starts_at > now,
            Presenter.role == Role.MAIN,
            Member.telegram_id == telegram_id,
        )
        .order_by(Meeting.starts_at, Slot.position)
    )
    found = (queries.of_slot(session, group_id, slot_id, now) for slot_id in slot_ids)
    return tuple(talk for talk in found if talk is not None)


def release(session: Session, actor: Actor, slot_id: int, now: datetime) -> FoundTalk:
    """Open the slot again. Returns the talk as it was, with its meeting.

    Raises `DomainError` for whoever is not its main presenter, when there is no talk in it (any
    more), and when its meeting has begun.
    """
    member_id = require_member(actor)
    # A claim and a release of one slot queue here, as claims do.
    session.execute(select(Slot.id).where(Slot.id == slot_id).with_for_update())
    found = queries.of_slot(session, actor.group_id, slot_id, now)
    if found is None or found.slot.talk is None:
        raise DomainError(Refusal.OPEN_ALREADY)
    talk = found.talk
    if not any(p.member_id == member_id and p.role is Role.MAIN for p in talk.presenters):
        raise DomainError(Refusal.NOT_YOUR_TALK, found=found)
    if found.meeting.starts_at <= now:
        raise DomainError(Refusal.MEETING_IS_OVER, meeting=found.meeting)
    for table in (Link, Presenter):
        session.execute(delete(table).where(table.talk_id == talk.id))
    session.execute(delete(Talk).where(Talk.id == talk.id))
    before = {
        "slot": slot_id,
        "title": talk.title,
        "venue": talk.venue,
        "year": talk.year,
        "url": talk.url,
        "presenters": [[p.member_id, p.role.value, p.affiliation] for p in talk.presenters],
        "links": [[link.kind.value, link.url, link.label] for link in talk.links],
    }
    note(session, actor, Action.TALK_RELEASE, talk.id, now, before=before)
    return found
