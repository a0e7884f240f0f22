"""What was told and is to be told, and whether an uncertain message arrived."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import Arrived, SendAgain, ShowDeliveries
from bot.domain.reminders import LATE_AFTER
from bot.domain.views import Actor
from bot.services import deliveries as outcomes
from bot.services import outbox
from bot.telegram.context import Context
from bot.telegram.keyboards_organizers import of_deliveries
from bot.text.render import render
from storage.enums import DeliveryState


async def deliveries(update: Update, context: Context) -> None:
    """Begin with what was told, which is what an organizer is asked about."""
    await _show(update, context, -1)


async def turn_page(update: Update, context: Context, asked: ShowDeliveries) -> None:
    await _show(update, context, asked.offset, asked.group_id)


async def _show(update: Update, context: Context, offset: int, group_id: int | None = None) -> None:
    now = context.now
    group, (shown, more) = await context.act(
        update, lambda s, a: outbox.page(s, a, offset, now), group_id, as_organizer=True
    )
    text = render("deliveries", group=group, deliveries=shown, offset=offset, late_after=LATE_AFTER)
    await context.answer(update, text, of_deliveries(group, offset, shown, more=more))


async def it_arrived(update: Update, context: Context, asked: Arrived) -> None:
    await _settle(update, context, asked, outcomes.it_arrived)


async def send_again(update: Update, context: Context, asked: SendAgain) -> None:
    await _settle(update, context, asked, outcomes.send_again)


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
