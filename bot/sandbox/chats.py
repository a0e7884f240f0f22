"""Who is in the sandbox, in which chats, and what of it the bot gets to hear."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from bot.clock import MovableClock
from bot.sandbox.entities import cut
from bot.sandbox.members import chat_member
from bot.sandbox.updates import Updates
from bot.sandbox.world import (
    ADMINISTRATORS,
    BOT,
    PRESENT,
    Chat,
    Json,
    Message,
    Person,
    Topic,
    World,
)


class Chats(ABC):
    """People and chats: who comes, goes, is made an administrator or blocks the bot. Each change
    puts the updates that Telegram would send."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self.world = World(BOT)
        self.updates = Updates(self.changed)

    @abstractmethod
    def changed(self) -> None:
        """Called when something is different."""

    def add_person(self, name: str, username: str | None = None, note: str = "") -> Person:
        return self.world.add_person(name, username, note)

    def add_group(
        self,
        title: str,
        members: Mapping[Person, str],
        kind: str = "supergroup",
        *,
        forum: bool = False,
    ) -> Chat:
        """A group with the bot in it. `members` has a status for each person, as the Bot API
        names them."""
        statuses = {person.id: status for person, status in members.items()}
        return self.world.add_group(title, kind, statuses, forum=forum)

    def add_topic(self, chat: Chat, name: str) -> Topic:
        """An administrator opens a topic."""
        people = [i for i, status in chat.members.items() if status in ADMINISTRATORS]
        opener = self.world.people[people[0]] if people else BOT
        opened = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        first = chat.add(opener, self.clock.now(), service=opened)
        first.topic = first.id
        topic = chat.topics[first.id] = Topic(first.id, name)
        self._deliver("message", first)
        return topic

    def private(self, person: Person) -> Chat:
        return self.world.chats[person.id]

    def set_status(self, chat: Chat, person: Person, status: str, by: Person | None = None) -> None:
        """Let somebody join, leave, become an administrator or be removed."""
        before = chat.members.get(person.id, "left")
        chat.members[person.id] = status
        user = person.as_user()
        if before not in PRESENT and status in PRESENT:
            self._service(chat, by or person, {"new_chat_members": [user]})
        elif before in PRESENT and status not in PRESENT:
            self._service(chat, by or person, {"left_chat_member": user})
        if chat.bot_status in ADMINISTRATORS:
            change = self._member_change(chat, by or person, user, before, status)
            self.updates.put("chat_member", change)
        self.changed()

    def set_bot_status(self, chat: Chat, by: Person, status: str) -> None:
        """Add the bot to a chat, remove it, or make it an administrator."""
        before, chat.bot_status = chat.bot_status, status
        change = self._member_change(chat, by, BOT.as_user(), before, status)
        self.updates.put("my_chat_member", change)
        if before not in PRESENT and status in PRESENT:
            self._service(chat, by, {"new_chat_members": [BOT.as_user()]})
        self.changed()

    def block(self, person: Person, *, blocked: bool = True) -> None:
        """The person blocks the bot, or takes that back."""
        chat = self.private(person)
        chat.blocked, chat.started = blocked, not blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        change = self._member_change(chat, person, BOT.as_user(), before, after)
        self.updates.put("my_chat_member", change)
        self.changed()

    def upgrade(self, chat: Chat) -> Chat:
        """The group becomes a supergroup: a new chat, and a word of it in both."""
        new = self.world.add_group(chat.title, "supergroup", dict(chat.members), forum=False)
        new.bot_status = chat.bot_status
        sender = self.world.people[next(iter(chat.members))]
        self._service(chat, sender, {"migrate_to_chat_id": new.id})
        chat.moved_to = new.id
        self._service(new, sender, {"migrate_from_chat_id": chat.id})
        return new

    def _service(self, chat: Chat, sender: Person, service: Json) -> Message:
        message = chat.add(sender, self.clock.now(), service=service)
        self._deliver("message", message)
        return message

    def _deliver(self, kind: str, message: Message) -> None:
        if bot_sees(message):
            self.updates.put(kind, message.as_api())
        self.changed()

    def _member_change(self, chat: Chat, by: Person, user: Json, before: str, after: str) -> Json:
        return {
            "chat": chat.as_api(),
            "from": by.as_user(),
            "date": int(self.clock.now().timestamp()),
            "old_chat_member": chat_member(user, before),
            "new_chat_member": chat_member(user, after),
        }


def bot_sees(message: Message) -> bool:
    """Privacy mode: in a group a bot gets commands, answers to it, mentions of it, what was
    shared from it, and what happens to the chat; an administrator gets everything."""
    chat = message.chat
    if chat.bot_status not in PRESENT or message.from_bot:
        return False
    if chat.is_private or message.service is not None or chat.bot_status in ADMINISTRATORS:
        return True
    if message.via_bot:
        return True
    replied = chat.messages.get(message.reply_to) if message.reply_to else None
    if replied is not None and replied.from_bot:
        return True
    name = f"@{BOT.username}".lower()
    for entity in message.entities:
        part = cut(message.text, entity).lower()
        if entity["type"] == "bot_command" and ("@" not in part or part.endswith(name)):
            return True
        if entity["type"] == "mention" and part == name:
            return True
    return False
