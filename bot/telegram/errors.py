"""The one place where anything that a handler raises becomes a sentence."""

import logging
import re
from html import unescape

from sqlalchemy.exc import DatabaseError, OperationalError
from telegram import Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import CallbackContext

from bot.errors import DomainError
from bot.services import groups
from bot.telegram.context import Context
from bot.telegram.messenger import is_closed
from bot.text.render import Html, render, render_refusal

log = logging.getLogger(__name__)

MAX_ALERT = 200
"""Characters in the answer to a tap, by the Bot API."""


async def handle(update: object, context: CallbackContext) -> None:  # type: ignore[type-arg]
    """In order: a refusal is told; a database that is busy is told; what Telegram or the network
    did is logged; anything else is our fault, logged with its traceback, and told."""
    error = context.error
    if not isinstance(update, Update) or not isinstance(context, Context) or error is None:
        log.error("an error outside of any update", exc_info=error)
        return
    match error:
        case DomainError():
            await tell(update, context, render_refusal(error))
        case DatabaseError() if type(error) in (DatabaseError, OperationalError):
            # The others say that a statement of ours is wrong.
            log.error("update %d: %s", update.update_id, context.tools.store.explain(error))
            await tell(update, context, render("busy"))
        case ChatMigrated(new_chat_id=new):
            old = update.effective_chat.id if update.effective_chat else 0
            log.warning("update %d: its chat became a supergroup meanwhile", update.update_id)
            await context.tools.store.write(lambda session: groups.migrate_chat(session, old, new))
        case RetryAfter() | Forbidden() | InvalidToken():
            log.warning("update %d: %s", update.update_id, error.message)
        case BadRequest() if is_closed(error):
            log.warning("update %d: the bot may not write there: %s", update.update_id, error)
        case NetworkError() if not isinstance(error, BadRequest):
            log.warning("update %d: Telegram was out of reach", update.update_id)
        case TelegramError() if type(error) is TelegramError:
            # The library says so of an answer that is no JSON.
            log.warning("update %d: Telegram's answer makes no sense", update.update_id)
        case _:
            log.error("update %d failed", update.update_id, exc_info=error)
            await tell(update, context, render("went_wrong"))


async def tell(update: Update, context: Context, text: Html) -> None:
    """Say it in a message, or in an alert for who tapped; where neither is possible, nowhere."""
    try:
        if update.callback_query is not None:
            await update.callback_query.answer(plain(text)[:MAX_ALERT], show_alert=True)
        elif update.effective_chat is not None:
            await context.reply(update, text)
    except TelegramError as error:
        log.warning("update %d: the answer was not taken: %s", update.update_id, error.message)


def plain(text: Html) -> str:
    """The words alone: an alert has no formatting."""
    return unescape(re.sub(r"<[^>]*>", "", text))
