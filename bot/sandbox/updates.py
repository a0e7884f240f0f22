"""What waits for the bot, and long polling."""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any

from bot.sandbox.refusals import ApiError

DEFAULT_ALLOWED = frozenset(
    {
        "message",
        "edited_message",
        "callback_query",
        "inline_query",
        "my_chat_member",
        "channel_post",
    }
)
"""Telegram leaves `chat_member` out unless it is asked for."""

CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
FIRST_UPDATE = 700_000_001

MOST = 100
"""Updates in one answer; a limit outside of 1 to 100 is moved to the nearer end."""

LONGEST = 50
"""Seconds that a poll waits at most, whatever it asks for."""


class Updates:
    """Updates in order; what a poll's offset has passed is forgotten."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._waiting: deque[dict[str, Any]] = deque()
        self._next_id = FIRST_UPDATE
        self._allowed = DEFAULT_ALLOWED
        self._poller: asyncio.Future[None] | None = None
        self._arrived = asyncio.Event()
        self._changed = changed

    def __len__(self) -> int:
        """How many are not acknowledged."""
        return len(self._waiting)

    @property
    def pending(self) -> tuple[int, ...]:
        """The ids of what is not acknowledged."""
        return tuple(update["update_id"] for update in self._waiting)

    def put(self, kind: str, content: dict[str, Any]) -> None:
        """Add an update, unless the bot asked not to hear of its kind."""
        if kind not in self._allowed:
            return
        self._waiting.append({"update_id": self._next_id, kind: content})
        self._next_id += 1
        self._arrived.set()

    def drop(self) -> None:
        """Forget all that waits, as Telegram does where a bot is away for long."""
        self._waiting.clear()
        self._changed()

    async def poll(
        self, offset: int | None, limit: int, hold: int, allowed: list[str] | None
    ) -> list[dict[str, Any]]:
        """`getUpdates`: waits up to `hold` seconds for something. Raises `ApiError` 409 in the
        older of two polls."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(ApiError(409, CONFLICT))
        me = self._poller = asyncio.get_running_loop().create_future()
        if allowed is not None:
            self._allowed = frozenset(allowed) or DEFAULT_ALLOWED
        self._acknowledge(offset)
        try:
            if not self._waiting and hold > 0:
                await self._wait(me, min(hold, LONGEST))
            if me.done():
                me.result()
            return list(islice(self._waiting, min(max(limit, 1), MOST)))
        finally:
            if not me.done():
                me.cancel()
            if self._poller is me:
                self._poller = None

    async def _wait(self, me: asyncio.Future[Any], hold: int) -> None:
        self._arrived.clear()
        arrived: asyncio.Future[Any] = asyncio.ensure_future(self._arrived.wait())
        try:
            await asyncio.wait({arrived, me}, timeout=hold, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrived.cancel()

    def _acknowledge(self, offset: int | None) -> None:
        if offset is None:
            return
        keep_from = self._next_id + offset if offset < 0 else offset
        before = len(self._waiting)
        while self._waiting and self._waiting[0]["update_id"] < keep_from:
            self._waiting.popleft()
        if len(self._waiting) != before:
            self._changed()
