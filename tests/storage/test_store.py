import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import DetachedInstanceError
from sqlalchemy.pool import NullPool

from bot.clock import MovableClock
from storage import engine as engine_module
from storage.errors import StorageError
from storage.store import Store, open_store
from tests.factories import make_group


@dataclass(frozen=True)
class GroupView:
    name: str


def add_group(session: Session) -> GroupView:
    return GroupView(make_group(session).name)


def names(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT name FROM groups ORDER BY id")))


class FailedError(Exception):
    pass


def test_what_was_written_is_there_to_be_read(store: Store) -> None:
    with store.writing() as session:
        add_group(session)
    with store.reading() as session:
        assert names(session) == ["Systems reading group"]


def test_a_write_that_raises_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.writing() as session:
            add_group(session)
            raise FailedError

    with pytest.raises(FailedError):
        fail()
    with store.reading() as session:
        assert names(session) == []


async def test_a_write_off_the_loop_that_raises_leaves_nothing_and_says_so(store: Store) -> None:
    def fail(session: Session) -> None:
        add_group(session)
        raise FailedError

    with pytest.raises(FailedError):
        await store.write(fail)
    assert await store.read(names) == []


async def test_a_view_outlives_its_transaction_and_cannot_be_changed(store: Store) -> None:
    view = await store.write(add_group)
    assert view == GroupView("Systems reading group")
    with pytest.raises(FrozenInstanceError):
        view.name = "Another"  # type: ignore[misc]  # what is under test


def test_a_row_does_not_outlive_its_transaction(store: Store) -> None:
    with store.writing() as session:
        row = make_group(session)
    with pytest.raises(DetachedInstanceError):
        _ = row.name


async def test_writes_go_one_after_another_in_the_order_asked_for(store: Store) -> None:
    order: list[int] = []

    def note(number: int) -> Callable[[Session], None]:
        return lambda _: order.append(number)

    await asyncio.gather(*(store.write(note(number)) for number in range(20)))
    assert order == list(range(20))


async def test_reads_go_on_while_a_write_waits(store: Store) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        add_group(session)
        begun.set()
        may_end.wait()

    writing = asyncio.create_task(store.write(hold))
    try:
        await asyncio.to_thread(begun.wait)
        assert await store.read(names) == []
        assert not writing.done()
    finally:
        may_end.set()
    await writing
    assert await store.read(names) == ["Systems reading group"]


async def test_a_write_is_finished_although_its_caller_was_cancelled(store: Store) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        begun.set()
        may_end.wait()
        add_group(session)

    writing = asyncio.create_task(store.write(hold))
    await asyncio.to_thread(begun.wait)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    may_end.set()
    # The one writer takes this only after it has finished the other.
    assert await store.write(names) == ["Systems reading group"]


async def test_a_write_that_was_cancelled_before_it_began_never_happens(store: Store) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        begun.set()
        may_end.wait()

    first = asyncio.create_task(store.write(hold))
    await asyncio.to_thread(begun.wait)
    second = asyncio.create_task(store.write(add_group))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    may_end.set()
    await first
    assert await store.write(names) == []


async def test_close_waits_for_what_was_begun_and_leaves_no_thread(database_url: URL) -> None:
    before = set(threading.enumerate())
    store = Store(database_url)
    await asyncio.gather(*(store.read(names) for _ in range(8)))
    begun, may_end = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        begun.set()
        may_end.wait()
        add_group(session)

    writing = asyncio.create_task(store.write(hold))
    await asyncio.to_thread(begun.wait)
    may_end.set()
    store.close()
    await writing
    left = {thread for thread in threading.enumerate() if thread not in before}
    assert [thread.name for thread in left if thread.name.startswith(("reader", "writer"))] == []
    again = Store(database_url)
    with again.reading() as session:
        assert names(session) == ["Systems reading group"]
    again.close()


def test_close_leaves_one_file_on_sqlite(sqlite_url: URL, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    with store.writing() as session:
        add_group(session)
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["reading-group.db"]


def test_a_store_is_opened_on_a_database_that_did_not_exist(
    empty_database_url: URL, clock: MovableClock
) -> None:
    url = empty_database_url.render_as_string(hide_password=False)
    first = open_store(url, clock.now())
    with first.writing() as session:
        add_group(session)
    first.close()
    second = open_store(url, clock.move(timedelta(days=1)))
    with second.reading() as session:
        assert names(session) == ["Systems reading group"]
    second.close()


def refusal(url: str, clock: MovableClock) -> str:
    with pytest.raises(StorageError) as caught:
        open_store(url, clock.now())
    return str(caught.value)


def test_a_url_that_will_not_do_is_refused_in_one_sentence(clock: MovableClock) -> None:
    assert refusal("mysql://db/rg", clock) == (
        "storage.url names 'mysql'; this bot keeps its data in sqlite or postgresql."
    )


def test_a_python_whose_sqlite_has_no_trigrams_is_named(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Old(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            return super().execute(sql.replace("trigram", "of_another_version"), *values)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path: real(path, factory=Old))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.31.1")
    assert refusal(f"sqlite:///{tmp_path}/a.db", clock) == (
        "This Python has SQLite 3.31.1, and the bot needs 3.34 or newer with FTS5. Use another "
        "Python, or name a PostgreSQL database in storage.url."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path, clock: MovableClock) -> None:
    folder = tmp_path / "missing"
    assert refusal(f"sqlite:///{folder}/a.db", clock) == (
        f"There is no folder {folder}. Create it, or change storage.url."
    )
    assert not folder.exists()


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path, clock: MovableClock) -> None:
    assert refusal(f"sqlite:///{tmp_path}", clock) == (
        f"{tmp_path} is a folder. Name a file in it in storage.url."
    )


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder nobody may write to")
def test_a_folder_that_may_not_be_written_to_is_refused(clock: MovableClock) -> None:
    assert refusal("sqlite:////proc/self/a.db", clock) == (
        "/proc/self/a.db cannot be opened. Let the bot read and write there, or change storage.url."
    )


def test_a_file_that_is_no_database_is_refused_and_kept(
    tmp_path: Path, clock: MovableClock
) -> None:
    page = tmp_path / "page.md"
    page.write_text("# 2025 Fall\n" * 100)
    assert refusal(f"sqlite:///{page}", clock) == (
        f"{page} is not a database. Name another file in storage.url."
    )
    assert page.read_text() == "# 2025 Fall\n" * 100


def test_a_file_that_may_not_be_written_to_is_refused(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rights do not stop root, who may be running this.
    real = sqlite3.connect

    def read_only(path: str, **settings: object) -> sqlite3.Connection:
        return real(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    path = tmp_path / "empty.db"
    path.touch()
    monkeypatch.setattr("sqlite3.dbapi2.connect", read_only)
    assert refusal(f"sqlite:///{path}", clock) == (
        f"{path} may not be written to. Let the bot write to it and to its folder."
    )


@pytest.mark.parametrize("error", ["SQLITE_IOERR_SHMSIZE", "SQLITE_CANTOPEN"])
def test_a_disk_without_any_room_is_named_whatever_fails_first(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    def fails(*_: object, **__: object) -> sqlite3.Connection:
        failed = sqlite3.OperationalError("disk I/O error")
        failed.sqlite_errorname = error
        raise failed

    used = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("sqlite3.dbapi2.connect", fails)
    path = tmp_path / "a.db"
    assert "the disk is full" not in refusal(f"sqlite:///{path}", clock)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: used._replace(free=0))
    assert refusal(f"sqlite:///{path}", clock) == (
        f"{path} cannot grow: the disk is full. Make room and try again."
    )


def test_a_database_that_another_program_keeps_locked_is_refused(
    tmp_path: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BUSY_TIMEOUT_MS", 1)
    path = tmp_path / "a.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    said = refusal(f"sqlite:///{path}", clock)
    other.close()
    assert said == f"{path} is in use by another program. Close that one and try again."


def test_a_database_of_another_program_is_refused_and_kept(
    empty_database_url: URL, clock: MovableClock
) -> None:
    engine = create_engine(empty_database_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
    assert refusal(empty_database_url.render_as_string(hide_password=False), clock) == (
        "The database already holds something else. Name one of the bot's own in storage.url."
    )
    assert inspect(engine).get_table_names() == ["recipes"]


def test_a_server_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, clock: MovableClock
) -> None:
    url = f"postgresql://bot:secret@/rg?host={tmp_path}"
    said = refusal(url, clock)
    assert said.startswith(f"The database at {tmp_path} cannot be used: connection ")
    assert said.endswith("Check storage.url and that the server runs.")
    assert "secret" not in said
    assert "\n" not in said


def test_the_version_changes_with_every_commit_and_with_nothing_else(sqlite_store: Store) -> None:
    store = sqlite_store
    before = store.version()
    with store.reading() as session:
        names(session)
    assert store.version() == before

    with store.writing() as session:
        add_group(session)
        assert store.version() == before
    after = store.version()
    assert after != before

    other = sqlite3.connect(str(store.url.database))
    other.execute("UPDATE groups SET name = 'Renamed by hand'")
    other.commit()
    other.close()
    assert store.version() not in (before, after)


def test_where_commits_are_not_counted_there_is_no_version(postgresql_url: URL) -> None:
    store = Store(postgresql_url)
    try:
        assert store.version() is None
    finally:
        store.close()
