"""Engines: one to read, one to write, on one pool."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5000
"""How long a writer waits for another program to let go of the database."""

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def parse_url(url: str) -> URL:
    """The database URL with the driver that we ship. Raises `ValueError` with a sentence that
    says what is wrong."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("is not a database URL; try sqlite:///reading-group.db") from None
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise ValueError(f"names {backend!r}; this bot keeps its data in sqlite or postgresql")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError("names no file; try sqlite:///reading-group.db")
    return parsed.set(drivername=DRIVERS[backend])


def sqlite_path(url: URL) -> Path | None:
    """The database file, or `None` when the database is not a file."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database)


def build_engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine whose plain transactions read; see `for_writing`.

    `foreign_keys=False` is for migrations on SQLite: re-creating a table there with foreign
    keys on empties its children, and the pragma is deaf inside a transaction.
    """
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes only before a write, so a read before it sees no lock
        # and updates get lost; `begin` below does it instead.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            # A claim that was confirmed survives a power cut.
            "synchronous = FULL",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def for_writing(engine: Engine) -> Engine:
    """The same pool, but each transaction takes SQLite's write lock when it begins: a deferred
    one that reads first fails at once when another writer was quicker."""
    return engine.execution_options(sqlite_begin="IMMEDIATE")
