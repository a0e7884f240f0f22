"""Where the time comes from. Nothing else in the bot asks the machine."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved: for the demo and the tests."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware time")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> datetime:
        """Move by `by`, which may be negative, and return the new time."""
        return self.set(self._now + by)

    def set(self, to: datetime) -> datetime:
        if to.tzinfo is None:
            raise ValueError("a clock is set to an aware time")
        self._now = to.astimezone(UTC)
        return self._now
