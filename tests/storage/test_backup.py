import os
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from bot.clock import MovableClock
from storage import backup
from storage.backup import BackupError, back_up
from storage.engine import parse_url
from storage.models import Group
from storage.store import Store, open_store
from tests.damage import damage
from tests.factories import fill_every_table, make_chat, make_group


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def test_a_copy_holds_what_was_committed_and_is_sound(sqlite_store: Store, tmp_path: Path) -> None:
    with sqlite_store.writing() as session:
        fill_every_table(session)
    target = tmp_path / "copy.db"
    back_up(sqlite_store.url, target)
    assert rows(target, "SELECT name FROM groups") == [("Systems reading group",)]
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]
    assert rows(target, "PRAGMA foreign_key_check") == []
    again = Store(sqlite_store.url.set(database=str(target)))
    with again.writing() as session:
        make_group(session)
    again.close()


def test_a_copy_that_replaces_a_database_in_use_gets_nothing_out_of_its_log(
    sqlite_url: URL, tmp_path: Path, clock: MovableClock
) -> None:
    url = sqlite_url.render_as_string(hide_password=False)
    database = Path(str(sqlite_url.database))
    store = open_store(url, clock.now())
    with store.writing() as session:
        make_group(session, name="Before")
    back_up(sqlite_url, tmp_path / "copy.db")
    with store.writing() as session:
        make_group(session, name="After")
    (tmp_path / "copy.db").rename(database)
    assert store.was_replaced()
    store.close()

    again = open_store(url, clock.now())
    assert not again.was_replaced()
    with again.reading() as session:
        assert session.scalars(select(Group.name)).all() == ["Before"]
    again.close()
    assert database.with_name(f"{database.name}-wal.replaced").exists()


def test_the_log_of_whoever_has_the_new_file_open_already_stays(
    sqlite_url: URL, tmp_path: Path
) -> None:
    database = Path(str(sqlite_url.database))
    back_up(sqlite_url, tmp_path / "copy.db")
    store = Store(sqlite_url)
    with store.writing() as session:
        make_group(session, name="Before")
    assert store.is_in_place()
    (tmp_path / "copy.db").rename(database)
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink()

    with closing(Store(sqlite_url)) as other, other.writing() as session:
        make_group(session, name="After")
        session.commit()
        store.close()

    assert rows(database, "SELECT name FROM groups") == [("After",)]
    assert not list(tmp_path.glob("*.replaced"))


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_copy_is_read_by_whoever_may_read_the_database(
    sqlite_url: URL, tmp_path: Path, mode: int
) -> None:
    Path(str(sqlite_url.database)).chmod(mode)
    back_up(sqlite_url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == mode


def test_a_copy_is_made_while_a_write_is_open_and_without_it(
    sqlite_store: Store, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    with sqlite_store.writing() as session:
        make_group(session)
        back_up(sqlite_store.url, target)
    assert rows(target, "SELECT name FROM groups") == []


def test_a_database_is_copied_from_where_nobody_may_write(
    sqlite_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # rights do not stop root
    folder = tmp_path / "read-only"
    folder.mkdir()
    copy = Path(shutil.copy(str(sqlite_url.database), folder))
    with closing(sqlite3.connect(copy)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")  # whoever minds locks would wait now
        back_up(sqlite_url.set(database=str(copy)), tmp_path / "copy.db")
    assert rows(tmp_path / "copy.db", "PRAGMA integrity_check") == [("ok",)]


def test_copies_made_while_others_write_never_hold_half_a_transaction(
    sqlite_store: Store, tmp_path: Path
) -> None:
    written, stop = threading.Event(), threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            with sqlite_store.writing() as session:
                make_chat(session, make_group(session))
            written.set()

    targets = [tmp_path / f"copy-{number}.db" for number in range(3)]
    with ThreadPoolExecutor(1) as threads:
        writer = threads.submit(keep_writing)
        try:
            for target in targets:
                written.wait()
                written.clear()
                back_up(sqlite_store.url, target)
        finally:
            stop.set()
        writer.result()
    for target in targets:
        groups, chats = rows(
            target, "SELECT (SELECT count(*) FROM groups), (SELECT count(*) FROM chats)"
        )[0]
        assert groups == chats != 0


def test_a_damaged_database_takes_no_good_copys_place(sqlite_store: Store, tmp_path: Path) -> None:
    source = Path(str(sqlite_store.url.database))
    damage(source, "groups")

    said = refusal(sqlite_store.url, tmp_path / "copy.db")

    assert said == f"{source} is damaged and was not copied. Stop the bot, and restore a backup."
    assert list(tmp_path.glob("copy*")) == []


def refusal(url: URL, target: Path) -> str:
    with pytest.raises(BackupError) as caught:
        back_up(url, target)
    return str(caught.value)


def test_a_file_that_exists_is_not_overwritten(sqlite_url: URL, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    assert refusal(sqlite_url, target) == f"{target} exists already. Name a new file."
    assert target.read_text() == "mine"


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    source = tmp_path / "missing.db"
    said = refusal(parse_url(f"sqlite:///{source}"), tmp_path / "copy.db")
    assert said == f"There is no database at {source}. Check storage.url."
    assert list(tmp_path.iterdir()) == []


def test_postgresql_has_its_own_tool(tmp_path: Path) -> None:
    said = refusal(parse_url("postgresql://db/rg"), tmp_path / "copy.db")
    assert said == "A PostgreSQL database is backed up with pg_dump."


def test_a_source_that_is_no_database_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "page.md"
    source.write_text("# 2025 Fall\n" * 100)
    target = tmp_path / "copy.db"
    assert refusal(parse_url(f"sqlite:///{source}"), target) == (
        f"{source} was not copied to {target}: file is not a database."
    )
    assert list(tmp_path.iterdir()) == [source]


def test_a_target_in_a_folder_that_is_not_there_is_refused(sqlite_url: URL, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "copy.db"
    assert refusal(sqlite_url, target) == (
        f"There is no folder {target.parent}. Make it, or name another."
    )


def test_a_target_below_a_file_is_refused(sqlite_url: URL, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    said = refusal(sqlite_url, tmp_path / "file" / "copy.db")
    assert said.startswith("There is no folder")


def test_a_database_that_stays_locked_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "BUSY_TIMEOUT_MS", 1)
    source, target = tmp_path / "a.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(source, isolation_level=None)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.execute("BEGIN EXCLUSIVE")
        said = refusal(parse_url(f"sqlite:///{source}"), target)
    assert said == f"{source} was not copied to {target}: database is locked."
    assert list(tmp_path.iterdir()) == [source]


def test_a_disk_without_room_for_the_copy_is_named(
    sqlite_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    used = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: used._replace(free=0))
    monkeypatch.setattr(backup, "copy_whole", fails)
    target = tmp_path / "copy.db"
    said = f"{sqlite_url.database} was not copied to {target}: the disk is full."
    assert refusal(sqlite_url, target) == said


def test_what_a_crash_left_behind_does_not_stand_in_the_way(
    sqlite_url: URL, tmp_path: Path
) -> None:
    (tmp_path / "copy.db.part").write_text("half a copy")
    back_up(sqlite_url, tmp_path / "copy.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "reading-group.db"]
