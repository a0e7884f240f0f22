"""Groups, and the Telegram chats they live in."""

import secrets
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.domain import selection
from bot.domain.calendar import Quiet
from bot.domain.reminders import DEFAULT_RULES, ReminderRules
from bot.domain.views import Actor, ChatView, GroupView
from bot.errors import DomainError, Refusal
from bot.services.audit import Action, note
from storage.enums import ChatKind, Weekday
from storage.models import (
    AuditEntry,
    Chat,
    Delivery,
    Draft,
    Group,
    Member,
    Offer,
    Request,
    Slot,
    Term,
)
from storage.prepared import AnyRow
from storage.queries import groups as rows
from storage.queries import rows_of

Row = TypeVar("Row", AuditEntry, Delivery, Member, Offer, Request, Term)

OPERATOR = "whoever runs the bot"

# Without 0, 1, I and O, which look alike on a phone.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8


# Made once: every update asks one of these.
_group, _chat = Group.__table__.c, Chat.__table__.c
_BY_ID = rows.groups().where(_group.id == bindparam("group_id"))
_BY_NAME = rows.groups().where(_group.name == bindparam("name"))
_OF_CHAT = rows.groups().where(_chat.telegram_id == bindparam("telegram_id"))
_OF_ACCOUNT = rows.groups_of(bindparam("telegram_id"))
_WITH_CHAT = rows.groups().where(_chat.id.is_not(None))
_ALL = rows.groups().order_by(_group.id)
_WAITING = (
    select(_group.name, _group.setup_code).where(_group.setup_code.is_not(None)).order_by(_group.id)
)


class NewGroup(NamedTuple):
    """What a group begins with. `start_time` is wall time in `timezone`, an IANA name."""

    name: str
    timezone: str
    weekday: Weekday
    start_time: time
    duration_minutes: int
    place: str | None = None
    online_url: str | None = None
    selection_rule: str | None = selection.DEFAULT
    reminders: ReminderRules = DEFAULT_RULES


def create(session: Session, new: NewGroup, now: datetime) -> tuple[GroupView, str]:
    """Make a group that waits for its chat; returns it with its setup code."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    group = Group(
        name=_free_name(session, new.name),
        timezone=new.timezone,
        weekday=new.weekday,
        start_time=new.start_time,
        duration_minutes=new.duration_minutes,
        place=new.place,
        online_url=new.online_url,
        selection_rule=new.selection_rule,
        setup_code=code,
        created_at=now,
        **columns(new.reminders),
    )
    session.add(group)
    session.flush()  # for its id
    view = by_id(session, group.id)
    operator = Actor(view, OPERATOR, organizer=True)
    note(session, operator, Action.GROUP_CREATE, view.id, now, after={"name": view.name})
    return view, code


def columns(rules: ReminderRules) -> dict[str, Any]:
    """The rules as columns of `storage.models.Group`."""
    values = rules._asdict()
    quiet: Quiet = values.pop("quiet")
    values["checklist"] = "\n".join(rules.checklist)
    return values | {"quiet_from": quiet.begins, "quiet_until": quiet.ends}


def by_name(session: Session, name: str) -> GroupView | None:
    return _first(rows_of(session, _BY_NAME, name=name))


def by_id(session: Session, group_id: int) -> GroupView:
    return _need(_first(rows_of(session, _BY_ID, group_id=group_id)))


def of_chat(session: Session, telegram_id: int) -> GroupView | None:
    return _first(rows_of(session, _OF_CHAT, telegram_id=telegram_id))


def of_account(session: Session, telegram_id: int) -> tuple[GroupView, ...]:
    """The groups that know this account, the one it chose for its private chat first."""
    return tuple(map(_view, rows_of(session, _OF_ACCOUNT, telegram_id=telegram_id)))


def of_message(session: Session, telegram_id: int, message_id: int) -> int | None:
    """The id of the group of which the bot asked or told this account in a message of their private
    chat; `None` where it is not known."""
    asked = select(Draft.group_id).where(
        Draft.chat_telegram_id == telegram_id, Draft.message_id == message_id
    )
    told = (
        select(Delivery.group_id)
        .join(Member, Member.group_id == Delivery.group_id)
        .where(
            Member.telegram_id == telegram_id,
            Delivery.member_id == Member.id,
            Delivery.message_id == message_id,
        )
    )
    return session.scalar(asked.limit(1)) or session.scalar(told.limit(1))


def with_chat(session: Session) -> tuple[GroupView, ...]:
    return tuple(map(_view, rows_of(session, _WITH_CHAT)))


def all_groups(session: Session) -> tuple[GroupView, ...]:
    return tuple(map(_view, rows_of(session, _ALL)))


def own(
    session: Session, model: type[Row], row_id: int, group_id: int, *, lock: bool = False
) -> Row:
    """What a button names by this id. Raises `DomainError` for what is gone, and for what is
    another group's: whoever forges a button opens nothing."""
    row = session.get(model, row_id, with_for_update=lock or None)
    if row is None or row.group_id != group_id:
        raise DomainError(Refusal.OLD_BUTTON)
    return row


