"""Servers that are slow, broken or hostile: nothing is learnt, nothing is kept, nothing breaks."""

import asyncio
import gzip
import logging
import socket

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.catalogues import Catalogues, arxiv
from bot.catalogues.fetch import MAX_BYTES, Fetcher
from bot.clock import MovableClock
from storage.models import Lookup
from storage.store import Store
from tests.catalogues.server import Answer, asking, recorded, serving, text

FEED = recorded("arxiv-2509.01092.xml")
ARXIV = "https://arxiv.org/abs/2509.01092"
ACM = "https://dl.acm.org/doi/10.1145/3731569.3764810"
REFRAG = arxiv.read(FEED, "2509.01092")


def kept(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(Lookup)).all())


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_fault_that_passes_is_tried_again(
    sqlite_store: Store, clock: MovableClock, status: int
) -> None:
    async with asking(sqlite_store, clock, text("", status), text(FEED)) as (catalogues, server):
        assert await catalogues.look_up(ARXIV) == REFRAG
        assert len(server.asked) == 2


async def test_an_answer_that_is_no_answer_is_not_asked_for_again(
    sqlite_store: Store, clock: MovableClock
) -> None:
    async def garbled(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: soon\r\n\r\n")
        return web.Response()

    async with asking(sqlite_store, clock, garbled, text(FEED)) as (catalogues, server):
        assert await catalogues.look_up(ARXIV) is None
        assert len(server.asked) == 1
    assert kept(sqlite_store) == 0


async def test_a_server_that_hangs_up_is_tried_again(
    sqlite_store: Store, clock: MovableClock
) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with asking(sqlite_store, clock, hang_up, text(FEED)) as (catalogues, _):
        assert await catalogues.look_up(ARXIV) == REFRAG


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (text("<html>Busy</html>", 503), 2),
        (text("Rate exceeded.", 429), 2),
        (text("Rate exceeded."), 1),
        (text("", 403), 1),
        (text("", 204), 1),
        (text("", 304), 1),
        (text(b""), 1),
        (text("<html><title>Log in</title></html>"), 1),
        (text("{"), 1),
        (text(b"\x00\xff\xfe"), 1),
        (text(FEED[:900]), 1),
        (text(gzip.compress(FEED), headers={"Content-Encoding": "gzip"}), 1),
        (text(b" " * (MAX_BYTES + 1)), 1),
    ],
)
async def test_no_answer_is_not_kept(
    sqlite_store: Store, clock: MovableClock, answer: Answer, asked: int
) -> None:
    async with asking(sqlite_store, clock, answer) as (catalogues, server):
        assert await catalogues.look_up(ARXIV) is None
        assert len(server.asked) == asked
        assert await catalogues.look_up(ACM) is None
    assert kept(sqlite_store) == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    sqlite_store: Store, clock: MovableClock, status: int
) -> None:
    async with serving(text(FEED)) as secret:
        there = text("", status, {"Location": f"{secret.origin}/secret"})
        async with asking(sqlite_store, clock, there) as (catalogues, server):
            assert await catalogues.look_up(ARXIV) is None
            assert await catalogues.look_up(ACM) is None
            assert len(server.asked) == 2
        assert secret.asked == []
    assert kept(sqlite_store) == 0


async def test_an_endless_answer_is_cut_off(sqlite_store: Store, clock: MovableClock) -> None:
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        answer = web.StreamResponse()
        await answer.prepare(request)
        while written < 100 * MAX_BYTES:
            await answer.write(b"<feed>" * 10_000)
            written += 60_000
        return answer

    async with asking(sqlite_store, clock, endless) as (catalogues, _):
        assert await catalogues.look_up(ARXIV) is None
    assert kept(sqlite_store) == 0
    assert written < 100 * MAX_BYTES


@pytest.mark.parametrize("begins", [False, True])
async def test_an_answer_that_does_not_come_is_not_waited_for(
    sqlite_store: Store, clock: MovableClock, caplog: pytest.LogCaptureFixture, *, begins: bool
) -> None:
    never = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        if begins:
            await answer.prepare(request)
            await answer.write(b"<feed>")
        await never.wait()
        return answer

    caplog.set_level(logging.INFO, "bot.catalogues")
    async with asking(sqlite_store, clock, hang, patience=0.2) as (catalogues, _):
        assert await catalogues.look_up(ARXIV) is None
    assert caplog.messages == [
        "Nothing was learnt about arxiv:2509.01092: no answer in time",
    ]
    assert kept(sqlite_store) == 0


async def test_nobody_there_is_nothing_known(
    sqlite_store: Store, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
        catalogues = Catalogues(sqlite_store, clock, arxiv_url=nowhere, crossref_url=nowhere)
        caplog.set_level(logging.INFO, "bot.catalogues")
        assert await catalogues.look_up(f"{ARXIV}?token=secret") is None
        await catalogues.close()
    assert caplog.messages == [
        "Nothing was learnt about arxiv:2509.01092: ClientConnectorError",
    ]


async def test_only_so_many_requests_are_under_way_at_once() -> None:
    under_way, most, two_are_there = 0, 0, asyncio.Event()

    async def count(_request: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 2:
            two_are_there.set()
        await two_are_there.wait()
        under_way -= 1
        return web.Response(body=b"x")

    async with serving(count) as server:
        fetcher = Fetcher(server.origin, at_once=2)
        await asyncio.gather(*(fetcher.get(f"/{number}") for number in range(6)))
        await fetcher.close()
        assert (most, len(server.asked)) == (2, 6)


async def test_between_two_requests_the_server_has_its_pause() -> None:
    async with serving(text(b"x")) as server:
        fetcher = Fetcher(server.origin, at_once=1, pause=60)
        assert await fetcher.get("/1") == b"x"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await fetcher.get("/2")
        await fetcher.close()
        assert server.asked == ["/1"]
