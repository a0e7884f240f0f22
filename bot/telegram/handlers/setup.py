"""Tying a chat to its group, and following what Telegram says of chats and people."""

from sqlalchemy.orm import Session
from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus

from bot.errors import DomainError, Refusal
from bot.services import groups, members, queries, standins
from bot.services import setup as setups
from bot.services.setup import TelegramChat
from bot.telegram.context import Context
from bot.telegram.incoming import (
    GROUP_CHATS,
    arguments,
    chat_of,
    is_anonymous,
    is_private,
    name_of,
)
from bot.telegram.keyboards_terms import of_term
from bot.telegram.presence import ADMINISTRATORS, PRESENT, status_in
from bot.text.render import render
from storage.enums import ChatKind

EMPTY_GROUP = "new"


async def setup(update: Update, context: Context) -> None:
    if chat_of(update).type not in GROUP_CHATS:
        raise DomainError(Refusal.ONLY_IN_GROUP)
    if not await _may_set_up(update, context):
        raise DomainError(Refusal.ORGANIZERS_ONLY)
    chat, now, word = _chat(update), context.now, arguments(update)
    store = context.tools.store
    tied = await store.read(lambda session: groups.of_chat(session, chat.telegram_id))
    waiting = await store.read(groups.waiting_codes)
    if tied is None and not word and waiting:
        await context.reply(update, render("setup_waiting"))
        return
    code = word if word and word.lower() != EMPTY_GROUP else None
    new = context.tools.new_group_for(chat.title)
    done = await store.write(
        lambda session: setups.tie(session, chat, code, new, name_of(update.effective_user), now)
    )
    meeting = await store.read(lambda s: queries.next_meeting(s, done.group.id, now))
    text = render("setup_done", group=done.group, new=done.new, meeting=meeting)
    await context.reply(update, text, None if meeting else of_term(done.group, runs=False))
    await _learn_organizers(context, done.group.id, chat.telegram_id)


async def migrated(update: Update, context: Context) -> None:
    """Telegram tells it twice, once in each chat and in any order."""
    message = update.effective_message
    if message is None:
        return
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    await context.tools.store.write(lambda session: groups.migrate_chat(session, old, new))


async def bot_moved(update: Update, context: Context) -> None:
    """The bot was added somewhere, or somebody blocked or unblocked it."""
    change = update.my_chat_member
    if change is None:
        return
    there = change.new_chat_member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    if is_private(update):
        person = change.from_user.id
        await context.tools.store.write(
            lambda session: members.set_reachable(session, person, reachable=there)
        )
        return
    if change.chat.type not in GROUP_CHATS:
        return  # a channel, where nobody could answer
    was_there = _present(change.old_chat_member)
    known = await context.tools.store.read(lambda s: groups.of_chat(s, change.chat.id))
    if there and not was_there and known is None:
        await context.bot.send_message(change.chat.id, render("added"))


async def member_changed(update: Update, context: Context) -> None:
    """Somebody came or left, became an administrator, or is none any more."""
    change = update.chat_member
    if change is None:
        return
    place, person, organizer = change.chat.id, change.new_chat_member.user.id, _administers(change)
    gone, now = not _present(change.new_chat_member), context.now

    def use(session: Session) -> None:
        members.set_organizer(session, place, person, organizer=organizer)
        if gone:
            standins.leave(session, place, person, now)
        else:
            members.set_gone(session, place, person, gone=False)

    await context.tools.store.write(use)


async def came_or_left(update: Update, context: Context) -> None:
    """The chat itself says so to every bot in it, also to one that administers nothing."""
    message = update.effective_message
    if message is None:
        return
    place, left = message.chat.id, message.left_chat_member
    here, now = [user.id for user in message.new_chat_members], context.now

    def use(session: Session) -> None:
        if left is not None:
            standins.leave(session, place, left.id, now)
        for person in here:
            members.set_gone(session, place, person, gone=False)

    await context.tools.store.write(use)


def _administers(change: ChatMemberUpdated) -> bool:
    return change.new_chat_member.status in ADMINISTRATORS


def _present(member: ChatMember) -> bool:
    return member.status in PRESENT and getattr(member, "is_member", True)


async def _may_set_up(update: Update, context: Context) -> bool:
    message, user = update.effective_message, update.effective_user
    if message is None:
        return False
    if is_anonymous(message):
        return message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if user is None:
        return False
    if user.id in context.tools.organizers:
        return True
    return await status_in(context.bot, message.chat.id, user.id) in ADMINISTRATORS


async def _learn_organizers(context: Context, group_id: int, chat_id: int) -> None:
    found = await context.bot.get_chat_administrators(chat_id)
    people = {member.user.id: name_of(member.user) for member in found if not member.user.is_bot}
    await context.tools.store.write(
        lambda session: members.meet_organizers(session, group_id, people)
    )


def _chat(update: Update) -> TelegramChat:
    message = update.effective_message
    if message is None:
        raise ValueError("a command comes in a message")
    return TelegramChat(
        message.chat.id,
        ChatKind(message.chat.type),
        (message.chat.title or "")[:255],
        message.message_thread_id if message.is_topic_message else None,
    )
