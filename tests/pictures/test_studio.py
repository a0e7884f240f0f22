"""Drawing when it is wanted: once, off the event loop, and never a reason to fail."""

import logging
import subprocess
import sys
import threading

import pytest

from bot.pictures import card_picture, studio
from bot.pictures.cards import Card
from tests.pictures.png import size
from tests.pictures.test_cards import USUAL


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    studio._card.cache_clear()


async def test_a_card_is_drawn_once_and_not_on_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[threading.Thread] = []
    draw = card_picture.draw

    def note(card: Card) -> bytes:
        threads.append(threading.current_thread())
        return draw(card)

    monkeypatch.setattr(card_picture, "draw", note)

    first, again = await studio.card(USUAL), await studio.card(USUAL._replace())

    assert first is not None
    assert first is again
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_what_cannot_be_drawn_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(card_picture, "draw", lambda _card: 1 / 0)
        assert await studio.card(USUAL) is None
    assert [record.levelno for record in caplog.records] == [logging.ERROR]

    assert await studio.card(USUAL) is not None


def test_the_plain_card_is_there_without_drawing() -> None:
    assert size(studio.plain()) == (1080, 566)


def test_the_bot_starts_without_loading_matplotlib() -> None:
    program = (
        "import sys, bot.cli, bot.app, bot.demo.serve; "
        "sys.exit(any(name.split('.')[0] in ('matplotlib', 'numpy') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
