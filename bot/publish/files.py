"""Files that are written whole or not at all."""

import errno
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PART = ".part-"
"""What a file is called, at its beginning, while it is being written."""

LEFT_BEHIND = 3600
"""Seconds after which such a file is nobody's any more: the process that wrote it was killed."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, also when the power fails. Raises `OSError` when that
    cannot be done; what was there before is then there still."""
    part: str | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=PART, delete=False) as file:
            part = file.name
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except OSError:
        if part is not None:
            with suppress(OSError):
                Path(part).unlink()
        raise
    _keep_name(path.parent)


def refuse_link(path: Path) -> None:
    """Raises `OSError` for a symbolic link. Whoever may put files into a group's folder, such as by
    a push, would otherwise have the bot read and write wherever its account may."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, f"{path.name} is a symbolic link")


def read(path: Path) -> bytes | None:
    """What is in the file; `None` where there is none. Raises `OSError`, for a link as well."""
    refuse_link(path)
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def clear(folder: Path) -> None:
    """Remove what killed processes left half written in the folder."""
    for part in folder.glob(f"{PART}*"):
        with suppress(OSError):
            if part.stat().st_mtime < time.time() - LEFT_BEHIND:
                part.unlink()


def _keep_name(folder: Path) -> None:
    """A file's new name survives a power cut once its folder is written too. Windows has no such
    thing, and some file systems do not need it."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
