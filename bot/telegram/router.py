"""Every command, button and event, in the order in which they are tried."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.error import BadRequest
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.domain import callbacks
from bot.errors import DomainError, Refusal
from bot.telegram import errors
from bot.telegram.context import Context
from bot.telegram.handlers import claims, deliveries, releases, schedule, setup, videos, welcome

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

COMMANDS: dict[str, Handler] = {
    "start": welcome.start,
    "help": welcome.help_,
    "next": schedule.next_,
    "schedule": schedule.schedule,
    "meeting": schedule.meeting,
    "open": schedule.open_,
    "find": schedule.find,
    "mine": schedule.mine,
    "claim": claims.claim,
    "release": releases.ask,
    "video": videos.video,
    "setup": setup.setup,
}

BUTTONS: dict[
    type[callbacks.Callback], Callable[[Update, Context, Any], Coroutine[Any, Any, None]]
] = {
    callbacks.ShowSchedule: schedule.turn_page,
    callbacks.Book: claims.book,
    callbacks.Release: releases.release,
    callbacks.PostVideo: videos.post,
    callbacks.ChooseGroup: welcome.choose_group,
    callbacks.Arrived: deliveries.it_arrived,
    callbacks.SendAgain: deliveries.send_again,
}

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member", "chat_member")


def add_handlers(application: Application[Any, Context, Any, Any, Any, Any]) -> None:
    # First: the other handlers look at the message, which a tap may have without its contents.
    application.add_handler(CallbackQueryHandler(tapped))
    # Edited messages and channel posts are left alone: a command acts once, when it is sent.
    new = filters.UpdateType.MESSAGE
    for name, handler in COMMANDS.items():
        application.add_handler(CommandHandler(name, handler, filters=new))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, setup.migrated))
    application.add_handler(ChatMemberHandler(setup.bot_moved, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(ChatMemberHandler(setup.member_changed, ChatMemberHandler.CHAT_MEMBER))
    application.add_handler(
        MessageHandler(new & filters.ChatType.PRIVATE & filters.TEXT, welcome.unknown)
    )
    application.add_error_handler(errors.handle)


async def tapped(update: Update, context: Context) -> None:
    """A tap: the handler for what the button carries, then the end of the waiting sign."""
    query = update.callback_query
    if query is None:
        return
    asked = callbacks.decode(query.data or "")
    if asked is None:
        raise DomainError(Refusal.OLD_BUTTON)
    await BUTTONS[type(asked)](update, context, asked)
    try:
        await query.answer()
    except BadRequest:
        return  # tapped so long ago that nobody waits for the answer any more
