"""What organizers do to talks: give slots, empty them, take a change back, and look back."""

import re
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import Update, User

from bot.domain.callbacks import AssignTo, ShowLog, Undo
from bot.domain.claims import Wish
from bot.domain.likeness import folded_name, near_names
from bot.domain.papers import check_link
from bot.domain.patterns import pattern
from bot.domain.views import (
    Actor,
    ChangeView,
    DraftView,
    FoundTalk,
    GroupView,
    MeetingView,
    MemberView,
)
from bot.errors import DomainError, Refusal
from bot.services import assignments, bookings, drafts, history, members
from bot.services.members import require_member, require_organizer
from bot.telegram import cards
from bot.telegram.context import Context
from bot.telegram.handlers.files import take_away
from bot.telegram.handlers.where import meeting_on, place_named, read, slot_named
from bot.telegram.incoming import arguments, author_replied_to, name_of
from bot.telegram.keyboards_organizers import log_pages, names_to_assign, to_undo
from bot.text.render import render
from storage.enums import DraftKind, LinkKind

_BEFORE_NAME = pattern(r"^(?:(?:to|for)(?:\s+|$)|给\s*)", re.IGNORECASE)

MOST_WORDS = 30
"""Words that a name may have."""


class Unknown(NamedTuple):
    """Nobody is called so, or `several` are: those who nearly or wholly are, and a draft that a tap
    finishes."""

    draft: DraftView
    near: tuple[MemberView, ...]
    several: bool


async def assign(update: Update, context: Context) -> None:
    """`/assign jan 20 2 Ann [TITLE] [LINK]`, or without a name as a reply to what Ann wrote."""
    now, words, author = context.now, arguments(update), author_replied_to(update)

    def named(session: Session, group: GroupView) -> tuple[Wish, MeetingView]:
        wish = read(session, group, words, now)
        if wish.day is None:
            raise DomainError(Refusal.ASSIGN_WHERE)
        return wish, meeting_on(session, group.id, wish.day, now)

    group, (wish, meeting) = await context.ask(update, named)
    if author is not None and not await context.is_present(group, author.id):
        author = None
    await context.tools.catalogues.look_up(wish.url)
    group, done = await context.act(
        update, lambda s, actor: _assign(s, actor, meeting, wish, author, now), as_organizer=True
    )
    if isinstance(done, FoundTalk):
        await cards.show(update, context, group, done)
        return
    name, several = done.near[0].name if done.several else done.draft.title, done.several
    text = render("assign_whom", name=name, near=done.near, several=several)
    keyboard = names_to_assign(group, done.draft, done.near, several=several)
    await context.reply(update, text, keyboard)


async def assign_tapped(update: Update, context: Context, asked: AssignTo) -> None:
    now = context.now

    def use(session: Session, actor: Actor) -> FoundTalk:
        draft = drafts.take_up(session, actor, asked.draft_id, now, DraftKind.CLAIM)
        if draft.slot_id is None:
            raise DomainError(Refusal.DRAFT_GONE)
        member_id = asked.member_id or assignments.new_member(session, actor, draft.title or "")
        return assignments.assign(session, actor, draft.slot_id, member_id, None, draft.url, now)

    group, found = await context.act(update, use, asked.group_id, as_organizer=True)
    await cards.show(update, context, group, found)


async def unassign(update: Update, context: Context) -> None:
    """`/unassign jan 20 2`."""
    now, words = context.now, arguments(update)

    def use(session: Session, actor: Actor) -> tuple[FoundTalk, FoundTalk]:
        require_organizer(actor)
        slot_id = slot_named(session, actor.group_id, words, now).slot.id
        before = assignments.unassign(session, actor, slot_id, now)
        return before, bookings.need(session, actor.group_id, slot_id, now)

    group, (before, after) = await context.act(update, use, as_organizer=True)
    await cards.show(update, context, group, after, render("unassigned", found=before))


