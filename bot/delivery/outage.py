"""While Telegram is silent, what is due waits: each message sent into the silence would be one more
that organizers have to be asked about."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.delivery.outcomes import MaybeSent, NotSent, Outcome

log = logging.getLogger(__name__)


class Outage:
    """Whether Telegram is silent. `is_reachable` asks it for something that cannot arrive twice."""

    def __init__(self, clock: Clock, is_reachable: Callable[[], Awaitable[bool]]) -> None:
        self._clock = clock
        self._is_reachable = is_reachable
        self._since: datetime | None = None
        self.reason: str | None = None
        """Why nothing may be sent now; `None` as long as everything may."""

    async def weigh(self, outcome: Outcome) -> None:
        """What became of a message. One that did not get through may be chance: ask, and hold back
        what else is due only if that gets no answer either. Nothing else may be sent until this
        returns."""
        match outcome:
            case MaybeSent(reason) | NotSent(reason, None) if self.reason is None:
                await self._doubt(reason)

    async def _doubt(self, reason: str) -> None:
        self.reason = reason
        if await self._is_reachable():
            self.reason = None
            return
        self._since = self._clock.now()
        log.warning("Messages that are due wait until Telegram answers: %s.", reason)

    async def is_over(self) -> bool:
        """Ask again, if it was silent when asked last."""
        if self.reason is not None and not await self._is_reachable():
            return False
        if self.reason is not None:
            log.info("Messages go out again; they waited since %s UTC.", f"{self._since:%H:%M}")
            self.reason = None
        return True
