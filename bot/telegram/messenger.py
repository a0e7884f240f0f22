"""Sending for the ledger: one try, and what became of it."""

from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from telegram import InputMediaPhoto
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
from bot.telegram.limits import FloodLimits, pause_of
from bot.telegram.transport import certainly_not_sent
from bot.text.render import Html

CLOSED = (
    "chat not found",
    "chat_write_forbidden",
    "message thread not found",
    "not enough rights",
    "topic_closed",
    "topic_deleted",
)
"""What Telegram says of a chat or a topic that takes no messages from the bot, as long as people
leave it so."""

NO_PHOTOS = "not enough rights to send photos"
"""What it says of one that takes words, but no pictures."""


class TelegramMessenger:
    """Tries each message once; what Telegram puts off is tried again by the ledger."""

    def __init__(self, bot: ExtBot[Any]) -> None:
        self._bot = bot

    async def send(
        self,
        chat_id: int,
        topic_id: int | None,
        text: Html,
        buttons: tuple[Button, ...] = (),
        picture: bytes | None = None,
    ) -> Outcome:
        keyboard = row(buttons) if buttons else None
        try:
            if picture is None:
                message = await self._bot.send_message(
                    chat_id,
                    text,
                    parse_mode=ParseMode.HTML,
                    message_thread_id=topic_id,
                    link_preview_options=NO_PREVIEW,
                    reply_markup=keyboard,
                )
            else:
                message = await self._bot.send_photo(
                    chat_id,
                    picture,
                    text,
                    parse_mode=ParseMode.HTML,
                    message_thread_id=topic_id,
                    reply_markup=keyboard,
                )
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message.message_id)

    async def edit(
        self, chat_id: int, message_id: int, text: Html, buttons: tuple[Button, ...] = ()
    ) -> Outcome:
        return await _edited(
            message_id,
            self._bot.edit_message_text(
                text,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=row(buttons) if buttons else None,
            ),
        )

    async def edit_caption(
        self,
        chat_id: int,
        message_id: int,
        text: Html,
        buttons: tuple[Button, ...] = (),
        picture: bytes | None = None,
    ) -> Outcome:
        keyboard = row(buttons) if buttons else None
        if picture is not None:
            media = InputMediaPhoto(picture, text, ParseMode.HTML)
            edit = self._bot.edit_message_media(media, chat_id, message_id, reply_markup=keyboard)
        else:
            edit = self._bot.edit_message_caption(
                chat_id, message_id, caption=text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        return await _edited(message_id, edit)

    async def pin(self, chat_id: int, message_id: int) -> bool:
        try:
            return await self._bot.pin_chat_message(chat_id, message_id, disable_notification=True)
        except TelegramError:
            return False

    async def unpin(self, chat_id: int, message_id: int) -> None:
        with suppress(TelegramError):  # somebody unpinned or deleted it
            await self._bot.unpin_chat_message(chat_id, message_id)

    async def is_reachable(self) -> bool:
        try:
            await self._bot.get_me()
        except RetryAfter:
            return True
        except TelegramError:
            return False
        return True

    def ready_in(self, chat_id: int) -> float:
        limits = self._bot.rate_limiter
        return limits.ready_in(chat_id) if isinstance(limits, FloodLimits) else 0.0


async def _edited(message_id: int, edit: Awaitable[object]) -> Outcome:
    try:
        await edit
    except BadRequest as error:
        if "message is not modified" not in error.message.lower():
            return outcome_of(error)
    except TelegramError as error:
        return outcome_of(error)
    return Sent(message_id)


def is_closed(error: Forbidden | BadRequest) -> bool:
    """Whether this says that the chat or the topic takes no messages from the bot."""
    said = error.message.lower()
    return isinstance(error, Forbidden) or any(reason in said for reason in CLOSED)


def outcome_of(error: TelegramError) -> Outcome:
    """What an error of the library says about the message. The order matters: `BadRequest` and
    `TimedOut` are kinds of `NetworkError`.

    A 5xx in the Bot API's own words is its refusal, and is tried again; one that is a web page
    comes from a gateway on the way, behind which the message may have arrived.
    """
    match error:
        case RetryAfter():
            return NotSent("Telegram asked to wait", pause_of(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden() | BadRequest():
            closed = is_closed(error) and NO_PHOTOS not in error.message.lower()
            return Refused(f"Telegram refused it: {error.message}"[:200], unreachable=closed)
        case InvalidToken():
            return NotSent("the token is not accepted")
        case TimedOut() | NetworkError() if certainly_not_sent(error):
            return NotSent("Telegram could not be reached")
        case NetworkError() if type(error) is NetworkError and error.__cause__ is None:
            return NotSent(f"Telegram had a fault: {error.message}"[:200])
        case _:
            return MaybeSent("Telegram did not answer")
