"""A consistent copy of the database, also while the bot is running."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL

from storage.engine import BUSY_TIMEOUT_MS, sqlite_path
from storage.errors import StorageError
from storage.sentences import is_full


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
            raise BackupError(f"There is no database at {source.absolute()}. Check storage.url.")
        if not target.parent.is_dir():
            raise BackupError(f"There is no folder {target.parent}. Make it, or name another.")
        if target.exists():
            raise BackupError(f"{target} exists already. Name a new file.")
        copy_whole(source, target, "Stop the bot, and restore a backup.")
    except (sqlite3.Error, OSError) as error:
        why = "the disk is full" if is_full(target) else error
        raise BackupError(f"{source} was not copied to {target}: {why}.") from error


def copy_whole(source: Path, target: Path, if_damaged: str) -> None:
    """Raises `BackupError` with that advice for a database that is damaged, `sqlite3.Error` and
    `OSError` for all else that keeps it from being copied."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(0o600)
        with (
            closing(_open_to_read(source)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            # The copying itself would wait for a locked database for ever.
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()
            old.backup(new)
            if not _is_sound(new):
                raise BackupError(f"{source} is damaged and was not copied. {if_damaged}")
        with suppress(PermissionError):  # a disk that knows no rights
            # Nobody reads the copy who may not read the database.
            part.chmod(source.stat().st_mode)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def _open_to_read(source: Path) -> sqlite3.Connection:
    """Where nobody may write there is nobody to wait for either, and SQLite cannot make the files
    with which it would."""
    writable = all(os.access(each, os.W_OK) for each in (source, source.parent))
    at_rest = not (writable or source.with_name(f"{source.name}-wal").exists())
    return sqlite3.connect(
        f"{source.absolute().as_uri()}{'?immutable=1' if at_rest else ''}",
        uri=True,
        timeout=BUSY_TIMEOUT_MS / 1000,
    )


def _is_sound(connection: sqlite3.Connection) -> bool:
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError:
        return False
    return str(found) == "ok"
