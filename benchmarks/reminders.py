"""A thousand groups due at the same minute, against Telegram's limits on the wall clock."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from benchmarks.results import Row
from bot.app import ReadingGroupBot
from bot.clock import MovableClock, SystemClock
from bot.config import PublishSettings, Settings, StorageSettings, TelegramSettings
from bot.demo.stage import started
from bot.sandbox import ApiError, Limits, Sandbox
from bot.sandbox.limits import Meter
from bot.services import ledger
from bot.services.ledger import Promise
from storage import models
from storage.enums import ChatKind, DeliveryKind, Weekday
from storage.store import open_store

GROUPS = 1000
A_SECOND = 30
"""What Telegram takes in all."""

SLOWEST = 1.05
"""Of the time that the limit allows at best."""


@dataclass(frozen=True, slots=True)
class Scale:
    """`seconds` for all, what the limit allows at best, and how often Telegram asked to wait."""

    groups: int
    arrived: int
    seconds: float
    at_best: float
    asked_to_wait: int

    @property
    def ratio(self) -> float:
        return self.seconds / self.at_best


class Strict(Meter):
    """Counts how often it turned something down."""

    refused = 0

    def spend(self, chat_id: int) -> None:
        try:
            super().spend(chat_id)
        except ApiError:
            self.refused += 1
            raise


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="reading-group-") as folder:
        scale = asyncio.run(measure(Path(folder)))
    yield Row(
        f"{scale.arrived} of {scale.groups} groups due at one minute",
        "the flood limit's own time",
        scale.ratio,
        SLOWEST,
        f"{scale.seconds:.1f} and {scale.at_best:.1f} s, asked to wait {scale.asked_to_wait} times",
    )


async def measure(folder: Path, groups: int = GROUPS) -> Scale:
    now = datetime(2026, 1, 10, 11, tzinfo=UTC)
    clock = MovableClock(now)
    sandbox = Sandbox(clock)
    sandbox.meter = strict = Strict(Limits(), SystemClock())
    await sandbox.start()
    url = f"sqlite:///{folder / 'scale'}.db"
    store = open_store(url, now)
    chats = [sandbox.add_group(f"Group {number}", {}) for number in range(groups)]
    with store.writing() as session:
        for number, chat in enumerate(chats, 1):
            session.add(
                models.Group(
                    id=number, name=chat.title, timezone="UTC", weekday=Weekday.TUESDAY,
                    start_time=now.time(), duration_minutes=90, created_at=now,
                )
            )  # fmt: skip
            session.flush()
            session.add(
                models.Chat(
                    id=number, group_id=number, telegram_id=chat.id, kind=ChatKind.SUPERGROUP,
                    title=chat.title,
                )
            )  # fmt: skip
            session.flush()
            promise = Promise(
                f"scale:{number}", DeliveryKind.MESSAGE, now, now + timedelta(days=1),
                chat_id=number, text="Bring your laptops.",
            )  # fmt: skip
            ledger.owe(session, number, promise, now)
    settings = Settings(
        telegram=TelegramSettings(token=SecretStr(sandbox.token), api_base_url=sandbox.origin),
        storage=StorageSettings(url=url),
        publish=PublishSettings(folder=folder / "public"),
    )
    bot = ReadingGroupBot(settings, store, clock, tick_seconds=3600)
    running = await started(bot)
    try:
        begins = time.monotonic()
        await bot.tick()
        seconds = time.monotonic() - begins
    finally:
        bot.stop()
        await asyncio.wait({running})
        store.close()
        await sandbox.stop()
    arrived = sum(message.from_bot for chat in chats for message in chat.in_order())
    # The first second's messages need no waiting.
    return Scale(groups, arrived, seconds, (groups - A_SECOND) / A_SECOND, strict.refused)
