"""Changing places with another presenter, and handing a talk over."""

import re
from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import Update, User

from bot.domain.callbacks import HandOverTo, SwapWith
from bot.domain.likeness import called, near_names
from bot.domain.patterns import pattern
from bot.domain.views import Actor, FoundTalk, GroupView, MemberView, RequestView
from bot.services import edits, handovers, members, releases, swaps
from bot.telegram import keyboards_talks
from bot.telegram.context import Context
from bot.telegram.handlers import requests
from bot.telegram.handlers.where import exchanged, named_among, own_named, read, slot_named
from bot.telegram.incoming import arguments, author_replied_to, is_private, name_of
from bot.text.render import render

_BEFORE_NAME = pattern(
    r"^(?:(?:me|places?|my\s+talk)\s+)?(?:(?:to|with|for)\s+|[给跟和])?\s*@?", re.IGNORECASE
)


class Offered(NamedTuple):
    """What can be chosen from: for the talk in `found` the others to swap with, or the members to
    hand it to; without it one's own talks (`mine`), and then `others` and `members` are those that
    were named. `unknown` is a name that nobody has."""

    mine: tuple[FoundTalk, ...] = ()
    found: FoundTalk | None = None
    others: tuple[FoundTalk, ...] = ()
    members: tuple[MemberView, ...] = ()
    unknown: str | None = None


async def swap(update: Update, context: Context) -> None:
    """`/swap [jan 20 2] [Ben]`: date and name are those of the talk one would like to have. Before
    them may stand the date of one's own, "jan 13 with jan 20"."""
    now, words, in_group = context.now, arguments(update), not is_private(update)
    author = author_replied_to(update)

    def use(session: Session, actor: Actor) -> RequestView | Offered:
        mine = _own(session, actor, context)
        if not mine:
            return Offered()
        others = swaps.others(session, actor, now)
        if words:
            mine, other = exchanged(session, actor.group, mine, words, now)
            wanted = _wanted(session, actor, others, other, context)
        else:
            wanted = tuple(one for one in others if author and _gives(one, author))
        if len(mine) > 1:
            return Offered(mine, others=wanted)
        if len(wanted) != 1:
            return Offered(mine, mine[0], others=wanted or others)
        slot_ids = mine[0].slot.id, wanted[0].slot.id
        return swaps.ask(session, actor, *slot_ids, now, in_group=in_group)

    group, done = await context.act(update, use)
    await _answer_swap(update, context, group, done)


def _wanted(
    session: Session, actor: Actor, others: tuple[FoundTalk, ...], words: str, context: Context
) -> tuple[FoundTalk, ...]:
    """The talks that the words mean, by date, slot, name or all of them. Raises `DomainError` for
    a day without a meeting, and where the date needs the slot's number."""
    wish = read(session, actor.group, words, context.now)
    on_day = named_among(others, wish)
    there = on_day or others
    names = [one.talk.main.name if one.talk.main else "" for one in there]
    name = _name(wish.title if wish.day else words)
    meant = called(name, names) or near_names(name, names)
    found = tuple(one for one, its in zip(there, names, strict=True) if its in meant)
    if found or wish.day is None:
        return found
    if len(on_day) > 1 and wish.position is None:
        return on_day
    return (slot_named(session, actor.group_id, words, context.now),)


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
    """`/handover [jan 20 2] [NAME]`, or without a name as a reply to what they wrote."""
    now, words, in_group = context.now, arguments(update), not is_private(update)
    group = await context.group_of(update)
    author = author_replied_to(update)
    if author is not None and not await context.is_present(group, author.id):
        author = None

    def use(session: Session, actor: Actor) -> RequestView | Offered:
        wish, own = read(session, group, words, now), _own(session, actor, context)
        of_day = own_named(session, group.id, own, wish, words, now)
        mine, name = of_day or own, _name(wish.title if of_day else words)
        if not mine:
            return Offered()
        if author is not None and not name:
            members.meet(session, group, author.id, name_of(author), organizer=None)
        known = handovers.candidates(session, actor)
        names = [one.name for one in known]
        if name:
            to = tuple(one for one in known if one.name in called(name, names))
        else:
            to = tuple(one for one in known if author and one.telegram_id == author.id)
        if len(mine) > 1:
            return Offered(mine, members=to)
        if len(to) == 1:
            return handovers.ask(session, actor, mine[0].slot.id, to[0].id, now, in_group=in_group)
        near = near_names(name, names)
        offered = to or tuple(one for one in known if one.name in near) or known
        return Offered(mine, mine[0], members=offered, unknown=None if to else name or None)

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
    members.require_member(actor)
    account = actor.telegram_id or 0
    return releases.releasable(session, actor.group_id, account, context.now)


def _gives(found: FoundTalk, user: User) -> bool:
    return found.talk.main is not None and found.talk.main.telegram_id == user.id


def _name(words: str | None) -> str:
    """The name in "with @Ben", or in "to Ben"."""
    return _BEFORE_NAME.sub("", words or "", count=1).strip()


async def _answer_swap(
    update: Update, context: Context, group: GroupView, done: RequestView | Offered
) -> None:
    if isinstance(done, RequestView):
        await requests.put(update, context, group, done)
        return
    if done.found is None:
        other_id = done.others[0].slot.id if len(done.others) == 1 else 0
        keyboard = keyboards_talks.talks_to_swap(group, done.mine, other_id)
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
        to_id = done.members[0].id if len(done.members) == 1 else 0
        keyboard = keyboards_talks.talks_to_hand_over(group, done.mine, to_id)
    else:
        slot_id, members = done.found.slot.id, done.members
        keyboard = keyboards_talks.members_to_hand_over_to(group, slot_id, members)
    text = render(
        "hand_over_to", mine=done.mine, found=done.found, members=done.members, unknown=done.unknown
    )
    await context.answer(update, text, keyboard)
