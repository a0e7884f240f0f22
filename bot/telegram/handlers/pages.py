"""A page that was edited by hand and does not fit the schedule: an organizer says who is right."""

from telegram import Update

from bot.domain.callbacks import KeepSchedule, TakePage
from bot.services import page_clashes
from bot.telegram.context import Context
from bot.text.render import render
from storage.enums import PageChoice


async def take_page(update: Update, context: Context, asked: TakePage) -> None:
    await _choose(update, context, asked, PageChoice.PAGE)


async def keep_schedule(update: Update, context: Context, asked: KeepSchedule) -> None:
    await _choose(update, context, asked, PageChoice.SCHEDULE)


async def _choose(
    update: Update, context: Context, asked: TakePage | KeepSchedule, choice: PageChoice
) -> None:
    now = context.now
    _, chosen = await context.act(
        update,
        lambda session, actor: page_clashes.choose(session, actor, asked.delivery_id, choice, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.replace(update, render("page_settled", choice=chosen))
