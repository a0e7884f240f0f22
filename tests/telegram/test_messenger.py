"""One try to send, and what the ledger is told of it."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from telegram import Chat, LinkPreviewOptions, Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot

from bot.delivery.outcomes import MaybeSent, Moved, NotSent, Outcome, Refused, Sent
from bot.telegram.flight import NotSentError
from bot.telegram.messenger import TelegramMessenger, outcome_of
from bot.text.render import Html

NO_ANSWER = MaybeSent("Telegram did not answer")
OUT_OF_REACH = NotSent("Telegram could not be reached")


def because(error: TelegramError, cause: BaseException) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(30), NotSent("Telegram asked to wait", timedelta(seconds=30))),
        (
            RetryAfter(timedelta(seconds=7)),
            NotSent("Telegram asked to wait", timedelta(seconds=7)),
        ),
        (ChatMigrated(-1_001), Moved(-1_001)),
        (InvalidToken(), NotSent("the token is not accepted")),
        (TimedOut(), NO_ANSWER),
        (because(TimedOut(), TimeoutError()), NO_ANSWER),
        (because(TimedOut(), NotSentError("no free connection")), OUT_OF_REACH),
        (because(NetworkError("refused"), NotSentError("refused")), OUT_OF_REACH),
        (because(NetworkError("reset"), ConnectionResetError()), NO_ANSWER),
        (NetworkError("Bad Gateway"), NotSent("Telegram had a fault: Bad Gateway")),
        (
            Forbidden("bot was blocked by the user"),
            Refused("Telegram refused it: bot was blocked by the user"),
        ),
        (
            BadRequest("Chat not found"),
            Refused("Telegram refused it: Chat not found"),
        ),
        (
            BadRequest("x" * 500),
            Refused(f"Telegram refused it: {'x' * 179}", unreachable=False),
        ),
        (Conflict("another copy"), NO_ANSWER),
        (TelegramError("something new"), NO_ANSWER),
    ],
    ids=repr,
)
def test_an_error_says_what_became_of_the_message(error: TelegramError, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome


class Chats:
    """Stands for the library's bot: keeps what it is given, or raises."""

    def __init__(self, error: TelegramError | None = None) -> None:
        self.error = error
        self.sent: list[tuple[int, str, dict[str, Any]]] = []

    async def send_message(self, chat_id: int, text: str, **how: Any) -> Message:
        if self.error is not None:
            raise self.error
        self.sent.append((chat_id, text, how))
        return Message(321, datetime(2026, 1, 9, tzinfo=UTC), Chat(chat_id, Chat.SUPERGROUP))


def messenger(chats: Chats) -> TelegramMessenger:
    return TelegramMessenger(cast("ExtBot[Any]", chats))


async def test_a_message_that_is_taken_is_known_by_its_id() -> None:
    assert await messenger(Chats()).send(-1_001, None, Html("hello")) == Sent(321)


async def test_a_message_goes_out_as_html_into_its_topic_without_a_preview() -> None:
    chats = Chats()

    await messenger(chats).send(-1_001, 77, Html("<b>hello</b>"))

    assert chats.sent == [
        (
            -1_001,
            "<b>hello</b>",
            {
                "parse_mode": "HTML",
                "message_thread_id": 77,
                "link_preview_options": LinkPreviewOptions(is_disabled=True),
                "reply_markup": None,
            },
        )
    ]


async def test_buttons_stand_side_by_side() -> None:
    chats = Chats()

    await messenger(chats).send(
        5, None, Html("?"), (("It arrived", "c1:arrived:1:7"), ("Send again", "c1:again:1:7"))
    )

    keyboard = chats.sent[0][2]["reply_markup"]
    assert [[(b.text, b.callback_data) for b in row] for row in keyboard.inline_keyboard] == [
        [("It arrived", "c1:arrived:1:7"), ("Send again", "c1:again:1:7")]
    ]


@pytest.mark.parametrize(
    ("error", "outcome"), [(TimedOut(), NO_ANSWER), (ChatMigrated(-1_002), Moved(-1_002))]
)
async def test_an_error_is_an_outcome_and_is_not_raised(
    error: TelegramError, outcome: Outcome
) -> None:
    assert await messenger(Chats(error)).send(-1_001, None, Html("hello")) == outcome
