"""Where pictures are drawn: off the event loop, one at a time, each once."""

import asyncio
import hashlib
import logging
import threading
from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

from bot.pictures.cards import Card
from bot.pictures.charts import Chart

log = logging.getLogger(__name__)

Subject = TypeVar("Subject")

DrawCard = Callable[[Card], Awaitable[bytes | None]]
"""What `card` is."""

KEPT = 16
"""Pictures in memory, of some 100 kB each: the groups' cards of the week, and who asks `/stats`."""

_drawing = threading.Lock()
"""matplotlib is not made for several threads at once."""


async def card(subject: Card) -> bytes | None:
    """The week's card as a PNG; `None` when it cannot be drawn, which is logged: a message is worth
    more than its picture."""
    return await _try(_card, subject)


async def chart(subject: Chart) -> bytes | None:
    """Likewise the chart of `/stats`."""
    return await _try(_chart, subject)


def plain() -> bytes:
    """A card that is true of every meeting, for a message whose own cannot be drawn any more."""
    return files("bot.pictures").joinpath("plain.png").read_bytes()


def digest(picture: bytes) -> str:
    """What tells whether two pictures are the same."""
    return hashlib.sha256(picture).hexdigest()


async def _try(draw: Callable[[Subject], bytes], subject: Subject) -> bytes | None:
    def run() -> bytes:
        with _drawing:
            return draw(subject)

    try:
        return await asyncio.to_thread(run)
    except Exception:
        log.exception("a picture cannot be drawn")
        return None


@lru_cache(KEPT)
def _card(subject: Card) -> bytes:
    from bot.pictures import card_picture  # noqa: PLC0415 - not before the first is wanted

    return card_picture.draw(subject)


@lru_cache(KEPT)
def _chart(subject: Chart) -> bytes:
    from bot.pictures import chart_picture  # noqa: PLC0415 - likewise

    return chart_picture.draw(subject)
