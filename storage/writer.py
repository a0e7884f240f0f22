"""Writes, which go one after another and wait for the disk together."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.session import JoinTransactionMode

from storage.engine import is_open

Result = TypeVar("Result")
Use = Callable[[Session], Result]

MOST = 16
"""Writes that share a commit. Whoever comes first waits for the last of them."""


class _Outcome(NamedTuple):
    result: Any = None
    error: BaseException | None = None


class _Write(NamedTuple):
    use: Use[Any]
    told: asyncio.Future[_Outcome]


class Writer:
    """One thread that runs the writes of an event loop in the order in which they come. Those that
    had to wait for another one share a transaction, each in a savepoint of its own: what waits for
    the disk is the commit, and it is one for all. Nobody is told anything before; what raises takes
    back only what it did itself; and when the commit fails, everybody hears of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[_Write | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="writer", daemon=True)
        self._closed = False

    async def write(self, use: Use[Result]) -> Result:
        """What `use` returns, once it is committed. Raises what it raises, and what the commit
        does; `RuntimeError` after `shutdown`."""
        if self._closed:
            raise RuntimeError("nothing is written any more")
        told = asyncio.get_running_loop().create_future()
        self._waiting.put(_Write(use, told))
        if self._thread.ident is None:
            self._thread.start()
        outcome: _Outcome = await told
        try:
            if outcome.error is not None:
                raise outcome.error
            return cast("Result", outcome.result)
        finally:
            # An error knows where it was raised, and what is kept there would keep it.
            del outcome, told

    def shutdown(self) -> None:
        """Waits for what was put in."""
        self._closed = True
        if self._thread.ident is not None:
            self._waiting.put(None)
            self._thread.join()

    def _work(self) -> None:
        last = False
        while not last:
            taken = [self._waiting.get()]
            with suppress(Empty):
                while len(taken) < MOST:
                    taken.append(self._waiting.get_nowait())
            last = None in taken
            begun = [write for write in taken if write and not write.told.cancelled()]
            if begun:
                _tell([write.told for write in begun], self._run([write.use for write in begun]))

    def _run(self, uses: Sequence[Use[Any]]) -> list[_Outcome]:
        try:
            with self._engine.begin() as connection:
                return [_run(connection, use, alone=len(uses) == 1) for use in uses]
        except BaseException as error:  # noqa: BLE001 - it is the callers' to handle
            return [_Outcome(error=error)] * len(uses)


def _run(connection: Connection, use: Use[Any], *, alone: bool) -> _Outcome:
    """What became of it. Raises when that is the end of the whole transaction."""
    mode: JoinTransactionMode = "rollback_only" if alone else "create_savepoint"
    # Nothing that was loaded outlives the session, so none of it need be marked as out of date.
    made = Session(connection, join_transaction_mode=mode, expire_on_commit=False)
    try:
        with made as session, session.begin():
            return _Outcome(use(session))
    except Exception as error:
        if alone or not is_open(connection):
            raise
        return _Outcome(error=error)


def _tell(told: Sequence[asyncio.Future[_Outcome]], outcomes: Sequence[_Outcome]) -> None:
    """All at once: waking an event loop takes longer than a statement."""

    def tell() -> None:
        for one, outcome in zip(told, outcomes, strict=True):
            if not one.done():
                one.set_result(outcome)

    with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
        told[0].get_loop().call_soon_threadsafe(tell)
