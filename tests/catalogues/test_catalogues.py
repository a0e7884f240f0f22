"""What the catalogues are asked, and what is kept of their answers."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.catalogues import arxiv, crossref
from bot.clock import MovableClock
from bot.domain import papers
from bot.domain.papers import PaperFacts
from storage.models import Lookup
from storage.store import Store
from tests.catalogues.server import Answer, asking, recorded, text
from tests.factories import make_lookup

FEED = recorded("arxiv-2509.01092.xml")
EMPTY_FEED = recorded("arxiv-empty.xml")
WORK = recorded("crossref-10.1145-3731569.3764810.json")

ARXIV = "https://arxiv.org/pdf/2509.01092v2"
ACM = "https://dl.acm.org/doi/10.1145/3731569.3764810"
REFRAG = arxiv.read(FEED, "2509.01092")
DIFFKV = crossref.read(WORK, "10.1145/3731569.3764810")


async def test_arxiv_and_crossref_are_asked_for_the_number_alone(
    store: Store, clock: MovableClock
) -> None:
    async with asking(store, clock, text(FEED), text(WORK)) as (catalogues, server):
        assert await catalogues.look_up(ARXIV) == REFRAG
        assert await catalogues.look_up(ACM) == DIFFKV
        assert server.asked == [
            "/api/query?id_list=2509.01092",
            "/works/10.1145%2F3731569.3764810",
        ]
        assert server.headers["User-Agent"] == "reading-group-bot"
        assert server.headers["Accept-Encoding"] == "identity"


async def test_a_paper_is_asked_for_once_in_three_months(store: Store, clock: MovableClock) -> None:
    async with asking(store, clock, text(FEED)) as (catalogues, server):
        await catalogues.look_up(ARXIV)
        clock.move(timedelta(days=90) - timedelta(seconds=1))
        assert await catalogues.look_up("https://arxiv.org/abs/2509.01092") == REFRAG
        assert len(server.asked) == 1
        clock.move(timedelta(seconds=1))
        assert await catalogues.look_up(ARXIV) == REFRAG
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    "answer", [text(EMPTY_FEED), text(recorded("arxiv-error.xml")), text("", 404)]
)
async def test_an_unknown_paper_is_asked_for_again_the_next_day(
    sqlite_store: Store, clock: MovableClock, answer: Answer
) -> None:
    async with asking(sqlite_store, clock, answer, text(FEED)) as (catalogues, server):
        assert await catalogues.look_up(ARXIV) is None
        clock.move(timedelta(days=1) - timedelta(seconds=1))
        assert await catalogues.look_up(ARXIV) is None
        assert len(server.asked) == 1
        clock.move(timedelta(seconds=1))
        assert await catalogues.look_up(ARXIV) == REFRAG


@pytest.mark.parametrize("answer", [text("", 500), text(EMPTY_FEED), text("", 404)])
async def test_a_paper_that_was_known_stays_known_when_the_catalogue_fails(
    sqlite_store: Store, clock: MovableClock, answer: Answer
) -> None:
    async with asking(sqlite_store, clock, text(FEED), answer) as (catalogues, server):
        await catalogues.look_up(ARXIV)
        clock.move(timedelta(days=100))
        assert await catalogues.look_up(ARXIV) == REFRAG
        assert len(server.asked) > 1


async def test_what_was_kept_by_another_run_is_used(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        make_lookup(session, identity="arxiv:2509.01092", title="Kept", asked_at=clock.now())
    async with asking(store, clock, text(FEED)) as (catalogues, server):
        found = await catalogues.look_up(ARXIV)
        assert found == PaperFacts("Kept", ("Ann Bo",), "arXiv", 2025)
        assert server.asked == []


async def test_those_who_ask_at_once_share_one_request(
    sqlite_store: Store, clock: MovableClock
) -> None:
    async with asking(sqlite_store, clock, text(FEED)) as (catalogues, server):
        found = await asyncio.gather(*(catalogues.look_up(ARXIV) for _ in range(20)))
        assert found == [REFRAG] * 20
        assert len(server.asked) == 1


async def test_one_who_stops_waiting_does_not_stop_it_for_the_others(
    sqlite_store: Store, clock: MovableClock
) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await go_on.wait()
        return web.Response(body=FEED)

    async with asking(sqlite_store, clock, slow) as (catalogues, server):
        first = asyncio.create_task(catalogues.look_up(ARXIV))
        second = asyncio.create_task(catalogues.look_up(ARXIV))
        await asked.wait()
        first.cancel()
        go_on.set()
        assert await second == REFRAG
        assert len(server.asked) == 1


async def test_closing_gives_up_what_is_under_way(sqlite_store: Store, clock: MovableClock) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def hang(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await never.wait()
        return web.Response()

    async with asking(sqlite_store, clock, hang) as (catalogues, _):
        waiting = asyncio.create_task(catalogues.look_up(ARXIV))
        await asked.wait()
        await catalogues.close()
        assert await waiting is None


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    sqlite_store: Store,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def full(_use: Callable[[Session], object]) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(sqlite_store, "write", full)
    async with asking(sqlite_store, clock, text(FEED)) as (catalogues, _):
        assert await catalogues.look_up(ARXIV) == REFRAG
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == [
        "What a catalogue said was not kept."
    ]


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://example.org/paper.pdf",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/abs/2509.01092",
        "http://arxiv.org@127.0.0.1/abs/2509.01092",
        "http://127.0.0.1/abs/2509.01092",
        "http://[::1]/pdf/2509.01092",
        "http://127.0.0.1:8080/10.1145/3731569.3764810",
        "https://arxiv.org.evil.example/abs/2509.01092",
        "https://arxiv.org/abs/2509.01092/../../secret",
        "https://doi.org/10.1145/../../secret",
        "https://doi.org/10.1145/..%2f..%2fsecret%3Fx=1",
        "https://doi.org/10.1145/a%20b%0d%0aHost:%20evil",
        "https://github.com/vllm-project/vllm",
        "https://www.usenix.org/conference/osdi25/presentation/ren",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
async def test_an_address_that_names_no_catalogues_paper_asks_nobody(
    sqlite_store: Store, clock: MovableClock, url: str | None
) -> None:
    async with asking(sqlite_store, clock, text(FEED)) as (catalogues, server):
        assert await catalogues.look_up(url) is None
        assert server.asked == []
    with sqlite_store.reading() as session:
        assert session.scalars(select(Lookup)).all() == []


NASTY = st.text(st.sampled_from("a1./\\?#%&=@: \t\n\u202e-_;()"), max_size=30)


@given(NASTY, st.sampled_from(["https://doi.org/10.1145/", "https://dl.acm.org/doi/10.1145/"]))
def test_no_number_changes_the_path_that_crossref_is_asked_for(tail: str, prefix: str) -> None:
    doi = papers.doi(prefix + tail)
    if doi is not None:
        asked = crossref.path(doi)
        assert asked.startswith("/works/10.1145%2F")
        assert not set("?#&=@ \\") & set(asked)
        assert asked.count("/") == 2


@given(NASTY)
def test_no_number_changes_what_arxiv_is_asked_for(tail: str) -> None:
    number = papers.arxiv_id("https://arxiv.org/abs/" + tail)
    assert number is None
    assert arxiv.path(tail).startswith("/api/query?id_list=")
    assert not set("?#&@ \\") & set(arxiv.path(tail).removeprefix("/api/query?"))
