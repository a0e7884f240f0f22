"""Questions with two buttons: putting them, and taking the answer."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session
from telegram import Update

from bot.domain.callbacks import Agree, Decline, Withdraw
from bot.domain.views import Actor, GroupView, RequestView
from bot.services import decisions, requests
from bot.telegram import questions
from bot.telegram.context import Context
from bot.telegram.incoming import is_private
from bot.telegram.keyboards import of_request, withdrawal
from bot.text.render import Html, headed, render


async def put(
    update: Update,
    context: Context,
    group: GroupView,
    asked: RequestView,
    news: Html | None = None,
) -> None:
    """Show the question, under `news`: in the group with its buttons, in private with one to take
    it back."""
    if is_private(update):
        text = headed(news, render("request_put", request=asked))
        await context.answer(update, text, withdrawal(group, asked))
        return
    text = headed(news, render(f"request/{asked.kind.value}", request=asked, group=group))
    # A mention reaches somebody in a new message only, not in one that was changed.
    put = context.answer if asked.asked is None else context.reply
    message_id = await put(update, text, of_request(group, asked))
    await context.tools.store.write(lambda s: requests.shown_in(s, asked.id, message_id))


async def agree(update: Update, context: Context, asked: Agree) -> None:
    await _settle(update, context, asked, decisions.agree)


async def decline(update: Update, context: Context, asked: Decline) -> None:
    await _settle(update, context, asked, decisions.decline)


async def withdraw(update: Update, context: Context, asked: Withdraw) -> None:
    await _settle(update, context, asked, requests.withdraw)


async def _settle(
    update: Update,
    context: Context,
    asked: Agree | Decline | Withdraw,
    settle: Callable[[Session, Actor, int, datetime], RequestView],
) -> None:
    """Whoever may answer is checked in the service; every copy of the question is changed."""
    now = context.now

    def use(session: Session, actor: Actor) -> tuple[RequestView, tuple[tuple[int, int], ...]]:
        settled = settle(session, actor, asked.request_id, now)
        return settled, requests.copies(session, actor.group, asked.request_id)

    _, (settled, copies) = await context.act(update, use, asked.group_id, as_organizer=True)
    text = questions.settled(settled)
    tapped = await context.replace(update, text)
    here = update.effective_chat.id if update.effective_chat else None
    await questions.show(context.bot, text, (copy for copy in copies if copy != (here, tapped)))
