"""Slides as files: a PDF that a presenter sends, and giving it back."""

import asyncio
import logging
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy.orm import Session
from telegram import Document, Message, Update
from telegram.error import BadRequest, TelegramError

from bot.domain.callbacks import GiveSlides, KeepFile
from bot.domain.claims import Wish
from bot.domain.views import Actor, DraftView, FoundTalk, GroupView, SlidesView
from bot.errors import DomainError, Refusal
from bot.publish import pdf, slides
from bot.services import drafts, files, link_talks, queries
from bot.services.files import Sent
from bot.services.links import Posted
from bot.telegram.context import Context
from bot.telegram.handlers.where import link_places, meeting_on, read
from bot.telegram.incoming import answers_bot, arguments, is_private
from bot.telegram.keyboards_links import talks_of_file
from bot.text.commands import COMMANDS
from bot.text.render import render
from storage.enums import DraftKind, LinkKind

log = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
"""Bots may download no more: https://core.telegram.org/bots/api#getfile"""

COMMAND = "/slides"
_COMMANDS = frozenset(f"/{one.name}" for one in COMMANDS)


async def sent(update: Update, context: Context) -> None:
    """A file: in private always for the bot; in a group where its caption says so, or where it
    answers the bot."""
    message = update.effective_message
    if message is None or message.document is None:
        return
    command = _command(message, context)
    if command not in (None, COMMAND):
        raise DomainError(Refusal.COMMAND_UNDER_FILE, command=command)
    if command or is_private(update):
        words = arguments(update) if command else " ".join((message.caption or "").split())
        await receive(update, context, message.document, words)
    elif answers_bot(message, context.bot.id) and _is_called_pdf(message.document):
        await receive(update, context, message.document, "")


def _command(message: Message, context: Context) -> str | None:
    """The command of ours that a caption begins with. What was forwarded commands nothing."""
    first = next(iter((message.caption or "").split()), "").lower()
    name, _, bot = first.partition("@")
    ours = bot in ("", (context.bot.username or "").lower())
    known = ours and message.forward_origin is None and name in _COMMANDS
    return name if known else None


async def photo(_update: Update, _context: Context) -> None:
    """A photo in private may be meant as slides."""
    raise DomainError(Refusal.NOT_A_PDF, opened=False)


async def receive(update: Update, context: Context, document: Document, words: str) -> None:
    """Keep this file, for the talk that the words name or for the only one that it can be."""
    if (document.file_size or 0) > MAX_BYTES:
        raise _too_large()
    if not _is_called_pdf(document):
        raise DomainError(Refusal.NOT_A_PDF, opened=False)
    now = context.now
    _, wish = await context.ask(update, lambda s, g: read(s, g, words, now))
    group, (places, draft) = await context.act(
        update, lambda s, actor: _asked(s, actor, wish, document, now), as_organizer=True
    )
    if draft is None:
        meeting, slot = places[0].meeting, places[0].slot
        await _keep(update, context, group, meeting.id, slot.id, document.file_id)
        return
    meetings = tuple({one.meeting.id: one.meeting for one in places}.values())
    text = render("link_which", kind=LinkKind.SLIDES, meetings=meetings, host=None)
    await context.reply(update, text, talks_of_file(group, draft.id, places))


async def keep_tapped(update: Update, context: Context, asked: KeepFile) -> None:
    now = context.now
    group, draft = await context.act(
        update,
        lambda s, actor: drafts.take_up(s, actor, asked.draft_id, now, DraftKind.FILE),
        asked.group_id,
    )
    await _keep(update, context, group, asked.meeting_id, asked.slot_id, draft.text or "")


async def give(update: Update, context: Context, wish: Wish) -> bool:
    """Send the slides of that day's talks. Returns whether there are any."""
    now = context.now

    def use(session: Session, group: GroupView) -> tuple[SlidesView, ...]:
        if wish.day is None:
            return ()
        meeting = meeting_on(session, group.id, wish.day, now)
        return files.slides_of(session, group.id, meeting, wish.position)

    group, found = await context.ask(update, use)
    await _send(update, context, group, found)
    return bool(found)


async def give_tapped(update: Update, context: Context, asked: GiveSlides) -> None:
    now = context.now

    def use(session: Session, group: GroupView) -> tuple[SlidesView, ...]:
        found = queries.of_slot(session, group.id, asked.slot_id, now)
        if found is None:
            raise DomainError(Refusal.OLD_BUTTON)
        there = files.slides_of(session, group.id, found.meeting, found.slot.position)
        if not there:
            raise DomainError(Refusal.NO_SLIDES, meeting=found.meeting)
        return there

    group, found = await context.ask(update, use, asked.group_id)
    await _send(update, context, group, found)


