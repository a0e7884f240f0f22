"""Claiming a slot: in one message, or with a tap on the slot."""

from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.calendar import local
from bot.domain.callbacks import Book
from bot.domain.claims import Wish, read_wish
from bot.domain.views import Actor, DraftView, GroupView, MeetingView, SlotView
from bot.errors import DomainError, Refusal
from bot.services import claims, drafts, queries
from bot.services.claims import Claimed
from bot.telegram.context import Context, arguments
from bot.telegram.keyboards import slots_to_book
from bot.text.render import render
from storage.enums import DraftKind

Question = tuple[DraftView, tuple[MeetingView, ...]]
"""What to book, and the meetings whose open slots are offered."""


async def claim(update: Update, context: Context) -> None:
    words = arguments(update)
    now = context.now
    if not words:
        _, meetings = await context.ask(update, lambda s, g: queries.open_meetings(s, g.id, now))
        await context.reply(update, render("open", meetings=meetings))
        return
    group, wish = await context.ask(update, lambda s, g: _read(s, g, words, now))
    group, done = await context.act(update, lambda s, actor: _claim(s, actor, wish, now))
    if isinstance(done, Claimed):
        await context.reply(update, render("claimed", group=group, found=done.found, new=done.new))
        return
    draft, meetings = done
    if not any(meeting.open_slots for meeting in meetings):
        await context.reply(update, render("open", meetings=()))
        return
    keyboard = slots_to_book(group, draft.id, meetings)
    await context.reply(update, render("claim_where", draft=draft), keyboard)


async def book(update: Update, context: Context, asked: Book) -> None:
    now = context.now

    def use(session: Session, actor: Actor) -> Claimed:
        draft = drafts.take_up(session, actor, asked.draft_id, DraftKind.CLAIM, now)
        return claims.claim(session, actor, asked.slot_id, draft.title, draft.url, now)

    group, done = await context.act(update, use, asked.group_id)
    text = render("claimed", group=group, found=done.found, new=done.new)
    await context.replace(update, text)


def _read(session: Session, group: GroupView, words: str, now: datetime) -> Wish:
    return read_wish(words, local(now, group.zone).date(), queries.dates(session, group.id))


def _claim(session: Session, actor: Actor, wish: Wish, now: datetime) -> Claimed | Question:
    if wish.day is None:
        tidy = claims.check_paper(wish.title, wish.url)
        meetings = queries.open_meetings(session, actor.group_id, now)
        return _keep(session, actor, tidy, wish, now), meetings
    meeting = queries.meeting_on(session, actor.group_id, wish.day, now)
    if meeting is None:
        raise DomainError(Refusal.NO_MEETING_THEN, date=wish.day)
    slot, title = _slot_and_title(meeting, wish)
    if slot is not None:
        return claims.claim(session, actor, slot.id, title, wish.url, now)
    checked = claims.check_paper(title, wish.url)
    return _keep(session, actor, checked, wish, now), (meeting,)


def _slot_and_title(meeting: MeetingView, wish: Wish) -> tuple[SlotView | None, str | None]:
    """The slot that was meant, `None` when it must be asked for, and the title."""
    if wish.position is not None:
        for slot in meeting.slots:
            if slot.position == wish.position:
                return slot, wish.title
        if len(meeting.slots) > 1:
            raise DomainError(Refusal.NO_SUCH_SLOT, meeting=meeting)
    # With one slot in the meeting, or one left, there is nothing to ask. A number that is no
    # slot's belongs to the title.
    if len(meeting.slots) == 1:
        return meeting.slots[0], wish.rest
    if len(meeting.open_slots) == 1:
        return meeting.open_slots[0], wish.rest
    if not meeting.open_slots and meeting.slots:
        return meeting.slots[0], wish.rest  # refused, with who has it
    return None, wish.rest


def _keep(session: Session, actor: Actor, title: str, wish: Wish, now: datetime) -> DraftView:
    return drafts.keep(session, actor, DraftKind.CLAIM, now, title=title, url=wish.url)
