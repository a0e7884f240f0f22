"""An organizer says whether an uncertain message arrived."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import Arrived, SendAgain
from bot.domain.views import Actor
from bot.services import deliveries
from bot.telegram.context import Context
from bot.text.render import render
from storage.enums import DeliveryState


async def it_arrived(update: Update, context: Context, asked: Arrived) -> None:
    await _settle(update, context, asked, deliveries.it_arrived)


async def send_again(update: Update, context: Context, asked: SendAgain) -> None:
    await _settle(update, context, asked, deliveries.send_again)


async def _settle(
    update: Update,
    context: Context,
    asked: Arrived | SendAgain,
    settle: Callable[[Session, Actor, int, datetime], DeliveryState],
) -> None:
    now = context.now
    _, state = await context.act(
        update,
        lambda session, actor: settle(session, actor, asked.delivery_id, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.replace(update, render("uncertain_settled", state=state))
