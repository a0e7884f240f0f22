"""Shortened links: followed where that is safe, kept as they are where it is not."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.catalogues.short_links import MOST_HOPS, ShortLinks
from tests.catalogues.server import Answer, Server, serving, text

SHORT = "https://b23.tv/AbC12x"
VIDEO = "https://www.bilibili.com/video/BV1xx411c7mD?p=1&share_source=copy"


def sends(location: str, status: int = 302) -> Answer:
    return text("", status, {"Location": location})


@asynccontextmanager
async def following(*answers: Answer) -> AsyncIterator[tuple[ShortLinks, Server]]:
    """All services are one server on loopback."""
    async with serving(*answers) as server:
        urls: Mapping[str, str] = {"b23.tv": server.origin, "bit.ly": server.origin}
        links = ShortLinks(urls)
        try:
            yield links, server
        finally:
            await links.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_shortened_link_becomes_what_it_stands_for(status: int) -> None:
    async with following(sends(VIDEO, status)) as (links, server):
        assert await links.resolve("https://www.B23.tv/AbC12x?share=1#c") == VIDEO
        assert server.asked == ["/AbC12x?share=1"]


async def test_one_service_may_lead_to_another() -> None:
    async with following(sends("https://bit.ly/2"), sends(VIDEO)) as (links, server):
        assert await links.resolve(SHORT) == VIDEO
        assert server.asked == ["/AbC12x", "/2"]


@pytest.mark.parametrize(
    "url",
    [
        VIDEO,
        "https://youtu.be/dQw4w9WgXcQ",
        "https://b23.tv:8443/x",
        "https://b23.tv.evil.example/x",
        "https://b23.tv/路",
        "b23.tv/AbC12x",
        "",
    ],
)
async def test_nobody_is_asked_about_other_links(url: str) -> None:
    async with following(sends(VIDEO)) as (links, server):
        assert await links.resolve(url) == url
        assert server.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://www.bilibili.com/video/BV1",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.5/admin",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]/",
        "https://localhost/",
        "https://printer.local/",
        "https://intranet/",
        "https://user:word@example.org/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "/relative",
        "",
    ],
)
async def test_a_link_that_leads_nowhere_public_stays_as_it_is(target: str) -> None:
    async with following(sends(target)) as (links, server):
        assert await links.resolve(SHORT) == SHORT
        assert len(server.asked) == 1


async def test_a_circle_is_left_after_a_few_rounds() -> None:
    async with following(sends("https://bit.ly/2")) as (links, server):
        assert await links.resolve(SHORT) == SHORT
        assert len(server.asked) == MOST_HOPS


@pytest.mark.parametrize(
    "answer", [text("<meta http-equiv=refresh>"), text("", 404), text("", 500), text("", 302)]
)
async def test_a_service_that_sends_nobody_on_changes_nothing(answer: Answer) -> None:
    async with following(answer) as (links, _):
        assert await links.resolve(SHORT) == SHORT


async def test_a_service_that_is_slow_or_gone_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = asyncio.Event()

    async def hang(_request: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    monkeypatch.setattr("bot.catalogues.short_links.PATIENCE", 0.01)
    async with following(hang) as (links, _):
        assert await links.resolve(SHORT) == SHORT
        released.set()
    gone = ShortLinks({"b23.tv": "http://127.0.0.1:9"})
    assert await gone.resolve(SHORT) == SHORT
    await gone.close()


async def test_what_follows_the_headers_is_not_read() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(status=302, headers={"Location": VIDEO})
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x" * 65536)
        except (ConnectionError, asyncio.CancelledError):
            return answer

    async with following(endless) as (links, _):
        assert await links.resolve(SHORT) == VIDEO
