"""Giving a slot back: the member is shown their coming talks and taps one."""

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import Release
from bot.domain.views import FoundTalk, GroupView
from bot.errors import DomainError, Refusal
from bot.services import bookings, releases
from bot.telegram import cards
from bot.telegram.context import Context
from bot.telegram.handlers.where import own_named, read
from bot.telegram.incoming import arguments, is_anonymous, is_private
from bot.telegram.keyboards_talks import talks_to_release
from bot.text.render import render


async def ask(update: Update, context: Context) -> None:
    """`/release [jan 20 [2]]`."""
    user, now, words = update.effective_user, context.now, arguments(update)
    if user is None or is_anonymous(update.effective_message):
        raise DomainError(Refusal.SHOW_YOURSELF)

    def use(session: Session, group: GroupView) -> tuple[FoundTalk, ...]:
        talks = releases.releasable(session, group.id, user.id, now)
        wish = read(session, group, words, now)
        return own_named(session, group.id, talks, wish, words, now) or talks

    group, talks = await context.ask(update, use)
    keyboard = talks_to_release(group, talks)
    await context.reply(update, render("release_which", talks=talks), keyboard)


async def release(update: Update, context: Context, asked: Release) -> None:
    now, in_group = context.now, not is_private(update)
    group, (before, after) = await context.act(
        update,
        lambda s, actor: (
            releases.release(
                s, actor, asked.slot_id, now, talk_id=asked.talk_id, in_group=in_group
            ),
            bookings.need(s, actor.group_id, asked.slot_id, now),
        ),
        asked.group_id,
    )
    await cards.show(update, context, group, after, render("released", found=before))
