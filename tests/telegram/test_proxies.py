"""The way to Telegram through a proxy: HTTP, a tunnel, SOCKS."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator

import pytest
from telegram.error import NetworkError, TimedOut

from bot.telegram.flight import NotSentError
from bot.telegram.transport import AiohttpRequest, certainly_not_sent
from tests.telegram.loopback import (
    MESSAGE,
    TOKEN,
    Server,
    bot_at,
    failure_of,
    http,
    ok,
    serving,
    unused_port,
)


async def test_an_http_proxy_is_asked_for_the_whole_address_with_its_password() -> None:
    async with serving(ok(MESSAGE)) as proxy:
        address = f"http://me:pass@127.0.0.1:{proxy.port}"
        async with bot_at("http://telegram.invalid", proxy_url=address) as bot:
            message = await bot.send_message(7, "hello")
    head = proxy.requests[0][0]
    assert message.message_id == 5
    assert head.startswith(f"POST http://telegram.invalid/bot{TOKEN}/sendMessage ")
    assert "Proxy-Authorization: Basic bWU6cGFzcw==\r\n" in head


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_wants_another_password_sent_nothing(scheme: str) -> None:
    refusal = http(b"", status="407 Proxy Authentication Required")
    async with serving(refusal) as proxy:
        address = f"http://me:hushhush@127.0.0.1:{proxy.port}"
        async with bot_at(f"{scheme}://telegram.invalid", proxy_url=address) as bot:
            error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is NetworkError
    assert certainly_not_sent(error)
    assert "hushhush" not in str(error)


@pytest.mark.parametrize("answer", [http(b"", status="502 Bad Gateway"), b""])
async def test_a_tunnel_that_the_proxy_does_not_open_sent_nothing(answer: bytes) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await proxy.read(reader)
        writer.write(answer)

    async with Server(refuse) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        async with bot_at("https://telegram.invalid", proxy_url=address) as bot:
            error = await failure_of(bot.send_message(7, "hello"))
    assert proxy.requests[0][0].startswith("CONNECT telegram.invalid:443 ")
    assert type(error) is NetworkError
    assert certainly_not_sent(error)


@pytest.mark.parametrize("scheme", ["http", "socks4", "socks5"])
async def test_a_proxy_that_is_not_there_sent_nothing(scheme: str) -> None:
    address = f"{scheme}://127.0.0.1:{unused_port()}"
    async with bot_at("https://telegram.invalid", proxy_url=address) as bot:
        error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is NetworkError
    assert certainly_not_sent(error)


class Socks5:
    """A SOCKS5 server for one name: it notes what it is asked for and plays the far end itself."""

    def __init__(self, reply: int) -> None:
        self.reply = reply
        self.asked: list[tuple[str, int]] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _version, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        _version, _connect, _reserved, kind = await reader.readexactly(4)
        assert kind == 3, "the name is looked up by the proxy"
        (length,) = await reader.readexactly(1)
        name = (await reader.readexactly(length)).decode()
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        self.asked.append((name, port))
        writer.write(bytes([5, self.reply, 0, 1, 127, 0, 0, 1, 0, 80]))
        if self.reply == 0:
            await self.server.read(reader)
            writer.write(ok(MESSAGE))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        async with Server(self.talk) as self.server:
            yield f"socks5://127.0.0.1:{self.server.port}"


async def test_a_socks5_proxy_looks_the_name_up_and_carries_the_request() -> None:
    proxy = Socks5(reply=0)
    base = "http://telegram.invalid:8081"
    async with proxy.running() as address, bot_at(base, proxy_url=address) as bot:
        message = await bot.send_message(7, "hello")
    assert message.message_id == 5
    assert proxy.asked == [("telegram.invalid", 8081)]
    assert proxy.server.requests[0][0].startswith(f"POST /bot{TOKEN}/sendMessage ")


async def test_a_socks5_proxy_that_cannot_reach_the_server_sent_nothing() -> None:
    proxy = Socks5(reply=4)
    base = "http://telegram.invalid:8081"
    async with proxy.running() as address, bot_at(base, proxy_url=address) as bot:
        error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is NetworkError
    assert type(error.__cause__) is NotSentError


async def test_a_socks5_proxy_that_never_answers_is_a_connect_time_out() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with Server(silent) as server:
        address = f"socks5://127.0.0.1:{server.port}"
        settings = {"proxy_url": address, "connect_timeout": 0.03}
        async with bot_at("http://telegram.invalid", **settings) as bot:
            error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is TimedOut
    assert certainly_not_sent(error)


def test_another_kind_of_proxy_is_refused_without_naming_its_password() -> None:
    with pytest.raises(ValueError, match=r"http://, socks5:// or socks4://") as caught:
        AiohttpRequest(proxy_url="ftp://me:hushhush@127.0.0.1:21")
    assert "hushhush" not in str(caught.value)
