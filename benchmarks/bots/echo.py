"""An echo bot on python-telegram-bot: `ORIGIN TOKEN ours|plain`.

`plain` is the library's own example as it comes. `ours` is the same on our transport and settings:
chats side by side, each in its own order, no update acknowledged before it is handled.
"""

import asyncio
import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def plain(origin: str, token: str) -> None:
    application = Application.builder().token(token).base_url(f"{origin}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


async def ours(origin: str, token: str) -> None:
    from bot.clock import SystemClock  # noqa: PLC0415 - not for the plain one
    from bot.telegram.application import Requests  # noqa: PLC0415
    from bot.telegram.polling import Poller  # noqa: PLC0415

    requests = Requests(None)
    application: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder()
        .token(token)
        .base_url(f"{origin}/bot")
        .request(requests.answers)
        .get_updates_request(requests.updates)
        .updater(None)
        .job_queue(None)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    await application.initialize()
    await Poller(
        application.bot,
        application.process_update,
        allowed_updates=["message"],
        clock=SystemClock(),
    ).run()


if __name__ == "__main__":
    place, secret, kind = sys.argv[1:]
    if kind == "plain":
        plain(place, secret)
    else:
        asyncio.run(ours(place, secret))
