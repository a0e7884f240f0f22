"""Pages in files, and a folder of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.domain.page import ParsedPage, Problem
from bot.errors import OperatorError
from bot.publish.readers.calendars import Usual
from bot.publish.readers.decode import NoPage, NoTerm, Unusable
from bot.publish.readers.formats import LARGEST, OWN, understand
from bot.services import page_limits

MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file with the terms that are on it; `how` says in words what kind of file it is."""

    name: str
    how: str
    pages: tuple[ParsedPage, ...]

    @property
    def is_own(self) -> bool:
        return self.how == OWN

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for page in self.pages for problem in page.problems)

    @property
    def notes(self) -> tuple[Problem, ...]:
        return tuple(note for page in self.pages for note in page.notes)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, and why. `is_page`: it is one all the same."""

    name: str
    reason: str
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """`files` are in the order of their terms, the oldest first."""

    files: tuple[PageFile, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def pages(self) -> tuple[ParsedPage, ...]:
        """All terms, the oldest first."""
        pages = [parsed for file in self.files for parsed in file.pages]
        return tuple(sorted(pages, key=lambda parsed: parsed.page.meetings[-1].date))

    @property
    def is_own(self) -> bool:
        return all(file.is_own for file in self.files)

    @property
    def has_problems(self) -> bool:
        return any(f.problems for f in self.files) or any(s.is_page for s in self.skipped)


def read_file(path: Path, term: str | None, usual: Callable[[], Usual]) -> Folder:
    """The terms in a file. Raises `OperatorError` when it cannot be read or is no page."""
    try:
        return Folder((_read(path, term, usual),))
    except NoTerm as reason:
        raise OperatorError(
            f'{path} {reason}. Name it, with its year: --term "2025 Fall".'
        ) from None
    except NoPage as reason:
        raise OperatorError(f"{path} {reason}.") from None


def read_folder(path: Path, usual: Callable[[], Usual]) -> Folder:
    """All pages in a folder, without those in folders inside it. Raises `OperatorError` when there
    is none, or when a file cannot be read."""
    try:
        entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None
    if len(entries) > MOST_FILES:
        raise OperatorError(
            f"{path} holds more than {MOST_FILES} files. Name one with pages alone."
        )
    files, skipped = [], []
    for entry in entries:
        try:
            files.append(_read(entry, None, usual))
        except NoTerm as reason:
            named = f"2025-fall{entry.suffix}"
            why = f"{reason}. Call the file after it, with its year: {named}."
            skipped.append(Skipped(entry.name, why, is_page=True))
        except NoPage as reason:
            skipped.append(Skipped(entry.name, f"{reason}.", isinstance(reason, Unusable)))
    if not files:
        raise OperatorError(f"{path} has no page in it.")
    # Where two files have one term, the group's own page knows more.
    return _each_term_once(sorted(files, key=lambda file: (not file.is_own, file.name)), skipped)


def _read(path: Path, term: str | None, usual: Callable[[], Usual]) -> PageFile:
    try:
        if path.is_dir():
            raise NoPage("is a folder")
        if path.exists() and not path.is_file():
            raise NoPage("is not a file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise OperatorError(f"There is no file {path}.") from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None
    understood = understand(path.name, data, term, usual)
    try:
        for parsed in understood.pages:
            page_limits.check(parsed.page)
    except OperatorError as error:
        raise OperatorError(f"{path.name}: {error}") from None
    return PageFile(path.name, understood.how, understood.pages)


def _each_term_once(files: list[PageFile], skipped: list[Skipped]) -> Folder:
    taken: dict[str, str] = {}
    kept = []
    for file in files:
        pages = []
        for parsed in file.pages:
            title = parsed.page.title
            if title in taken:
                reason = f"has “{title}”, which was taken from {taken[title]}."
                skipped.append(Skipped(file.name, reason, is_page=True))
            else:
                pages.append(parsed)
        taken |= {parsed.page.title: file.name for parsed in pages}
        if pages:
            # What there is to say of a file is with its last term, whichever that is now.
            pages[-1] = replace(pages[-1], problems=file.problems, notes=file.notes)
            kept.append(replace(file, pages=tuple(pages)))
    return Folder(tuple(sorted(kept, key=_first_day)), tuple(skipped))


def _first_day(file: PageFile) -> date:
    return min(meeting.date for parsed in file.pages for meeting in parsed.page.meetings)
