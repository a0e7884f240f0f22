"""HTTP for python-telegram-bot over one aiohttp session, in place of its httpx transport.

Two reasons. It is several times faster under load, and it can tell a request that never left from
one that may have arrived: the second must not be repeated to a group on its own.
"""

import asyncio
import io
import json
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp.payload import BytesPayload, Payload
from telegram._utils.types import ODVInput
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bot.telegram.flight import Flight, NotSentError, Timeouts

KEEPALIVE_SECONDS: Final = 15.0
"""How long an idle connection is kept for the next request.

Well below the 75 s after which nginx closes an idle connection by default: a request written into
a connection that the server is just closing fails without saying whether it arrived.
"""

MAX_ANSWER: Final = 24 * 1024 * 1024
"""Bytes. Bots may download 20 MB at the most: https://core.telegram.org/bots/api#getfile"""

PROXY_AUTHENTICATION_REQUIRED: Final = 407

# A token is digits, a colon and letters; base URLs differ, but nearly all have /bot<token>.
_SECRET_IN_PATH = re.compile(r"(?<=/bot)[^/]+|\d+:[\w-]+")


def certainly_not_sent(error: BaseException) -> bool:
    """Tell whether the request behind `error` never left this machine, or stopped at a proxy.

    True: no free connection, no address, refused, no connection in time, a proxy that failed.
    Such a request may be repeated without a second thought. False: everything else, also answers
    of the server (`RetryAfter`, `Forbidden`, ...), which have classes of their own: look at those
    first. A `TimedOut` or `NetworkError` with False may have been delivered.
    """
    return isinstance(error.__cause__, NotSentError)


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way to the network, over aiohttp.

    `proxy_url` is `http://`, `socks5://` or `socks4://`, with `user:password@` if need be; names
    are looked up by a SOCKS proxy, not here. Time-outs are in seconds, None is for ever; a call
    may bring its own. `media_write_timeout` replaces `write_timeout` for uploads. At most
    `connection_pool_size` requests are under way at once; the others wait `pool_timeout`.

    Raises `ValueError` for any other kind of proxy. Requests raise `TimedOut` or `NetworkError`:
    see `certainly_not_sent`. No error, log record or answer contains the bot's token, and
    redirects are not followed.
    """

    def __init__(
        self,
        *,
        connection_pool_size: int = 64,
        proxy_url: str | None = None,
        connect_timeout: float | None = 5.0,
        read_timeout: float | None = 10.0,
        write_timeout: float | None = 5.0,
        pool_timeout: float | None = 10.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        scheme = urlsplit(proxy_url).scheme if proxy_url else ""
        if scheme not in ("", "http", "socks4", "socks5"):
            raise ValueError("A proxy's address starts with http://, socks5:// or socks4://.")
        self._http_proxy = proxy_url if scheme == "http" else None
        self._socks_proxy = proxy_url if scheme.startswith("socks") else None
        self._proxy_secrets = _proxy_secrets(proxy_url)
        self._pool_size = connection_pool_size
        self._timeouts = Timeouts(pool_timeout, connect_timeout, write_timeout, read_timeout)
        self._media_write_timeout = media_write_timeout
        self._session: aiohttp.ClientSession | None = None
        self._pool = asyncio.Semaphore(connection_pool_size)
        self._in_flight: set[Flight] = set()

    @property
    def read_timeout(self) -> float | None:
        """The default read time-out in seconds."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the session in the running loop, unless it is open."""
        if self._session is not None:
            return
        self._pool = asyncio.Semaphore(self._pool_size)
        self._session = aiohttp.ClientSession(
            connector=self._connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
            trace_configs=[_tracing()],
        )

    def _connector(self) -> aiohttp.TCPConnector:
        # The pool is bounded by our own semaphore: aiohttp counts the wait for a free connection
        # as part of the connect time-out.
        if self._socks_proxy is None:
            return aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEPALIVE_SECONDS)
        # A hundredth of the start, and hardly anybody needs it.
        from aiohttp_socks import ProxyConnector  # noqa: PLC0415

        return ProxyConnector.from_url(
            self._socks_proxy, rdns=True, limit=0, keepalive_timeout=KEEPALIVE_SECONDS
        )

    async def shutdown(self) -> None:
        """Close every connection; requests under way fail. `initialize` opens anew."""
        session, self._session = self._session, None
        if session is None:
            return
        flights = list(self._in_flight)
        for flight in flights:
            flight.abort()
        await session.close()
        for flight in flights:
            await flight.over.wait()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request and return the status and the body of the answer."""
        session = self._session
        body = _body(request_data)
        flight = Flight(
            Timeouts(
                pool=_given(pool_timeout, self._timeouts.pool),
                connect=_given(connect_timeout, self._timeouts.connect),
                write=_given(write_timeout, self._usual_write_timeout(request_data)),
                read=_given(read_timeout, self._timeouts.read),
            ),
            body.size if body else 0,
        )
        secrets = _SECRET_IN_PATH.findall(urlsplit(url).path)
        self._in_flight.add(flight)
        try:
            async with flight.deadline:
                flight.waits("pool")
                async with self._pool:
                    flight.waits("connect")
                    status, answer = await self._exchange(session, flight, method, url, body)
        except Exception as error:  # noqa: BLE001 - any text may hold the token
            failed = flight.failure(error, {*secrets, *self._proxy_secrets})
        else:
            # A server's error page may quote the address it was asked for.
            return status, answer if not secrets else _scrubbed(secrets, answer)
        finally:
            self._in_flight.discard(flight)
            flight.over.set()
        # Outside the handler, so that the original and its text are not kept as the context.
        raise failed

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer, as the library's own method reads it; that one logs each that is no JSON as
        an error of its own, with a traceback."""
        try:
            answer: dict[str, Any] = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("the answer is no JSON") from None
        return answer

    async def _exchange(
        self,
        session: aiohttp.ClientSession | None,
        flight: Flight,
        method: str,
        url: str,
        body: Payload | None,
    ) -> tuple[int, bytes]:
        if session is None:
            raise ConnectionError("it is not open")
        async with session.request(
            method,
            url,
            data=body,
            allow_redirects=False,
            proxy=self._http_proxy,
            timeout=aiohttp.ClientTimeout(total=None, sock_read=flight.timeouts.read),
            trace_request_ctx=flight,
        ) as response:
            flight.answered()
            if response.status == PROXY_AUTHENTICATION_REQUIRED:
                flight.stopped_at_proxy()
                raise ConnectionError("the proxy wants another name or password")
            return response.status, await _whole(response)

    def _usual_write_timeout(self, request_data: RequestData | None) -> float | None:
        upload = request_data is not None and request_data.contains_files
        return self._media_write_timeout if upload else self._timeouts.write


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """The answer's body, unless it is longer than anything that Telegram sends."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER:
            response.close()
            raise ConnectionError("the answer is too long")
    return bytes(body)


def _given(value: ODVInput[float], usual: float | None) -> float | None:
    return value if value is None or isinstance(value, int | float) else usual


def _body(request_data: RequestData | None) -> Payload | None:
    """The request's parameters, as JSON, which is many times quicker to make than a form; with
    files, as a form of which they are further parts."""
    if request_data is None:
        return None
    files = request_data.multipart_data
    if not files:
        given = request_data.parameters
        as_json = json.dumps(given).encode()
        return BytesPayload(as_json, content_type="application/json") if given else None
    parts = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        parts.add_field(name, value)
    for name, (filename, content, content_type) in files.items():
        # aiohttp writes a file in chunks, but bytes at once.
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        parts.add_field(name, file, filename=filename, content_type=content_type)
    return parts()


def _tracing() -> aiohttp.TraceConfig:
    """Have aiohttp tell each request's flight when its bytes go out."""

    async def leaves(_session: object, trace: SimpleNamespace, _sent: object) -> None:
        trace.trace_request_ctx.leaves()

    async def wrote(
        _session: object, trace: SimpleNamespace, sent: aiohttp.TraceRequestChunkSentParams
    ) -> None:
        trace.trace_request_ctx.wrote(len(sent.chunk))

    tracing = aiohttp.TraceConfig()
    tracing.on_request_headers_sent.append(leaves)
    tracing.on_request_chunk_sent.append(wrote)
    return tracing


def _proxy_secrets(proxy_url: str | None) -> frozenset[str]:
    password = urlsplit(proxy_url).password if proxy_url else None
    return frozenset({password, unquote(password)}) if password else frozenset()


def _scrubbed(secrets: Iterable[str], answer: bytes) -> bytes:
    for secret in secrets:
        answer = answer.replace(secret.encode(), b"<secret>")
    return answer
