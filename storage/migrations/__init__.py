"""Bringing a database to the shape that this version of the bot knows."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect

from storage.backup import back_up
from storage.engine import build_engine, sqlite_path
from storage.errors import StorageError
from storage.sentences import explained


class MigrationError(StorageError):
    """The database cannot be brought up to date; the text says why and what to do."""


def config(connection: Connection | None = None) -> Config:
    settings = Config()
    # A bare % would be read as the name of another setting.
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def head() -> str:
    """The newest revision that this version of the bot knows."""
    (revision,) = ScriptDirectory.from_config(config()).get_heads()
    return revision


def current(connection: Connection) -> str | None:
    """The database's revision, `None` for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def is_compared(name: str | None, kind: str, _: object) -> bool:
    """Whether Alembic finds it in the models: of tables, all but those in which SQLite keeps the
    index of titles."""
    return kind != "table" or not str(name).startswith("talk_titles")


def upgrade(url: URL, now: datetime, to: str | None = None) -> Path | None:
    """Bring the database at `url` to revision `to`, the newest by default.

    A SQLite file with data in it is copied first; the copy's path is returned. Raises
    `StorageError`, with nothing changed and no copy left: when the database cannot be reached, was
    made by a newer version of the bot or by another program, when the copy fails, and when the
    result would break a reference between rows.
    """
    target = to or head()
    to_look, to_write = build_engine(url), build_engine(url, "write", foreign_keys=False)
    try:
        with explained(url):
            with to_look.connect() as connection:
                before = current(connection)
                if before == target:
                    return None
                _refuse_unknown(before)
                _refuse_others_tables(connection, before)
            copy = _copy_first(url, before, now)
            try:
                with to_write.begin() as connection:
                    command.upgrade(config(connection), target)
                    _check_references(connection)
            except BaseException:
                if copy is not None:  # what starts the bot again and again would fill the disk
                    copy.unlink()
                raise
            return copy
    finally:
        to_look.dispose()
        to_write.dispose()


def _refuse_unknown(revision: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise MigrationError(
            "The database was made by a newer version of the bot. Install that version, "
            "or restore a backup made with this one."
        )


def _refuse_others_tables(connection: Connection, revision: str | None) -> None:
    if revision is None and inspect(connection).get_table_names():
        raise MigrationError(
            "The database already holds something else. Name one of the bot's own in storage.url."
        )


def _copy_first(url: URL, revision: str | None, now: datetime) -> Path | None:
    path = sqlite_path(url)
    if path is None or revision is None:
        return None
    copy = path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}")
    back_up(url, copy)
    return copy


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise MigrationError(
            f"The update would leave {len(broken)} rows without what they refer to, first in "
            f"{broken[0][0]}. Nothing was changed; please report this."
        )
