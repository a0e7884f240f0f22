"""The sites whose links are posted without a question."""

from collections.abc import Callable

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import RemoveHost, ShowHosts
from bot.domain.views import Actor, GroupView
from bot.domain.web_links import KNOWN_HOSTS
from bot.services import hosts, rules
from bot.telegram.context import Context
from bot.telegram.incoming import arguments
from bot.telegram.keyboards_links import of_hosts
from bot.text.render import render


async def show(update: Update, context: Context) -> None:
    """`/hosts slides.example.org` adds a site; alone it shows them."""
    words, now = arguments(update), context.now
    if words:
        await _show(update, context, lambda s, actor: hosts.add(s, actor, words, now))
    else:
        await _show(update, context, rules.look)


async def show_tapped(update: Update, context: Context, asked: ShowHosts) -> None:
    await _show(update, context, rules.look, asked.group_id)


async def remove(update: Update, context: Context, asked: RemoveHost) -> None:
    now = context.now
    await _show(update, context, lambda s, a: hosts.remove(s, a, asked.number, now), asked.group_id)


async def _show(
    update: Update,
    context: Context,
    use: Callable[[Session, Actor], GroupView],
    group_id: int | None = None,
) -> None:
    _, group = await context.act(update, use, group_id, as_organizer=True)
    await context.answer(update, render("hosts", group=group, known=KNOWN_HOSTS), of_hosts(group))