async def take_away(context: Context, group: GroupView, url: str) -> None:
    """Leave no file behind of a link that was taken back."""
    place = await context.place_of(group)
    remove = partial(slides.remove, place.slides)
    try:
        await context.tools.store.write(lambda s: files.drop(s, group.id, url, remove))
    except OSError as error:
        log.warning("slides that were taken back are still there: %s", error)


def _asked(
    session: Session, actor: Actor, wish: Wish, document: Document, now: datetime
) -> tuple[tuple[FoundTalk, ...], DraftView | None]:
    """The talks that it can be for, and what is asked about them if there are several."""
    places = link_places(session, actor, LinkKind.SLIDES, wish, now)
    places = places or link_talks.own_talks(session, actor, now)
    if not places:
        raise DomainError(Refusal.NOTHING_TO_POST_TO, kind=LinkKind.SLIDES)
    if len(places) == 1:
        return places, None
    return places, drafts.keep(session, actor, DraftKind.FILE, now, text=document.file_id)


async def _keep(
    update: Update,
    context: Context,
    group: GroupView,
    meeting_id: int,
    slot_id: int,
    file_id: str,
) -> None:
    async with context.tools.downloads:
        content = await _download(context, file_id)
        if not await pdf.opens(content):
            raise DomainError(Refusal.NOT_A_PDF, opened=True)
        done = await _shelve(update, context, group, meeting_id, slot_id, content)
    text = render("link_posted", done=done, group=group, meeting=done.talks[0].meeting)
    await context.answer(update, text)


async def _download(context: Context, file_id: str) -> bytes:
    try:
        file = await context.bot.get_file(file_id)
        content = bytes(await file.download_as_bytearray())
    except TelegramError as error:
        if "too big" in error.message.lower():
            raise _too_large() from error
        log.warning("a file was not fetched: %s", error.message)
        raise DomainError(Refusal.FILE_NOT_FETCHED) from error
    if len(content) > MAX_BYTES:
        raise _too_large()
    return content


def _too_large() -> DomainError:
    return DomainError(Refusal.FILE_TOO_LARGE, megabytes=MAX_BYTES // 1024**2)


async def _shelve(
    update: Update,
    context: Context,
    group: GroupView,
    meeting_id: int,
    slot_id: int,
    content: bytes,
) -> Posted:
    """Write the file first, name it in the transaction that notes it, and take it back where that
    fails. Raises `DomainError` also when the disk is full or the folder not to be written."""
    place, now, told = await context.place_of(group), context.now, not is_private(update)
    it = Sent(len(content), sha256(content).hexdigest())
    try:
        staged = await asyncio.to_thread(slides.stage, place.slides, content)
        try:
            _, done = await context.act(
                update,
                lambda s, a: files.keep(s, a, meeting_id, slot_id, it, staged, now, told=told),
                group.id,
                as_organizer=True,
            )
        except Exception:
            await asyncio.to_thread(staged.take_back)
            raise
        await asyncio.to_thread(staged.discard)
    except OSError as error:
        log.error("slides were not kept: %s", error)  # noqa: TRY400 - it says all there is
        raise DomainError(Refusal.FILE_NOT_KEPT) from error
    return done


async def _send(
    update: Update, context: Context, group: GroupView, found: tuple[SlidesView, ...]
) -> None:
    elsewhere = tuple(one for one in found if one.name is None)
    if elsewhere:
        await context.reply(update, render("slides", found=elsewhere))
    for one in found:
        if one.name is not None:
            await _send_file(update, context, group, one, one.name)


async def _send_file(
    update: Update, context: Context, group: GroupView, one: SlidesView, name: str
) -> None:
    """By Telegram's id once it was given back before, else from the disk."""
    caption = render("slides_caption", found=one.found)
    if one.telegram_file_id is not None:
        try:
            await context.send_file(update, one.telegram_file_id, name, caption)
        except BadRequest as error:
            log.info("slides are sent from the disk: %s", error.message)
        else:
            return
    place = await context.place_of(group)
    try:
        content = await asyncio.to_thread(slides.content_of, place.slides, name)
    except OSError:
        content = None
    if not content:
        raise DomainError(Refusal.FILE_GONE, name=name, address=place.url_of(one.url))
    file_id = await context.send_file(update, content, name, caption)
    if file_id is not None:
        await context.tools.store.write(lambda s: files.remember(s, group.id, name, file_id))


def _is_called_pdf(document: Document) -> bool:
    name = (document.file_name or "").lower()
    return document.mime_type == "application/pdf" or name.endswith(".pdf")
