"""What a member hears in private: `/remind`, `/mute` and `/unmute`."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import EVERY, MUTED, OWN, SetHearing
from bot.domain.views import Actor, HearingView
from bot.services import hearing
from bot.telegram.context import Context
from bot.telegram.incoming import is_private
from bot.telegram.keyboards import private_chat
from bot.telegram.keyboards_reminders import of_hearing
from bot.text.render import render


async def remind(update: Update, context: Context) -> None:
    await _show(update, context, hearing.look)


async def mute(update: Update, context: Context) -> None:
    await _change(update, context, lambda now: now._replace(muted=True))


async def unmute(update: Update, context: Context) -> None:
    await _change(update, context, lambda now: now._replace(muted=False))


async def choose(update: Update, context: Context, asked: SetHearing) -> None:
    """What the button says the member is to hear from now on, whatever was so before."""
    own, every, muted = (bool(asked.wants & bit) for bit in (OWN, EVERY, MUTED))
    wanted = HearingView(own, every, asked.hours, muted)
    await _change(update, context, lambda _now: wanted, asked.group_id)


async def _change(
    update: Update,
    context: Context,
    change: Callable[[HearingView], HearingView],
    group_id: int | None = None,
) -> None:
    now = context.now

    def use(session: Session, actor: Actor) -> HearingView:
        return hearing.choose(session, actor, change(hearing.look(session, actor)), now)

    await _show(update, context, use, group_id)


async def _show(
    update: Update,
    context: Context,
    use: Callable[[Session, Actor], HearingView],
    group_id: int | None = None,
) -> None:
    if not is_private(update):
        # What somebody wants to hear is nobody else's business.
        group = await context.group_of(update, group_id)
        keyboard = private_chat(context.bot.username, group)
        await context.reply(update, render("remind_in_private"), keyboard)
        return
    group, heard = await context.act(update, use, group_id)
    text = render("remind", group=group, heard=heard)
    await context.answer(update, text, of_hearing(group, heard))
