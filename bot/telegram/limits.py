"""Keeping below Telegram's flood limits, for answers and for the ledger alike.

The numbers are those of Telegram's FAQ for bots: 30 messages a second in all, 20 a minute in one
group, and in a private chat one a second after a short burst.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

OVERALL: Final = (30, 1.0)
IN_A_GROUP: Final = (20, 60.0)
IN_PRIVATE: Final = (5, 5.0)
"""Messages, and the seconds in which no more than so many may arrive."""

FREE: Final = ("sendChatAction",)
POSTS: Final = ("send", "edit", "copy", "forward", "pin", "unpin", "delete", "stop")
"""How the names of the methods begin that Telegram counts as messages."""

MANY: Final = 500
"""Chats of which the record is kept before idle ones are looked for."""

Answer = bool | dict[str, Any] | list[dict[str, Any]]


def pause_of(error: RetryAfter) -> timedelta:
    """How long Telegram asks to wait: the library is changing from seconds to a span."""
    told = error.retry_after
    return told if isinstance(told, timedelta) else timedelta(seconds=told)


@dataclass(slots=True)
class Window:
    """At most `most` messages in any `seconds`.

    A message arrives some time between its start and its answer. So a place is free again only so
    long after the answer, and what is on its way takes one: however long answers take, no window
    at the server ever holds one too many.
    """

    most: int
    seconds: float
    answered: deque[float] = field(default_factory=deque)
    flying: int = 0

    def free_at(self, now: float) -> float:
        """When a place is free; infinity when that depends on an answer still to come."""
        while self.answered and self.answered[0] + self.seconds <= now:
            self.answered.popleft()
        over = self.flying + len(self.answered) - self.most
        if over < 0:
            return now
        return self.answered[over] + self.seconds if over < len(self.answered) else math.inf

    def is_idle(self, now: float) -> bool:
        self.free_at(now)
        return not self.flying and not self.answered


@dataclass(slots=True, eq=False)
class Ticket:
    """Somebody's place in the queue."""

    chat_id: int


class FloodLimits(BaseRateLimiter[int]):
    """First come, first served; who waits for one chat does not hold up another.

    When Telegram asks to wait, that chat waits; when it asks so of a second chat meanwhile, all
    do. `now` counts seconds that never go back. `rate_limit_args` is how often a request is tried
    again after such a wait; by default it is not, and the error is raised.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._overall = Window(*OVERALL)
        self._chats: dict[int, Window] = {}
        self._halts: dict[int, float] = {}
        self._all_halt = -math.inf
        self._tickets: list[Ticket] = []
        self._changed = asyncio.Event()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""

    def ready_in(self, chat_id: int) -> float:
        """Seconds until a message to this chat may start, as far as is known now; 0 for at once."""
        at = self._free_at(chat_id)
        return 0.0 if math.isinf(at) else max(0.0, at - self._now())

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Answer:
        chat_id = data.get("chat_id")
        if not isinstance(chat_id, int) or endpoint in FREE or not endpoint.startswith(POSTS):
            return await callback(*args, **kwargs)
        tries = 1 + (rate_limit_args or 0)
        while True:
            tries -= 1
            windows = await self._place(chat_id)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self._halt(chat_id, error)
                if tries <= 0:
                    raise
            finally:
                self._answered(windows)

    async def _place(self, chat_id: int) -> tuple[Window, Window]:
        """Wait for a place and take it."""
        ticket = Ticket(chat_id)
        self._tickets.append(ticket)
        try:
            while (at := self._free_at(chat_id)) > self._now() or self._is_overtaking(ticket):
                if at > self._now() and not math.isinf(at):
                    await self._sleep(at - self._now())
                else:
                    self._changed.clear()
                    await self._changed.wait()
            windows = (self._overall, self._chat(chat_id))
            for window in windows:
                window.flying += 1
            return windows
        finally:
            self._tickets.remove(ticket)
            self._changed.set()

    def _is_overtaking(self, ticket: Ticket) -> bool:
        """Whether somebody who came earlier could go now."""
        for earlier in self._tickets:
            if earlier is ticket:
                return False
            if self._free_at(earlier.chat_id) <= self._now():
                return True
        return False

    def _free_at(self, chat_id: int) -> float:
        now = self._now()
        return max(
            self._overall.free_at(now),
            self._chat(chat_id).free_at(now),
            self._halts.get(chat_id, now),
            self._all_halt,
        )

    def _answered(self, windows: tuple[Window, ...]) -> None:
        for window in windows:
            window.flying -= 1
            window.answered.append(self._now())
        self._changed.set()

    def _halt(self, chat_id: int, error: RetryAfter) -> None:
        now, seconds = self._now(), pause_of(error).total_seconds()
        self._halts = {chat: until for chat, until in self._halts.items() if until > now}
        is_second = any(chat != chat_id for chat in self._halts)
        self._halts[chat_id] = max(self._halts.get(chat_id, now), now + seconds)
        if is_second:
            self._all_halt = max(self._halts.values())

    def _chat(self, chat_id: int) -> Window:
        if chat_id not in self._chats:
            if len(self._chats) >= MANY:
                now = self._now()
                busy = {one: w for one, w in self._chats.items() if not w.is_idle(now)}
                self._chats = busy
            self._chats[chat_id] = Window(*(IN_A_GROUP if chat_id < 0 else IN_PRIVATE))
        return self._chats[chat_id]
