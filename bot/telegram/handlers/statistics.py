"""`/stats`: what the group has done so far, as a picture."""

from telegram import Update

from bot.domain.callbacks import ShowStats
from bot.pictures import studio
from bot.pictures.charts import Chart
from bot.services import statistics
from bot.telegram import pictures
from bot.telegram.context import Context
from bot.telegram.keyboards import other_statistics
from bot.text import labels
from bot.text.render import render


async def stats(update: Update, context: Context) -> None:
    await _show(update, context, None, None)


async def choose(update: Update, context: Context, asked: ShowStats) -> None:
    await _show(update, context, asked.group_id, asked.term_id or None)


async def _show(
    update: Update, context: Context, group_id: int | None, term_id: int | None
) -> None:
    now = context.now
    group, report = await context.ask(
        update, lambda session, group: statistics.report(session, group.id, now, term_id), group_id
    )
    counted = report.statistics
    if not counted.talks:
        await context.reply(update, render("stats_none"))
        return
    scope = counted.terms[0] if len(counted.terms) == 1 else labels.ALL_TERMS
    text = render("stats", group=group, scope=scope, statistics=counted)
    picture = await studio.chart(Chart(group.name, scope, counted))
    await pictures.answer(update, context, picture, text, other_statistics(group, report))
