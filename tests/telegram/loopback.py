"""A server on loopback that treats each connection as the test says, and a bot that talks to it."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.telegram.transport import AiohttpRequest

TOKEN = "987654321:AAsecret-secret_secret"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server on loopback that treats each connection as the test says."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.requests: list[tuple[str, bytes]] = []
        self.connections = 0
        self.connected = asyncio.Semaphore(0)
        self.requested = asyncio.Semaphore(0)
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.connected.release()
        self._writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            await self._talk(reader, writer)
        writer.close()

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """Read one request, remember it and return its body."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = 0
        for line in head.splitlines():
            if line.lower().startswith("content-length:"):
                length = int(line.split(":")[1])
        body = await reader.readexactly(length)
        self.requests.append((head, body))
        self.requested.release()
        return body


def http(body: bytes, *, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode() + body


def ok(result: object = True) -> bytes:
    return http(json.dumps({"ok": True, "result": result}).encode())


MESSAGE = {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}, "text": "hello"}


@contextlib.asynccontextmanager
async def serving(answer: bytes | None) -> AsyncIterator[Server]:
    """Answer every request with `answer`; read and say nothing if it is None."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.read(reader)
            if answer is None:
                await reader.read()
                return
            writer.write(answer)

    async with Server(talk) as server:
        yield server


@contextlib.asynccontextmanager
async def bot_at(base: str, **settings: Any) -> AsyncIterator[Bot]:
    request = AiohttpRequest(**settings)
    async with request:
        yield Bot(TOKEN, base_url=f"{base}/bot", request=request, get_updates_request=request)


def at(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


async def failure_of(sending: Awaitable[object]) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await sending
    chain: BaseException | None = caught.value
    while chain is not None:
        assert TOKEN not in str(chain) + repr(chain)
        assert chain.__context__ is None or chain.__context__ is chain.__cause__
        chain = chain.__cause__
    return caught.value


def unused_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port
