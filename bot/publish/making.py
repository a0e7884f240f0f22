"""What a group's files are to say, made in a process of its own.

What reads and writes pages, calendars and sites is large, and busy for seconds with a long archive.
In another process it gives back its memory when it is done, and holds up no answer meanwhile.
"""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from pydantic import Base64UrlBytes, TypeAdapter
from pydantic_core import to_json

from bot.domain.archive import Archive
from bot.domain.page import TermState
from bot.publish.steps import Step

CHILD = "bot.publish.making_child"
SECONDS = 300.0
"""How long an order may take: a long archive on a slow machine takes a tenth of it. One without end
would keep every group's page from being published, and nobody would hear of it."""

SIZE = 8
"""Bytes before an order, and before an answer, that say how long it is."""


@dataclass(frozen=True, slots=True)
class Order:
    """A group as it is `now`, and what was `found` in its terms' files; `None` where there is no
    file. `site_url` is where the group's folder is served."""

    terms: tuple[TermState, ...]
    found: Mapping[int, Base64UrlBytes | None]
    archive: Archive
    site_url: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """What to do with each term's file, and the content of the other files, by their paths."""

    steps: Mapping[int, Step]
    files: Mapping[str, Base64UrlBytes]


def packed(said: Order | Made) -> bytes:
    """As JSON, with its size before it."""
    content = to_json(said, bytes_mode="base64")
    return len(content).to_bytes(SIZE) + content


@cache
def _answers() -> TypeAdapter[Made]:
    return TypeAdapter(Made)


class NotMadeError(Exception):
    """The other process did not start, took too long, or ended before it was done; the text is its
    last words."""


class Maker:
    """The other process, from the first order until `close`."""

    def __init__(self) -> None:
        self._child: asyncio.subprocess.Process | None = None

    async def make(self, order: Order) -> Made:
        """One order at a time. Raises `NotMadeError`; the next order has a process of its own."""
        if self._child is None:
            self._child = await _started()
        writer, reader = self._child.stdin, self._child.stdout
        try:
            assert writer is not None and reader is not None  # noqa: S101, PT018 - they are pipes
            async with asyncio.timeout(SECONDS):
                writer.write(packed(order))
                await writer.drain()
                size = int.from_bytes(await reader.readexactly(SIZE))
                content = await reader.readexactly(size)
        except TimeoutError:
            await self.close()
            raise NotMadeError(f"it took longer than {SECONDS:.0f} seconds") from None
        except (OSError, asyncio.IncompleteReadError):
            raise NotMadeError(await self._last_words()) from None
        return _answers().validate_json(content)

    async def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.communicate()

    async def _last_words(self) -> str:
        child, self._child = self._child, None
        if child is None:
            return ""
        _, said = await child.communicate()
        return said.decode(errors="replace") or f"it ended with code {child.returncode}"


async def _started() -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            CHILD,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the bot, which finishes what is in hand
        )
    except OSError as error:
        raise NotMadeError(f"it does not start: {error}") from error
