"""Noticing that somebody changed a page's file, without reading it each time."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.publish import files
from bot.publish.places import Place, names

Sign = tuple[int, int, int] | None
"""Of a file: when it was changed, its size and its number on the disk; `None` for no file."""


class Watch:
    """Knows the files as they were when they were looked at last, in this process."""

    def __init__(self) -> None:
        self._signs: dict[Path, Sign] = {}

    def see(self, paths: Iterable[Path]) -> None:
        """These were just looked at."""
        for path in paths:
            self._signs[path] = _sign(path)

    def changed(self, paths: Mapping[int, Mapping[int, Path]]) -> set[int]:
        """The groups that have a file which is not as it was."""
        return {
            group_id
            for group_id, terms in paths.items()
            if any(
                path in self._signs and self._signs[path] != _sign(path) for path in terms.values()
            )
        }

    def unknown(self, paths: Mapping[int, Mapping[int, Path]]) -> tuple[int, ...]:
        """The groups that have a file which nobody looked at since the process began."""
        return tuple(
            group_id
            for group_id, terms in sorted(paths.items())
            if any(path not in self._signs for path in terms.values())
        )

    def learn(self, terms: Mapping[int, Path], texts: Mapping[int, str]) -> bool:
        """Look at a group's files; returns whether one says something else than these texts."""
        self.see(terms.values())
        try:
            return any(
                files.read(path) != texts.get(term_id, "").encode()
                for term_id, path in terms.items()
            )
        except OSError:
            return True  # whoever publishes it says what is wrong


def files_of(
    pages: Iterable[tuple[int, int, str]], where: Mapping[int, Place]
) -> dict[int, dict[int, Path]]:
    """The file of each term, by group and term, from their ids and titles."""
    titles: dict[int, dict[int, str]] = {}
    for group_id, term_id, title in pages:
        titles.setdefault(group_id, {})[term_id] = title
    return {
        group_id: {term: where[group_id].folder / name for term, name in names(of).items()}
        for group_id, of in titles.items()
        if group_id in where
    }


def _sign(path: Path) -> Sign:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
