"""The group's rules, with buttons."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain import selection
from bot.domain.callbacks import (
    SetFillDays,
    SetReminder,
    SetRule,
    SetSupporters,
    ShowReminder,
)
from bot.domain.reminders import read_points
from bot.domain.views import Actor, GroupView
from bot.services import group_reminders, rules
from bot.telegram.context import Context
from bot.telegram.incoming import arguments, lines_after_command
from bot.telegram.keyboards_organizers import of_settings
from bot.telegram.keyboards_reminders import choices, label_of, of_reminders
from bot.text import labels
from bot.text.render import render

ON, OFF = "on", "off"
NO_RULE = (OFF, "any", "anything", "none", "no")


async def settings(update: Update, context: Context) -> None:
    await _show(update, context, rules.look)


async def rule(update: Update, context: Context) -> None:
    """`/rule SOSP/OSDI + arXiv`, `/rule off` and `/rule on`; alone it shows the settings."""
    words, now = arguments(update), context.now
    if not words:
        await settings(update, context)
        return
    text = None if words.lower() in NO_RULE else words
    if words.lower() == ON:
        text = selection.DEFAULT

    def use(session: Session, actor: Actor) -> tuple[GroupView, tuple[str, ...]]:
        group = rules.set_selection(session, actor, text, now)
        return group, rules.strange_venues(session, group)

    _, (group, strange) = await context.act(update, use, as_organizer=True)
    await _answer(update, context, group, strange)


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


async def checklist(update: Update, context: Context) -> None:
    """`/checklist` with a point on each line; `/checklist off` empties it, alone it shows it."""
    words, now = arguments(update), context.now
    points = read_points(lines_after_command(update))

    def use(session: Session, actor: Actor) -> GroupView:
        if not words:
            return rules.look(session, actor)
        wanted = () if words.lower() == OFF else points
        return group_reminders.set_checklist(session, actor, wanted, now)

    _, group = await context.act(update, use, as_organizer=True)
    await context.reply(update, render("checklist", group=group))


async def show_reminder(update: Update, context: Context, asked: ShowReminder) -> None:
    _, group = await context.act(update, rules.look, asked.group_id, as_organizer=True)
    name = dict(enumerate(group_reminders.NAMES)).get(asked.place)
    if name is None or group_reminders.CHOICES[name] is group_reminders.SWITCH:
        await context.answer(update, render("reminders", group=group), of_reminders(group))
        return
    now = label_of(name, getattr(group.reminders, name))
    text = render("reminder_choice", name=name, label=labels.REMINDERS[name], now=now)
    await context.answer(update, text, choices(group, asked.place))


async def set_reminder(update: Update, context: Context, asked: SetReminder) -> None:
    now = context.now
    _, group = await context.act(
        update,
        lambda s, a: group_reminders.choose(s, a, asked.place, asked.choice, now),
        asked.group_id,
        as_organizer=True,
    )
    await context.answer(update, render("reminders", group=group), of_reminders(group))


async def _show(
    update: Update,
    context: Context,
    use: Callable[[Session, Actor], GroupView],
    group_id: int | None = None,
) -> None:
    _, group = await context.act(update, use, group_id, as_organizer=True)
    await _answer(update, context, group)


async def _answer(
    update: Update, context: Context, group: GroupView, strange: tuple[str, ...] = ()
) -> None:
    text = render("settings", group=group, strange=strange)
    await context.answer(update, text, of_settings(group))
