"""How an answer gets to the chat: as messages, as a file, or in place of a message."""

from typing import Any

from telegram import Chat, ForceReply, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackContext, ExtBot

from bot.telegram.incoming import beside, chat_of, message_of
from bot.telegram.keyboards import NO_PREVIEW
from bot.text.render import Html, headed
from bot.text.split import pack

Keyboard = InlineKeyboardMarkup | ForceReply

TRIES = 2
CANNOT_BE_CHANGED = (
    "message to edit not found",
    "message can't be edited",
    "no text in the message to edit",
)
"""What Telegram says of a message that somebody deleted, that is too old, or that is a picture."""


class Answering(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[str, Any]]):
    """The library's context, with ways to answer the update that it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading: Html | None = None
        """Whose answer it is, for who is in several groups and asks alone."""

    async def answer(
        self, update: Update, text: Html, keyboard: InlineKeyboardMarkup | None = None
    ) -> int:
        """Answer a tap in place of its message, and a message below it. Returns the answer's
        message id."""
        if update.callback_query is None:
            return await self.reply(update, text, keyboard)
        return await self.replace(update, text, keyboard)

    async def reply(self, update: Update, text: Html, keyboard: Keyboard | None = None) -> int:
        """Answer where the question was asked, in as many messages as it takes; the buttons are
        under the last, whose message id is returned."""
        message, chat = message_of(update), chat_of(update)
        *first, last = pack(headed(self.heading, text))
        for part in first:
            await self._send(chat, message, part, None)
        return await self._send(chat, message, last, keyboard)

    async def _send(
        self,
        chat: Chat,
        message: Message | None,
        text: Html,
        keyboard: Keyboard | None,
    ) -> int:
        sent = await self.bot.send_message(
            chat.id,
            text,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
            rate_limit_args=self.tries,
            **beside(chat, message),
        )
        return sent.message_id

    async def send_file(
        self, update: Update, document: str | bytes, name: str, caption: Html
    ) -> str | None:
        """Answer with a file, given by Telegram's id for it or by its content. Returns the id for
        the next time. Raises `BadRequest` for an id that Telegram does not know any more."""
        message, chat = message_of(update), chat_of(update)
        sent = await self.bot.send_document(
            chat.id,
            document,
            caption=caption,
            filename=name,
            parse_mode=ParseMode.HTML,
            rate_limit_args=self.tries,
            **beside(chat, message),
        )
        return sent.document.file_id if sent.document else None

    @property
    def tries(self) -> int | None:
        """How often an answer is tried again when Telegram asks to wait; `None` where nothing
        keeps to limits."""
        return TRIES if self.bot.rate_limiter is not None else None

    async def replace(
        self, update: Update, text: Html, keyboard: InlineKeyboardMarkup | None = None
    ) -> int:
        """Put the answer in place of the message whose button was tapped, or below it when it
        cannot be changed any more. A second tap that changes nothing is no fault. Returns the
        message id of the answer."""
        if update.callback_query is None:
            raise ValueError("only a tap can replace a message")
        message = message_of(update)
        if message is None:
            return await self.reply(update, text, keyboard)
        try:
            await self.bot.edit_message_text(
                pack(headed(self.heading, text))[0],
                message.chat.id,
                message.message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard,
                rate_limit_args=self.tries,
            )
        except BadRequest as error:
            said = error.message.lower()
            if any(cause in said for cause in CANNOT_BE_CHANGED):
                return await self.reply(update, text, keyboard)
            if "message is not modified" not in said:
                raise
        return message.message_id
