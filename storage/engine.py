"""Engines: one to read and one to write, for SQLite and PostgreSQL alike."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import StorageError
from storage.prepared import say

BUSY_TIMEOUT_MS = 5000
"""How long a writer waits for another program to let go of the database."""

SYNCHRONOUS = "FULL"
"""A claim that was confirmed survives a power cut."""

WRITERS = 7_270_001
"""The advisory lock of PostgreSQL that writers take in turn. Any number will do, as long as every
copy of the bot uses the same one."""

Access = Literal["read", "write"]

registry.register("sqlite.direct", "storage.dialect", "Direct")

DRIVERS = {"sqlite": "sqlite+direct", "postgresql": "postgresql+psycopg"}


def parse_url(url: str) -> URL:
    """The database URL with the driver that we ship. Raises `ValueError` with a sentence that
    says what is wrong."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise ValueError("is not a database URL; try sqlite:///reading-group.db") from None
    backend = parsed.get_backend_name()
    if backend not in DRIVERS:
        raise ValueError(f"names {backend!r}; this bot keeps its data in sqlite or postgresql")
    if backend == "sqlite" and _names_no_file(parsed.database):
        raise ValueError("names no file; try sqlite:///reading-group.db")
    if backend == "postgresql" and url.count("@") > 1:
        # The rest of the password would be taken for the host, and told as such.
        raise ValueError("has an @ too many; in a name or a password write %40 for @, %25 for %")
    return parsed.set(drivername=DRIVERS[backend])


def _names_no_file(database: str | None) -> bool:
    return not database or database == ":memory:" or database.startswith("file:")


def sqlite_path(url: URL) -> Path | None:
    """The database file, or `None` when the database is not a file."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database)


def has_database(url: URL) -> bool:
    """Whether the database is there; one that is not a file always counts as such.

    Raises `StorageError` where one was lost while it was in use: its log is still there, and would
    be gone as well, unheard of, with a new one in its place.
    """
    path = sqlite_path(url)
    if path is None or path.exists():
        return True
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        raise StorageError(
            f"The database {path} is gone, and {log.name} is left of it. Put it back, or restore a "
            f"backup: reading-group-bot restore FILE. To begin anew, delete {log} first."
        )
    return False


def need_database(url: URL) -> None:
    """Raises `StorageError` when there is no database, as in the wrong folder; one that is looked
    into there would be made, and be empty."""
    path = sqlite_path(url)
    if path is not None and not has_database(url):
        raise StorageError(
            f"There is no database at {path.absolute()}. Import a page first, or check storage.url."
        )


def has_trigrams() -> bool:
    """Whether Python's SQLite can index titles as `storage.queries.trigrams` asks for them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='trigram')")
        except sqlite3.OperationalError:
            return False
    return True


def build_engine(url: URL, access: Access | None = None, *, foreign_keys: bool = True) -> Engine:
    """An engine to `read`, of which each transaction sees one moment of the database and may not
    write; or to `write`, of which each waits at its beginning until no other one writes, so what it
    reads stays true until it commits. Without `access` it is neither.

    `foreign_keys=False` is for migrations on SQLite: re-creating a table there with foreign
    keys on empties its children, and the pragma is deaf inside a transaction.
    """
    if url.get_backend_name() != "sqlite":
        return _build_postgresql(url, access)
    engine = create_engine(url, connect_args={"check_same_thread": False})
    # A deferred transaction that reads first fails at once when another writer was quicker.
    begin = f"BEGIN {'IMMEDIATE' if access == 'write' else 'DEFERRED'}"
    event.listen(engine, "begin", lambda connection: say(connection, begin))

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes only before a write, so a read before it sees no lock
        # and updates get lost; ours comes first.
        connection.isolation_level = None
        try:
            for pragma in (
                f"busy_timeout = {BUSY_TIMEOUT_MS}",
                "journal_mode = WAL",
                f"synchronous = {SYNCHRONOUS}",
                f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
                f"query_only = {'ON' if access == 'read' else 'OFF'}",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise

    return engine


def _build_postgresql(url: URL, access: Access | None) -> Engine:
    options: dict[str, Any] = {}
    if access == "read":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    engine = create_engine(url, pool_pre_ping=True, execution_options=options)
    if access == "write":
        event.listen(engine, "begin", _wait_for_other_writers)
    return engine


def is_open(connection: Connection) -> bool:
    """Whether the transaction goes on after an error. Where the disk is full SQLite gives up the
    whole of it by itself, and what came next would be one of its own."""
    if connection.invalidated:
        return False
    driver = connection.connection.dbapi_connection
    return not isinstance(driver, sqlite3.Connection) or driver.in_transaction


def _wait_for_other_writers(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")
