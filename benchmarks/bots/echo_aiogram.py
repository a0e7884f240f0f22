"""An echo bot on aiogram as it comes: `ORIGIN TOKEN`. It runs in a virtual environment of its own
and imports nothing else of ours."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def echo(message: Message) -> None:
    await message.answer(message.text or "")


async def main(origin: str, token: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(origin))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
