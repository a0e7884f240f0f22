"""The one way in to the database."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.orm import Session, sessionmaker

from storage.engine import build_engine, for_reading, for_writing, parse_url
from storage.errors import StorageError
from storage.migrations import upgrade

Result = TypeVar("Result")

READERS = 4


class Store:
    """Sessions, each inside one transaction.

    `reading` and `writing` are for threads that may wait (the command line, tests); `read` and
    `write` run a function of a session off the event loop. A function given to them returns
    frozen data: no row outlives its transaction. Writes go one after another, on one thread.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = build_engine(url)
        self._reading = sessionmaker(for_reading(self._engine))
        self._writing = sessionmaker(for_writing(self._engine))
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One moment of the database, however many statements; writing here is refused."""
        with self._reading.begin() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Commits at the end, rolls back when anything raises."""
        with self._writing.begin() as session:
            yield session

    async def read(self, use: Callable[[Session], Result]) -> Result:
        def run() -> Result:
            with self.reading() as session:
                return use(session)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(self, use: Callable[[Session], Result]) -> Result:
        """Run `use` in a write transaction. Once begun it is finished, even if the caller is
        cancelled: what was decided is not half forgotten."""

        def run() -> Result:
            with self.writing() as session:
                return use(session)

        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    def close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        self._engine.dispose()


def open_store(url: str, now: datetime) -> Store:
    """A store on the database that `storage.url` names, made or brought up to date first.

    Raises `StorageError` and nothing else when that database cannot be used.
    """
    try:
        parsed = parse_url(url)
    except ValueError as error:
        raise StorageError(f"storage.url {error}.") from error
    upgrade(parsed, now)
    return Store(parsed)
