"""The sandbox: Telegram in a box, for the demo and the tests."""

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.clock import MovableClock
from bot.sandbox.chats import Chats
from bot.sandbox.composing import MAX_CAPTION
from bot.sandbox.control import Control
from bot.sandbox.entities import find_entities
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import Files, Upload
from bot.sandbox.inline import Asked, Inline
from bot.sandbox.limits import Limits, Meter
from bot.sandbox.menus import Menus
from bot.sandbox.queries import Queries, Tap
from bot.sandbox.server import Server
from bot.sandbox.world import ADMINISTRATORS, PRESENT, Chat, Json, Message, Person, Topic

TOKEN = "1000000001:the-sandbox-knows-this-token-only"  # noqa: S105 - opens nothing
PATIENCE = 20.0
"""Seconds after which a test that waits is told what it still waits for."""


class Sandbox(Chats):
    """A Bot API server on loopback with people, chats and a clock that can be moved.

    Everything that people do (`say`, `tap`, `join`, ...) takes effect at once and puts the
    updates that Telegram would send. `settled` waits until the bot has acknowledged them all.
    """

    def __init__(
        self, clock: MovableClock, *, limits: Limits | None = None, token: str = TOKEN
    ) -> None:
        super().__init__(clock)
        self.token = token
        self.queries = Queries(clock)
        self.inline = Inline(clock)
        self.menus = Menus()
        self.files = Files()
        self.faults = Faults()
        self.meter = Meter(limits or Limits(), clock)
        self.travel: Callable[[datetime], Awaitable[None]] = self._jump
        """How the chat page moves the clock; a demo may stop at every moment on the way."""
        self.zone = "UTC"
        self._change = asyncio.Event()
        self._server = Server(self, Control(self))

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. Raises `OSError` when it is taken."""
        await self._server.start(port)

    async def stop(self) -> None:
        await self._server.stop()

    @property
    def origin(self) -> str:
        return self._server.origin

    def say(
        self,
        person: Person,
        chat: Chat | None,
        text: str,
        *,
        topic: Topic | int | None = None,
        reply_to: Message | int | None = None,
        anonymous: bool = False,
    ) -> Message:
        """Write a message; no chat is the private one, which this also starts. Raises
        `ValueError` with a sentence when the person cannot write there."""
        target = chat or self.private(person)
        self._check_writer(person, target, text)
        return self._write(person, target, text, topic, reply_to, anonymous=anonymous)

    def send_file(
        self,
        person: Person,
        chat: Chat | None,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        size: int | None = None,
        topic: Topic | int | None = None,
        reply_to: Message | int | None = None,
    ) -> Message:
        """Send a file. `size` is what Telegram says of it where that is not its content's, so that
        a test of large ones needs none. Raises `ValueError` like `say`."""
        target = chat or self.private(person)
        self._check_writer(person, target, name)
        if not content:
            raise ValueError("An empty file cannot be sent.")
        if len(caption.strip()) > MAX_CAPTION:
            raise ValueError(f"A caption has at most {MAX_CAPTION} characters.")
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        document = self.files.add(Upload(name, content, mime_type), size)
        return self._write(person, target, caption, topic, reply_to, document=document)

    def _write(
        self,
        person: Person,
        target: Chat,
        text: str,
        topic: Topic | int | None,
        reply_to: Message | int | None,
        *,
        anonymous: bool = False,
        document: Json | None = None,
    ) -> Message:
        if anonymous and target.members.get(person.id) not in ADMINISTRATORS:
            raise ValueError(f"{person.name} is no administrator of that chat.")
        replied_id = reply_to.id if isinstance(reply_to, Message) else reply_to
        replied = target.messages.get(replied_id or 0)
        topic_id = topic.id if isinstance(topic, Topic) else topic
        if topic_id is None and replied is not None:
            topic_id = replied.topic
        self._check_topic(person, target, topic_id)
        self._begin(person, target)
        message = target.add(
            person,
            self.clock.now(),
            text=text.strip(),
            entities=find_entities(text.strip()),
            topic=topic_id,
            reply_to=replied_id,
            anonymous=anonymous,
            document=document,
        )
        self._deliver("message", message)
        return message

    def edit(self, message: Message, text: str) -> None:
        message.text, message.entities = text, find_entities(text)
        message.edited = self.clock.now()
        self._deliver("edited_message", message)

    def tap(self, person: Person, message: Message, button: str) -> Tap:
        """Tap a button, named by its label or its data. Raises `ValueError` when there is no such
        button or it only opens a page."""
        if not message.chat.is_present(person.id):
            raise ValueError(f"{person.name} is not in that chat.")
        for found in (each for row in message.keyboard for each in row):
            data = found.get("callback_data")
            if data is not None and button in (found["text"], data):
                tap = self.queries.tap(person, message, data)
                if message.chat.bot_status in PRESENT and not message.chat.blocked:
                    self.updates.put("callback_query", tap.as_api())
                return tap
        raise ValueError(f"There is no button “{button}”; there are: {message.labels}.")

    def ask_inline(self, person: Person, query: str, offset: str = "") -> Asked:
        """Type something after the bot's name, in any chat. Raises `ValueError` when the bot takes
        no inline queries."""
        if not self.inline.is_on:
            raise ValueError("That bot takes no inline queries.")
        asked = self.inline.ask(person, query, offset)
        self.updates.put("inline_query", asked.as_api())
        self.changed()
        return asked

    def share(
        self, person: Person, chat: Chat, asked: Asked, result_id: str, topic: int | None = None
    ) -> Message:
        """Choose one of the results: it is sent in the person's name. Raises `ValueError` when it
        is not there, or the person cannot write into that chat."""
        for result in asked.results:
            if result["id"] == result_id:
                self._check_writer(person, chat, result["text"])
                self._check_topic(person, chat, topic)
                message = chat.add(
                    person,
                    self.clock.now(),
                    text=result["text"],
                    entities=result["entities"],
                    keyboard=result["keyboard"],
                    topic=topic,
                    via_bot=True,
                )
                self._deliver("message", message)
                return message
        raise ValueError("That result is not there any more.")

    # Looking and waiting

    def messages(self, chat: Chat) -> list[Message]:
        return list(chat.in_order())

    def last(self, chat: Chat) -> Message:
        """The newest message that the bot wrote there."""
        return next(m for m in reversed(self.messages(chat)) if m.from_bot and m.service is None)

    async def settled(self) -> None:
        """Return when the bot has acknowledged every update. Raises `TimeoutError`."""
        await self.wait_for(lambda: not len(self.updates))

    async def wait_for(self, condition: Callable[[], Any]) -> None:
        """Return when `condition` holds; it is looked at after every change. Raises
        `TimeoutError` with what is pending."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            raise TimeoutError(f"still waiting; unacknowledged: {self.updates.pending}") from None

    def fail_next(
        self, method: str, fault: Fault, *, count: int = 1, chat: Chat | None = None
    ) -> None:
        """Let the next `count` requests of this method fail, in one chat or in any."""
        self.faults.add(method, fault, count, chat.id if chat else None)

    def changed(self) -> None:
        """Something is different now: wake whoever waits and the chat page."""
        self._change.set()
        self._server.tell_listeners()

    async def _jump(self, to: datetime) -> None:
        self.clock.set(to)

    def _check_writer(self, person: Person, chat: Chat, text: str) -> None:
        if not text.strip():
            raise ValueError("An empty message cannot be sent.")
        if not chat.is_present(person.id):
            raise ValueError(f"{person.name} is not in that chat.")
        if chat.moved_to is not None:
            raise ValueError("That group became a supergroup; write there.")

    def _check_topic(self, person: Person, chat: Chat, topic_id: int | None) -> None:
        if topic_id is None:
            return
        topic = chat.topics.get(topic_id)
        if topic is None:
            raise ValueError("There is no such topic in that chat.")
        if topic.closed and chat.members.get(person.id) not in ADMINISTRATORS:
            raise ValueError("That topic is closed.")

    def _begin(self, person: Person, chat: Chat) -> None:
        """Who writes to the bot lets it write back."""
        if chat.blocked:
            self.block(person, blocked=False)
        chat.started = True
