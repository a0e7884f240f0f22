import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    CheckConstraint,
    Connection,
    create_engine,
    func,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.pool import NullPool

from bot.clock import MovableClock
from storage import migrations
from storage.backup import BackupError
from storage.base import Base
from storage.migrations import MigrationError, current, head, is_compared, upgrade
from storage.store import Store
from tests.factories import fill_every_table

Later = Callable[[str], str]

CHANGE_A_PARENT = """\
with op.batch_alter_table("groups") as groups:
    groups.alter_column("name", type_=sa.String(120), existing_type=sa.String(100))
    groups.add_column(sa.Column("motto", sa.String(100)))
"""


@contextlib.contextmanager
def connected(url: URL) -> Iterator[Connection]:
    """Beside the bot's own engine, so that nothing is set up for us."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        yield connection


def fill(url: URL) -> None:
    store = Store(url)
    with store.writing() as session:
        fill_every_table(session)
    store.close()


@pytest.fixture
def filled_url(empty_database_url: URL, clock: MovableClock) -> URL:
    """A database of the newest revision, with rows in every table, whose shape may be changed."""
    upgrade(empty_database_url, clock.now())
    fill(empty_database_url)
    return empty_database_url


def tables(connection: Connection) -> set[str]:
    names = inspect(connection).get_table_names()
    return {name for name in names if is_compared(name, "table", None)} - {"alembic_version"}


def counts(url: URL) -> dict[str, int]:
    with connected(url) as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in tables(connection)
        }


def contents(url: URL) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, in order of all its values."""
    with connected(url) as connection:
        return {
            name: [
                dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()
            ]
            for name in tables(connection)
        }


def revision(url: URL) -> str | None:
    with connected(url) as connection:
        return current(connection)


def test_an_empty_database_gets_every_table(empty_database_url: URL, clock: MovableClock) -> None:
    assert upgrade(empty_database_url, clock.now()) is None
    assert revision(empty_database_url) == head()
    assert counts(empty_database_url) == dict.fromkeys(Base.metadata.tables, 0)


def test_a_database_that_is_up_to_date_is_left_alone(
    sqlite_url: URL, tmp_path: Path, clock: MovableClock
) -> None:
    before = Path(str(sqlite_url.database)).read_bytes()
    assert upgrade(sqlite_url, clock.now()) is None
    assert Path(str(sqlite_url.database)).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["reading-group.db"]


def test_two_copies_of_the_bot_may_start_on_one_empty_database(
    empty_database_url: URL, clock: MovableClock
) -> None:
    start = threading.Barrier(2)

    def run() -> Path | None:
        start.wait()
        return upgrade(empty_database_url, clock.now())

    with ThreadPoolExecutor(2) as threads:
        runs = [threads.submit(run) for _ in range(2)]
        assert [done.result() for done in runs] == [None, None]
    assert revision(empty_database_url) == head()


def test_revisions_are_one_line_from_the_first_to_the_newest() -> None:
    scripts = ScriptDirectory.from_config(migrations.config())
    assert scripts.get_bases() == ["0001"]
    assert scripts.get_heads() == [head()]


def test_the_tables_are_what_the_models_say(database_url: URL) -> None:
    with connected(database_url) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": is_compared,
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_checks_are_what_the_models_say(database_url: URL) -> None:
    """Alembic does not compare these, and loses them when it re-creates a table."""
    with connected(database_url) as connection:
        inspector = inspect(connection)
        stored = {
            (name, check["name"])
            for name in Base.metadata.tables
            for check in inspector.get_check_constraints(name)
        }
    wanted = {
        (name, str(rule.name))
        for name, one in Base.metadata.tables.items()
        for rule in one.constraints
        if isinstance(rule, CheckConstraint)
    }
    assert stored == wanted
    assert len(wanted) >= 15


def test_an_update_that_creates_a_parent_anew_keeps_every_row(
    filled_url: URL, later: Later, clock: MovableClock
) -> None:
    before = counts(filled_url)
    assert min(before.values()) >= 1
    name = later(CHANGE_A_PARENT)
    upgrade(filled_url, clock.now())
    assert revision(filled_url) == name
    assert counts(filled_url) == before
    with connected(filled_url) as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("groups")}
        assert "motto" in columns
        assert connection.execute(text("SELECT name FROM groups")).scalar_one() == (
            "Systems reading group"
        )


def test_references_hold_after_a_parent_was_created_anew(
    sqlite_url: URL, later: Later, clock: MovableClock
) -> None:
    fill(sqlite_url)
    later(CHANGE_A_PARENT)
    upgrade(sqlite_url, clock.now())
    with contextlib.closing(sqlite3.connect(str(sqlite_url.database))) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute("DELETE FROM groups")


