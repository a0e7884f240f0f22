"""Giving a slot back: the member is shown their coming talks and taps one."""

from telegram import Update

from bot.domain.callbacks import Release
from bot.errors import DomainError, Refusal
from bot.services import releases
from bot.telegram.context import Context, is_anonymous
from bot.telegram.keyboards import talks_to_release
from bot.text.render import render


async def ask(update: Update, context: Context) -> None:
    user, now = update.effective_user, context.now
    if user is None or is_anonymous(update.effective_message):
        raise DomainError(Refusal.SHOW_YOURSELF)
    group, talks = await context.ask(
        update, lambda session, group: releases.releasable(session, group.id, user.id, now)
    )
    keyboard = talks_to_release(group, talks) if talks else None
    await context.reply(update, render("release_which", talks=talks), keyboard)


async def release(update: Update, context: Context, asked: Release) -> None:
    now = context.now
    _, found = await context.act(
        update, lambda s, actor: releases.release(s, actor, asked.slot_id, now), asked.group_id
    )
    await context.replace(update, render("released", found=found))
