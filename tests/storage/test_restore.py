"""A copy that is put in the place of the database."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from storage import restore
from storage.backup import back_up
from storage.errors import StorageError
from storage.migrations import upgrade
from storage.restore import brought_beside, is_sound, place_of, put_in_place
from storage.revisions import is_newest
from storage.store import Store
from tests.damage import damage
from tests.factories import make_draft, make_group, make_member

NEWER = (
    "{} was not restored: The database was made by a newer version of the bot. Install that "
    "version, or restore a backup made with this one."
)
NOW = datetime(2026, 1, 9, 1, tzinfo=UTC)


def _names(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM groups ORDER BY id")]


def _rename(path: Path, name: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE groups SET name = ?", (name,))
        connection.commit()


@pytest.fixture(name="database")
def _database(sqlite_url: URL) -> Path:
    """With a group “Now”; in `copy.db` beside it the group is called “Then”."""
    path = Path(str(sqlite_url.database))
    with closing(Store(sqlite_url)) as store, store.writing() as session:
        make_group(session, name="Then")
    back_up(sqlite_url, path.with_name("copy.db"))
    _rename(path, "Now")
    return path


def _restore(path: Path, file: Path) -> Path | None:
    with brought_beside(file, path, NOW) as copy:
        return put_in_place(copy, path, NOW)


def _refusal(path: Path, file: Path) -> str:
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    with pytest.raises(StorageError) as caught:
        _restore(place_of(URL.create("sqlite", database=str(path)), file), file)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before
    return str(caught.value)


def test_the_copy_is_there_now_and_what_was_there_is_put_aside(database: Path) -> None:
    copy = database.with_name("copy.db")

    aside = _restore(database, copy)

    assert aside == database.with_name("reading-group.db.before-20260109-010000")
    assert (_names(database), _names(aside), _names(copy)) == (["Then"], ["Now"], ["Then"])
    assert set(database.parent.iterdir()) == {database, aside, copy}


def test_nothing_of_a_log_that_a_power_cut_left_gets_into_it(database: Path) -> None:
    with closing(sqlite3.connect(database)) as last:
        last.execute("UPDATE groups SET name = 'Just now'")
        last.commit()
        logs = {log: log.read_bytes() for log in database.parent.glob("reading-group.db-*")}
    for log, content in logs.items():
        log.write_bytes(content)
    assert len(logs) == 2

    aside = _restore(database, database.with_name("copy.db"))

    assert aside is not None
    assert (_names(database), _names(aside)) == (["Then"], ["Just now"])


def test_whoever_has_the_database_open_goes_on_with_the_copy(database: Path) -> None:
    with closing(sqlite3.connect(database)) as other:
        assert other.execute("SELECT name FROM groups").fetchone() == ("Now",)
        _restore(database, database.with_name("copy.db"))
        assert other.execute("SELECT name FROM groups").fetchone() == ("Then",)
        other.execute("UPDATE groups SET name = 'Later'")
        other.commit()
    assert _names(database) == ["Later"]
    assert is_sound(database)


def test_where_there_was_no_database_the_copy_is_the_database(database: Path) -> None:
    copy = database.with_name("copy.db")
    copy.chmod(0o440)
    database.unlink()

    assert _restore(database, copy) is None

    assert _names(database) == ["Then"]
    assert database.stat().st_mode & 0o777 == 0o640


def test_the_log_of_a_database_that_is_gone_is_put_aside(database: Path) -> None:
    database.unlink()
    log = database.with_name("reading-group.db-wal")
    log.write_text("what was not in it yet")

    aside = _restore(database, database.with_name("copy.db"))

    assert aside == database.with_name("reading-group.db.before-20260109-010000-wal")
    assert aside.read_text() == "what was not in it yet"
    assert (_names(database), log.exists()) == (["Then"], False)


@pytest.mark.parametrize("harm", ["a table", "the beginning", "all"])
def test_a_damaged_database_is_put_aside_as_it_is(database: Path, harm: str) -> None:
    database.chmod(0o640)
    if harm == "a table":
        damage(database, "groups")
    else:
        whole = database.read_bytes()
        database.write_bytes(b"" if harm == "all" else b"X" * 5000 + whole[5000:])
    left = database.read_bytes()

    aside = _restore(database, database.with_name("copy.db"))

    assert aside is not None
    assert aside.read_bytes() == left
    assert _names(database) == ["Then"]
    assert database.stat().st_mode & 0o777 == 0o640


def test_a_copy_of_an_earlier_version_is_brought_up_to_date_and_stays_as_it_is(
    tmp_path: Path, sqlite_url: URL
) -> None:
    old = tmp_path / "old.db"
    upgrade(URL.create("sqlite+direct", database=str(old)), NOW, to="0001")
    content = old.read_bytes()

    _restore(Path(str(sqlite_url.database)), old)

    assert is_newest(sqlite_url)
    assert old.read_bytes() == content
    assert not list(tmp_path.glob("*.restoring*"))


def test_numbers_that_were_given_since_the_copy_are_not_given_again(
    database: Path, sqlite_url: URL
) -> None:
    def begin_draft() -> int:
        with closing(Store(sqlite_url)) as store, store.writing() as session:
            return make_draft(session, make_member(session)).id

    begin_draft()
    back_up(sqlite_url, database.with_name("late.db"))
    forgotten = begin_draft()

    _restore(database, database.with_name("late.db"))

    assert begin_draft() > forgotten


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("none.db", "There is no copy {}. Name a file that backup made."),
        ("reading-group.db", "{} is the database itself. Name a copy of it."),
        ("link.db", "{} is the database itself. Name a copy of it."),
        ("page.md", "{} was not restored: file is not a database."),
        ("empty.db", "{} is no copy of the bot's database. Name one that is."),
        ("recipes.db", "{} is no copy of the bot's database. Name one that is."),
        ("damaged.db", "{} is damaged and was not copied. Restore another copy."),
        ("newer.db", NEWER),
    ],
)
def test_what_is_no_copy_for_this_bot_is_refused_and_changes_nothing(
    database: Path, file: str, sentence: str
) -> None:
    folder = database.parent
    copy = folder / "copy.db"
    (folder / "page.md").write_text("# 2025 Fall\n" * 100)
    (folder / "empty.db").touch()
    (folder / "link.db").symlink_to(database)
    shutil.copy(copy, folder / "damaged.db")
    damage(folder / "damaged.db", "groups")
    for name, does in (
        ("newer.db", "UPDATE alembic_version SET version_num = '9999'"),
        ("recipes.db", "CREATE TABLE recipes (name TEXT)"),
    ):
        if name == "newer.db":
            shutil.copy(copy, folder / name)
        with closing(sqlite3.connect(folder / name)) as connection:
            connection.execute(does)
            connection.commit()

    assert _refusal(database, folder / file) == sentence.format(folder / file)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(StorageError, match=f"There is no folder {missing}. Create it, or change"):
        place_of(URL.create("sqlite", database=str(missing / "a.db")), tmp_path / "copy.db")


def test_postgresql_has_its_own_tool(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is restored with pg_restore"):
        place_of(URL.create("postgresql", host="db"), tmp_path / "copy.db")


def test_a_database_that_another_program_holds_stays_as_it_is(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "BUSY_TIMEOUT_MS", 1)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = _refusal(database, database.with_name("copy.db"))
    assert said == f"{database} is in use by another program. Close that one and try again."
    assert _names(database) == ["Now"]
