"""Whose turn it is to present."""

from telegram import Update

from bot.services import standings
from bot.telegram.context import Context
from bot.text.render import render

MOST_SHOWN = 15
"""People in one answer: what a phone shows without much scrolling."""


async def turns(update: Update, context: Context) -> None:
    now = context.now
    group, people = await context.ask(
        update, lambda session, group: standings.standings(session, group.id, now)
    )
    text = render(
        "turns",
        people=people[:MOST_SHOWN],
        more=max(len(people) - MOST_SHOWN, 0),
        today=context.today(group),
    )
    await context.reply(update, text)
