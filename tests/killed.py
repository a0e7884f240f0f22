"""Restores a copy again and again, each time killed a step later, until it comes to its end. Run as
`python -m tests.killed FOLDER`, with `reading-group.db` and `copy.db` in it, or with something that
is no database in the place of the first; prints how many times it was killed.

A step is one of those in `STEPS`, by the names that Python tells its auditors.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

from bot.clock import SystemClock
from bot.restoring import restore
from storage import engine

STEPS = ("os.remove", "os.rename", "shutil.copyfile", "sqlite3.connect")


def _restore(folder: Path) -> None:
    url = f"sqlite:///{folder / 'reading-group.db'}"
    asyncio.run(restore(url, folder / "copy.db", SystemClock()))


def _killed_after(steps: int, folder: Path) -> bool:
    child = os.fork()
    if child == 0:
        left = iter(range(steps))

        def hook(event: str, _: object) -> None:
            if event.startswith(STEPS) and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        _restore(folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0
    return os.WIFSIGNALED(status)


def _name(path: Path) -> str | None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            return str(connection.execute("SELECT name FROM groups").fetchone()[0])
    except sqlite3.DatabaseError:
        return None


def main(template: Path) -> None:
    engine.SYNCHRONOUS = "OFF"
    before = _name(template / "reading-group.db")
    folder = template / "each"
    shutil.copytree(template, folder)
    _restore(folder)  # imports what it needs
    for steps in count():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file in template.glob("*.db*"):
            shutil.copy(file, folder)
        if not _killed_after(steps, folder):
            break
        assert (folder / "reading-group.db").exists()
        assert _name(folder / "reading-group.db") in (before, "Then")
        _restore(folder)
        assert _name(folder / "reading-group.db") == "Then"
        put_aside = {_name(path) for path in folder.glob("reading-group.db.before-*[0-9]")}
        assert before in put_aside
        assert not list(folder.glob("*.restoring*"))
    print(steps)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
