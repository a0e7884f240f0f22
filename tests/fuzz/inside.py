"""The real bot and the sandbox in one process, without a network between them: the sandbox's own
rules judge every request, and an update costs what handling it costs."""

import asyncio
import inspect
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from pydantic import SecretStr
from pypdf.errors import PyPdfError
from sqlalchemy import event
from sqlalchemy.orm import Session
from telegram._utils.types import ODVInput
from telegram.request import BaseRequest, RequestData

from bot.app import ReadingGroupBot
from bot.catalogues import Catalogues
from bot.clock import MovableClock
from bot.config import PublishSettings, Settings, StorageSettings, TelegramSettings
from bot.domain.papers import PaperFacts
from bot.publish.making import Made, Maker, Order
from bot.publish.making_child import made as made_here
from bot.publish.pdf_child import has_a_page
from bot.sandbox import ApiError, Chat, Limits, Message, Person, Sandbox
from bot.sandbox.files import Upload
from bot.sandbox.methods import METHODS
from bot.sandbox.schema import Schema
from bot.sandbox.server import joined
from bot.sandbox.world import Json
from bot.telegram.answering import CANNOT_BE_CHANGED
from bot.telegram.transport import AiohttpRequest
from storage.store import Store
from tests.fuzz.rough import failing
from tests.fuzz.sizes import hold_sizes

Result = TypeVar("Result")

SCHEMA = Schema()
NOBODYS_FAULT = (
    *CANNOT_BE_CHANGED,
    "message is not modified",
    "query is too old",
    "bot was blocked by the user",
    "bot can't initiate conversation",
    "bot is not a member",
    "bot was kicked",
    "participant_id_invalid",
    "chat not found",
    "group chat was upgraded",
    "not enough rights",
    "message thread not found",
    "topic_closed",
    "wrong file_id",
)
"""Refusals that say how the world is, not that the bot asked something wrong."""


class Direct(BaseRequest):
    """Calls the sandbox's methods with what the library would send. `refused` has what was asked
    wrong, with the reason."""

    def __init__(self, sandbox: Sandbox, refused: list[str]) -> None:
        self._sandbox = sandbox
        self._refused = refused

    @property
    def read_timeout(self) -> float | None:
        return None

    parse_json_payload = staticmethod(AiohttpRequest.parse_json_payload)

    async def initialize(self) -> None:
        return

    async def shutdown(self) -> None:
        return

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = None,
        write_timeout: ODVInput[float] = None,
        connect_timeout: ODVInput[float] = None,
        pool_timeout: ODVInput[float] = None,
    ) -> tuple[int, bytes]:
        if "/file/bot" in url:
            content = self._sandbox.files.content(url.rpartition("/")[2])
            return (404, b"") if content is None else (200, content)
        name = SCHEMA.canonical(url.rpartition("/")[2]) or ""
        given = _given(request_data)
        fault = self._sandbox.faults.take(name, given.get("chat_id"))
        try:
            if fault is not None:
                return await failing(fault, lambda: self._answered(name, given))
            return await self._answered(name, given)
        except ApiError as error:
            said = error.description.lower()
            if error is not fault and not any(cause in said for cause in NOBODYS_FAULT):
                self._refused.append(f"{name}: {error.description}")
            answer: Json = {
                "ok": False,
                "error_code": error.code,
                "description": error.description,
            }
            if error.parameters:
                answer["parameters"] = error.parameters
            return error.code, json.dumps(answer).encode()

    async def _answered(self, name: str, given: dict[str, Any]) -> tuple[int, bytes]:
        result = await self._call(name, given)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def _call(self, name: str, given: dict[str, Any]) -> Any:
        if name not in METHODS:
            raise ApiError(501, f"Not Implemented: the sandbox has no {name}")
        read = SCHEMA.read(name, given)
        here: Any = self._sandbox
        result = METHODS[name](here, read)
        return await result if inspect.isawaitable(result) else result


