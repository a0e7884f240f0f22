"""Every command, button and event, in the order in which they are tried."""

import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, cast

from sqlalchemy.exc import DatabaseError
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.domain import callbacks
from bot.errors import DomainError, Refusal
from bot.telegram import cards, errors
from bot.telegram.context import Context
from bot.telegram.handlers import (
    claims,
    deliveries,
    files,
    hearing,
    hosts,
    identities,
    inline,
    links,
    meeting_menu,
    meetings,
    messages,
    offers,
    organizers,
    pages,
    papers,
    releases,
    replies,
    requests,
    schedule,
    settings,
    setup,
    statistics,
    swaps,
    talks,
    terms,
    turns,
    waiting,
    welcome,
)
from bot.telegram.incoming import is_private
from bot.telegram.patience import Gate
from bot.text import commands
from bot.text.render import render_refusal

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

COMMANDS: dict[str, Handler] = {
    "start": welcome.start,
    "help": welcome.help_,
    "next": schedule.next_,
    "schedule": schedule.schedule,
    "meeting": schedule.meeting,
    "open": papers.show_open,
    "find": schedule.find,
    "mine": schedule.mine,
    "stats": statistics.stats,
    "claim": claims.claim,
    "edit": papers.edit,
    "release": releases.ask,
    "support": talks.support,
    "swap": swaps.swap,
    "handover": swaps.hand_over,
    "wait": waiting.wait,
    "iam": identities.iam,
    "turns": turns.turns,
    "slides": links.slides,
    "video": links.video,
    "summary": links.summary,
    "assign": organizers.assign,
    "unassign": organizers.unassign,
    "undo": organizers.undo,
    "log": organizers.log,
    "settings": settings.settings,
    "checklist": settings.checklist,
    "remind": hearing.remind,
    "mute": hearing.mute,
    "unmute": hearing.unmute,
    "rule": settings.rule,
    "hosts": hosts.show,
    "announce": messages.announce,
    "deliveries": deliveries.deliveries,
    "move": meetings.move,
    "cancel": meetings.cancel,
    "term": terms.term,
    "setup": setup.setup,
}

BUTTONS: dict[
    type[callbacks.Callback], Callable[[Update, Context, Any], Coroutine[Any, Any, None]]
] = {
    callbacks.ShowSchedule: schedule.turn_page,
    callbacks.Agree: requests.agree,
    callbacks.Book: claims.book,
    callbacks.Decline: requests.decline,
    callbacks.Edit: papers.edit_tapped,
    callbacks.NeverMind: claims.never_mind,
    callbacks.Sure: claims.book_surely,
    callbacks.Take: claims.take,
    callbacks.Release: releases.release,
    callbacks.ShowTalk: talks.show_talk,
    callbacks.Support: talks.support_tapped,
    callbacks.ShowSupporters: talks.show_supporters,
    callbacks.RemoveSupporter: talks.remove_supporter,
    callbacks.MakeMain: talks.make_main,
    callbacks.SwapWith: swaps.swap_with,
    callbacks.HandOverTo: swaps.hand_over_to,
    callbacks.Identify: identities.iam_tapped,
    callbacks.AssignTo: organizers.assign_tapped,
    callbacks.Undo: organizers.undo_tapped,
    callbacks.ShowLog: organizers.log_page,
    callbacks.SetRule: settings.set_rule,
    callbacks.SetSupporters: settings.set_supporters,
    callbacks.SetFillDays: settings.set_fill_days,
    callbacks.SetReminder: settings.set_reminder,
    callbacks.ShowReminder: settings.show_reminder,
    callbacks.SetHearing: hearing.choose,
    callbacks.ShowDeliveries: deliveries.turn_page,
    callbacks.PostMessage: messages.post,
    callbacks.TakeBackMessage: messages.take_back,
    callbacks.CancelMeeting: meetings.cancel_surely,
    callbacks.RestoreMeeting: meetings.restore,
    callbacks.ShowMeeting: meeting_menu.show,
    callbacks.AskCancel: meeting_menu.cancel,
    callbacks.MoveMeeting: meeting_menu.move,
    callbacks.PlaceMeeting: meeting_menu.place,
    callbacks.NameMeeting: meeting_menu.name,
    callbacks.AddSlot: meeting_menu.add_slot,
    callbacks.DropSlot: meeting_menu.drop_slot,
    callbacks.AskNewMeeting: meeting_menu.ask_new,
    callbacks.NewTerm: terms.new_tapped,
    callbacks.PlanTerm: terms.step_tapped,
    callbacks.MakeTerm: terms.make,
    callbacks.AskClose: terms.close_tapped,
    callbacks.CloseTerm: terms.close_surely,
    callbacks.PostLink: links.post,
    callbacks.KnowHost: links.post_and_know,
    callbacks.KeepFile: files.keep_tapped,
    callbacks.GiveSlides: files.give_tapped,
    callbacks.ShowHosts: hosts.show_tapped,
    callbacks.RemoveHost: hosts.remove,
    callbacks.ShowHelp: welcome.help_on,
    callbacks.ShowStats: statistics.choose,
    callbacks.ChooseGroup: welcome.choose_group,
    callbacks.Arrived: deliveries.it_arrived,
    callbacks.SendAgain: deliveries.send_again,
    callbacks.TakePage: pages.take_page,
    callbacks.KeepSchedule: pages.keep_schedule,
    callbacks.Withdraw: requests.withdraw,
    callbacks.AcceptOffer: offers.accept,
    callbacks.RefuseOffer: offers.refuse,
    callbacks.StopWaiting: waiting.stop,
    callbacks.WaitFor: waiting.wait_tapped,
}

