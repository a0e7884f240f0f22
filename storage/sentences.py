"""What is wrong with a database, in sentences."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import sqlite_path
from storage.errors import StorageError

ROOM = 2**20
"""Bytes on the disk without which it counts as full: some hundred claims."""

_WHAT_TO_DO = {
    "BUSY": "is in use by another program. Close that one and try again",
    "CORRUPT": "is damaged. Restore a backup: reading-group-bot restore FILE",
    "FULL": "cannot grow: the disk is full. Make room and try again",
    "NOTADB": "is not a database. Name another file in storage.url",
    "READONLY": "may not be written to. Let the bot write to it and to its folder",
}


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the database at `url` and its driver raise inside into `StorageError`."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StorageError(sentence(url, error)) from error


def sentence(url: URL, error: Exception) -> str:
    """What the database at `url` or its driver raised, in a line that says what to do."""
    cause = getattr(error, "orig", None) or error
    first_line = (str(cause).splitlines() or [type(cause).__name__])[0].rstrip(".")
    path = sqlite_path(url)
    if path is None:
        host = url.host or url.query.get("host", "this machine")
        return (
            f"The database at {host} cannot be used: {first_line}. "
            "Check storage.url and that the server runs."
        )
    # The first word of the code is the kind, the rest says where in SQLite it happened.
    code = getattr(cause, "sqlite_errorname", "").removeprefix("SQLITE_").split("_")[0]
    if code in ("IOERR", "CANTOPEN") and is_full(path):
        code = "FULL"
    if code == "CANTOPEN":
        return _cannot_open(path)
    if code in _WHAT_TO_DO:
        return of_file(path, code)
    return f"{path} cannot be used as the database: {first_line}."


def is_full(path: Path) -> bool:
    """Whether there is no room for the file to grow."""
    if not path.parent.is_dir():
        return False
    disk = shutil.disk_usage(path.parent)
    return disk.free < ROOM < disk.total  # a folder that is on no disk has no size either


def of_file(path: Path, code: str) -> str:
    """What is wrong with the file, by the kind that SQLite would name."""
    return f"{path} {_WHAT_TO_DO[code]}."


def _cannot_open(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder. Name a file in it in storage.url."
    if not path.parent.is_dir():
        return f"There is no folder {path.parent}. Create it, or change storage.url."
    return f"{path} cannot be opened. Let the bot read and write there, or change storage.url."
