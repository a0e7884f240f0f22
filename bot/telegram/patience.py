"""One person cannot keep the bot from the others: whoever asks too much at once is told so, once,
and is not answered for a minute."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.telegram.context import Context
from bot.telegram.errors import tell
from bot.telegram.incoming import answers_bot, is_private
from bot.text.render import render

AT_ONCE: Final = 30
"""Commands and taps: more than anybody needs who sets up a group or looks through a term."""

EACH: Final = timedelta(seconds=4)
"""Every so often one more is free."""

LETTERS_AT_ONCE: Final = 100
EACH_LETTER: Final = timedelta(seconds=0.5)
"""Telegram sends an inline query for about each letter that somebody types."""

SILENCE: Final = timedelta(minutes=1)
TOLD_AGAIN_AFTER: Final = timedelta(minutes=10)

MOST: Final = 10_000
"""People who are remembered; whoever was heard least lately is forgotten first."""


class Verdict(Enum):
    ANSWER = auto()
    TELL = auto()
    IGNORE = auto()


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime
    silent_until: datetime | None = None
    told_at: datetime | None = None


class Patience:
    """How much is left for whom; times may go back, as clocks that are set do."""

    def __init__(self, at_once: int = AT_ONCE, each: timedelta = EACH) -> None:
        self._at_once = at_once
        self._each = each
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def weigh(self, account: int, now: datetime) -> Verdict:
        """Whether one more is answered."""
        bucket = self._of(account, now)
        passed = max(now - bucket.at, timedelta(0))
        bucket.left = min(bucket.left + passed / self._each, self._at_once)
        bucket.at = now
        if bucket.silent_until is not None and now < bucket.silent_until <= now + SILENCE:
            return Verdict.IGNORE
        bucket.silent_until = None
        if bucket.left >= 1:
            bucket.left -= 1
            return Verdict.ANSWER
        bucket.silent_until = now + SILENCE
        told, bucket.told_at = bucket.told_at, now
        again = told is None or not timedelta(0) <= now - told < TOLD_AGAIN_AFTER
        return Verdict.TELL if again else Verdict.IGNORE

    def _of(self, account: int, now: datetime) -> _Bucket:
        bucket = self._buckets.get(account)
        if bucket is None:
            bucket = self._buckets[account] = _Bucket(self._at_once, now)
            if len(self._buckets) > MOST:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(account)
        return bucket


class Gate:
    """Comes before every handler, and holds back what is not answered."""

    def __init__(self) -> None:
        self._patience = Patience()
        self._typing = Patience(LETTERS_AT_ONCE, EACH_LETTER)

    async def __call__(self, update: Update, context: Context) -> None:
        """Raises `ApplicationHandlerStop` for what no handler is to see."""
        if update.inline_query is not None:
            typist = update.inline_query.from_user.id
            if self._typing.weigh(typist, context.now) is not Verdict.ANSWER:
                raise ApplicationHandlerStop
            return
        account = _asker(update, context)
        verdict = Verdict.ANSWER
        if account is not None:
            verdict = self._patience.weigh(account, context.now)
        if verdict is Verdict.TELL:
            await tell(update, context, render("too_much"))
        if verdict is not Verdict.ANSWER:
            raise ApplicationHandlerStop


def _asker(update: Update, context: Context) -> int | None:
    """The account, or the chat as which somebody writes, that wants something of the bot; `None`
    for what people say to each other and for what Telegram tells."""
    if update.callback_query is not None:
        return update.callback_query.from_user.id
    message = update.message
    if message is None or not (is_private(update) or _is_for_the_bot(message, context)):
        return None
    sender = message.sender_chat or message.from_user
    return sender.id if sender else None


def _is_for_the_bot(message: Message, context: Context) -> bool:
    text = message.text or message.caption or ""
    return text.startswith("/") or answers_bot(message, context.bot.id)
