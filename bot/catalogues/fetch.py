"""Careful requests to one server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
from yarl import URL

MAX_BYTES = 512 * 1024
"""A record has a few kilobytes; with thousands of authors or references, a few hundred."""

TRIES = 2
SECONDS_BETWEEN_TRIES = 0.2
CONNECT_SECONDS = 3.0
HEADERS = {
    "User-Agent": "reading-group-bot",
    # Not compressed: some bytes could unfold into any number.
    "Accept-Encoding": "identity",
}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
NOT_FOUND = 404
REDIRECTS = (301, 302, 303, 307, 308)
TOO_MANY_REQUESTS = 429


Answer = TypeVar("Answer")


class NoAnswerError(Exception):
    """The server did not say whether it knows the paper."""


class BusyError(NoAnswerError):
    """The server was busy or out of reach, and may not be the next moment."""


class Fetcher:
    """Fetches small documents from one server, `at_once` of them side by side, at least `pause`
    seconds after one another.

    Redirects are not followed: an answer that sends elsewhere might send into the bot's own
    network. It has no deadline of its own; wrap calls in `asyncio.timeout`.
    """

    def __init__(self, base_url: str, at_once: int, pause: float = 0.0) -> None:
        self.base_url = base_url
        self._turns = asyncio.Semaphore(at_once)
        self._pause = pause
        self._next_at = 0.0
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def get(self, path: str) -> bytes | None:
        """The document, or `None` when the server says that it has none. `path` is encoded.

        Raises `NoAnswerError` for everything else.
        """
        # Nobody asks about a paper while the bot starts.
        from tenacity import (  # noqa: PLC0415
            AsyncRetrying,
            retry_if_exception_type,
            stop_after_attempt,
            wait_fixed,
        )

        tries = AsyncRetrying(
            retry=retry_if_exception_type(BusyError),
            stop=stop_after_attempt(TRIES),
            wait=wait_fixed(SECONDS_BETWEEN_TRIES),
            reraise=True,
        )
        async with self._turns:
            return await tries(self._once, URL(self.base_url + path, encoded=True), _document)

    async def redirect(self, path: str) -> str | None:
        """Where the server sends whoever asks for this; `None` where it does not. It is asked once,
        and the answer's body is not read. Raises `NoAnswerError`."""
        async with self._turns:
            return await self._once(URL(self.base_url + path, encoded=True), _location)

    async def _once(
        self, url: URL, read: Callable[[aiohttp.ClientResponse], Awaitable[Answer]]
    ) -> Answer:
        await self._take_turn()
        try:
            async with self._open_session().get(url, allow_redirects=False) as answer:
                return await read(answer)
        except aiohttp.ClientConnectionError as error:
            raise BusyError(type(error).__name__) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NoAnswerError(type(error).__name__) from error

    async def _take_turn(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._next_at - loop.time())
        self._next_at = loop.time() + self._pause

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
                # The machine's proxy leads outside; no proxy leads to loopback.
                trust_env=URL(self.base_url).host not in LOOPBACK,
            )
        return self._session


async def _location(answer: aiohttp.ClientResponse) -> str | None:
    answer.close()
    return answer.headers.get("Location") if answer.status in REDIRECTS else None


async def _document(answer: aiohttp.ClientResponse) -> bytes | None:
    if answer.status == NOT_FOUND:
        return None
    if answer.status == TOO_MANY_REQUESTS or answer.status >= 500:
        raise BusyError(f"status {answer.status}")
    if answer.status != 200:
        raise NoAnswerError(f"status {answer.status}")
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MAX_BYTES:
            raise NoAnswerError("the answer is too long")
    return bytes(body)
