"""Changing places with another presenter, and handing a talk over."""

from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import HandOverTo, SwapWith
from bot.domain.likeness import near_names, same_name
from bot.domain.views import Actor, FoundTalk, GroupView, MemberView, RequestView
from bot.services import edits, handovers, releases, swaps
from bot.telegram import keyboards_talks
from bot.telegram.context import Context
from bot.telegram.handlers import requests
from bot.telegram.handlers.where import slot_named
from bot.telegram.incoming import arguments, is_private
from bot.text.render import render


class Offered(NamedTuple):
    """What can be chosen from: one's own talks (`mine`), or, for the talk in `found`, the others
    to swap with or the members to hand it to. `unknown` is a name that none of them has."""

    mine: tuple[FoundTalk, ...] = ()
    found: FoundTalk | None = None
    others: tuple[FoundTalk, ...] = ()
    members: tuple[MemberView, ...] = ()
    unknown: str | None = None


async def swap(update: Update, context: Context) -> None:
    """`/swap [jan 20 2]`: the date is that of the talk one would like to have."""
    now, words, in_group = context.now, arguments(update), not is_private(update)

    def use(session: Session, actor: Actor) -> RequestView | Offered:
        mine = _own(session, actor, context)
        if len(mine) != 1:
            return Offered(mine)
        slot_id = mine[0].slot.id
        if not words:
            return Offered(mine, mine[0], others=swaps.others(session, actor, now))
        other = slot_named(session, actor.group_id, words, now)
        return swaps.ask(session, actor, slot_id, other.slot.id, now, in_group=in_group)

    group, done = await context.act(update, use)
    await _answer_swap(update, context, group, done)


async def swap_with(update: Update, context: Context, asked: SwapWith) -> None:
    now, in_group = context.now, not is_private(update)

    def use(session: Session, actor: Actor) -> RequestView | Offered:
        if asked.other_id:
            return swaps.ask(session, actor, asked.slot_id, asked.other_id, now, in_group=in_group)
        found = edits.own_talk(session, actor, asked.slot_id, now)
        return Offered((found,), found, others=swaps.others(session, actor, now))

    group, done = await context.act(update, use, asked.group_id)
    await _answer_swap(update, context, group, done)


async def hand_over(update: Update, context: Context) -> None:
    """`/handover [NAME]`."""
    now, words, in_group = context.now, arguments(update), not is_private(update)

    def use(session: Session, actor: Actor) -> RequestView | Offered:
        mine = _own(session, actor, context)
        if len(mine) != 1:
            return Offered(mine)
        name = words.removeprefix("@")
        members = _meant(handovers.candidates(session, actor), name)
        if len(members) == 1 and same_name(members[0].name, name):
            return handovers.ask(
                session, actor, mine[0].slot.id, members[0].id, now, in_group=in_group
            )
        known = any(same_name(member.name, name) for member in members)
        return Offered(mine, mine[0], members=members, unknown=None if known else name or None)

    group, done = await context.act(update, use)
    await _answer_hand_over(update, context, group, done)


async def hand_over_to(update: Update, context: Context, asked: HandOverTo) -> None:
    now, in_group = context.now, not is_private(update)

    def use(session: Session, actor: Actor) -> RequestView | Offered:
        if asked.member_id:
            return handovers.ask(
                session, actor, asked.slot_id, asked.member_id, now, in_group=in_group
            )
        found = edits.own_talk(session, actor, asked.slot_id, now)
        return Offered((found,), found, members=handovers.candidates(session, actor))

    group, done = await context.act(update, use, asked.group_id)
    await _answer_hand_over(update, context, group, done)


def _own(session: Session, actor: Actor, context: Context) -> tuple[FoundTalk, ...]:
    account = actor.telegram_id or 0
    return releases.releasable(session, actor.group_id, account, context.now)


def _meant(members: tuple[MemberView, ...], name: str) -> tuple[MemberView, ...]:
    """Those of the name, else those whose names are near it, else all."""
    exact = tuple(member for member in members if same_name(member.name, name))
    near = near_names(name, [member.name for member in members])
    return exact or tuple(member for member in members if member.name in near) or members


async def _answer_swap(
    update: Update, context: Context, group: GroupView, done: RequestView | Offered
) -> None:
    if isinstance(done, RequestView):
        await requests.put(update, context, group, done)
        return
    if done.found is None:
        keyboard = keyboards_talks.talks_to_swap(group, done.mine)
    else:
        keyboard = keyboards_talks.talks_to_swap_with(group, done.found.slot.id, done.others)
    text = render("swap_which", mine=done.mine, found=done.found, others=done.others)
    await context.answer(update, text, keyboard)


async def _answer_hand_over(
    update: Update, context: Context, group: GroupView, done: RequestView | Offered
) -> None:
    if isinstance(done, RequestView):
        await requests.put(update, context, group, done)
        return
    if done.found is None:
        keyboard = keyboards_talks.talks_to_hand_over(group, done.mine)
    else:
        slot_id, members = done.found.slot.id, done.members
        keyboard = keyboards_talks.members_to_hand_over_to(group, slot_id, members)
    text = render(
        "hand_over_to", mine=done.mine, found=done.found, members=done.members, unknown=done.unknown
    )
    await context.answer(update, text, keyboard)
