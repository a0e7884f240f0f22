"""The bot itself, without flood limits: `ORIGIN TOKEN DATABASE`."""

import asyncio
import logging
import sys

from pydantic import SecretStr

from bot.app import ReadingGroupBot
from bot.clock import SystemClock
from bot.config import Settings, StorageSettings, TelegramSettings
from storage.store import open_store


async def main(origin: str, token: str, url: str) -> None:
    store = open_store(url, SystemClock().now())
    settings = Settings(
        telegram=TelegramSettings(token=SecretStr(token), api_base_url=origin),
        storage=StorageSettings(url=url),
    )
    await ReadingGroupBot(settings, store, flood_limits=False).run()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main(*sys.argv[1:]))
