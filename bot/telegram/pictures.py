"""Answers that are a picture with its words below."""

from telegram import InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.telegram.context import Context
from bot.telegram.incoming import beside, chat_of, message_of
from bot.telegram.messenger import NO_PHOTOS
from bot.text.render import Html
from bot.text.split import MAX_CAPTION, pack


async def answer(
    update: Update,
    context: Context,
    picture: bytes | None,
    text: Html,
    keyboard: InlineKeyboardMarkup | None = None,
) -> None:
    """Answer a question with the picture, a tap in place of the picture whose button it was. The
    words alone do where there is no picture, where the chat takes none, and where the tapped one
    cannot be changed any more."""
    caption = pack(text, MAX_CAPTION)[0]
    tapped = update.callback_query is not None
    if picture is None:
        await context.reply(update, text)
    elif not (tapped and await _replaced(update, context, picture, caption, keyboard)):
        await _send(update, context, picture, caption, keyboard)


async def _send(
    update: Update,
    context: Context,
    picture: bytes,
    caption: Html,
    keyboard: InlineKeyboardMarkup | None,
) -> None:
    chat = chat_of(update)
    try:
        await context.bot.send_photo(
            chat.id,
            picture,
            caption,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard,
            rate_limit_args=context.tries,
            **beside(chat, message_of(update)),
        )
    except BadRequest as error:
        if NO_PHOTOS not in error.message.lower():
            raise
        await context.reply(update, caption)


async def _replaced(
    update: Update,
    context: Context,
    picture: bytes,
    caption: Html,
    keyboard: InlineKeyboardMarkup | None,
) -> bool:
    message = message_of(update)
    if message is None or not message.photo:
        return False
    try:
        await context.bot.edit_message_media(
            InputMediaPhoto(picture, caption, ParseMode.HTML),
            message.chat.id,
            message.message_id,
            reply_markup=keyboard,
            rate_limit_args=context.tries,
        )
    except BadRequest as error:
        return "message is not modified" in error.message.lower()
    return True
