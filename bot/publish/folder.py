"""The files of a group's folder that are made from its schedule, and only those.

A list in the folder says which they are. It is kept with them, so that it goes where they go:
into a git checkout, and from there into another one.
"""

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from bot.publish import files

LIST = ".published"


def put(folder: Path, wanted: Mapping[str, bytes], pages: Collection[str]) -> tuple[str, ...]:
    """Make the folder have these files, by their paths in it, and none that it had from here
    earlier. `pages` are files that are written elsewhere, but cleared away here once they are not
    among them any more. Returns those in whose place somebody else's file is: it stays.

    Raises `OSError`. Files that are as they should be are not touched; each is written whole or not
    at all, and done again what broke off is done right.
    """
    listed = listed_in(files.read(folder / LIST))
    for name in listed.union(wanted):
        _refuse_links(folder, name)
    strange = {
        name
        for name, content in wanted.items()
        if name not in listed and _is_in(folder, name, content)
    }
    kept = (set(wanted) - strange) | set(pages)
    # What may be written is on the list before it is there, and what is gone until it is gone.
    _keep_list(folder, listed, listed | kept)
    for name in sorted(kept - set(pages)):
        _write(folder / name, wanted[name])
    for name in sorted(listed - kept):
        _remove(folder, name)
    _keep_list(folder, listed | kept, kept)
    return tuple(sorted(strange))


def listed_in(content: bytes | str | None) -> set[str]:
    """The names on a list; none on one that cannot be read."""
    with suppress(ValueError):
        names = json.loads(content or "[]")
        if isinstance(names, list):
            return {name for name in names if isinstance(name, str) and _is_inside(name)}
    return set()


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _refuse_links(folder: Path, name: str) -> None:
    """What others put there must not lead out of the folder."""
    for parent in PurePosixPath(name).parents:
        if parent.name:
            files.refuse_link(folder / parent)


def _is_in(folder: Path, name: str, content: bytes) -> bool:
    return files.read(folder / name) not in (None, content)


def _keep_list(folder: Path, before: set[str], names: set[str]) -> None:
    if names != before:
        content = json.dumps(sorted(names), ensure_ascii=False, indent=0)
        files.write_whole(folder / LIST, content.encode() + b"\n")


def _write(path: Path, content: bytes) -> None:
    if files.read(path) != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(path, content)


def _remove(folder: Path, name: str) -> None:
    path = folder / name
    if path.suffix == ".md" and _tells_of_talks(path):
        return  # of a term that was taken back; but somebody wrote more into it
    with suppress(NotADirectoryError):  # a file is where its folder was: so it is gone
        path.unlink(missing_ok=True)
    for parent in path.parents:
        if parent == folder:
            return
        with suppress(OSError):  # others have something in it
            parent.rmdir()


def _tells_of_talks(page: Path) -> bool:
    # What reads pages is large, and a term is seldom taken back.
    from bot.publish.markdown import parse  # noqa: PLC0415

    content = (files.read(page) or b"").decode(errors="replace")
    meetings = parse(content).page.meetings
    return any(slot.talk is not None for meeting in meetings for slot in meeting.slots)
