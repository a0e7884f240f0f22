"""Answering an offer of a slot."""

from telegram import Update

from bot.domain.callbacks import AcceptOffer, RefuseOffer
from bot.services import offers
from bot.telegram import cards
from bot.telegram.context import Context
from bot.telegram.handlers import papers
from bot.text.render import render


async def accept(update: Update, context: Context, asked: AcceptOffer) -> None:
    now = context.now
    group, done = await context.act(
        update, lambda s, actor: offers.accept(s, actor, asked.offer_id, now), asked.group_id
    )
    if done.asked is not None:
        news = render("request_put", request=done.asked)
        await cards.show(update, context, group, done.found, news)
    elif done.named:
        await cards.show(update, context, group, done.found)
    else:
        await papers.ask_for_paper(update, context, group, done.found, below=False)


async def refuse(update: Update, context: Context, asked: RefuseOffer) -> None:
    now = context.now
    _, found = await context.act(
        update, lambda s, actor: offers.refuse(s, actor, asked.offer_id, now), asked.group_id
    )
    await context.replace(update, render("declined", found=found))