BY_NAME = {
    one.name: COMMANDS[one.name]
    for one in commands.COMMANDS
    if not one.for_organizers and one.name != "edit"
}
"""What everyone may say without a slash, alone with the bot. Whatever follows `/edit` is a title,
and "edit my talk" names none."""

_COMMAND = re.compile(r"/(\w+)", re.ASCII)
_NAMED = re.compile(r"/?\s*([a-z]+)(?![\w@'’-])", re.IGNORECASE | re.ASCII)

ALLOWED_UPDATES = ("message", "callback_query", "inline_query", "my_chat_member", "chat_member")


FIRST = -1
"""The group of handlers that is asked before the others."""


def add_handlers(
    application: Application[Any, Context, Any, Any, Any, Any], *, patience: bool
) -> None:
    """With `patience` one person's updates are answered only up to a number."""
    if patience:
        application.add_handler(TypeHandler(Update, Gate()), group=FIRST)
    # First: the other handlers look at the message, which a tap may have without its contents.
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(InlineQueryHandler(inline.offer))
    # Edited messages and channel posts are left alone: a command acts once, when it is sent. One
    # that was forwarded is shown to somebody: it was another's, and must not act with their rights.
    new = filters.UpdateType.MESSAGE
    own = new & ~filters.FORWARDED
    application.add_handler(Commands(own))
    application.add_handler(MessageHandler(new & filters.StatusUpdate.MIGRATE, setup.migrated))
    moves = filters.StatusUpdate.NEW_CHAT_MEMBERS | filters.StatusUpdate.LEFT_CHAT_MEMBER
    application.add_handler(MessageHandler(new & moves, setup.came_or_left))
    application.add_handler(ChatMemberHandler(setup.bot_moved, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(ChatMemberHandler(setup.member_changed, ChatMemberHandler.CHAT_MEMBER))
    application.add_handler(MessageHandler(new & filters.Document.ALL, _with_cards(files.sent)))
    application.add_handler(MessageHandler(new & filters.TEXT, _with_cards(said)))
    photo = filters.ChatType.PRIVATE & filters.PHOTO
    application.add_handler(MessageHandler(new & photo, files.photo))
    application.add_error_handler(errors.handle)


class Commands(BaseHandler[Update, Context, None]):
    """The library's handlers for our commands, found by name instead of asked one by one, as an
    application does."""

    def __init__(self, new: filters.BaseFilter) -> None:
        super().__init__(_nothing)
        self._handlers = {
            name: CommandHandler(name, _with_cards(handler), filters=new)
            for name, handler in COMMANDS.items()
        }

    def check_update(self, update: object) -> tuple[Any, object] | None:
        message = update.effective_message if isinstance(update, Update) else None
        if message is None or not message.text:
            return None
        name = _COMMAND.match(message.text)
        handler = self._handlers.get(name[1].lower()) if name else None
        # It looks closer: whether this is a command at all, and to which bot.
        check = handler.check_update(update) if handler is not None else None
        return None if check is None or check is False else (handler, check)

    async def handle_update(
        self,
        update: Update,
        application: Application[Any, Context, Any, Any, Any, Any],
        check_result: object,
        context: Context,
    ) -> None:
        handler, check = cast("tuple[Any, object]", check_result)
        await handler.handle_update(update, application, check, context)


async def said(update: Update, context: Context) -> None:
    """What is no command. In private it may begin with the name of one, without its slash."""
    message = update.effective_message
    alone = message and is_private(update) and not message.reply_to_message
    named = _NAMED.match(message.text or "") if message and alone else None
    handler = BY_NAME.get(named[1].lower()) if named else None
    own = message and message.forward_origin is None
    await (handler if handler and own else replies.said)(update, context)


async def _nothing(_update: Update, _context: Context) -> None:
    """The handler found by name has the callback."""


def _with_cards(handler: Handler) -> Handler:
    """What the handler refuses is told; what it changed, the cards in the group's chat show as
    well, also when its answer did not get through."""

    async def handle(update: Update, context: Context) -> None:
        try:
            await handler(update, context)
        except DomainError as error:  # here, where it is known whose answer it is
            await errors.tell(update, context, render_refusal(error))
        finally:
            await _refresh_cards(context)

    return handle


async def _refresh_cards(context: Context) -> None:
    with suppress(DatabaseError):  # what was asked for is done and told
        await cards.refresh(context.bot, context.tools, context.touched)


async def tapped(update: Update, context: Context) -> None:
    """A tap: the handler for what the button carries, then the end of the waiting sign."""
    query = update.callback_query
    if query is None:
        return
    asked = callbacks.decode(query.data or "")
    if asked is None:
        raise DomainError(Refusal.OLD_BUTTON)
    try:
        await BUTTONS[type(asked)](update, context, asked)
        with suppress(TelegramError):  # it is done and shown, and the sign goes away by itself
            await query.answer()
    finally:
        await _refresh_cards(context)
