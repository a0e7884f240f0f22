"""What a group publishes is made in a process of its own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.clock import MovableClock
from bot.domain.page_changes import Merged, Move
from bot.publish import making, making_child
from bot.publish.making import SIZE, Made, Maker, NotMadeError, Order, packed
from bot.publish.steps import Clash, ReadBack, Settled, Write
from bot.services import publications
from storage.store import Store
from tests.publish.press import press
from tests.publish.test_markdown_properties import pages, texts

MAKE = Maker.make

_sentences = st.lists(texts, max_size=2).map(tuple)
_moves = st.lists(st.builds(Move, st.dates(), st.dates()), max_size=2).map(tuple)
_steps = st.one_of(
    st.builds(Write, texts, st.none() | st.binary(), st.booleans()),
    st.builds(Settled, texts),
    st.builds(
        ReadBack,
        st.builds(Merged, pages, _moves, _sentences, st.booleans()),
        pages,
        st.binary(),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(Clash, texts, _sentences, st.booleans()),
)
_made = st.builds(
    Made,
    st.dictionaries(st.integers(1, 9), _steps, max_size=3),
    st.dictionaries(texts, st.binary(), max_size=3),
)


@pytest.fixture
def order(sqlite_store: Store, clock: MovableClock, tmp_path: Path) -> Order:
    here, now = press(sqlite_store, clock, tmp_path / "public"), clock.now()
    with sqlite_store.reading() as session:
        state = publications.state(session, here.group_id, now)
    found = {term.term_id: None for term in state.terms}
    return Order(state.terms, found, state.archive, "https://reading.example/", now)


@pytest.fixture
async def maker(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Maker]:
    monkeypatch.setattr(Maker, "make", MAKE)
    maker = Maker()
    yield maker
    await maker.close()


async def test_the_other_process_makes_what_this_one_would(order: Order, maker: Maker) -> None:
    made = await maker.make(order)

    assert made == await maker.make(order) == making_child.made(order)
    (step,) = made.steps.values()
    assert isinstance(step, Write)
    assert "REFRAG" in step.text
    assert "schedule.ics" in made.files


@given(_made)
def test_what_is_made_comes_back_as_it_was(made: Made) -> None:
    sent = packed(made)

    assert int.from_bytes(sent[:SIZE]) == len(sent) - SIZE
    assert TypeAdapter(Made).validate_json(sent[SIZE:]) == made


def test_an_order_arrives_as_it_was(order: Order) -> None:
    (term,) = order.terms
    for found in (None, b"", "“ü” \ud83d".encode("utf-8", "surrogatepass")):
        asked = replace(order, found={term.term_id: found})
        assert TypeAdapter(Order).validate_json(packed(asked)[SIZE:]) == asked


async def test_what_stops_it_is_told_and_the_next_order_has_another(
    order: Order, maker: Maker
) -> None:
    with pytest.raises(NotMadeError, match="KeyError"):
        await maker.make(replace(order, found={}))

    assert (await maker.make(order)).files


async def test_one_that_does_not_begin_is_told(
    order: Order, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "CHILD", "bot.publish.nowhere")
    with pytest.raises(NotMadeError, match=r"No module named bot\.publish\.nowhere"):
        await maker.make(order)

    monkeypatch.setattr("sys.executable", "/nowhere")
    with pytest.raises(NotMadeError, match="it does not start"):
        await maker.make(order)


async def test_one_that_takes_too_long_is_ended_and_the_next_order_has_another(
    order: Order, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(making, "SECONDS", 0)
        with pytest.raises(NotMadeError, match="it took longer than 0 seconds"):
            await maker.make(order)

    assert (await maker.make(order)).files


async def test_it_ends_with_the_work_that_was_broken_off(
    order: Order, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: asyncio.Future[asyncio.subprocess.Process] = asyncio.Future()
    start = making._started

    async def seen() -> asyncio.subprocess.Process:
        started.set_result(await start())
        return started.result()

    monkeypatch.setattr(making, "_started", seen)
    working = asyncio.create_task(maker.make(order))
    child = await started
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    await maker.close()

    assert child.returncode is not None