def newer(session: Session, group_id: int) -> tuple[GroupView, ...]:
    """The groups that were created after this one."""
    newer_ones = rows.groups().where(Group.id > group_id).order_by(Group.id)
    return tuple(_view(row) for row in session.execute(newer_ones))


def waiting_codes(session: Session) -> tuple[tuple[str, str], ...]:
    """Name and setup code of each group that has no chat yet."""
    return tuple((row.name, row.setup_code) for row in rows_of(session, _WAITING))


def migrate_chat(session: Session, old_id: int, new_id: int) -> None:
    """A group became a supergroup: its chat's id changes, and what was said in it stays behind.
    Safe to repeat, in any order, and for chats that are no group's."""
    if session.scalar(select(Chat.id).where(Chat.telegram_id == new_id)) is not None:
        return
    chat = session.scalar(select(Chat).where(Chat.telegram_id == old_id))
    if chat is None:
        return
    chat.telegram_id, chat.kind, chat.pinned_message_id = new_id, ChatKind.SUPERGROUP, None
    # A supergroup counts its messages anew: the old numbers are those of others there.
    for messages, of_chat in (
        (Slot, Slot.group_id == chat.group_id),
        (Request, Request.group_id == chat.group_id),
        (Delivery, Delivery.chat_id == chat.id),
    ):
        session.execute(update(messages).where(of_chat).values(message_id=None))


def _free_name(session: Session, name: str) -> str:
    """`name`, or `name 2` and so on: two chats may bear one title."""
    wanted, number = name[:90].strip() or "Reading group", 1
    free = wanted
    while session.scalar(select(Group.id).where(Group.name == free)) is not None:
        number += 1
        free = f"{wanted} {number}"
    return free


def _first(found: Sequence[AnyRow]) -> GroupView | None:
    return _view(found[0]) if found else None


def _need(group: GroupView | None) -> GroupView:
    if group is None:
        raise LookupError("the group was there a moment ago")
    return group


def _view(row: AnyRow) -> GroupView:
    chat = (
        ChatView(row.chat_id, row.telegram_id, row.topic_id, row.kind)
        if row.chat_id is not None
        else None
    )
    return GroupView(
        row.id,
        row.name,
        row.timezone,
        row.weekday,
        row.start_time,
        row.duration_minutes,
        row.place,
        row.online_url,
        chat,
        row.selection_rule,
        row.max_supporters,
        row.fill_days,
        ReminderRules(
            row.announcement_days,
            row.day_before,
            row.soon_minutes,
            row.open_slots_day,
            row.slides_missing,
            row.video_missing,
            row.no_meeting,
            row.pins,
            tuple(row.checklist.splitlines()),
            row.tell_at,
            Quiet(row.quiet_from, row.quiet_until),
            row.online,
            row.cards,
        ),
        tuple(row.link_hosts.split()),
    )
