"""What came in: who wrote what, where, and in answer to what."""

import re
from typing import Any

from telegram import Chat, Document, Message, ReplyParameters, Update, User
from telegram.constants import ChatType, MessageEntityType

from bot.domain.linked_text import first_link
from bot.domain.papers import is_web_url
from bot.errors import DomainError, Refusal
from bot.text.commands import COMMANDS

# What follows a command without a blank, as phones and Chinese have it: "/next?", "/claim下周二".
_COMMAND = re.compile(r"\s*/?\s*[A-Za-z0-9_]+(?:@\w+)?[:,;!?：，；！？]*\s*")
_LINE_OF_COMMAND = re.compile(r"\n\s*/([a-z]+)(?:@\w+)?(?!\S)", re.IGNORECASE)
_NAMES = frozenset(one.name for one in COMMANDS)

GROUP_CHATS = (ChatType.GROUP, ChatType.SUPERGROUP)


def message_of(update: Update) -> Message | None:
    """The message that was sent or whose button was tapped; `None` for one that is too old or
    gone, which Telegram does not show any more."""
    query = update.callback_query
    if query is None:
        return update.effective_message
    return query.message if isinstance(query.message, Message) else None


def beside(chat: Chat, message: Message | None) -> dict[str, Any]:
    """Where an answer to this message goes: into its topic, and in a group below it as a reply."""
    if message is None:
        return {}
    where: dict[str, Any] = {}
    if message.is_topic_message:
        where["message_thread_id"] = message.message_thread_id
    if chat.type in GROUP_CHATS:
        where["reply_parameters"] = ReplyParameters(
            message.message_id, allow_sending_without_reply=True
        )
    return where


def is_private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE


def may_be_gone(update: Update) -> bool:
    """Whoever writes into a group's chat is in it. A private chat stays open to who left, and the
    buttons in a public group can be tapped from outside."""
    return is_private(update) or update.callback_query is not None


def is_anonymous(message: Message | None) -> bool:
    """Written as a group or a channel instead of as a person."""
    return message is not None and message.sender_chat is not None


def arguments(update: Update) -> str:
    """What follows the command in a message or under a file, with a blank for any kind and number
    of them, and for zero bytes, which PostgreSQL does not store. Raises `DomainError` where another
    line has a command of its own."""
    text = _text(update)
    if any(name.lower() in _NAMES for name in _LINE_OF_COMMAND.findall(text)):
        raise DomainError(Refusal.ONE_COMMAND)
    return " ".join(_COMMAND.sub("", text, count=1).split())


def lines_after_command(update: Update) -> str:
    """Like `arguments`, but whatever follows, and with the line breaks and blanks as they were
    written."""
    return _COMMAND.sub("", _text(update), count=1).strip()


def _text(update: Update) -> str:
    message = update.effective_message
    return (message.text or message.caption or "" if message else "").replace("\0", " ")


def replied_to(update: Update) -> Message | None:
    """The message that this one answers."""
    message = update.effective_message
    return message.reply_to_message if message else None


def answers_bot(message: Message, bot_id: int) -> bool:
    """Whether it answers a message of the bot."""
    about = message.reply_to_message
    return about is not None and about.from_user is not None and about.from_user.id == bot_id


def link_beside(update: Update) -> str | None:
    """A web link that is not in the words themselves: behind one of them, or the first in the
    message that this one answers."""
    about = replied_to(update)
    if (behind := link_behind(update.effective_message)) or about is None:
        return behind
    return link_behind(about) or first_link((about.text or about.caption or "").replace("\0", " "))


def link_behind(message: Message | None) -> str | None:
    """The first web link that words hide, as in what was copied from a page or from the bot."""
    entities = (*message.entities, *message.caption_entities) if message else ()
    links = (one.url for one in entities if one.type == MessageEntityType.TEXT_LINK)
    return next((url for url in links if url and is_web_url(url)), None)


def file_replied_to(update: Update) -> Document | None:
    """The file in the message that this one answers."""
    about = replied_to(update)
    return about.document if about else None


def author_replied_to(update: Update) -> User | None:
    """Whoever wrote the message that this one answers, as a person."""
    about = replied_to(update)
    if about is None or is_anonymous(about) or about.from_user is None or about.from_user.is_bot:
        return None
    return about.from_user


def told_before(update: Update) -> int | None:
    """The id of the message that this one answers, alone with the bot."""
    is_asked = update.callback_query is None and is_private(update)
    about = replied_to(update) if is_asked else None
    return about.message_id if about is not None else None


def chat_of(update: Update) -> Chat:
    if update.effective_chat is None:
        # A tap under a message that was sent through the bot, which stands in any chat at all.
        raise DomainError(Refusal.OLD_BUTTON)
    return update.effective_chat


def name_of(user: User | None) -> str:
    """What the person calls themselves, without line breaks and of a length that fits a line; one
    of nothing but joiners and direction marks is no name."""
    # A deleted account has an empty first name, and the library then no full name at all.
    said = (user.first_name, user.last_name) if user else ()
    name = " ".join(" ".join(part or "" for part in said).split())[:100].strip()
    return name if any(one.isprintable() and one != " " for one in name) else "Somebody"
