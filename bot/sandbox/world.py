"""The people, chats and messages of the sandbox, and how Telegram would show them to a bot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.entities import to_html

Json = dict[str, Any]

FIRST_PERSON = 5_000_000_001  # accounts are past 32 bits by now
FIRST_GROUP = 4_000_000_001
FIRST_SUPERGROUP = 2_000_000_001
SUPERGROUP_OFFSET = -1_000_000_000_000
ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}

GENERAL = 1

MAX_MESSAGES = 5000
"""What a chat keeps; older messages are forgotten, so that a sandbox can run for days."""

PRESENT = ("creator", "administrator", "member", "restricted")
ADMINISTRATORS = ("creator", "administrator")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `note` is shown beside the name on the chat page."""

    id: int
    name: str
    username: str | None = None
    note: str = ""
    is_bot: bool = False

    def as_user(self) -> Json:
        first, _, last = self.name.partition(" ")
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": first}
        if last:
            user["last_name"] = last
        if self.username:
            user["username"] = self.username
        return user


BOT = Person(1_000_000_001, "Reading Group Bot", "reading_group_bot", is_bot=True)


@dataclass(slots=True)
class Message:
    """A message; `keyboard` is its inline keyboard as the Bot API writes it, `service` the one
    field that makes it a service message. `anonymous` is written as the group itself. `thread` is
    the first message of a chain of replies, which supergroups without topics number too. Of a
    document and of a photo, which has its sizes, `text` is the caption. `via_bot` was chosen from
    what the bot offered in an inline query."""

    id: int
    chat: "Chat"
    sender: Person
    date: datetime
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    keyboard: list[list[Json]] = field(default_factory=list)
    reply_to: int | None = None
    topic: int | None = None
    thread: int | None = None
    edited: datetime | None = None
    service: Json | None = None
    document: Json | None = None
    photo: list[Json] | None = None
    via_bot: bool = False
    anonymous: bool = False

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def has_media(self) -> bool:
        return self.document is not None or self.photo is not None

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    def as_api(self, *, with_reply: bool = True) -> Json:
        """The Bot API's `Message`."""
        made: Json = {
            "message_id": self.id,
            "date": int(self.date.timestamp()),
            "chat": self.chat.as_api(),
            "from": ANONYMOUS_ADMIN if self.anonymous else self.sender.as_user(),
        }
        if self.anonymous:
            made["sender_chat"] = self.chat.as_api()
        if self.topic is not None:
            made |= {"message_thread_id": self.topic, "is_topic_message": True}
        elif self.thread is not None:
            made["message_thread_id"] = self.thread
        if self.via_bot:
            made["via_bot"] = BOT.as_user()
        if self.edited is not None:
            made["edit_date"] = int(self.edited.timestamp())
        made |= self._content()
        # What answers nothing in a topic answers the message that opened it.
        replied = self.chat.messages.get(self.reply_to or self.topic or 0) if with_reply else None
        if replied is not None and replied is not self:
            made["reply_to_message"] = replied.as_api(with_reply=False)
        return made

    def _content(self) -> Json:
        made: Json = dict(self.service or {})
        if self.document is not None:
            made["document"] = self.document
        if self.photo is not None:
            made["photo"] = self.photo
        if self.has_media:
            if self.text:
                made |= {"caption": self.text, "caption_entities": self.entities}
        elif self.service is None:
            made["text"] = self.text
            if self.entities:
                made["entities"] = self.entities
        if self.keyboard:
            made["reply_markup"] = {"inline_keyboard": self.keyboard}
        return made

    def as_html(self) -> str:
        """The text as safe HTML."""
        return to_html(self.text, self.entities)


@dataclass(slots=True)
class Topic:
    id: int
    name: str
    closed: bool = False


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat with the bot (its id is the person's), a group or a supergroup.

    `members` has each person's status as the Bot API names it; `bot_status` is the bot's. A
    private chat is `started` once the person pressed Start, and may be `blocked`.
    """

    id: int
    type: str
    title: str
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    moved_to: int | None = None
    started: bool = False
    blocked: bool = False
    last_id: int = 0

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def as_api(self) -> Json:
        made: Json = {"id": self.id, "type": self.type}
        if self.is_private:
            first, _, last = self.title.partition(" ")
            made["first_name"] = first
            if last:
                made["last_name"] = last
        else:
            made["title"] = self.title
        if self.forum:
            made["is_forum"] = True
        return made

    def is_present(self, person_id: int) -> bool:
        if self.is_private:
            return person_id == self.id
        return self.members.get(person_id) in PRESENT

    def add(self, sender: Person, date: datetime, **rest: Any) -> Message:
        self.last_id += 1
        message = Message(self.last_id, self, sender, date, **rest)
        if self.type == "supergroup" and not self.forum and message.reply_to is not None:
            replied = self.messages.get(message.reply_to)
            message.thread = (replied and replied.thread) or message.reply_to
        self.messages[message.id] = message
        if len(self.messages) > MAX_MESSAGES:
            self.remove(next(iter(self.messages)))
        return message

    def remove(self, message_id: int) -> None:
        del self.messages[message_id]
        if message_id in self.pinned:
            self.pinned.remove(message_id)

    def in_order(self) -> Iterator[Message]:
        return iter(self.messages.values())


class World:
    """Who there is. Ids are given in order, so a story has the same ones each time."""

    def __init__(self, bot: Person) -> None:
        self.bot = bot
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}

    def add_person(self, name: str, username: str | None, note: str) -> Person:
        person = Person(FIRST_PERSON + len(self.people), name, username, note)
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", name, {person.id: "member"})
        return person

    def add_group(self, title: str, kind: str, members: dict[int, str], *, forum: bool) -> Chat:
        number = sum(not chat.is_private for chat in self.chats.values())
        chat_id = (
            SUPERGROUP_OFFSET - FIRST_SUPERGROUP - number
            if kind == "supergroup"
            else -FIRST_GROUP - number
        )
        # The first message of a forum made it, and its number means the General topic.
        chat = Chat(chat_id, kind, title, members, forum=forum, last_id=GENERAL if forum else 0)
        self.chats[chat.id] = chat
        return chat

    def has_met(self, person_id: int) -> bool:
        """Whether the bot shares a group with that person, and so knows that they exist."""
        return any(
            not chat.is_private and chat.bot_status in PRESENT and person_id in chat.members
            for chat in self.chats.values()
        )

    def user(self, user_id: int) -> Json | None:
        person = self.bot if user_id == self.bot.id else self.people.get(user_id)
        return person.as_user() if person else None
