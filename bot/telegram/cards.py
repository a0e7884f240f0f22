"""A slot's card: the one message in the group's chat that shows it, edited as things change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from telegram import InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.domain.views import FoundTalk, GroupView
from bot.services import groups, queries, slots
from bot.telegram.context import Context, Tools
from bot.telegram.incoming import is_private
from bot.telegram.keyboards import NO_PREVIEW, of_slot
from bot.text.render import Html, render


async def show(
    update: Update,
    context: Context,
    group: GroupView,
    found: FoundTalk,
    news: Html | None = None,
    *,
    below: bool = False,
) -> int:
    """Answer with the slot as it is now, under `news`. In the group's chat this message is its
    card from now on. A tap is answered in place of its message, or `below` it. Returns the
    message id."""
    text, keyboard = _card(group, found, news)
    if _is_ones_own(update, found):
        keyboard = None  # nobody supports or waits for their own talk
    answer = context.reply if below else context.answer
    message_id = await answer(update, text, keyboard)
    chat = update.effective_chat
    if group.chat is not None and chat is not None and chat.id == group.chat.telegram_id:
        context.touched.discard(found.slot.id)
        before = await context.tools.store.write(
            lambda s: slots.show_in(s, found.slot.id, message_id)
        )
        if before is not None:
            # The earlier card says the same, and leaves its buttons to the new one.
            await edit_quietly(context.bot, chat.id, before, _card(group, found, None)[0])
    return message_id


def _is_ones_own(update: Update, found: FoundTalk) -> bool:
    """Whether only the talk's main presenter sees the answer."""
    user, talk = update.effective_user, found.slot.talk
    main = talk.main if talk is not None else None
    return is_private(update) and bool(user and main and main.telegram_id == user.id)


async def refresh(bot: ExtBot[Any], tools: Tools, slot_ids: Iterable[int]) -> None:
    """Edit the cards of these slots. One that was deleted, or is as it should be, is let be. If the
    database fails, the next tick tries again."""
    slot_ids, now = tuple(slot_ids), tools.clock.now()
    if not slot_ids:
        return
    try:
        shown = await tools.store.read(lambda s: _shown(s, slot_ids, now))
    except DatabaseError:
        tools.late.update(slot_ids)
        raise
    for group, found, message_id in shown:
        if group.chat is not None and found is not None:
            text, keyboard = _card(group, found, None)
            await edit_quietly(bot, group.chat.telegram_id, message_id, text, keyboard)


async def edit_quietly(
    bot: ExtBot[Any],
    chat_id: int,
    message_id: int,
    text: Html,
    keyboard: InlineKeyboardMarkup | None = None,
) -> None:
    """Change a message that people may have deleted, or that is as it should be already. It is a
    convenience: what it shows is in the schedule, and old buttons say that they are old."""
    try:
        await bot.edit_message_text(
            text,
            chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
        )
    except TelegramError:
        return


def _shown(
    session: Session, slot_ids: Iterable[int], now: datetime
) -> list[tuple[GroupView, FoundTalk | None, int]]:
    return [
        (
            groups.by_id(session, group_id),
            queries.of_slot(session, group_id, slot_id, now),
            message_id,
        )
        for group_id, slot_id, message_id in slots.shown(session, slot_ids)
    ]


def _card(
    group: GroupView, found: FoundTalk, news: Html | None
) -> tuple[Html, InlineKeyboardMarkup | None]:
    text = render("slot", group=group, found=found)
    return Html(f"{news}\n\n{text}") if news else text, of_slot(group, found)
