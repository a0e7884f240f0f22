"""One's own talks, what their presenters can do with them, and supporting others'."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import MakeMain, RemoveSupporter, ShowSupporters, ShowTalk, Support
from bot.domain.likeness import called
from bot.domain.views import Actor, FoundTalk
from bot.errors import DomainError, Refusal
from bot.services import bookings, edits, queries, supporters
from bot.services.members import require_member
from bot.telegram import cards, keyboards_talks
from bot.telegram.context import Context
from bot.telegram.handlers.where import named_among, read, slot_named
from bot.telegram.incoming import arguments
from bot.text.render import render


async def show_talk(update: Update, context: Context, asked: ShowTalk) -> None:
    now = context.now

    def use(session: Session, actor: Actor) -> tuple[FoundTalk, int]:
        found = queries.of_slot(session, actor.group_id, asked.slot_id, now)
        if found is None or found.slot.talk is None or found.talk.id != asked.talk_id:
            raise DomainError(Refusal.OLD_BUTTON)
        member_id = require_member(actor)
        if not found.talk.has_presenter(member_id):
            raise DomainError(Refusal.NOT_YOUR_TALK, found=found)
        bookings.check_coming(found, now)
        return found, member_id

    group, (found, member_id) = await context.act(update, use, asked.group_id)
    mine = found.talk.is_given_by(member_id)
    text = render("talk_menu", found=found, group=group, mine=mine)
    await context.replace(update, text, keyboards_talks.menu(group, found, member_id, mine=mine))


async def support(update: Update, context: Context) -> None:
    """`/support`, with the talk named by its date, a word of its title or its presenter, or chosen
    by a tap."""
    now, words = context.now, arguments(update)

    def use(session: Session, actor: Actor) -> FoundTalk | tuple[FoundTalk, ...]:
        wish = read(session, actor.group, words, now)
        if wish.position is None:
            offered = supporters.supportable(session, actor, now)
            meant = named_among(offered, wish) if wish.day else _named(offered, words)
            if wish.day is None and len(meant) == 1:
                return supporters.support(session, actor, meant[0].slot.id, now)
            if wish.day is None or len(meant) > 1:
                return meant or offered
        found = slot_named(session, actor.group_id, words, now)
        return supporters.support(session, actor, found.slot.id, now)

    group, done = await context.act(update, use)
    if isinstance(done, FoundTalk):
        await cards.show(update, context, group, done)
        return
    keyboard = keyboards_talks.talks_to_support(group, done)
    await context.reply(update, render("support_which", talks=done), keyboard)


def _named(talks: tuple[FoundTalk, ...], words: str) -> tuple[FoundTalk, ...]:
    """Those of the talks that have all the words in their title and their presenter's name."""
    names = [f"{one.talk.title} {one.talk.main.name if one.talk.main else ''}" for one in talks]
    meant = called(words, names)
    return tuple(one for one, name in zip(talks, names, strict=True) if name in meant)


async def support_tapped(update: Update, context: Context, asked: Support) -> None:
    now = context.now
    group, found = await context.act(
        update,
        lambda s, actor: supporters.support(s, actor, asked.slot_id, now, asked.talk_id),
        asked.group_id,
    )
    await cards.show(update, context, group, found)


async def show_supporters(update: Update, context: Context, asked: ShowSupporters) -> None:
    now = context.now
    group, found = await context.act(
        update, lambda s, actor: edits.own_talk(s, actor, asked.slot_id, now), asked.group_id
    )
    keyboard = keyboards_talks.supporters(group, found)
    await context.replace(update, render("supporters", found=found, group=group), keyboard)


async def remove_supporter(update: Update, context: Context, asked: RemoveSupporter) -> None:
    await _change_role(update, context, asked, supporters.remove)


async def make_main(update: Update, context: Context, asked: MakeMain) -> None:
    await _change_role(update, context, asked, supporters.promote)


async def _change_role(
    update: Update,
    context: Context,
    asked: RemoveSupporter | MakeMain,
    change: Callable[[Session, Actor, int, int, datetime], FoundTalk],
) -> None:
    now = context.now
    group, found = await context.act(
        update,
        lambda s, actor: change(s, actor, asked.slot_id, asked.member_id, now),
        asked.group_id,
        as_organizer=True,
    )
    await cards.show(update, context, group, found)
