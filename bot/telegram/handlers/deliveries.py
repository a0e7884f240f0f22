"""An organizer says whether an uncertain message arrived."""

from telegram import Update

from bot.domain.callbacks import Arrived, SendAgain
from bot.services import announcements
from bot.telegram.context import Context
from bot.text.render import render


async def it_arrived(update: Update, context: Context, asked: Arrived) -> None:
    now = context.now
    await context.act(
        update,
        lambda s, actor: announcements.it_arrived(s, actor, asked.delivery_id, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.replace(update, render("uncertain_settled", again=False))


async def send_again(update: Update, context: Context, asked: SendAgain) -> None:
    now = context.now
    await context.act(
        update,
        lambda s, actor: announcements.send_again(s, actor, asked.delivery_id, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.replace(update, render("uncertain_settled", again=True))
