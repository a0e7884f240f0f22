"""Claiming a slot: in one message, or with a tap on the slot."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import Book, NeverMind, Sure, Take
from bot.domain.claims import Wish, names_several
from bot.domain.linked_text import first_link
from bot.domain.views import Actor, DraftView, FoundTalk, MeetingView, SlotView
from bot.errors import DomainError, Refusal
from bot.services import bookings, choices, claims, drafts, queries
from bot.telegram.context import Context
from bot.telegram.handlers import papers
from bot.telegram.handlers.papers import Outcome
from bot.telegram.handlers.where import meeting_on, read
from bot.telegram.incoming import arguments, is_private, link_beside
from bot.telegram.keyboards import slots_to_book
from bot.telegram.keyboards_waiting import waiting_list, waiting_lists
from bot.text.render import render, render_refusal
from storage.enums import DraftKind


class Question(NamedTuple):
    """What to book, if that was said, and the meetings whose open slots are offered; before them
    one's `own` talks that have no paper yet."""

    draft: DraftView | None
    meetings: tuple[MeetingView, ...]
    own: tuple[FoundTalk, ...] = ()


Made = tuple[Wish, int, Outcome | Question]
"""What was wished for, and what became of it in the slot of this id; 0 while it is not known."""

TAKEN = (Refusal.SLOT_TAKEN, Refusal.SLOT_HELD, Refusal.MEETING_FULL)


async def claim(update: Update, context: Context) -> None:
    await claim_with(update, context, arguments(update))


async def claim_with(update: Update, context: Context, words: str) -> None:
    """Claim with these words, and with the link in the message that they answer, if they have
    none."""
    now, in_group, link = context.now, not is_private(update), link_beside(update)
    if not words and link is None:
        await papers.show_open(update, context)
        return
    url = first_link(words) or link
    if url is not None:
        # For strangers nothing is looked up.
        await context.group_of(update)
        await context.tools.catalogues.look_up(url)

    def use(session: Session, actor: Actor) -> Made:
        wish = read(session, actor.group, words, now)
        return _claim(session, actor, wish._replace(url=url), now, in_group=in_group)

    await _claim_and_tell(update, context, use)


async def claim_for(update: Update, context: Context, wish: Wish, slot_id: int | None) -> None:
    """Claim what was wished for, in this slot if it is known by other ways than by the words."""
    now, in_group = context.now, not is_private(update)

    def use(session: Session, actor: Actor) -> Made:
        if slot_id is None:
            return _claim(session, actor, wish, now, in_group=in_group)
        made = choices.claim(session, actor, slot_id, wish.title, wish.url, now, in_group=in_group)
        return wish, slot_id, made

    await _claim_and_tell(update, context, use)


async def _claim_and_tell(
    update: Update, context: Context, use: Callable[[Session, Actor], Made]
) -> None:
    try:
        group, (wish, number, done) = await context.act(update, use)
    except DomainError as error:
        await _refused(update, context, error)
        return
    if not isinstance(done, Question):
        await papers.answer(update, context, group, number, done, wish)
        return
    draft, meetings, own = done
    if draft is None:
        await context.reply(update, *papers.slots_of(group, meetings))
    elif own or any(meeting.open_slots for meeting in meetings):
        keyboard = slots_to_book(group, draft.id, meetings, own)
        text = papers.under_left_out(render("claim_where", draft=draft), wish)
        await context.reply(update, text, keyboard)
    else:
        await papers.show_open(update, context)


async def book(update: Update, context: Context, asked: Book) -> None:
    await _book(update, context, asked, sure=False)


async def book_surely(update: Update, context: Context, asked: Sure) -> None:
    await _book(update, context, asked, sure=True)


async def take(update: Update, context: Context, asked: Take) -> None:
    """A slot first, its paper later: that is two taps for somebody who knows nothing."""
    now = context.now
    group, done = await context.act(
        update,
        lambda s, actor: claims.claim(s, actor, asked.slot_id, None, None, now),
        asked.group_id,
    )
    await papers.ask_for_paper(update, context, group, done.found, below=bool(asked.below))


async def never_mind(update: Update, context: Context, asked: NeverMind) -> None:
    await context.act(update, lambda s, a: drafts.forget(s, a, asked.draft_id), asked.group_id)
    await context.replace(update, render("nothing_done"))


async def _book(update: Update, context: Context, asked: Book | Sure, *, sure: bool) -> None:
    now, in_group = context.now, not is_private(update)

    def use(session: Session, actor: Actor) -> tuple[DraftView, Outcome]:
        draft = drafts.take_up(
            session, actor, asked.draft_id, now, DraftKind.CLAIM, DraftKind.PAPER
        )
        make = choices.edit if draft.kind is DraftKind.PAPER else choices.claim
        done = make(
            session,
            actor,
            asked.slot_id,
            draft.title,
            draft.url,
            now,
            sure=sure,
            in_group=in_group,
        )
        return draft, done

    group, (draft, done) = await context.act(update, use, asked.group_id)
    wish = Wish(None, None, draft.title, draft.title, draft.url, draft.left_out)
    await papers.answer(update, context, group, asked.slot_id, done, wish, draft.kind)


