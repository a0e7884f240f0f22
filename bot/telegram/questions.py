"""Questions that were put to somebody, once they are settled: each message that asks shows that."""

from collections.abc import Iterable
from typing import Any

from telegram.ext import ExtBot

from bot.domain.views import RequestView
from bot.telegram.cards import edit_quietly
from bot.text.render import Html, render


def settled(request: RequestView) -> Html:
    """What became of it."""
    return render(f"answer/{request.kind.value}", request=request)


async def show(bot: ExtBot[Any], text: Html, copies: Iterable[tuple[int, int]]) -> None:
    """Put this in the place of the question in these messages: Telegram's chat ids and message
    ids."""
    for chat_id, message_id in copies:
        await edit_quietly(bot, chat_id, message_id, text)
