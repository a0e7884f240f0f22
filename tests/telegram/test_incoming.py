"""What follows a command, as phones write it."""

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, Update

from bot.errors import DomainError
from bot.telegram.incoming import arguments, lines_after_command


def _update(text: str | None, caption: str | None = None) -> Update:
    at, chat = datetime(2026, 1, 9, tzinfo=UTC), Chat(1, "private")
    return Update(1, Message(1, at, chat, text=text, caption=caption))


@pytest.mark.parametrize(
    "text",
    [
        "/find kv cache",
        "/find@our_bot  kv\tcache ",
        "/find\nkv\n cache",
        "/find: kv cache",
        "/find, kv cache",
        "/find?kv cache",
        "/ find kv cache",
        "find kv cache",
        "/find\0kv\0cache",
    ],
)
def test_words_stand_one_blank_apart_without_the_command(text: str) -> None:
    assert arguments(_update(text)) == "kv cache"
    assert arguments(_update(None, text)) == "kv cache"


@pytest.mark.parametrize("text", ["/next", "/next?", "/next@our_bot", "/next !", "", "/next\n"])
def test_a_command_alone_has_no_words(text: str) -> None:
    assert arguments(_update(text)).strip("!") == ""


def test_chinese_needs_no_blank() -> None:
    assert arguments(_update("/claim下周二 2 缓存")) == "下周二 2 缓存"


def test_lines_keep_their_shape() -> None:
    assert lines_after_command(_update("/announce  one\n  two\n/claim jan 13")) == (
        "one\n  two\n/claim jan 13"
    )


@pytest.mark.parametrize(
    "text", ["/claim a\n/claim b", "/next\n/open@our_bot", "/claim a\n\n  /Claim b c"]
)
def test_a_second_command_on_its_own_line_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match="one_command"):
        arguments(_update(text))


@pytest.mark.parametrize(
    "text", ["/claim a /claim b", "/find /etc", "/claim a\n/dev/null", "/x\n/y"]
)
def test_other_slashes_are_words(text: str) -> None:
    assert arguments(_update(text)) == " ".join(text.split()[1:])