def test_a_sqlite_file_is_copied_before_it_is_changed(
    sqlite_url: URL, later: Later, clock: MovableClock, tmp_path: Path
) -> None:
    fill(sqlite_url)
    before, old = counts(sqlite_url), revision(sqlite_url)
    later(CHANGE_A_PARENT)
    copy = upgrade(sqlite_url, clock.now())
    assert copy == tmp_path / "reading-group.db.before-20260109-010000"
    copied = sqlite_url.set(database=str(copy))
    assert (revision(copied), counts(copied)) == (old, before)


def test_without_a_copy_nothing_is_changed(
    sqlite_url: URL, later: Later, clock: MovableClock, tmp_path: Path
) -> None:
    old = revision(sqlite_url)
    in_the_way = tmp_path / "reading-group.db.before-20260109-010000"
    in_the_way.write_text("mine")
    later(CHANGE_A_PARENT)
    with pytest.raises(BackupError, match=f"^{in_the_way} exists already"):
        upgrade(sqlite_url, clock.now())
    assert (revision(sqlite_url), in_the_way.read_text()) == (old, "mine")
    upgrade(sqlite_url, clock.move(timedelta(seconds=1)))
    assert revision(sqlite_url) == "later"


def test_an_update_that_breaks_a_reference_is_refused_and_undone(
    sqlite_url: URL, later: Later, clock: MovableClock
) -> None:
    fill(sqlite_url)
    before, old = counts(sqlite_url), revision(sqlite_url)
    later(CHANGE_A_PARENT + 'op.execute("DELETE FROM slots")')
    with pytest.raises(MigrationError) as caught:
        upgrade(sqlite_url, clock.now())
    assert str(caught.value) == (
        "The update would leave 6 rows without what they refer to, first in drafts. "
        "Nothing was changed; please report this."
    )
    assert (revision(sqlite_url), counts(sqlite_url)) == (old, before)
    with connected(sqlite_url) as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("groups")}
    assert "motto" not in columns


def test_an_update_that_fails_half_way_changes_nothing_and_leaves_no_copy(
    filled_url: URL, later: Later, clock: MovableClock, tmp_path: Path
) -> None:
    before, old, files = counts(filled_url), revision(filled_url), sorted(tmp_path.iterdir())
    later('op.create_table("mottos", sa.Column("text", sa.Text()))\nraise RuntimeError("half-way")')
    with pytest.raises(RuntimeError, match="half-way"):
        upgrade(filled_url, clock.now())
    assert (revision(filled_url), counts(filled_url)) == (old, before)
    assert sorted(tmp_path.iterdir()) == files


