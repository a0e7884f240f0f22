"""`@bot diffkv` in any chat: talks to share there."""

import logging
import re

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.domain.titles import wanted_words
from bot.services import sharing
from bot.services.sharing import Offered, Shared
from bot.telegram.context import Context
from bot.telegram.handlers.schedule import MAX_WORDS
from bot.telegram.keyboards import NO_PREVIEW
from bot.text import labels
from bot.text.render import full_day, render
from bot.text.split import pack

log = logging.getLogger(__name__)

CACHE_SECONDS = 10
"""How long Telegram may answer the same words of the same person by itself: long enough for going
back a letter, too short to share what is true no more."""

MAX_TITLE, MAX_DESCRIPTION = 200, 200
"""Characters that a phone shows at most, in two lines each."""


async def offer(update: Update, context: Context) -> None:
    query = update.inline_query
    if query is None:
        return
    typed = " ".join(query.query.replace("\0", " ").split())[:MAX_WORDS]
    words = wanted_words(typed) or typed
    offset = int(query.offset) if re.fullmatch(r"[0-9]{1,9}", query.offset) else 0
    now, asker = context.now, query.from_user.id
    await context.groups_of(asker)  # whoever left is known no more from here on
    offered = await context.tools.store.read(
        lambda session: sharing.offered(session, asker, words, now, offset)
    )
    try:
        await context.bot.answer_inline_query(
            query.id,
            [_article(one) for one in offered.talks],
            cache_time=CACHE_SECONDS,
            is_personal=True,  # what one may see is nothing for another
            next_offset=str(offered.following or ""),
            button=_button(offered),
        )
    except BadRequest as error:
        log.info("an inline query was answered too late: %s", error.message)


def _article(one: Shared) -> InlineQueryResultArticle:
    talk, meeting = one.found.talk, one.found.meeting
    text = pack(render("shared", group=one.group, found=one.found))[0]
    who = ", ".join(person.name for person in talk.presenters)
    description = " · ".join(part for part in (who, full_day(meeting.date)) if part)
    return InlineQueryResultArticle(
        f"talk{talk.id}",
        " ".join(talk.title.split())[:MAX_TITLE] or "…",
        InputTextMessageContent(text, ParseMode.HTML, link_preview_options=NO_PREVIEW),
        description=description[:MAX_DESCRIPTION],
    )


def _button(offered: Offered) -> InlineQueryResultsButton | None:
    """Where nothing can be offered, the way to the bot."""
    if not offered.knows:
        return InlineQueryResultsButton(labels.SHOW_YOURSELF, start_parameter="inline")
    if not offered.talks:
        return InlineQueryResultsButton(labels.NOTHING_FOUND, start_parameter="inline")
    return None
