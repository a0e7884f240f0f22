import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import URL, update
from sqlalchemy.exc import DBAPIError, OperationalError

from storage import engine as engine_module
from storage.engine import (
    build_engine,
    parse_url,
    sqlite_path,
)
from storage.models import Group, Slot, Talk
from storage.store import Store
from tests.factories import make_group, make_slot, make_talk


@pytest.mark.parametrize(
    ("url", "parsed"),
    [
        ("sqlite:///reading-group.db", "sqlite+direct:///reading-group.db"),
        ("sqlite+aiosqlite:////var/lib/a.db", "sqlite+direct:////var/lib/a.db"),
        ("postgresql://bot:secret@db/rg", "postgresql+psycopg://bot:secret@db/rg"),
        ("postgresql+asyncpg://db:5433/rg", "postgresql+psycopg://db:5433/rg"),
    ],
)
def test_a_url_is_given_the_driver_that_is_installed(url: str, parsed: str) -> None:
    assert parse_url(url).render_as_string(hide_password=False) == parsed


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is not a database URL; try sqlite:///reading-group.db"),
        ("reading-group.db", "is not a database URL; try sqlite:///reading-group.db"),
        ("postgresql://db:port/rg", "is not a database URL; try sqlite:///reading-group.db"),
        ("mysql://db/rg", "names 'mysql'; this bot keeps its data in sqlite or postgresql"),
        ("postgres://db/rg", "names 'postgres'; this bot keeps its data in sqlite or postgresql"),
        (
            "postgresql://bot:p@ss@db/rg",
            "has an @ too many; in a name or a password write %40 for @, %25 for %",
        ),
        ("sqlite://", "names no file; try sqlite:///reading-group.db"),
        ("sqlite:///:memory:", "names no file; try sqlite:///reading-group.db"),
        ("sqlite:///file:a?mode=memory&uri=true", "names no file; try sqlite:///reading-group.db"),
    ],
)
def test_a_url_that_will_not_do_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        parse_url(url)


def test_only_sqlite_has_a_path() -> None:
    assert str(sqlite_path(parse_url("sqlite:///a.db"))) == "a.db"
    assert sqlite_path(parse_url("postgresql://db/rg")) is None


@pytest.fixture
def unwaited() -> None:
    """Here the disk is waited for, as it is when the bot runs."""


def test_a_sqlite_connection_is_durable_and_checks_references(sqlite_url: URL) -> None:
    engine = build_engine(sqlite_url)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    full = 2
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_migrations_may_have_references_unchecked(sqlite_url: URL) -> None:
    engine = build_engine(sqlite_url, foreign_keys=False)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 0
    engine.dispose()


def claim(store: Store, slot_id: int, start: threading.Barrier, title: str) -> str:
    """Look whether the slot is open, and take it if it is: the rule and nothing below it."""
    start.wait()
    with store.writing() as session:
        if session.query(Talk).filter_by(slot_id=slot_id).count():
            return "taken"
        slot = session.get_one(Slot, slot_id)
        make_talk(session, slot, title=title)
        return "claimed"


def test_of_two_claims_of_one_slot_exactly_one_succeeds(store: Store) -> None:
    with store.writing() as session:
        slot_id = make_slot(session).id
    start = threading.Barrier(2)
    with ThreadPoolExecutor(2) as threads:
        claims = [threads.submit(claim, store, slot_id, start, title) for title in ("A", "B")]
        assert sorted(done.result() for done in claims) == ["claimed", "taken"]
    with store.reading() as session:
        assert session.query(Talk).count() == 1


def test_no_update_is_lost_between_writers_that_read_first(store: Store) -> None:
    writers, rounds = 4, 5
    with store.writing() as session:
        make_group(session, duration_minutes=1)
    start = threading.Barrier(writers)

    def count_up() -> None:
        start.wait()
        for _ in range(rounds):
            with store.writing() as session:
                minutes = session.query(Group.duration_minutes).scalar()
                session.execute(update(Group).values(duration_minutes=minutes + 1))

    with ThreadPoolExecutor(writers) as threads:
        for done in [threads.submit(count_up) for _ in range(writers)]:
            done.result()
    with store.reading() as session:
        assert session.query(Group.duration_minutes).scalar() == 1 + writers * rounds


def test_a_read_returns_while_a_write_is_open_and_does_not_see_it(store: Store) -> None:
    written, may_commit = threading.Event(), threading.Event()

    def hold() -> None:
        with store.writing() as session:
            make_group(session)
            written.set()
            may_commit.wait()

    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(hold)
        try:
            written.wait()
            with store.reading() as session:
                assert session.query(Group).count() == 0
            assert not writer.done()
        finally:
            may_commit.set()
        writer.result()
    with store.reading() as session:
        assert session.query(Group).count() == 1


def test_a_reader_sees_one_moment_however_many_statements(store: Store) -> None:
    with store.reading() as reader:
        assert reader.query(Group).count() == 0
        with store.writing() as writer:
            make_group(writer)
        assert reader.query(Group).count() == 0


def test_a_reader_may_not_write_and_the_next_writer_may(store: Store) -> None:
    with (
        pytest.raises(DBAPIError, match=r"readonly|read-only"),
        store.reading() as session,
    ):
        make_group(session)
    with store.writing() as session:
        assert session.query(Group).count() == 0
        make_group(session)


def test_a_second_writer_gives_up_after_the_busy_timeout(
    sqlite_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 1)
    engine = build_engine(sqlite_url, "write")
    with (
        engine.begin(),
        pytest.raises(OperationalError, match="database is locked"),
        engine.begin(),
    ):
        pass
    engine.dispose()
