"""A group's folder of slides on the disk."""

import secrets
from pathlib import Path

from bot.publish.files import PART, read, refuse_link, write_whole


class Staged:
    """A file that is written whole already and waits for its name."""

    def __init__(self, folder: Path, part: Path) -> None:
        self._folder = folder
        self._part = part
        self._placed: Path | None = None
        self._before: bytes | None = None

    def is_taken(self, name: str) -> bool:
        """Whether there is such a file, also where small and capital letters are told apart."""
        return any(file.name.casefold() == name.casefold() for file in self._folder.iterdir())

    def place(self, name: str) -> None:
        """Give it this name, in place of a file that has it. Raises `OSError`."""
        self._placed = self._folder / name
        self._before = read(self._placed)
        self._part.replace(self._placed)

    def take_back(self) -> None:
        """Leave the folder as it was. Raises `OSError`."""
        if self._placed is None:
            self._part.unlink()
        elif self._before is None:
            self._placed.unlink(missing_ok=True)
        else:
            write_whole(self._placed, self._before)

    def discard(self) -> None:
        """It was not needed after all. Raises `OSError`."""
        if self._placed is None:
            self._part.unlink()


def stage(folder: Path, content: bytes) -> Staged:
    """Write a file into the folder, still without a name that anybody sees. Raises `OSError`."""
    refuse_link(folder)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{PART}{secrets.token_hex(8)}"
    write_whole(part, content)
    return Staged(folder, part)


def remove(folder: Path, name: str) -> None:
    """Take the file away, if it is there. Raises `OSError`."""
    refuse_link(folder)
    (folder / name).unlink(missing_ok=True)


def content_of(folder: Path, name: str) -> bytes | None:
    """The file of this name; `None` where there is none. Raises `OSError`."""
    refuse_link(folder)
    return read(folder / name)
