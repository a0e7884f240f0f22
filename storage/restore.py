"""Putting a copy of the database in its place."""

import glob
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from sqlalchemy import URL

from storage.backup import copy_whole
from storage.engine import BUSY_TIMEOUT_MS, sqlite_path
from storage.errors import StorageError
from storage.sentences import explained, of_file, sentence

LOGS = ("-wal", "-shm", "-journal")
"""How the files end in which SQLite keeps what is on its way into a database."""

LEFT_OUT = 1000
"""How many numbers are not given again: those after the copy's last belong to what was forgotten,
and buttons of messages that tell of it still name them."""


class RestoreError(StorageError):
    """The database is as it was; the text says why and what to do."""


def place_of(url: URL, file: Path) -> Path:
    """Where the copy `file` is to go. Raises `RestoreError` when that is no file, has no folder, or
    is the copy itself, and when there is no copy."""
    path = sqlite_path(url)
    if path is None:
        raise RestoreError("A PostgreSQL database is restored with pg_restore.")
    if not path.parent.is_dir():
        raise RestoreError(f"There is no folder {path.parent}. Create it, or change storage.url.")
    if not file.is_file():
        raise RestoreError(f"There is no copy {file}. Name a file that backup made.")
    if path.exists() and path.samefile(file):
        raise RestoreError(f"{file} is the database itself. Name a copy of it.")
    return path


@contextmanager
def brought_beside(file: Path, path: Path, now: datetime) -> Iterator[URL]:
    """The copy `file`, sound and in the shape that this version of the bot knows, in a file beside
    the database `path`, as long as it is needed. Raises `StorageError` for one that cannot be."""
    part = path.with_name(f"{path.name}.restoring")
    _clear(part)
    try:
        with _saying(file):
            copy_whole(file, part, "Restore another copy.")
            part.chmod(part.stat().st_mode | stat.S_IRUSR | stat.S_IWUSR)  # copies may be locked up
            if not _is_the_bots(part):
                raise RestoreError(f"{file} is no copy of the bot's database. Name one that is.")
        _bring_up_to_date(part, file, now)
        with _saying(file), closing(_open(part)) as copy:
            copy.execute("UPDATE sqlite_sequence SET seq = seq + ?", (LEFT_OUT,))
            copy.commit()
        yield _url(part)
    finally:
        _clear(part)


def is_sound(path: Path) -> bool:
    """Whether the database `path` is there with the bot's tables in it, and undamaged. Raises
    `StorageError` when there is no telling, as while another program holds it."""
    if not path.exists():
        return False
    try:
        with closing(_open(path)) as there:
            (found,) = there.execute("PRAGMA quick_check(1)").fetchone()
        return str(found) == "ok" and _is_the_bots(path)
    except sqlite3.Error as error:
        if error.sqlite_errorname.split("_")[1] in ("CORRUPT", "NOTADB"):
            return False
        raise StorageError(sentence(_url(path), error)) from error


def put_in_place(copy: URL, path: Path, now: datetime) -> Path | None:
    """Put what is in `copy` into the database `path`, whole or not at all, whatever happens
    meanwhile. Returns where what was there is now; `None` when nothing was. Raises `StorageError`,
    with the database as it was."""
    part = Path(str(copy.database))
    aside = _free(path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}"))
    with _saying(path):
        if not is_sound(path):
            return _exchange(part, path, aside)
        copy_whole(path, aside, "Try again.")
        try:
            with explained(_url(path)):
                _write_over(part, path)
        except BaseException:
            aside.unlink()
            raise
    return aside


def _write_over(part: Path, path: Path) -> None:
    """By one transaction of SQLite's own: whoever has the file open sees the one or the other, and
    nothing that is still in a log gets among it."""

    def give_up_if_held(status: int, _left: int, _pages: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):  # it would be tried for ever
            raise RestoreError(of_file(path, "BUSY"))

    with closing(_open(part)) as new, closing(_open(path)) as there:
        new.backup(there, progress=give_up_if_held)


def _exchange(part: Path, path: Path, aside: Path) -> Path | None:
    """For a file that is no database any more. There is one in its place at each moment, lest a bot
    that is started now begin with an empty one; and never a new one beside an old one's log."""
    put_aside = []
    if path.exists():
        shutil.copymode(path, part)
        with suppress(PermissionError):  # only root gives files away
            shutil.chown(part, path.stat().st_uid, path.stat().st_gid)
        put_aside.append(_copy_as_it_is(path, aside))
    for end in LOGS:
        log = path.with_name(path.name + end)
        if log.exists():
            put_aside.append(log.rename(aside.with_name(aside.name + end)))
    part.replace(path)
    return next(iter(put_aside), None)


def _free(path: Path) -> Path:
    """A name that nothing has yet: nothing that was put aside is lost by haste."""
    names = chain([path], (path.with_name(f"{path.name}-{number}") for number in count(2)))
    return next(name for name in names if not any(path.parent.glob(f"{glob.escape(name.name)}*")))


def _copy_as_it_is(path: Path, target: Path) -> Path:
    try:
        shutil.copy2(path, target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return target


def _bring_up_to_date(part: Path, file: Path, now: datetime) -> None:
    from storage.migrations import MigrationError, upgrade  # noqa: PLC0415 - see storage.revisions

    try:
        upgrade(_url(part), now)
    except MigrationError as error:
        raise RestoreError(f"{file} was not restored: {error}") from error


def _is_the_bots(path: Path) -> bool:
    with closing(_open(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    return {"alembic_version", "groups"} <= tables


@contextmanager
def _saying(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise RestoreError(f"{file} was not restored: {error}.") from error


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)


def _url(path: Path) -> URL:
    return URL.create("sqlite+direct", database=str(path))


def _clear(part: Path) -> None:
    for path in part.parent.glob(f"{glob.escape(part.name)}*"):
        path.unlink()
