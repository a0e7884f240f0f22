"""What a file is, and its terms, whichever way it was written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath

from bot.domain.page import ParsedPage, Problem
from bot.publish.markdown import marks, parse
from bot.publish.markdown.words import lines_of
from bot.publish.readers import term_names
from bot.publish.readers.calendars import Usual, read_calendar
from bot.publish.readers.csv_table import DELIMITERS, read_csv
from bot.publish.readers.decode import NoPage, Unusable, decode
from bot.publish.readers.markdown_page import read_markdown

OWN = "the group's own page"
LARGEST = 2_000_000
"""Bytes; the longest term's page is a twentieth of that."""

_SAMPLE = 200
_CALENDAR = b"BEGIN:VCALENDAR"
_TABLES = (".csv", ".tsv")
_MADE_FROM_PAGES = {".json": "JSON", ".html": "HTML", ".htm": "HTML"}
_SIGNS = (marks.PAPER, marks.SPECIAL)
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Understood:
    """`how` the file was read, in words, and its terms. Problems and notes on the whole file are
    with its last term."""

    how: str
    pages: tuple[ParsedPage, ...]


def understand(name: str, data: bytes, term: str | None, usual: Callable[[], Usual]) -> Understood:
    """The terms in a file of this name. `term` is what to call its only one; `usual` is asked when
    a calendar's times must be placed on the group's days.

    Raises `NoPage` when it is none.
    """
    if len(data) > LARGEST:
        raise NoPage("is larger than 2 MB; no term's page is")
    if data.startswith(_ZIP) and name.lower().endswith(".xlsx"):
        raise NoPage("is an Excel file. Save it as CSV")
    path = PurePath(name)
    if path.suffix.lower() in _MADE_FROM_PAGES:
        form = _MADE_FROM_PAGES[path.suffix.lower()]
        raise NoPage(f"is {form}, which is not read back. Take the page itself, in Markdown")
    file_term = term_names.of_file(path.stem)
    if _CALENDAR in data[:1000].upper():
        pages = read_calendar(data, term, file_term, usual)
        return _some("a calendar", pages, "has no event within the term")
    text, guess = decode(data)
    if path.suffix.lower() in _TABLES:
        pages = read_csv(text, term, file_term)
        found = _some("a table of values", pages, "has no column of dates")
    else:
        found = _markdown(text, term, file_term)
    return found if guess is None else _doubted(found, guess)


def _markdown(text: str, term: str | None, file_term: str | None) -> Understood:
    own = parse(text.replace("\r\n", "\n").replace("\r", "\n"))
    if own.page.meetings and _is_own(text):
        if term not in (None, own.page.title):
            raise Unusable(f"names its term already: “{own.page.title}”. Leave out --term")
        return Understood(OWN, (own,))
    pages = read_markdown(text, term, file_term)
    if pages:
        return Understood("a Markdown table or list", tuple(pages))
    pages = read_csv(text, term, file_term) if _may_be_values(text) else []
    if pages:
        return Understood("a table of values", tuple(pages))
    if not own.page.title:
        raise NoPage("names no term. A page begins with a heading like “# 2025 Fall”")
    raise NoPage(
        "has no meetings. It needs dates, in headings like “### January 20”, in a table or a list"
    )


def _is_own(text: str) -> bool:
    """Whether a page with dated headings is written as the group's own: with its signs, or with
    its heading."""
    heading = f"## {marks.SCHEDULE}".casefold()
    return any(
        line.lstrip("-*+ \t").startswith(_SIGNS) or line.strip().casefold() == heading
        for line in lines_of(text)
    )


def _doubted(found: Understood, guess: str) -> Understood:
    *first, last = found.pages
    reason = f"The file is not in UTF-8; it was read as {guess}. Look whether names are right."
    last = replace(last, notes=(Problem(1, "", reason), *last.notes))
    return replace(found, pages=(*first, last))


def _may_be_values(text: str) -> bool:
    """Whether a text may be a table of values: most of its lines have the same sign in them."""
    lines = [line for line in text.split("\n")[:_SAMPLE] if line.strip()]
    return any(sum(sign in line for line in lines) * 2 > len(lines) for sign in DELIMITERS)


def _some(how: str, pages: list[ParsedPage], otherwise: str) -> Understood:
    if not pages:
        raise NoPage(otherwise)
    return Understood(how, tuple(pages))
