"""Who is who: an account becomes the member whose name is on the page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.likeness import same_name
from bot.domain.views import Actor, MemberView, RequestView
from bot.errors import DomainError, Refusal
from bot.services import announcements, groups, requests, slots
from bot.services.audit import Action, note
from bot.services.changes import touch
from bot.services.members import require_member, view
from bot.services.requests import Asked
from storage.enums import RequestKind, Role
from storage.models import (
    AuditEntry,
    Delivery,
    Draft,
    File,
    Member,
    Offer,
    Presenter,
    Request,
    Talk,
    Wait,
)

ANSWER_WITHIN = timedelta(days=30)
"""How long organizers have to say who somebody is; nothing presses."""

FOLLOWS = (
    AuditEntry.member_id,
    Delivery.member_id,
    Draft.member_id,
    File.member_id,
    Offer.member_id,
    Presenter.member_id,
    Request.asked_id,
    Request.asker_id,
    Wait.member_id,
)
"""Everything that says whose it is."""


class Identified(NamedTuple):
    """The member that the account is now, and how many talks of the page became theirs."""

    member: MemberView
    talks: int


def unclaimed(session: Session, group_id: int) -> tuple[MemberView, ...]:
    """The names that are nobody's account yet, in order."""
    rows = session.execute(
        select(Member.id, Member.name)
        .where(Member.group_id == group_id, Member.telegram_id.is_(None))
        .order_by(Member.name)
    )
    return tuple(MemberView(row.id, row.name, None) for row in rows)


def check_free(session: Session, actor: Actor, name: str) -> None:
    """Raises `DomainError` where the actor is somebody by name already, and where the name has an
    account."""
    member = _account(session, actor)
    named = select(Member.id, Member.name).where(
        Member.group_id == actor.group_id, Member.telegram_id.is_not(None)
    )
    for row in session.execute(named):
        if same_name(row.name, name):
            mine = row.id == member.id
            raise DomainError(Refusal.NAMED_ALREADY if mine else Refusal.NAME_TAKEN, name=row.name)


def ask(
    session: Session, actor: Actor, name_id: int, now: datetime, *, in_group: bool
) -> RequestView | Identified:
    """Ask the organizers whether the actor is the member of this name; an organizer's own word is
    enough. Raises `DomainError` when the name has an account, and when the actor is somebody by
    name already."""
    member = _account(session, actor)
    name = _name(session, actor.group_id, name_id)
    if actor.organizer:
        return _unite(session, actor, member, name, now)
    asked = Asked(RequestKind.IDENTITY, name_id=name.id, title=name.name)
    return requests.ask(session, actor, asked, now, now + ANSWER_WITHIN, in_group=in_group)


def identify(session: Session, actor: Actor, request: Request, now: datetime) -> None:
    """An organizer agreed: the asker is that member from now on."""
    if request.name_id is None:
        raise DomainError(Refusal.NAME_TAKEN, name=request.title)
    name = _name(session, actor.group_id, request.name_id)
    asker = session.get_one(Member, request.asker_id)
    if asker.keeps_name:
        raise DomainError(Refusal.NAMED_ALREADY, name=asker.name)
    _unite(session, actor, asker, name, now)


def link(session: Session, group_id: int, name: str, telegram_id: int) -> None:
    """Tie a name on the page to an account that the group does not know yet."""
    session.execute(
        update(Member)
        .where(Member.group_id == group_id, Member.name == name, Member.telegram_id.is_(None))
        .values(telegram_id=telegram_id, keeps_name=True)
    )


def _account(session: Session, actor: Actor) -> Member:
    member = session.get_one(Member, require_member(actor))
    if member.keeps_name:
        raise DomainError(Refusal.NAMED_ALREADY, name=member.name)
    return member


def _name(session: Session, group_id: int, name_id: int) -> Member:
    name = groups.own(session, Member, name_id, group_id)
    if name.telegram_id is not None:
        raise DomainError(Refusal.NAME_TAKEN, name=name.name)
    return name


def _unite(
    session: Session, actor: Actor, member: Member, name: Member, now: datetime
) -> Identified:
    before = {"name": member.name}
    given = _give_talks(session, member, name)
    for column in FOLLOWS:
        session.execute(
            update(column.class_).where(column == name.id).values({column.key: member.id})
        )
    # Others who ask to be it hear from the tick that it is somebody else's.
    session.execute(update(Request).where(Request.name_id == name.id).values(name_id=None))
    _rename_in_log(session, actor.group_id, name.id, member.id)
    wanted, affiliation = name.name, name.affiliation
    session.delete(name)
    session.flush()
    member.name, member.keeps_name = wanted, True
    member.affiliation = affiliation or member.affiliation
    session.flush()
    # The one whom the two are now is reminded of each meeting once.
    announcements.plan_slots(session, actor.group, given, now)
    after = {"name": wanted, "talks": len(given)}
    note(session, actor, Action.MEMBER_IDENTIFY, member.id, now, before=before, after=after)
    return Identified(view(member), len(given))


def _rename_in_log(session: Session, group_id: int, old_id: int, new_id: int) -> None:
    """What was in slots names its presenters, and can be put back only under who they are now."""
    sides = (AuditEntry.before, AuditEntry.after)
    named = or_(*(cast(side, Text).contains(f"[{old_id}, ") for side in sides))
    for entry in session.scalars(
        select(AuditEntry).where(
            AuditEntry.group_id == group_id, AuditEntry.action.startswith("talk:"), named
        )
    ):
        entry.before = _renamed(entry.before, old_id, new_id)
        entry.after = _renamed(entry.after, old_id, new_id)


def _renamed(side: dict[str, Any] | None, old_id: int, new_id: int) -> dict[str, Any] | None:
    there: slots.Contents = (side or {}).get("slots", {})
    renamed = {key: slots.with_member(state, old_id, new_id) for key, state in there.items()}
    return side | {"slots": renamed} if side is not None else None


def _give_talks(session: Session, member: Member, name: Member) -> Sequence[int]:
    """Where both stand in one talk, one of them is enough: the main presenter. Returns the slots of
    the talks that were the name's."""
    theirs = {
        row.talk_id: row
        for row in session.scalars(select(Presenter).where(Presenter.member_id == name.id))
    }
    for mine in session.scalars(
        select(Presenter).where(Presenter.member_id == member.id, Presenter.talk_id.in_(theirs))
    ).all():
        other = theirs[mine.talk_id]
        gone = mine if other.role is Role.MAIN else other
        session.execute(delete(Presenter).where(Presenter.id == gone.id))
    own = select(Presenter.talk_id).where(Presenter.member_id == member.id)
    slots_of = select(Talk.slot_id).where(or_(Talk.id.in_(theirs), Talk.id.in_(own)))
    touch(session, session.scalars(slots_of).all())
    return session.scalars(select(Talk.slot_id).where(Talk.id.in_(theirs))).all()
