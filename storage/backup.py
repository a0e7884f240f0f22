"""A consistent copy of the database, also while the bot is running."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from storage.engine import sqlite_path


class BackupError(Exception):
    """No copy was made; the text says why and what to do."""


def back_up(url: URL, target: Path) -> None:
    """Copy the SQLite database at `url` to `target`, whole or not at all.

    Raises `BackupError` when `target` exists, when the database does not, and for PostgreSQL,
    which has its own tool for this.
    """
    source = sqlite_path(url)
    if source is None:
        raise BackupError("A PostgreSQL database is backed up with pg_dump.")
    if not source.exists():
        raise BackupError(f"There is no database at {source}. Check storage.url.")
    if target.exists():
        raise BackupError(f"{target} exists already. Name a new file.")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
        part.rename(target)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise BackupError(f"The copy to {target} failed: {error}") from error