async def undo(update: Update, context: Context) -> None:
    """`/undo [jan 20 [2]]`: says what it would take back, and waits for a tap."""
    now, words = context.now, arguments(update)

    def use(session: Session, actor: Actor) -> ChangeView:
        require_organizer(actor)
        place = place_named(session, actor.group_id, words, now) if words else None
        return history.last_change(session, actor, place, now)

    group, change = await context.act(update, use, as_organizer=True)
    text = render("undo", change=change, group=group)
    await context.reply(update, text, to_undo(group, change))


async def undo_tapped(update: Update, context: Context, asked: Undo) -> None:
    now = context.now
    group, change = await context.act(
        update,
        lambda s, actor: history.undo(s, actor, asked.entry_id, now),
        asked.group_id,
        as_organizer=True,
    )
    if change.after.get("kind") == LinkKind.SLIDES:
        await take_away(context, group, change.after["url"])
    await context.replace(update, render("undone", change=change, group=group))


async def log(update: Update, context: Context) -> None:
    await _show_log(update, context, 0, None)


async def log_page(update: Update, context: Context, asked: ShowLog) -> None:
    await _show_log(update, context, asked.offset, asked.group_id)


async def _show_log(update: Update, context: Context, offset: int, group_id: int | None) -> None:
    now = context.now
    group, (changes, older) = await context.act(
        update, lambda s, a: history.page(s, a, offset, now), group_id, as_organizer=True
    )
    text = render("log", changes=changes, group=group)
    await context.answer(update, text, log_pages(group, offset, older=older))


def _assign(
    session: Session,
    actor: Actor,
    meeting: MeetingView,
    wish: Wish,
    author: User | None,
    now: datetime,
) -> FoundTalk | Unknown:
    """`author` wrote the message that this answers."""
    require_organizer(actor)
    slot_id, said = _slot(meeting, wish)
    known = members.all_members(session, actor.group_id)
    named, title = _named(known, said or "")
    if not named and said is not None:  # "to Ben"
        said = _BEFORE_NAME.sub("", said) or None
        named, title = _named(known, said or "")
    if len(named) == 1:
        return assignments.assign(session, actor, slot_id, named[0].id, title, wish.url, now)
    if said is None and author is not None:
        group = actor.group
        whom = members.meet(session, group, author.id, name_of(author), organizer=None)
        return assignments.assign(
            session, actor, slot_id, require_member(whom), None, wish.url, now
        )
    name = said or ""
    if name.startswith("@"):
        raise DomainError(Refusal.ACCOUNT_UNKNOWN)
    if not name:
        raise DomainError(Refusal.NOT_A_NAME)
    bookings.check_free(bookings.need(session, actor.group_id, slot_id, now), now)
    if wish.url is not None:
        check_link(wish.url)
    name = bookings.check_title(name)  # the name, and perhaps a title behind it
    near = near_names(name, [member.name for member in known])
    draft = drafts.keep(
        session, actor, DraftKind.CLAIM, now, title=name, url=wish.url, slot_id=slot_id
    )
    alike = named or tuple(member for member in known if member.name in near)
    return Unknown(draft, alike, several=bool(named))


def _named(members: tuple[MemberView, ...], said: str) -> tuple[tuple[MemberView, ...], str | None]:
    """Everybody of the longest name that these words begin with, and the title that follows it."""
    called: dict[str, tuple[MemberView, ...]] = {}
    for member in members:
        name = folded_name(member.name)
        called[name] = (*called.get(name, ()), member)
    words = said.split()
    for number in range(min(len(words), MOST_WORDS), 0, -1):
        name = folded_name(" ".join(words[:number]))
        if name and name in called:
            return called[name], " ".join(words[number:]) or None
    return (), None


def _slot(meeting: MeetingView, wish: Wish) -> tuple[int, str | None]:
    """The slot that is meant, and what follows it."""
    if (slot := meeting.slot_at(wish.position)) is not None:
        return slot.id, wish.title
    if len(meeting.slots) == 1:
        return meeting.slots[0].id, wish.rest
    if wish.position is None and len(meeting.open_slots) == 1:
        return meeting.open_slots[0].id, wish.rest
    code = Refusal.WHICH_SLOT if wish.position is None else Refusal.NO_SUCH_SLOT
    raise DomainError(code, meeting=meeting)
