"""The people of a group, and what Telegram says of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.domain.views import Actor, GroupView, MemberView
from bot.errors import DomainError, Refusal
from bot.services import groups
from storage.models import Chat, Member
from storage.queries import rows_of

_member = Member.__table__.c
_OF_ACCOUNT = select(Member.__table__).where(
    _member.group_id == bindparam("of_group"), _member.telegram_id == bindparam("account")
)


def meet(
    session: Session, group: GroupView, telegram_id: int, name: str, *, organizer: bool | None
) -> Actor:
    """The member with this account, who is in the group's chat, made when it is new. What Telegram
    says of the person now (name, right) replaces what it said before, unless `organizer` is `None`;
    a name on an imported page is nobody's account until it is linked."""
    known = rows_of(session, _OF_ACCOUNT, of_group=group.id, account=telegram_id)
    if not known:
        return _new(session, group, telegram_id, name, organizer=organizer or False)
    (member,) = known
    said: dict[str, Any] = {
        "name": member.name if member.keeps_name else name,
        "organizer": member.organizer if organizer is None else organizer,
        "gone": False,
    }
    if any(getattr(member, column) != value for column, value in said.items()):
        session.execute(update(Member).where(Member.id == member.id).values(**said))
    return Actor(group, said["name"], said["organizer"], member.id, telegram_id)


def open_private_chat(
    session: Session, group: GroupView, telegram_id: int, name: str, *, organizer: bool
) -> Actor:
    """The person pressed Start: from now on the bot may write to them, and this group is the one
    that answers in their private chat."""
    session.execute(
        update(Member).where(Member.telegram_id == telegram_id).values(in_private=False)
    )
    actor = meet(session, group, telegram_id, name, organizer=organizer)
    session.execute(update(Member).where(Member.id == actor.member_id).values(in_private=True))
    set_reachable(session, telegram_id, reachable=True)
    return actor


def set_reachable(session: Session, telegram_id: int, *, reachable: bool) -> None:
    """Telegram said whether the bot may write to this account, in whichever group."""
    session.execute(
        update(Member).where(Member.telegram_id == telegram_id).values(reachable=reachable)
    )


def set_organizer(
    session: Session, chat_telegram_id: int, telegram_id: int, *, organizer: bool
) -> None:
    """Telegram said whether this account administers this chat now."""
    group_ids = select(Chat.group_id).where(Chat.telegram_id == chat_telegram_id)
    session.execute(
        update(Member)
        .where(Member.group_id.in_(group_ids), Member.telegram_id == telegram_id)
        .values(organizer=organizer)
    )


def set_gone(session: Session, chat_telegram_id: int, telegram_id: int, *, gone: bool) -> None:
    """Telegram said whether this account is out of this chat now. Whoever is, organizes nothing."""
    group_ids = select(Chat.group_id).where(Chat.telegram_id == chat_telegram_id)
    rights = {"organizer": False} if gone else {}
    session.execute(
        update(Member)
        .where(Member.group_id.in_(group_ids), Member.telegram_id == telegram_id)
        .values(gone=gone, **rights)
    )


def meet_organizers(session: Session, group_id: int, people: Mapping[int, str]) -> None:
    """These accounts, with their names, are the administrators of the group's chat; nobody else
    is."""
    session.execute(
        update(Member)
        .where(Member.group_id == group_id, Member.telegram_id.not_in(people))
        .values(organizer=False)
    )
    group = groups.by_id(session, group_id)
    for telegram_id, name in people.items():
        meet(session, group, telegram_id, name, organizer=True)


def reachable_organizers(session: Session, group_id: int) -> tuple[int, ...]:
    """The ids of the organizers whom the bot may write to."""
    return tuple(
        session.scalars(
            select(Member.id)
            .where(Member.group_id == group_id, Member.organizer, Member.reachable, ~Member.gone)
            .order_by(Member.id)
        )
    )


def organizes(session: Session, group_id: int, telegram_id: int) -> bool:
    """What Telegram said last: enough to show somebody a button, not to let them act."""
    known = select(Member.id).where(
        Member.group_id == group_id, Member.telegram_id == telegram_id, Member.organizer
    )
    return session.scalar(known) is not None


def all_members(session: Session, group_id: int) -> tuple[MemberView, ...]:
    """All the group's members, those with an account first among equal names."""
    rows = session.scalars(
        select(Member)
        .where(Member.group_id == group_id)
        .order_by(Member.name, Member.telegram_id.is_(None), Member.id)
    )
    return tuple(view(member) for member in rows)


def view(member: Member) -> MemberView:
    return MemberView(
        member.id, member.name, member.telegram_id, member.reachable, gone=member.gone
    )


def _new(
    session: Session, group: GroupView, telegram_id: int, name: str, *, organizer: bool
) -> Actor:
    known = select(Member.id).where(Member.telegram_id == telegram_id, Member.reachable)
    member = Member(
        group_id=group.id,
        telegram_id=telegram_id,
        name=name,
        organizer=organizer,
        reachable=session.scalar(known.limit(1)) is not None,
    )
    session.add(member)
    session.flush()  # for its id
    return Actor(group, name, organizer, member.id, telegram_id)


def require_organizer(actor: Actor) -> None:
    if not actor.organizer:
        raise DomainError(Refusal.ORGANIZERS_ONLY)


def require_member(actor: Actor) -> int:
    """The actor's member id. An administrator who writes anonymously has none."""
    if actor.member_id is None:
        raise DomainError(Refusal.SHOW_YOURSELF)
    return actor.member_id
