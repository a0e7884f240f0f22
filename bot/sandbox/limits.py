"""Telegram's flood limits, on the sandbox's clock."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.refusals import ApiError

PRIVATE_BURST = 5
"""Messages that a private chat takes at once before the rate per second counts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages that are taken, by what Telegram's FAQ for bots says; `None` is without limit."""

    overall_per_second: int | None = 30
    group_per_minute: int | None = 20
    private_per_second: int | None = 1


class Meter:
    """Counts messages in sliding windows."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._all: deque[datetime] = deque()
        self._chats: dict[int, deque[datetime]] = defaultdict(deque)

    def spend(self, chat_id: int) -> None:
        """Count a message to this chat (groups have negative ids). Raises `ApiError` 429, with
        `retry_after` in whole seconds, when it is one too many; such a one is not counted."""
        now = self._clock.now()
        second = timedelta(seconds=1)
        waits = [_wait(self._all, self._limits.overall_per_second, second, now)]
        sent = self._chats[chat_id]
        if chat_id < 0:
            waits.append(_wait(sent, self._limits.group_per_minute, timedelta(minutes=1), now))
        elif (rate := self._limits.private_per_second) is not None:
            burst = max(rate, PRIVATE_BURST)
            waits.append(_wait(sent, burst, second * burst / rate, now))
        longest = max(waits)
        if longest > timedelta(0):
            seconds = max(1, math.ceil(longest.total_seconds()))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        # What nobody limits is not remembered: on a clock that stands still it would pile up.
        if self._limits.overall_per_second is not None:
            self._all.append(now)
        limit = self._limits.group_per_minute if chat_id < 0 else self._limits.private_per_second
        if limit is not None:
            sent.append(now)


def _wait(sent: deque[datetime], most: int | None, window: timedelta, now: datetime) -> timedelta:
    """How long until one more fits into the window."""
    # A clock that was set back leaves no debts in the future.
    while sent and not now - window < sent[0] <= now:
        sent.popleft()
    if most is None or len(sent) < most:
        return timedelta(0)
    return sent[0] + window - now
