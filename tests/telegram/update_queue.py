"""The Bot API's update queue in memory, and a poller at it."""

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.clock import MovableClock
from bot.telegram.polling import Poller
from bot.telegram.trouble import QUIET, Trouble

Raw = dict[str, Any]
Handle = Callable[[Update], Awaitable[None]]


def message(update_id: int, chat: int = 1, text: str = "hello") -> Raw:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 0,
            "chat": {"id": chat, "type": "group"},
            "text": text,
        },
    }


def inline_query(update_id: int, user: int) -> Raw:
    sender = {"id": user, "is_bot": False, "first_name": "Ada"}
    query = {"id": "q", "from": sender, "query": "", "offset": ""}
    return {"update_id": update_id, "inline_query": query}


Fault = Exception | tuple[int, bytes]


class Server(BaseRequest):
    """The Bot API's update queue in memory, as the transport of a real bot."""

    def __init__(self, *updates: Raw) -> None:
        self.waiting = deque(updates)
        self.faults: deque[Fault] = deque()
        self.calls: list[tuple[int | None, int]] = []  # offset and time-out
        self.endpoints: set[str] = set()
        self.acknowledged: list[int] = []
        self.on_acknowledged: Callable[[int], None] = lambda _update_id: None
        self.changed = asyncio.Event()
        self.idle = asyncio.Event()

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    def add(self, *updates: Raw) -> None:
        self.waiting.extend(updates)
        self.changed.set()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        await asyncio.sleep(0)
        self.endpoints.add(url.rsplit("/", 1)[1])
        asked: Any = request_data.parameters if request_data else {}
        self.calls.append((asked.get("offset"), asked["timeout"]))
        if self.faults:
            fault = self.faults.popleft()
            if isinstance(fault, Exception):
                raise fault
            return fault
        while self.waiting and self.waiting[0]["update_id"] < asked.get("offset", 0):
            update_id = self.waiting.popleft()["update_id"]
            self.acknowledged.append(update_id)
            self.on_acknowledged(update_id)
        while asked["timeout"] and not self.waiting:
            self.idle.set()
            self.changed.clear()
            await self.changed.wait()
        result = list(itertools.islice(self.waiting, asked["limit"]))
        await asyncio.sleep(0)
        return 200, json.dumps({"ok": True, "result": result}).encode()


class Run:
    """A poller on a server, with its pauses and troubles noted."""

    def __init__(self, server: Server, handle: Handle, **settings: Any) -> None:
        self.server = server
        self.pauses: list[float] = []
        self.troubles: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.clock = MovableClock(datetime(2026, 1, 10, 11, tzinfo=UTC))
        bot: ExtBot[None] = ExtBot("1:a", request=server, get_updates_request=server)
        self.poller = Poller(
            bot,
            handle,
            allowed_updates=["message", "inline_query"],
            clock=self.clock,
            on_trouble=self._note,
            pause=self._pause,
            **settings,
        )

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.move(timedelta(seconds=seconds))
        # As good as no time, but handlers that only wait for their turn get it.
        for _ in range(20):
            await asyncio.sleep(0)

    async def a_minute_later(self) -> None:
        """Nothing went wrong in the meantime, and something comes."""
        await self.server.idle.wait()
        self.clock.move(QUIET)
        self.server.idle.clear()
        self.server.add(message(90 + len(self.troubles)))
        await self.server.idle.wait()

    def _note(self, trouble: Trouble) -> None:
        self.troubles.append((trouble.kind.value, trouble.over))
        self.texts.append(trouble.text)

    async def __aenter__(self) -> "Run":  # noqa: PYI034 - there is no other
        self.task = asyncio.create_task(self.poller.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.poller.stop()
        await self.task


def http(status: int, description: str, **parameters: int) -> tuple[int, bytes]:
    body = {"ok": False, "description": description, "parameters": parameters}
    return status, json.dumps(body).encode()