def _given(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    attached = {
        name: Upload(filename, content if isinstance(content, bytes) else content.read(), mime_type)
        for name, (filename, content, mime_type) in data.multipart_data.items()
    }
    return joined(dict(data.json_parameters), attached)


class AtOnce(Store):
    """A store that runs what it is given where it stands, and leaves writing to the disk to the
    system: no thread and no wait in between. What PostgreSQL would not take it refuses too."""

    def __init__(self, url: Any) -> None:
        super().__init__(url)
        for engine in self._engines:
            event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        event.listen(self._engines[1], "connect", lambda raw, _: hold_sizes(raw))

    async def read(self, use: Callable[[Session], Result]) -> Result:
        with self.reading() as session:
            return use(session)

    async def write(self, use: Callable[[Session], Result]) -> Result:
        with self.writing() as session:
            return use(session)


class NoCatalogues(Catalogues):
    """Nobody knows any paper, at once."""

    async def look_up(self, url: str | None) -> PaperFacts | None:
        return None


class Heard(logging.Handler):
    """What was logged from warnings up."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Inside:
    """The bot at work. `refused` has what it asked Telegram wrong, `heard` what it logged."""

    def __init__(self, sandbox: Sandbox, store: Store, clock: MovableClock) -> None:
        self.sandbox = sandbox
        self.store = store
        self.clock = clock
        self.refused: list[str] = []
        self.heard = Heard()
        settings = Settings(
            telegram=TelegramSettings(
                token=SecretStr(sandbox.token), api_base_url="http://127.0.0.1:9"
            ),
            storage=StorageSettings(url=store.url.render_as_string(hide_password=False)),
            publish=PublishSettings(folder=Path(f"{store.url.database}-public")),
        )
        with patch(
            "bot.telegram.application.AiohttpRequest",
            lambda **_: Direct(sandbox, self.refused),
        ):
            self.bot = ReadingGroupBot(
                settings,
                store,
                clock,
                catalogues=NoCatalogues(store, clock),
                tick_seconds=3600,
                flood_limits=False,
            )
        self._numbers = iter(range(1, 2**31))

    async def take(self, kind: str, content: Any) -> None:
        """An update comes and is handled, as the poller does it."""
        await self.take_raw({"update_id": next(self._numbers), kind: content})

    async def take_raw(self, raw: Json) -> None:
        poller = self.bot._poller
        poller._admit(raw)
        await poller._lanes.empty.wait()
        poller._next_offset()

    async def say(self, person: Person, text: str, chat: Chat | None = None, **more: Any) -> str:
        """Write, in private or into a chat; returns what the bot answered there."""
        place = self._begin(person, chat)
        last = place.last_id
        message = place.add(person, self.clock.now(), text=text).as_api()
        await self.take("message", message | command(text) | more)
        return "\n".join(m.text for m in place.in_order() if m.from_bot and m.id > last)

    async def tap(self, person: Person, data: str, chat: Chat | None = None) -> str:
        """Tap a button with this data under a message of the bot's; returns the notice."""
        place = self._begin(person, chat)
        return await self.tap_under(
            person, data, place.add(self.bot_person, self.clock.now(), text="?")
        )

    async def tap_under(self, person: Person, data: str, message: Message) -> str:
        tap = self.sandbox.queries.tap(person, message, data)
        await self.take("callback_query", tap.as_api())
        return tap.text

    def button(self, label: str, chat: Chat) -> tuple[Message, str]:
        """The newest message of the chat that has a button of this label, and the button's data."""
        for message in reversed(list(chat.in_order())):
            for button in (each for row in message.keyboard for each in row):
                if button["text"] == label:
                    return message, button["callback_data"]
        raise LookupError(f"no button {label!r}; there are {[m.labels for m in chat.in_order()]}")

    @property
    def bot_person(self) -> Person:
        return self.sandbox.world.bot

    def _begin(self, person: Person, chat: Chat | None) -> Chat:
        place = chat or self.sandbox.private(person)
        if place.is_private:
            place.started = True
        return place


def command(text: str) -> Json:
    """The entity by which Telegram marks a command that a message begins with."""
    if not text.startswith("/"):
        return {}
    length = len((text.split(maxsplit=1) or ["/"])[0])
    return {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}


async def _opens(content: bytes) -> bool:
    """Like the bot, but without a process of its own: no file that is sent here means ill."""
    try:
        return has_a_page(content)
    except PyPdfError:
        return False


async def _make(_: Maker, order: Order) -> Made:
    """As above."""
    return made_here(order)


@asynccontextmanager
async def inside(store: Store, clock: MovableClock) -> AsyncIterator[Inside]:
    made = Inside(Sandbox(clock, limits=Limits(None, None, None)), store, clock)
    root = logging.getLogger()
    root.addHandler(made.heard)
    try:
        await made.bot._application.initialize()
        with patch("bot.publish.pdf.opens", _opens), patch.object(Maker, "make", _make):
            yield made
    finally:
        root.removeHandler(made.heard)
        await made.bot._application.shutdown()
        await asyncio.sleep(0)
