"""Sending for the ledger: one try, and what became of it."""

import asyncio
from datetime import timedelta
from typing import Any

from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot

from bot.delivery.outcomes import Button, MaybeSent, Moved, NotSent, Outcome, Refused, Sent
from bot.telegram.keyboards import NO_PREVIEW, row
from bot.telegram.transport import certainly_not_sent
from bot.text.render import Html

BETWEEN_MESSAGES = 0.05
"""Seconds between two messages of the ledger: below Telegram's 30 a second in all."""


class TelegramMessenger:
    """`flood_limits` says whether the bot keeps below Telegram's limits."""

    def __init__(self, bot: ExtBot[Any], *, flood_limits: bool = True) -> None:
        self._bot = bot
        self._pause = BETWEEN_MESSAGES if flood_limits else 0.0

    async def send(
        self, chat_id: int, topic_id: int | None, text: Html, buttons: tuple[Button, ...] = ()
    ) -> Outcome:
        try:
            message = await self._bot.send_message(
                chat_id,
                text,
                parse_mode=ParseMode.HTML,
                message_thread_id=topic_id,
                link_preview_options=NO_PREVIEW,
                reply_markup=row(buttons) if buttons else None,
            )
        except TelegramError as error:
            return outcome_of(error)
        await asyncio.sleep(self._pause)
        return Sent(message.message_id)


def outcome_of(error: TelegramError) -> Outcome:
    """What an error of the library says about the message. The order matters: `BadRequest` and
    `TimedOut` are kinds of `NetworkError`.

    A 5xx in the Bot API's own words is its refusal, and is tried again; one that is a web page
    comes from a gateway on the way, behind which the message may have arrived.
    """
    match error:
        case RetryAfter():
            return NotSent("Telegram asked to wait", _pause(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden() | BadRequest():
            gone = isinstance(error, Forbidden) or "chat not found" in error.message.lower()
            return Refused(f"Telegram refused it: {error.message}"[:200], unreachable=gone)
        case InvalidToken():
            return NotSent("the token is not accepted")
        case TimedOut() | NetworkError() if certainly_not_sent(error):
            return NotSent("Telegram could not be reached")
        case NetworkError() if type(error) is NetworkError and error.__cause__ is None:
            return NotSent(f"Telegram had a fault: {error.message}"[:200])
        case _:
            return MaybeSent("Telegram did not answer")


def _pause(error: RetryAfter) -> timedelta:
    told = error.retry_after
    return told if isinstance(told, timedelta) else timedelta(seconds=told)
