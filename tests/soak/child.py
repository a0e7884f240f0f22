"""The bot's process, which ticks when it is told to and may be killed at any moment."""

import asyncio
import logging
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import SecretStr

from bot.app import ReadingGroupBot
from bot.clock import MovableClock
from bot.config import PublishSettings, Settings, StorageSettings, TelegramSettings
from bot.demo.stage import started
from bot.telegram import application
from bot.telegram.transport import AiohttpRequest
from storage.store import open_store

PATIENCE = 0.3
"""Seconds without an answer after which the bot gives up: on loopback that is long."""


def work(
    pipe: "Connection[str, datetime]", url: str, origin: str, token: str, now: datetime
) -> None:
    """Answer each time that comes down the pipe with a word once the tick at that time is over."""
    logging.disable(logging.CRITICAL)
    setattr(application, "AiohttpRequest", partial(AiohttpRequest, read_timeout=PATIENCE))  # noqa: B010 - not its own name
    asyncio.run(_work(pipe, url, origin, token, now))


async def _work(
    pipe: "Connection[str, datetime]", url: str, origin: str, token: str, now: datetime
) -> None:
    clock = MovableClock(now)
    store = open_store(url, now)
    settings = Settings(
        telegram=TelegramSettings(token=SecretStr(token), api_base_url=origin),
        storage=StorageSettings(url=url),
        publish=PublishSettings(folder=Path(store.url.database or "").with_suffix(".public")),
    )
    bot = ReadingGroupBot(settings, store, clock, tick_seconds=3600, flood_limits=False)
    await started(bot)
    pipe.send("ready")
    while True:
        clock.set(await asyncio.get_running_loop().run_in_executor(None, pipe.recv))
        await bot.tick()
        pipe.send("done")
