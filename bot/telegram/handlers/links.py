"""Posting slides, a video or a summary of a talk."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import KnowHost, PostLink
from bot.domain.claims import Starts, Wish, read_starts
from bot.domain.papers import check_link
from bot.domain.views import Actor, DraftView, FoundTalk, GroupView
from bot.errors import DomainError, Refusal
from bot.services import drafts, hosts, links, queries
from bot.services.links import Posted
from bot.telegram.context import Context
from bot.telegram.handlers import files
from bot.telegram.handlers.where import link_places, meeting_on, read
from bot.telegram.incoming import (
    arguments,
    chat_of,
    file_replied_to,
    is_private,
    link_behind,
    link_beside,
)
from bot.telegram.keyboards_links import is_for_all, place_of_link, talks_of_link
from bot.text.render import render
from storage.enums import DraftKind, LinkKind

Places = tuple[FoundTalk, ...]


class Asked(NamedTuple):
    """A link that waits for a tap: for which of several talks it is, or whether a site that the
    group does not know is meant."""

    draft: DraftView
    places: Places
    unknown: str | None


async def slides(update: Update, context: Context) -> None:
    await posted(update, context, LinkKind.SLIDES, arguments(update))


async def video(update: Update, context: Context) -> None:
    await posted(update, context, LinkKind.VIDEO, arguments(update))


async def summary(update: Update, context: Context) -> None:
    await posted(update, context, LinkKind.SUMMARY, arguments(update))


async def post(update: Update, context: Context, asked: PostLink) -> None:
    """The talk for a link was chosen by a tap, or its site confirmed."""
    await _post_draft(update, context, asked, lambda _session, _actor, _url: None)


async def post_and_know(update: Update, context: Context, asked: KnowHost) -> None:
    now = context.now
    await _post_draft(update, context, asked, lambda s, actor, url: hosts.add(s, actor, url, now))


async def begins(update: Update, context: Context, draft: DraftView, starts: Starts) -> None:
    """Where each talk begins in the recording was said in a reply."""
    now, told = context.now, not is_private(update)

    def use(session: Session, actor: Actor) -> Posted:
        found = queries.of_slot(session, actor.group_id, draft.slot_id or 0, now)
        if found is None:
            raise DomainError(Refusal.DRAFT_GONE)
        return links.post(
            session,
            actor,
            LinkKind.VIDEO,
            found.meeting.id,
            None,
            draft.url or "",
            now,
            starts=_seconds(starts),
            told=told,
        )

    group, done = await context.act(update, use, as_organizer=True)
    await _show(update, context, group, done)


async def posted(update: Update, context: Context, kind: LinkKind, words: str) -> None:
    """Post what these words name, `[DATE] [SLOT] LINK`."""
    now, told = context.now, not is_private(update)
    document = file_replied_to(update) if kind is LinkKind.SLIDES else None
    if document is not None:
        await files.receive(update, context, document, words)
        return
    starts = read_starts(words) if kind is LinkKind.VIDEO else Starts((), words)
    seconds = _seconds(starts)
    _, wish = await context.ask(update, lambda s, g: read(s, g, starts.rest, now))
    url = _link(update, wish)
    if url is None and kind is LinkKind.SLIDES and await files.give(update, context, wish):
        return
    if url is not None:
        url = await context.tools.catalogues.short_links.resolve(url)

    def use(session: Session, actor: Actor) -> Posted | Asked | Places:
        if url is None and kind is LinkKind.SLIDES and wish.day is not None:
            return _lacking(session, actor, wish, now)
        places = link_places(session, actor, kind, wish, now)
        if url is None:
            return places
        return _post(session, actor, kind, places, url, seconds, now, told=told)

    group, done = await context.act(update, use, as_organizer=True)
    if isinstance(done, Posted):
        await _show(update, context, group, done)
    elif isinstance(done, Asked):
        await _ask(update, context, group, kind, done)
    else:
        await context.reply(update, render("link_how", kind=kind, meetings=_meetings(done)))


def _link(update: Update, wish: Wish) -> str | None:
    """The link that was sent, or answered. Raises `DomainError` for several, and for words that are
    none."""
    if wish.left_out:
        raise DomainError(Refusal.ONE_LINK)
    url = wish.url or link_behind(update.effective_message)
    if url is None and wish.title is not None:
        meant = (one for one in wish.title.split() if re.search(r"\w[.:/]+\w", one))
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=next(meant, None))
    return url or link_beside(update)


def _lacking(session: Session, actor: Actor, wish: Wish, now: datetime) -> Places:
    """The talks for which the actor could post slides, of a day that has none. Whoever only asked
    for them is told so."""
    try:
        return link_places(session, actor, LinkKind.SLIDES, wish, now)
    except DomainError as error:
        if error.code is not Refusal.NOT_YOURS_TO_POST or wish.day is None:
            raise
        meeting = meeting_on(session, actor.group_id, wish.day, now)
        raise DomainError(Refusal.NO_SLIDES, meeting=meeting) from None


def _post(
    session: Session,
    actor: Actor,
    kind: LinkKind,
    places: Places,
    url: str,
    starts: tuple[int, ...],
    now: datetime,
    *,
    told: bool,
) -> Posted | Asked:
    """Post at once where there is nothing to ask."""
    if not places:
        raise DomainError(Refusal.NOTHING_TO_POST_TO, kind=kind)
    check_link(url)
    meeting_id = places[0].meeting.id
    slot_id = places[0].slot.id if len(places) == 1 and len(starts) < 2 else None
    unknown = links.unknown_host(actor.group, url)
    is_clear = slot_id is not None or len(starts) > 1
    if is_clear and unknown is None:
        return links.post(
            session, actor, kind, meeting_id, slot_id, url, now, starts=starts, told=told
        )
    draft = drafts.keep(
        session,
        actor,
        DraftKind.VIDEO,
        now,
        title=kind.value,
        url=url,
        text=" ".join(str(at) for at in starts),
    )
    return Asked(draft, places, unknown)


async def _post_draft(
    update: Update,
    context: Context,
    asked: PostLink | KnowHost,
    before: Callable[[Session, Actor, str], object],
) -> None:
    now, told = context.now, not is_private(update)

    def use(session: Session, actor: Actor) -> Posted:
        draft = drafts.take_up(session, actor, asked.draft_id, now, DraftKind.VIDEO)
        # A question from before there were others than videos does not say what it is.
        kind = LinkKind(draft.title or LinkKind.VIDEO)
        url, slot_id = draft.url or "", asked.slot_id or None
        starts = tuple(int(at) for at in (draft.text or "").split())
        before(session, actor, url)
        return links.post(
            session, actor, kind, asked.meeting_id, slot_id, url, now, starts=starts, told=told
        )

    group, done = await context.act(update, use, asked.group_id, as_organizer=True)
    await _show(update, context, group, done)


async def _ask(
    update: Update, context: Context, group: GroupView, kind: LinkKind, asked: Asked
) -> None:
    if len(asked.places) == 1 or is_for_all(asked.draft):
        text = render("link_sure", kind=kind, host=asked.unknown)
        await context.reply(update, text, place_of_link(group, asked.draft, asked.places))
        return
    meetings = _meetings(asked.places)
    text = render("link_which", kind=kind, meetings=meetings, host=asked.unknown)
    await context.reply(update, text, talks_of_link(group, asked.draft.id, asked.places))


async def _show(update: Update, context: Context, group: GroupView, done: Posted) -> None:
    """Say what was posted. Where several talks have one recording, a reply says where each
    begins."""
    text = render("link_posted", done=done, group=group, meeting=done.talks[0].meeting)
    message_id = await context.answer(update, text)
    if not done.lacks_starts:
        return
    now, place = context.now, chat_of(update).id

    def use(session: Session, actor: Actor) -> None:
        if actor.member_id is None:  # an administrator who writes as the group; nobody replies
            return
        slot_id = done.talks[0].slot.id
        draft = drafts.keep(
            session,
            actor,
            DraftKind.VIDEO,
            now,
            title=done.kind.value,
            url=done.url,
            slot_id=slot_id,
        )
        drafts.asked_in(session, draft.id, place, message_id)

    await context.act(update, use, group.id)


def _meetings(places: Places) -> tuple[object, ...]:
    return tuple({one.meeting.id: one.meeting for one in places}.values())


def _seconds(starts: Starts) -> tuple[int, ...]:
    if starts.wrong is not None:
        raise DomainError(Refusal.NOT_A_START, text=starts.wrong)
    return starts.seconds
