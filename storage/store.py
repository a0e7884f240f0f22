"""The one way in to the database."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from storage.engine import build_engine, has_database, has_trigrams, parse_url, sqlite_path
from storage.errors import StorageError
from storage.revisions import is_newest
from storage.sentences import is_full, of_file, sentence
from storage.writer import Writer

log = logging.getLogger(__name__)

Result = TypeVar("Result")

READERS = 2
"""Threads that read, each with a connection. Python runs one of them at a time; with two, a long
search holds up nobody."""


class Store:
    """Sessions, each inside one transaction.

    `reading` and `writing` are for threads that may wait (the command line, tests); `read` and
    `write` run a function of a session off the event loop. A function given to them returns
    frozen data: no row outlives its transaction. Writes go one after another, on one thread.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engines = to_read, to_write = build_engine(url, "read"), build_engine(url, "write")
        self._reading, self._writing = sessionmaker(to_read), sessionmaker(to_write)
        self._writer = Writer(to_write)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._file = _identity(self._path)
        self._log: tuple[int, int] | None = None
        self._watcher: sqlite3.Connection | None = None

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
        """Run `use` in a write transaction, which it may share with others that had to wait. Once
        begun it is finished, even if the caller is cancelled: what was decided is not half
        forgotten."""
        return await self._writer.write(use)

    def version(self) -> int | None:
        """A number that changes with every commit, whoever makes it: on a connection of its own,
        which never writes, SQLite's data version sees them all. Microseconds, and it never waits.
        `None` where there is no telling: from a server, and while the file cannot be read."""
        try:
            if self._watcher is None:
                path = sqlite_path(self.url)
                if path is None:
                    return None
                self._watcher = sqlite3.connect(
                    f"{path.absolute().as_uri()}?mode=rw",
                    uri=True, timeout=0, isolation_level=None, check_same_thread=False,
                )  # fmt: skip
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def is_in_place(self) -> bool:
        """Whether the database's file is the one that was there when the store was made. One that
        was moved away takes what is written with it."""
        there = _identity(self._path) == self._file
        if there:
            self._log = _identity(self._log_path)
        return there

    def was_replaced(self) -> bool:
        """Whether another file is in its place."""
        return _identity(self._path) not in (self._file, None)

    @property
    def _path(self) -> Path | None:
        return sqlite_path(self.url)

    @property
    def _log_path(self) -> Path | None:
        return self._path and self._path.with_name(f"{self._path.name}-wal")

    async def damage(self) -> str | None:
        """The first thing that is wrong with the database's file; `None` when it is sound. A server
        sees to its own."""
        if sqlite_path(self.url) is None:
            return None
        check = text("PRAGMA quick_check(1)")
        try:
            found = await self.read(lambda session: str(session.execute(check).scalar_one()))
        except DatabaseError as error:
            return self.explain(error)
        return None if found == "ok" else found

    async def obstacle(self) -> str | None:
        """What keeps the database from taking a change now, in a sentence; `None` when nothing
        does. Nothing is changed."""
        try:
            await self.write(lambda _: None)
        except DatabaseError as error:
            return self.explain(error)
        path = sqlite_path(self.url)
        if path is None:
            return None
        if not all(os.access(each, os.W_OK) for each in (path, path.parent)):
            return of_file(path, "READONLY")
        return of_file(path, "FULL") if is_full(path) else None

    def explain(self, error: Exception) -> str:
        """What the database raised, in a line that says what to do."""
        return sentence(self.url, error)

    def close(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        for engine in self._engines:
            engine.dispose()
        if self._watcher is not None:
            self._watcher.close()
        if self._file is not None and self.was_replaced():
            self._put_log_aside()

    def _put_log_aside(self) -> None:
        """SQLite leaves the log where it is when the file was moved, and would put what is in it
        into the file that is there now. Whoever has that one open already may have made a log of
        their own."""
        log_of = self._log_path
        if log_of is not None and log_of.exists() and self._log in (None, _identity(log_of)):
            log_of.rename(log_of.with_name(f"{log_of.name}.replaced"))
            log_of.with_name(log_of.name.removesuffix("wal") + "shm").unlink(missing_ok=True)


def _identity(path: Path | None) -> tuple[int, int] | None:
    """What tells the file from another one of its name; `None` where there is none."""
    if path is None:
        return None
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def open_store(url: str, now: datetime) -> Store:
    """A store on the database that `storage.url` names, made or brought up to date first.

    Raises `StorageError` and nothing else when that database cannot be used.
    """
    copy = bring_up_to_date(url, now)
    if copy is not None:
        log.info("The database was brought up to date. As it was before, it is in %s.", copy)
    return Store(parse_url(url))


def bring_up_to_date(url: str, now: datetime) -> Path | None:
    """Make the database that `storage.url` names, or bring it up to date. Returns where it is as it
    was before, if it was copied first. Raises `StorageError` like `open_store`."""
    try:
        parsed = parse_url(url)
    except ValueError as error:
        raise StorageError(f"storage.url {error}.") from error
    if sqlite_path(parsed) is not None and not has_trigrams():
        raise StorageError(
            f"This Python has SQLite {sqlite3.sqlite_version}, and the bot needs 3.34 or newer "
            "with FTS5. Use another Python, or name a PostgreSQL database in storage.url."
        )
    if has_database(parsed) and is_newest(parsed):
        return None
    from storage.migrations import upgrade  # noqa: PLC0415 - see storage.revisions

    return upgrade(parsed, now)
