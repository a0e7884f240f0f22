"""Whether a database is up to date. Nearly always it is, and then Alembic, which takes as long to
import as all the rest of `storage`, is not needed."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import build_engine, sqlite_path

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """The newest revision that this version of the bot knows: the number of its last file."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def is_newest(url: URL) -> bool:
    """Whether the database is there and has the newest revision. What goes wrong here goes wrong in
    `storage.migrations.upgrade` as well, which explains it."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return False
    engine = build_engine(url)
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    except (SQLAlchemyError, sqlite3.Error):
        return False
    finally:
        engine.dispose()
    return [row.version_num for row in found] == [newest()]
