"""Fixtures for the whole suite.

A test that asks for `store` or `database_url` runs twice, on SQLite and on PostgreSQL; one that
asks for `sqlite_store` or `sqlite_url` runs once. Every test finds its database up to date and
empty: on SQLite a copy of one file, on PostgreSQL one database that is emptied after each test, and
one store on it, which is many times quicker there than new ones. Rows are made with
`tests.factories`.
"""

import asyncio
import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.pool import NullPool

from bot.clock import MovableClock
from bot.publish import making_child
from bot.publish.making import Made, Maker, Order
from storage import engine, models  # noqa: F401 - the tables register themselves
from storage.base import Base
from storage.migrations import upgrade
from storage.store import Store
from tests.postgres import find_programs, running_server

START = datetime(2026, 1, 9, 1, tzinfo=UTC)

# How long an example takes says nothing of the code: the machine may be busy. In CI the examples
# are the same each time, so that a red run can be seen again.
settings.register_profile(
    "project",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
# For `make mutants`: each of some thousand mutants meets the same few examples, and nobody wants to
# know the smallest that finds it.
settings.register_profile(
    "mutants",
    settings.get_profile("project"),
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    database=None,
)
settings.load_profile("project")


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays. Looking through it for garbage again and again took
    a fifth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@pytest.fixture(autouse=True)
def made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are made in this process, which is quicker than in one of their own each time; that one
    has `tests/publish/test_making.py` and the command line."""

    async def make(_: Maker, order: Order) -> Made:
        return await asyncio.to_thread(making_child.made, order)

    monkeypatch.setattr(Maker, "make", make)


@pytest.fixture(autouse=True)
def unwaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the disk: no test cuts the power, and thousands of small commits would wait
    for it longer than they work."""
    monkeypatch.setattr(engine, "SYNCHRONOUS", "OFF")


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    programs = find_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed; here its tests may not be skipped.")
        pytest.skip("PostgreSQL's initdb and pg_ctl are not installed")
    with running_server(programs) as url:
        yield url


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    alone = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with alone.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: URL) -> URL:
    with _connected(postgresql_server) as connection:
        connection.exec_driver_sql("CREATE DATABASE migrated")
    url = postgresql_server.set(database="migrated")
    upgrade(url, START)
    return url


EMPTY_IT = f"""
DO $$ BEGIN
    SET LOCAL lock_timeout = '5s'; -- a transaction that a test left open fails that test
    {"".join(f"DELETE FROM {table.name};" for table in reversed(Base.metadata.sorted_tables))}
    PERFORM setval(sequence::regclass, 1, false) FROM (
        SELECT quote_ident(sequencename) AS sequence FROM pg_sequences) AS sequences;
END $$"""


@pytest.fixture(scope="session")
def emptying(migrated_postgresql: URL) -> Iterator[Connection]:
    """One connection for all the emptying: a new one each time would cost more than it does."""
    with _connected(migrated_postgresql) as connection:
        yield connection


@pytest.fixture
def postgresql_url(migrated_postgresql: URL, emptying: Connection) -> Iterator[URL]:
    yield migrated_postgresql
    emptying.exec_driver_sql(EMPTY_IT)


@pytest.fixture
def empty_postgresql_url(postgresql_server: URL) -> Iterator[URL]:
    with _connected(postgresql_server) as connection:
        connection.exec_driver_sql("CREATE DATABASE empty TEMPLATE template0")
    yield postgresql_server.set(database="empty")
    with _connected(postgresql_server) as connection:
        # Without FORCE: it fails when a test has left a connection open.
        connection.exec_driver_sql("DROP DATABASE empty")


def _sqlite_url(path: Path) -> URL:
    return URL.create("sqlite+direct", database=str(path))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    upgrade(_sqlite_url(path), START)
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> URL:
    return _sqlite_url(Path(shutil.copyfile(sqlite_template, tmp_path / "reading-group.db")))


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> URL:
    return _sqlite_url(tmp_path / "empty.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> URL:
    """A database of the newest revision with nothing in it, once on each kind of database.

    Only its rows may be changed; see `empty_database_url` for the rest.
    """
    url: URL = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> URL:
    """A database without a table (on SQLite not even a file yet), once on each kind."""
    url: URL = request.getfixturevalue(f"empty_{request.param}_url")
    return url


def _in_use(store: Store) -> list[int]:
    return [engine.pool.checkedout() for engine in store._engines]  # type: ignore[attr-defined]  # of the pools in use


@pytest.fixture
def sqlite_store(sqlite_url: URL) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    in_use = _in_use(store)
    store.close()
    assert in_use == [0, 0]


@pytest.fixture(scope="session")
def connected(migrated_postgresql: URL) -> Iterator[Store]:
    with closing(Store(migrated_postgresql)) as store:
        yield store


@pytest.fixture
def postgresql_store(connected: Store, postgresql_url: URL) -> Iterator[Store]:
    """One for all tests: to connect and to learn the statements takes longer than most of them."""
    yield connected
    # What a test no longer waited for ends before the next one begins.
    with closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(connected.write(lambda _: None))
    patience = monotonic() + 5
    while _in_use(connected) != [0, 0]:
        assert monotonic() < patience, "a transaction was left open"
        sleep(0.01)


@pytest.fixture
def store(request: pytest.FixtureRequest, database_url: URL) -> Store:
    store: Store = request.getfixturevalue(f"{database_url.get_backend_name()}_store")
    return store
