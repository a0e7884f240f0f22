"""The group's rules, with buttons."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain import selection
from bot.domain.callbacks import SetFillDays, SetRule, SetSupporters
from bot.domain.views import Actor, GroupView
from bot.services import groups, rules
from bot.services.members import require_organizer
from bot.telegram.context import Context, arguments
from bot.telegram.keyboards_organizers import of_settings
from bot.text.render import render

OFF = "off"


async def settings(update: Update, context: Context) -> None:
    def use(session: Session, actor: Actor) -> GroupView:
        require_organizer(actor)
        return groups.by_id(session, actor.group_id)

    await _show(update, context, use)


async def rule(update: Update, context: Context) -> None:
    """`/rule SOSP/OSDI + arXiv`, `/rule off`; alone it shows the settings."""
    words, now = arguments(update), context.now
    if not words:
        await settings(update, context)
        return
    text = None if words.lower() == OFF else words
    await _show(update, context, lambda s, actor: rules.set_selection(s, actor, text, now))


async def set_rule(update: Update, context: Context, asked: SetRule) -> None:
    now, text = context.now, selection.DEFAULT if asked.on else None
    await _show(update, context, lambda s, a: rules.set_selection(s, a, text, now), asked.group_id)


async def set_supporters(update: Update, context: Context, asked: SetSupporters) -> None:
    now = context.now
    await _show(
        update, context, lambda s, a: rules.set_supporters(s, a, asked.most, now), asked.group_id
    )


async def set_fill_days(update: Update, context: Context, asked: SetFillDays) -> None:
    now, days = context.now, asked.days or None
    await _show(update, context, lambda s, a: rules.set_fill_days(s, a, days, now), asked.group_id)


async def _show(
    update: Update,
    context: Context,
    use: Callable[[Session, Actor], GroupView],
    group_id: int | None = None,
) -> None:
    _, group = await context.act(update, use, group_id, as_organizer=True)
    await context.answer(update, render("settings", group=group), of_settings(group))
