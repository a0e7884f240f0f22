"""One try to send, and what the ledger is told of it."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from telegram import Chat, InputMediaPhoto, LinkPreviewOptions, Message
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
            BadRequest("CHAT_WRITE_FORBIDDEN"),
            Refused("Telegram refused it: CHAT_WRITE_FORBIDDEN"),
        ),
        (
            BadRequest("Not enough rights to send text messages to the chat"),
            Refused("Telegram refused it: Not enough rights to send text messages to the chat"),
        ),
        (
            BadRequest("Not enough rights to send photos to the chat"),
            Refused(
                "Telegram refused it: Not enough rights to send photos to the chat",
                unreachable=False,
            ),
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

    async def send_photo(self, chat_id: int, photo: bytes, text: str, **how: Any) -> Message:
        return await self.send_message(chat_id, text, photo=photo, **how)

    async def edit_message_caption(
        self, chat_id: int, _message_id: int, *, caption: str, **how: Any
    ) -> Message:
        return await self.send_message(chat_id, caption, **how)

    async def edit_message_media(
        self, media: InputMediaPhoto, chat_id: int, _message_id: int, **how: Any
    ) -> Message:
        return await self.send_message(chat_id, str(media.caption), media=media, **how)

    async def get_me(self) -> None:
        if self.error is not None:
            raise self.error


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


async def test_with_a_picture_the_text_is_its_caption() -> None:
    chats = Chats()

    sent = await messenger(chats).send(-1_001, 77, Html("<b>Tue</b>"), picture=b"png")

    assert sent == Sent(321)
    assert chats.sent == [
        (
            -1_001,
            "<b>Tue</b>",
            {
                "photo": b"png",
                "parse_mode": "HTML",
                "message_thread_id": 77,
                "reply_markup": None,
            },
        )
    ]


async def test_a_caption_is_edited_alone_or_with_its_picture() -> None:
    chats = Chats()

    await messenger(chats).edit_caption(-1_001, 5, Html("Tue"))
    await messenger(chats).edit_caption(-1_001, 5, Html("Wed"), (("Take", "c1"),), b"png")

    (_, alone, _), (_, both, how) = chats.sent
    assert (alone, both) == ("Tue", "Wed")
    assert how["media"].parse_mode == "HTML"
    assert how["reply_markup"].inline_keyboard[0][0].text == "Take"


@pytest.mark.parametrize("picture", [None, b"png"])
async def test_what_shows_that_already_counts_as_edited(picture: bytes | None) -> None:
    same = BadRequest("Message is not modified: specified new message content and so on")
    gone = BadRequest("Message to edit not found")

    edited = await messenger(Chats(same)).edit_caption(-1_001, 5, Html("x"), picture=picture)
    lost = await messenger(Chats(gone)).edit_caption(-1_001, 5, Html("x"), picture=picture)

    assert edited == Sent(5)
    assert isinstance(lost, Refused)


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


@pytest.mark.parametrize(
    ("error", "reachable"),
    [
        (None, True),
        (RetryAfter(30), True),
        (TimedOut(), False),
        (InvalidToken(), False),
        (TelegramError("the answer is no JSON"), False),
    ],
)
async def test_telegram_is_reachable_when_it_answers_even_if_it_asks_to_wait(
    error: TelegramError | None, reachable: bool
) -> None:
    assert await messenger(Chats(error)).is_reachable() is reachable
