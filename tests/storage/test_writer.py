"""Writes that have to wait, and then wait for the disk together."""

import asyncio
import gc
import shutil
import sqlite3
import threading
import weakref
from asyncio import CancelledError
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.store import Store
from storage.writer import MOST
from tests.factories import make_group

Use = Callable[[Session], Any]


class FailedError(Exception):
    pass


def add(name: str) -> Use:
    def use(session: Session) -> str:
        return make_group(session, name=name).name

    return use


def add_and_fail(session: Session) -> None:
    make_group(session, name="Failed")
    raise FailedError


def names(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT name FROM groups ORDER BY id")))


@asynccontextmanager
async def held(store: Store) -> AsyncIterator[None]:
    """What is written in here waits for another write, which goes on until the end."""
    begun, may_end = threading.Event(), threading.Event()

    def hold(_: Session) -> None:
        begun.set()
        may_end.wait()

    first = asyncio.create_task(store.write(hold))
    await asyncio.to_thread(begun.wait)
    try:
        yield
        await asyncio.sleep(0)  # until it is put in
    finally:
        may_end.set()
        await first


async def together(store: Store, *uses: Use) -> list[Any]:
    """What becomes of these writes, all of which wait for another one."""
    async with held(store):
        tasks = [asyncio.create_task(store.write(use)) for use in uses]
    return await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def at_commit(store: Store, do: Callable[[], None]) -> Iterator[list[int]]:
    """Call `do` before each commit but that of the write that all wait for; yields a list that
    gets an entry for each."""
    commits: list[int] = []

    def note(_: Connection) -> None:
        commits.append(len(commits))
        if len(commits) > 1:
            do()

    event.listen(Engine, "commit", note)
    try:
        yield commits
    finally:
        event.remove(Engine, "commit", note)


async def test_writes_that_wait_share_a_commit_and_keep_their_order(store: Store) -> None:
    wanted = [f"Group {number}" for number in range(MOST + 3)]
    with at_commit(store, lambda: None) as commits:
        assert await together(store, *map(add, wanted)) == wanted
    assert len(commits) == 3  # what they waited for, `MOST` of them, and the rest
    assert await store.read(names) == wanted


async def test_one_that_raises_takes_back_its_own_and_leaves_the_others(store: Store) -> None:
    first, failed, second = await together(store, add("A"), add_and_fail, add("B"))
    assert (first, second) == ("A", "B")
    assert isinstance(failed, FailedError)
    assert await store.read(names) == ["A", "B"]


async def test_a_constraint_that_one_breaks_is_its_own_affair(store: Store) -> None:
    first, failed, second = await together(store, add("A"), add("A"), add("B"))
    assert (first, second) == ("A", "B")
    assert isinstance(failed, Exception)
    assert await store.read(names) == ["A", "B"]


async def test_nobody_is_told_before_the_commit(store: Store) -> None:
    told: list[str] = []
    told_by_then: list[list[str]] = []

    async def write(name: str) -> None:
        told.append(await store.write(add(name)))

    with at_commit(store, lambda: told_by_then.append(list(told))):
        async with held(store):
            others = [asyncio.create_task(write(name)) for name in ("A", "B")]
        await asyncio.gather(*others)
    assert told_by_then == [[]]
    assert told == ["A", "B"]


async def test_a_commit_that_fails_is_told_to_everyone_and_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    with at_commit(store, fail):
        told = await together(store, add("A"), add_and_fail, add("B"))
    assert [str(one) for one in told] == ["the disk is gone"] * 3
    assert await store.read(names) == []
    assert await store.write(add("C")) == "C"


async def test_a_kill_before_the_commit_leaves_none_of_them(
    sqlite_store: Store, sqlite_url: URL, tmp_path: Path
) -> None:
    database = Path(str(sqlite_url.database))
    left = tmp_path / "left"
    left.mkdir()

    def copy() -> None:  # as a kill at this moment would leave it
        for file in database.parent.glob(f"{database.name}*"):
            shutil.copy(file, left)

    with at_commit(sqlite_store, copy):
        assert await together(sqlite_store, add("A"), add("B")) == ["A", "B"]
    with sqlite3.connect(left / database.name) as there:
        assert there.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert there.execute("SELECT name FROM groups").fetchall() == []
    there.close()


async def test_when_sqlite_gives_up_the_transaction_nothing_of_it_is_kept(
    sqlite_store: Store,
) -> None:
    def lose(session: Session) -> None:
        driver = session.connection().connection.dbapi_connection
        assert driver is not None
        driver.rollback()  # what SQLite does by itself where the disk is full
        session.execute(text("SELECT * FROM nowhere"))

    told = await together(sqlite_store, add("A"), lose, add("B"))
    assert [type(one) for one in told] == [OperationalError] * 3
    assert await sqlite_store.read(names) == []
    assert await sqlite_store.write(add("C")) == "C"


async def test_who_is_cancelled_while_waiting_is_left_out_of_what_is_shared(store: Store) -> None:
    async with held(store):
        others = [asyncio.create_task(store.write(add(name))) for name in "ABC"]
        await asyncio.sleep(0)
        others[1].cancel()
    assert isinstance((await asyncio.gather(*others, return_exceptions=True))[1], CancelledError)
    assert await store.read(names) == ["A", "C"]


async def test_an_error_is_kept_no_longer_than_by_whoever_was_told(sqlite_store: Store) -> None:
    """It knows all that the failed write knew, down to the update that it was about."""

    async def failed() -> "weakref.ref[FailedError]":
        try:
            await sqlite_store.write(add_and_fail)
        except FailedError as error:
            return weakref.ref(error)
        raise AssertionError("it was written")

    gc.disable()
    try:
        alone = await failed()
        async with held(sqlite_store):
            others = [asyncio.create_task(failed()) for _ in range(2)]
        kept = [alone, *await asyncio.gather(*others)]
        await sqlite_store.write(names)
        assert [one() for one in kept] == [None] * 3
    finally:
        gc.enable()


async def test_an_error_that_ends_iterations_is_told_like_any_other(sqlite_store: Store) -> None:
    def use(_: Session) -> None:
        next(iter(()))

    *failed, done = await together(sqlite_store, use, use, add("A"))
    assert [type(error) for error in failed] == [RuntimeError, RuntimeError]
    assert done == "A"


async def test_after_the_end_nothing_is_taken_that_would_not_be_written(
    sqlite_store: Store,
) -> None:
    last = asyncio.create_task(sqlite_store.write(add("A")))
    await asyncio.sleep(0)
    sqlite_store.close()
    with pytest.raises(RuntimeError):
        await sqlite_store.write(add("B"))
    assert await last == "A"
