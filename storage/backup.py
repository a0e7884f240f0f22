"""A consistent copy of the database, also while the bot is running."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL

from storage.engine import BUSY_TIMEOUT_MS, sqlite_path
from storage.errors import StorageError


class BackupError(StorageError):
    """No copy was made; the text says why and what to do."""


def back_up(url: URL, target: Path) -> None:
    """Copy the SQLite database at `url` to `target`, whole or not at all.

    Raises `BackupError` when `target` exists or has no folder to be in, when the database does not
    exist or is damaged, when the copy fails, and for PostgreSQL, which has its own tool for this.
    """
    source = sqlite_path(url)
    if source is None:
        raise BackupError("A PostgreSQL database is backed up with pg_dump.")
    try:
        if not source.exists():
            raise BackupError(f"There is no database at {source}. Check storage.url.")
        if not target.parent.is_dir():
            raise BackupError(f"There is no folder {target.parent}. Make it, or name another.")
        if target.exists():
            raise BackupError(f"{target} exists already. Name a new file.")
        _copy(source, target)
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"{source} was not copied to {target}: {error}.") from error


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(0o600)
        with (
            closing(sqlite3.connect(source, timeout=BUSY_TIMEOUT_MS / 1000)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            # The copying itself would wait for a locked database for ever.
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()
            old.backup(new)
            if not _is_sound(new):
                raise BackupError(
                    f"{source} is damaged and was not copied. Stop the bot and restore a backup."
                )
        with suppress(PermissionError):  # a disk that knows no rights
            # Nobody reads the copy who may not read the database.
            part.chmod(source.stat().st_mode)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def _is_sound(connection: sqlite3.Connection) -> bool:
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError:
        return False
    return str(found) == "ok"
