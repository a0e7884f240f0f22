"""A database's file that something wrote over."""

import sqlite3
from contextlib import closing
from pathlib import Path


def damage(path: Path, what: str) -> None:
    """Write over the first page of a table or an index, in the file itself."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (what,)
        ).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"X" * size)
