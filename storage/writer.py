"""Writes, which go one after another and wait for the disk together."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.session import JoinTransactionMode

from storage.engine import is_open

Result = TypeVar("Result")
Use = Callable[[Session], Result]

MOST = 16
"""Writes that share a commit. Whoever comes first waits for the last of them."""


class Writer:
    """One thread that runs writes in the order in which they come. Those that had to wait for
    another one share a transaction, each in a savepoint of its own: what waits for the disk is the
    commit, and it is one for all. Nobody is told anything before; what raises takes back only what
    it did itself; and when the commit fails, everybody hears of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[tuple[Use[Any], Future[Any]]] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    def put(self, use: Use[Result]) -> Future[Result]:
        future: Future[Result] = Future()
        self._waiting.append((use, future))
        self._thread.submit(self._work)  # in vain when the one before took it along
        return future

    def _work(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        begun = [write for write in taken if write[1].set_running_or_notify_cancel()]
        if not begun:
            return
        alone = len(begun) == 1
        try:
            with self._engine.begin() as connection:
                told = [_run(connection, use, future, alone=alone) for use, future in begun]
        except BaseException as error:  # noqa: BLE001 - it is the callers' to handle
            for _, future in begun:
                future.set_exception(error)
            return
        for tell in told:
            tell()

    def shutdown(self) -> None:
        """Waits for what was put in."""
        self._thread.shutdown()


def _run(
    connection: Connection, use: Use[Result], future: Future[Result], *, alone: bool
) -> Callable[[], None]:
    """How to tell what became of it. Raises when that is the end of the whole transaction."""
    mode: JoinTransactionMode = "rollback_only" if alone else "create_savepoint"
    try:
        with Session(connection, join_transaction_mode=mode) as session, session.begin():
            result = use(session)
    except Exception as error:
        if alone or not is_open(connection):
            raise
        return partial(future.set_exception, error)
    return partial(future.set_result, result)