def test_a_database_of_a_newer_version_is_refused_and_kept(
    filled_url: URL, tmp_path: Path, clock: MovableClock
) -> None:
    with connected(filled_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before, files = counts(filled_url), sorted(tmp_path.iterdir())
    with pytest.raises(MigrationError) as caught:
        upgrade(filled_url, clock.now())
    assert str(caught.value) == (
        "The database was made by a newer version of the bot. Install that version, "
        "or restore a backup made with this one."
    )
    assert (revision(filled_url), counts(filled_url)) == ("9999", before)
    assert sorted(tmp_path.iterdir()) == files


def test_a_database_goes_through_all_revisions_with_rows_in_it(
    empty_database_url: URL, clock: MovableClock
) -> None:
    scripts = ScriptDirectory.from_config(migrations.config())
    for script in reversed(list(scripts.walk_revisions())):
        before = contents(empty_database_url)
        upgrade(empty_database_url, clock.move(timedelta(seconds=1)), to=script.revision)
        after = contents(empty_database_url)
        for name, rows in before.items():
            kept = [{column: row[column] for column in rows[0]} for row in after[name]]
            assert kept == rows, f"{name} in {script.revision}"
        with connected(empty_database_url) as connection:
            for statement in ROWS_OF.get(script.revision, []):
                connection.execute(text(statement))
        if script.revision == head():
            fill(empty_database_url)
        assert 0 not in counts(empty_database_url).values(), f"no rows of {script.revision}"


_WHEN = "'2025-09-01 12:00:00'"

ROWS_OF: dict[str, list[str]] = {
    "0001": [
        f"""INSERT INTO groups (id, name, timezone, weekday, start_time, duration_minutes,
            created_at) VALUES (901, 'Old', 'Asia/Shanghai', 'tuesday', '19:00:00', 90, {_WHEN})""",
        """INSERT INTO chats (id, group_id, telegram_id, kind, title)
            VALUES (901, 901, -100, 'supergroup', 'Old')""",
        """INSERT INTO members (id, group_id, name, telegram_id, reachable, organizer, in_private)
            VALUES (901, 901, 'Ann', 7, true, false, false)""",
        """INSERT INTO terms (id, group_id, title, requirements, other_information)
            VALUES (901, 901, '2024 Fall', '', '')""",
        f"""INSERT INTO meetings (id, group_id, term_id, date, starts_at, ends_at, kind, status,
            revision) VALUES (901, 901, 901, '2025-09-02', {_WHEN}, '2025-09-02 12:00:00',
            'regular', 'planned', 1)""",
        "INSERT INTO slots (id, group_id, meeting_id, position) VALUES (901, 901, 901, 1)",
        """INSERT INTO papers (id, group_id, identity, title)
            VALUES (901, 901, 'title:jenga', 'Jenga')""",
        f"""INSERT INTO talks (id, group_id, slot_id, paper_id, title, created_at)
            VALUES (901, 901, 901, 901, 'Jenga', {_WHEN})""",
        """INSERT INTO presenters (id, group_id, talk_id, member_id, role, position)
            VALUES (901, 901, 901, 901, 'main', 1)""",
        """INSERT INTO links (id, group_id, talk_id, kind, url)
            VALUES (901, 901, 901, 'video', 'https://v.example/1')""",
        f"""INSERT INTO deliveries (id, group_id, key, kind, state, chat_id, due_at, try_at,
            expires_at, attempts, changed_at) VALUES (901, 901, 'old', 'day_before', 'planned', 901,
            {_WHEN}, {_WHEN}, '2025-09-02 12:00:00', 0, {_WHEN})""",
        f"""INSERT INTO drafts (id, group_id, member_id, kind, title, created_at)
            VALUES (901, 901, 901, 'claim', 'Jenga', {_WHEN})""",
        f"""INSERT INTO audit_entries (id, group_id, at, member_id, actor_name, action, subject_id)
            VALUES (901, 901, {_WHEN}, 901, 'Ann', 'talk:claim', 901)""",
        f"""INSERT INTO leases (name, host, process, since, expires_at)
            VALUES ('bot', 'reader.example', 1, {_WHEN}, {_WHEN})""",
    ],
    "0002": [
        f"""INSERT INTO requests (id, group_id, kind, state, asker_id, created_at, expires_at)
            VALUES (901, 901, 'bend', 'open', 901, {_WHEN}, '2025-09-02 12:00:00')""",
        f"""INSERT INTO offers (id, group_id, slot_id, member_id, kind, state, made_at, expires_at)
            VALUES (901, 901, 901, 901, 'waiting', 'open', {_WHEN}, '2025-09-02 12:00:00')""",
        f"""INSERT INTO waits (id, group_id, member_id, slot_id, since)
            VALUES (901, 901, 901, 901, {_WHEN})""",
        f"""INSERT INTO lookups (identity, title, authors, found, asked_at)
            VALUES ('arxiv:2401.00001', 'Jenga', '[]', true, {_WHEN})""",
    ],
    "0004": [
        f"""INSERT INTO files (id, group_id, name, talk_id, member_id, size, sha256, created_at)
            VALUES (901, 901, '250902_Jenga.pdf', 901, 901, 1000, 'abc', {_WHEN})""",
        """INSERT INTO publications (id, group_id, audit_id, attempts) VALUES (901, 901, 901, 0)""",
        """INSERT INTO term_pages (id, group_id, term_id, written, takable)
            VALUES (901, 901, 901, '# 2024 Fall', true)""",
    ],
}
"""INSERTs for the tables as they were at each revision. The newest needs none: the factories fill
its tables. Whoever adds a revision writes down here what filled the one before."""


def test_titles_that_were_there_before_their_index_are_in_it(
    empty_sqlite_url: URL, clock: MovableClock
) -> None:
    upgrade(empty_sqlite_url, clock.now(), to="0004")
    with connected(empty_sqlite_url) as connection:
        for statement in (*ROWS_OF["0001"], *ROWS_OF["0002"]):
            connection.execute(text(statement))
    upgrade(empty_sqlite_url, clock.now())
    with connected(empty_sqlite_url) as connection:
        found = connection.execute(text("SELECT rowid FROM talk_titles WHERE talk_titles = 'eng'"))
        assert found.scalars().all() == [901]


def test_a_folder_may_have_a_percent_sign_in_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path(migrations.__file__).parent
    folder = tmp_path / "100%s"
    shutil.copytree(package, folder)
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    assert Path(ScriptDirectory.from_config(migrations.config()).dir) == folder