async def _refused(update: Update, context: Context, error: DomainError) -> None:
    """Who comes too late may wait for the slot, or for one of the meeting's, with a tap."""
    if error.code not in TAKEN:
        raise error
    group = await context.group_of(update)
    if error.code is Refusal.MEETING_FULL:
        keyboard = waiting_lists(group, error.params["meeting"])
    else:
        keyboard = waiting_list(group, error.params["found"])
    await context.reply(update, render_refusal(error), keyboard)


def _claim(session: Session, actor: Actor, wish: Wish, now: datetime, *, in_group: bool) -> Made:
    if wish.day is None:
        return _claim_some(session, actor, wish, now, in_group=in_group)
    meeting = meeting_on(session, actor.group_id, wish.day, now)
    if names_several(wish.rest) and len(meeting.slots) > 1:
        first = (*meeting.open_slots, *meeting.slots)[0]
        raise DomainError(Refusal.ONE_SLOT, found=FoundTalk(meeting, first))
    slot, said = _slot_and_title(meeting, wish, actor)
    if slot is None and said is None and wish.url is None:
        return wish, 0, Question(None, (meeting,))
    title = bookings.title_for(session, said, wish.url)
    there = FoundTalk(meeting, slot) if slot is not None else None
    if there is not None and title is not None:
        made = choices.claim(
            session, actor, there.slot.id, said, wish.url, now, in_group=in_group, there=there
        )
        return wish, there.slot.id, made
    if there is not None:
        # Nobody should be asked for the title of a paper for which the slot is not to be had.
        claims.look(session, actor, there.slot.id, bookings.NOT_YET_NAMED, now, there)
    draft = _keep(session, actor, title, wish, now, slot.id if slot else None)
    return wish, 0, draft if title is None else Question(draft, (meeting,))


def _claim_some(
    session: Session, actor: Actor, wish: Wish, now: datetime, *, in_group: bool
) -> Made:
    """Nobody said for which slot the paper is."""
    title = bookings.title_for(session, wish.title, wish.url)
    named = bookings.name_paper(session, wish.title, wish.url) if title else None
    own = choices.own_for(session, actor, named, now)
    if own and bookings.announced(own[0]):
        slot_id = own[0].slot.id
        made = choices.edit(session, actor, slot_id, None, wish.url, now, in_group=in_group)
        return wish, slot_id, made
    draft = _keep(session, actor, title, wish, now)
    meetings = queries.open_meetings(session, actor.group_id, now)
    # Where there is no slot for it nobody should be asked for the title.
    is_asked = title is None and (own or any(meeting.open_slots for meeting in meetings))
    return wish, 0, draft if is_asked else Question(draft, meetings, own)


def _slot_and_title(
    meeting: MeetingView, wish: Wish, actor: Actor
) -> tuple[SlotView | None, str | None]:
    """The slot that was meant, `None` when it must be asked for, and the title. Raises
    `DomainError` for a number that no slot has, and when none is left."""
    if (slot := meeting.slot_at(wish.position)) is not None:
        return slot, wish.title
    if wish.position is not None and len(meeting.slots) > 1:
        raise DomainError(Refusal.NO_SUCH_SLOT, meeting=meeting)
    # With one slot in the meeting, or one left, there is nothing to ask. A number that is no
    # slot's belongs to the title.
    if len(meeting.slots) == 1:
        return meeting.slots[0], wish.rest
    if len(meeting.open_slots) == 1:
        return meeting.open_slots[0], wish.rest
    if meeting.open_slots or not meeting.slots:
        return None, wish.rest
    return _ones_own_slot(meeting, actor), wish.rest


def _ones_own_slot(meeting: MeetingView, actor: Actor) -> SlotView:
    """The actor's slot of a meeting that has no open ones. Raises `DomainError` where they present
    nothing there."""
    for slot in meeting.slots:
        if slot.talk and slot.talk.is_given_by(actor.member_id):
            return slot
    if meeting.is_coming:
        raise DomainError(Refusal.MEETING_FULL, meeting=meeting)
    return meeting.slots[0]  # refused, with what became of the meeting


def _keep(
    session: Session,
    actor: Actor,
    title: str | None,
    wish: Wish,
    now: datetime,
    slot_id: int | None = None,
) -> DraftView:
    wanted = wish._replace(title=title)
    return drafts.keep_paper(session, actor, DraftKind.CLAIM, wanted, now, slot_id)
