"""Waiting for a slot that somebody has."""

import re

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import StopWaiting, WaitFor
from bot.domain.claims import Wish, read_paper
from bot.domain.patterns import pattern
from bot.domain.views import GroupView, MeetingView, SlotView
from bot.errors import DomainError, Refusal
from bot.services import places
from bot.telegram.context import Context
from bot.telegram.errors import tell
from bot.telegram.handlers.where import meeting_named
from bot.telegram.incoming import arguments, is_private, link_beside
from bot.telegram.keyboards_waiting import to_stop, to_take, to_wait, waiting_lists
from bot.text.render import render, render_refusal

_ANY = pattern(r"(?:for\s+)?any(?:\s*(?:slot|one|thing))?(?:\s+of\s+the\s+term)?\W*", re.IGNORECASE)


async def wait(update: Update, context: Context) -> None:
    """`/wait`: the slot named, any of the term, or a choice of the taken ones."""
    now, words = context.now, arguments(update)
    if not words:
        await show(update, context)
        return

    def meant(session: Session, group: GroupView) -> tuple[int | None, Wish]:
        if _ANY.fullmatch(words):
            return None, read_paper("")
        wish, meeting = meeting_named(session, group.id, words, now)
        slot, title = _meant(meeting, wish)
        return slot.id, wish._replace(title=title)

    try:
        group, (slot_id, wish) = await context.ask(update, meant)
    except DomainError as error:
        if error.code is not Refusal.WHICH_SLOT:
            raise
        group = await context.group_of(update)
        keyboard = waiting_lists(group, error.params["meeting"])
        await context.reply(update, render_refusal(error), keyboard)
        return
    url = wish.url or link_beside(update)
    await context.tools.catalogues.look_up(url)
    try:
        group, place = await context.act(
            update, lambda s, actor: places.wait(s, actor, slot_id, wish.title, url, now)
        )
    except DomainError as error:
        if error.code is not Refusal.SLOT_IS_FREE:
            raise
        text, found = render_refusal(error), error.params["found"]
        await context.reply(update, text, to_take(group, found))
        return
    await context.reply(update, render("waiting", place=place, group=group), to_stop(group, place))


async def show(update: Update, context: Context) -> None:
    """What the person waits for, and could wait for, with a button for each."""
    now = context.now
    group, choice = await context.act(update, lambda s, a: places.choice(s, a, now))
    text = render("wait_which", choice=choice, group=group)
    await context.reply(update, text, to_wait(group, choice))


async def wait_tapped(update: Update, context: Context, asked: WaitFor) -> None:
    """In the group the answer is for whoever tapped alone, so that the message stays useful to the
    others."""
    now = context.now
    group, place = await context.act(
        update,
        lambda s, actor: places.wait(s, actor, asked.slot_id or None, None, None, now),
        asked.group_id,
    )
    text = render("waiting", place=place, group=group)
    if is_private(update) or update.callback_query is None:
        await context.answer(update, text, to_stop(group, place))
    else:
        await tell(update, context, text)


async def stop(update: Update, context: Context, asked: StopWaiting) -> None:
    now = context.now
    _, place = await context.act(
        update, lambda s, actor: places.leave(s, actor, asked.wait_id, now), asked.group_id
    )
    await context.replace(update, render("wait_stopped", place=place))


def _meant(meeting: MeetingView, wish: Wish) -> tuple[SlotView, str | None]:
    """The slot to wait for and the title. Without a number the only one that is not open is meant;
    a number that is no slot's belongs to the title where there is but one slot."""
    if (slot := meeting.slot_at(wish.position)) is not None:
        return slot, wish.title
    taken = [slot for slot in meeting.slots if slot not in meeting.open_slots] or meeting.slots
    if len(meeting.slots) == 1 or (len(taken) == 1 and wish.position is None):
        return taken[0], wish.rest
    raise DomainError(
        Refusal.WHICH_SLOT if taken and wish.position is None else Refusal.NO_SUCH_SLOT,
        meeting=meeting,
    )
