"""Long polling that acknowledges an update only when it has been handled.

It replaces `telegram.ext.Updater`, which moves the offset on as soon as updates are received, so
that a crash loses whatever waits in its queue.

Updates are asked for with `Bot.do_api_request`, the library's public way to a raw answer, not with
`Bot.get_updates`: that one parses a whole batch at once, and one update that the library cannot
read would cost its 99 neighbours.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.clock import Clock
from bot.telegram.tidy import tidied
from bot.telegram.trouble import Trouble, Troubles, is_webhook, log_trouble

LONG_POLL_SECONDS: Final = 30
"""How long the server may hold a request while there is nothing new; the Bot API allows 50."""

ANSWER_SECONDS: Final = 10
"""What an answer may take beyond that."""

MOMENT_SECONDS: Final = 0.2
LONGEST_MOMENT_SECONDS: Final = 1.6
"""How long a slow handler may keep the next look for updates of other chats waiting: longer and
longer as long as nothing comes. The server cannot hold such a look, since it has updates that are
not acknowledged, and answers with all of them each time."""

STOP_SECONDS: Final = 3.0
"""How long updates in hand may take after `stop`; the rest comes again after the restart. Longer
takes mostly an answer that waits for the flood limit, which may be a minute."""

# Written so on purpose: `do_api_request` warns of every name for which the bot has a method, and
# makes "getUpdates" of this one, which the library keeps out of the rate limiter.
_GET_UPDATES: Final = "get_Updates"

_logger = logging.getLogger(__name__)

T = TypeVar("T")
Pause = Callable[[float], Awaitable[None]]
Raw = dict[str, Any]


class Poller:
    """Fetches updates and hands each to `handle`, at least once.

    Updates of one chat (of one user where there is no chat) are handled in order, different chats
    side by side. An update is acknowledged when `handle` has returned or raised, or when the
    library cannot read it; the last two are logged. At most `limit` (1 to 100) updates that are
    not acknowledged are in memory, so a chat with `limit` updates waiting behind a slow one holds
    up the others. `handle` must be safe to run twice for one `update_id`.

    `pause` waits some seconds; tests give one that does not. `on_trouble` hears once of each
    trouble that begins and once when it has been over for a while by `clock`.
    """

    def __init__(
        self,
        bot: ExtBot[Any],
        handle: Callable[[Update], Awaitable[None]],
        *,
        allowed_updates: Sequence[str],
        clock: Clock,
        on_trouble: Callable[[Trouble], None] = log_trouble,
        limit: int = 100,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._handle = handle
        self._allowed_updates = list(allowed_updates)
        self._limit = limit
        self._pause = pause
        self._troubles = Troubles(on_trouble, clock)
        self._stopping = asyncio.Event()
        self._lanes = Lanes(self._handle_one)
        # Received and not yet acknowledged, in the server's order; True is handled.
        self._window: dict[int, bool] = {}
        self._moment = MOMENT_SECONDS
        self._offset: int | None = None
        self._acknowledged: int | None = None

    def stop(self) -> None:
        """Have `run` finish what is in hand, acknowledge it and return."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until `stop`. A poller runs once.

        Raises `TokenRefusedError` if the server refuses the token from the start. Every other
        fault is waited out: one that comes later can mend without a hand.
        """
        try:
            while not self._stopping.is_set():
                await self._round()
            await _first(self._lanes.empty.wait(), self._pause(STOP_SECONDS))
        finally:
            await self._lanes.cancel()
        await self._acknowledge()

    async def _round(self) -> None:
        offset = self._next_offset()
        # A short first look tells at once whether the token is good, or a trouble over.
        hold = LONG_POLL_SECONDS if self._troubles.none and not self._window else 0
        try:
            raws = await _first(
                self._fetch(offset, hold, self._limit), self._nothing_once_stopping()
            )
        except Exception as error:  # noqa: BLE001 - whatever an answer does to the library
            wait = self._troubles.began(error)
            if is_webhook(error):
                await self._remove_webhook()
            await _first(self._pause(wait), self._stopping.wait())
            return
        if raws is None:
            return
        self._troubles.worked()
        self._acknowledged = offset
        fresh = {raw["update_id"]: raw for raw in raws if raw["update_id"] not in self._window}
        for raw in fresh.values():
            self._admit(raw)
        self._moment = MOMENT_SECONDS if fresh else min(2 * self._moment, LONGEST_MOMENT_SECONDS)
        await self._settle()

    async def _remove_webhook(self) -> None:
        with suppress(TelegramError):  # the next round meets it again
            await self._bot.delete_webhook()

    async def _settle(self) -> None:
        """Wait until all is handled, or for a moment and until there is room for more."""
        while not (self._lanes.empty.is_set() or self._stopping.is_set()):
            await _first(self._lanes.empty.wait(), self._pause(self._moment), self._stopping.wait())
            self._next_offset()
            if len(self._window) < self._limit:
                return

    async def _nothing_once_stopping(self) -> None:
        await self._stopping.wait()

    async def _fetch(self, offset: int | None, hold: int, limit: int) -> list[Raw]:
        raws = await self._bot.do_api_request(
            _GET_UPDATES,
            {
                "offset": offset,
                "limit": limit,
                "timeout": hold,
                "allowed_updates": self._allowed_updates,
            },
            read_timeout=hold + ANSWER_SECONDS,
        )
        # Without an id there is nothing to acknowledge, and the same answer would come for ever.
        if type(raws) is not list or not all(type(raw["update_id"]) is int for raw in raws):
            raise TypeError("no list of numbered updates")
        return raws

    def _next_offset(self) -> int | None:
        """Move the offset past what is handled; what the answer to it repeats is known."""
        while self._window:
            update_id, handled = next(iter(self._window.items()))
            if not handled:
                self._offset = update_id
                break
            del self._window[update_id]
            self._offset = update_id + 1
        return self._offset

    def _admit(self, raw: Raw) -> None:
        update_id: int = raw["update_id"]
        self._window[update_id] = False
        try:
            update = Update.de_json(tidied(raw), self._bot)
            self._bot.insert_callback_data(update)
            lane = _lane_of(update)
        except Exception:
            _logger.exception("Update %s could not be read and is left out.", update_id)
            self._window[update_id] = True
            return
        self._lanes.add(lane, update)

    async def _handle_one(self, update: Update) -> None:
        try:
            await self._handle(update)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            _logger.exception("Handling update %s was cancelled from inside.", update.update_id)
        except Exception:
            _logger.exception("Handling update %s failed; it is not tried again.", update.update_id)
        self._window[update.update_id] = True

    async def _acknowledge(self) -> None:
        offset = self._next_offset()
        if offset is None or offset == self._acknowledged:
            return
        try:
            await self._fetch(offset, 0, 1)
        except Exception as error:  # noqa: BLE001 - nothing may keep the bot from stopping
            _logger.warning(
                "The last updates could not be acknowledged (%s). They will come again after the "
                "next start.",
                error,
            )


def _lane_of(update: Update) -> int | None:
    """The chat, else the user, whose private chat has the same number; else one lane for all."""
    owner = update.effective_chat or update.effective_user
    return owner.id if owner else None


async def _first(*waits: Awaitable[T]) -> T:
    """The result of what is done first; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task.done()).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Lanes:
    """One queue per chat, each worked off in order, all side by side."""

    def __init__(self, handle: Callable[[Update], Coroutine[Any, Any, None]]) -> None:
        self._handle = handle
        self._queues: dict[int | None, deque[Update]] = {}
        self._tasks: dict[int | None, asyncio.Task[None]] = {}
        self.empty = asyncio.Event()
        self.empty.set()

    def add(self, key: int | None, update: Update) -> None:
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(update)
            return
        self._queues[key] = deque([update])
        self._tasks[key] = asyncio.create_task(self._work_off(key), name=f"updates of {key}")
        self.empty.clear()

    async def _work_off(self, key: int | None) -> None:
        queue = self._queues[key]
        try:
            while queue:
                await self._handle(queue.popleft())
        finally:
            del self._queues[key], self._tasks[key]
            if not self._tasks:
                self.empty.set()

    async def cancel(self) -> None:
        """Drop every queue and wait until the handlers have let go."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
