"""What people write without a command: answers to the bot's questions, and sentences."""

from sqlalchemy.orm import Session
from telegram import Message, Update

from bot.domain.claims import read_paper, read_starts
from bot.domain.papers import is_papers_site
from bot.domain.views import Actor, DraftView, GroupView
from bot.errors import DomainError
from bot.services import drafts, slots
from bot.telegram.context import Context
from bot.telegram.handlers import claims, links, meeting_menu, papers, sentences, terms, welcome
from bot.telegram.incoming import answers_bot, is_private
from bot.text.render import render_refusal
from storage.enums import DraftKind

TO_ORGANIZERS = {DraftKind.MEETING: meeting_menu.answered, DraftKind.TERM: terms.answered}
"""Questions that only an organizer is asked."""


async def said(update: Update, context: Context) -> None:
    """In a group everything that answers no question of the bot is the people's own talk."""
    message = update.effective_message
    if message is None or not message.text or await _answered(update, context, message):
        return
    words = " ".join(message.text.replace("\0", " ").split())
    # A command that comes here is none of ours, or was forwarded.
    if words.startswith("/"):
        bot = words.partition(" ")[0].lower().partition("@")[2]
        if is_private(update) or bot == (context.bot.username or "").lower():
            await welcome.unknown(update, context, words)
    elif is_private(update):
        await sentences.said(update, context, words)


async def _answered(update: Update, context: Context, message: Message) -> bool:
    about, now = message.reply_to_message, context.now
    if about is None or not answers_bot(message, context.bot.id):
        return False
    place, number = message.chat.id, about.message_id
    words = " ".join((message.text or "").replace("\0", " ").split())
    said = read_paper(words)
    # Of a talk with a title people may well say something in a reply to its card.
    link = said.title is None and said.url is not None and is_papers_site(said.url)

    def look(session: Session, actor: Actor) -> tuple[DraftView | None, int | None]:
        draft = drafts.answered(session, actor, place, number, now)
        private = is_private(update)
        return draft, slots.waits_for_paper(session, actor, number, private=private, link=link)

    group, (draft, slot_id) = await context.act(update, look)
    try:
        return await _taken(update, context, group, draft, slot_id, words)
    except DomainError as refusal:
        if draft is None:
            raise
        # Whoever reads why that was no answer replies to this, rather than to the question above.
        why, about_draft = await context.reply(update, render_refusal(refusal)), draft.id
        await context.tools.store.write(
            lambda session: drafts.asked_again_in(session, about_draft, place, why)
        )
        return True


async def _taken(
    update: Update,
    context: Context,
    group: GroupView,
    draft: DraftView | None,
    slot_id: int | None,
    words: str,
) -> bool:
    """Take the words for what was asked; whether they are an answer to that at all."""
    wish = read_paper(words)
    if draft is not None and draft.kind is DraftKind.CLAIM:
        await context.tools.catalogues.look_up(wish.url)
        left_out = (*draft.left_out, *wish.left_out)
        wish = wish._replace(url=wish.url or draft.url, left_out=left_out)
        await claims.claim_for(update, context, wish, draft.slot_id)
        return True
    if draft is not None and draft.kind is DraftKind.VIDEO:
        return await _begins(update, context, draft, words)
    if draft is not None and draft.kind in TO_ORGANIZERS:
        await TO_ORGANIZERS[draft.kind](update, context, group, draft, words)
        return True
    slot_id = draft.slot_id if draft is not None else slot_id
    if slot_id is None:
        return False
    if wish.title is None and wish.url is None:  # "Thanks!"
        return False
    await papers.change(update, context, group, slot_id, wish)
    return True


async def _begins(update: Update, context: Context, draft: DraftView, words: str) -> bool:
    """Where talks begin in a recording; anything else is no answer to that."""
    starts = read_starts(words)
    if not starts.seconds and starts.wrong is None:
        return False
    await links.begins(update, context, draft, starts)
    return True
