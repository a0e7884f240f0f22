"""Tying a Telegram chat to its group."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.views import Actor, GroupView
from bot.errors import DomainError, Refusal
from bot.services import announcements, groups
from bot.services.audit import Action, note
from storage.enums import ChatKind
from storage.models import Chat, Group


class TelegramChat(NamedTuple):
    """A chat as a message from it shows it; `topic_id` is the forum topic it was written in."""

    telegram_id: int
    kind: ChatKind
    title: str
    topic_id: int | None


class Tied(NamedTuple):
    """`new` is false when the chat was this group's already and nothing changed."""

    group: GroupView
    new: bool


def tie(
    session: Session,
    chat: TelegramChat,
    code: str | None,
    new: groups.NewGroup,
    actor_name: str,
    now: datetime,
) -> Tied:
    """Make `chat` the home of the group that waits with `code`, or of a `new` group.

    A chat that has its group keeps it; only the forum topic follows the place where `/setup`
    was written. Raises `DomainError` for an unknown code, and for a code in a chat that has
    another group.
    """
    tied = groups.of_chat(session, chat.telegram_id)
    if tied is not None:
        if code is not None:
            raise DomainError(Refusal.CHAT_IS_TIED, group=tied)
        return _follow_topic(session, tied, chat)
    if code is None:
        _, code = groups.create(session, new, now)
    group = session.scalars(
        select(Group).where(Group.setup_code == (code or "").upper()).with_for_update()
    ).one_or_none()
    if group is None:
        raise DomainError(Refusal.SETUP_CODE_UNKNOWN)
    group.setup_code = None
    session.add(
        Chat(
            group_id=group.id,
            telegram_id=chat.telegram_id,
            kind=chat.kind,
            title=chat.title,
            topic_id=chat.topic_id,
        )
    )
    session.flush()  # the view below reads the chat
    view = groups.by_id(session, group.id)
    actor = Actor(view, actor_name, organizer=True)
    note(session, actor, Action.GROUP_TIE, view.id, now, after={"chat": chat.title})
    announcements.plan_group(session, view, now)
    return Tied(view, new=True)


def _follow_topic(session: Session, tied: GroupView, chat: TelegramChat) -> Tied:
    if tied.chat is None or tied.chat.topic_id == chat.topic_id:
        return Tied(tied, new=False)
    session.execute(update(Chat).where(Chat.id == tied.chat.id).values(topic_id=chat.topic_id))
    return Tied(groups.by_id(session, tied.id), new=True)
