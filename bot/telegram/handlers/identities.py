"""`/iam`: saying which name on the page is oneself."""

from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import Identify
from bot.domain.likeness import near_names, same_name
from bot.domain.views import Actor, GroupView, MemberView, RequestView
from bot.services import identities
from bot.services.identities import Identified
from bot.telegram.context import Context
from bot.telegram.handlers import requests
from bot.telegram.incoming import arguments, is_private
from bot.telegram.keyboards_organizers import names_to_be
from bot.text.render import render

MOST_LISTED = 8


class Offered(NamedTuple):
    """Names to choose from. `near` says that they are like what was written."""

    names: tuple[MemberView, ...]
    near: bool


async def iam(update: Update, context: Context) -> None:
    await named(update, context, arguments(update))


async def named(update: Update, context: Context, words: str) -> None:
    """The person says that these words are their name; without any they choose one."""
    now, in_group = context.now, not is_private(update)

    def use(session: Session, actor: Actor) -> RequestView | Identified | Offered:
        names = identities.unclaimed(session, actor.group_id)
        exact = [name for name in names if words and same_name(name.name, words)]
        if exact:
            return identities.ask(session, actor, exact[0].id, now, in_group=in_group)
        identities.check_free(session, actor, words)
        near = near_names(words or actor.name, [name.name for name in names])
        like = tuple(name for name in names if name.name in near)
        return Offered(like or names[:MOST_LISTED], near=bool(like))

    group, done = await context.act(update, use, as_organizer=True)
    await _answer(update, context, group, done, words)


async def iam_tapped(update: Update, context: Context, asked: Identify) -> None:
    now, in_group = context.now, not is_private(update)
    group, done = await context.act(
        update,
        lambda s, actor: identities.ask(s, actor, asked.name_id, now, in_group=in_group),
        asked.group_id,
        as_organizer=True,
    )
    await _answer(update, context, group, done, "")


async def _answer(
    update: Update,
    context: Context,
    group: GroupView,
    done: RequestView | Identified | Offered,
    words: str,
) -> None:
    match done:
        case RequestView():
            await requests.put(update, context, group, done)
        case Identified(member, talks):
            await context.answer(update, render("identified", member=member, talks=talks))
        case Offered(names, near):
            text = render("iam_which", words=words, names=names, near=near)
            await context.answer(update, text, names_to_be(group, names))
