"""Reading and writing the group's page, against the Markdown library alone on the same text.

Nothing here waits, so processor time is what is measured. On a long page the library itself takes
up to a half more for a meeting than on a short one (Python's collector and the processor's caches
have more to hold), so what counts as linear is how many times the library it is, there and here.
"""

import gc
from collections.abc import Callable, Iterator
from datetime import time
from functools import partial
from statistics import median
from time import thread_time

from markdown_it import MarkdownIt
from sqlalchemy import select

from benchmarks import scenes
from benchmarks.results import Row
from bot.clock import SystemClock
from bot.publish.markdown import parse, write
from bot.services import groups, imports, terms
from storage.enums import Weekday
from storage.models import Term

SMALL, LARGE = 15, 10_000
ROUNDS = {SMALL: 15, LARGE: 1}
LIBRARY = "parsing the same text with markdown-it-py alone"
MOST = 3
LINEAR = 1.3
"""How much further from the library it may be on the larger page."""

Took = tuple[float, float]
"""Seconds, ours and the library's."""


def rows() -> Iterator[Row]:
    yield from _compared(_text)
    yield from _compared(_database)


def _compared(measured: Callable[[int], dict[str, Took]]) -> Iterator[Row]:
    sizes = (SMALL, LARGE)
    took = {meetings: measured(meetings) for meetings in sizes}
    for meetings, found in took.items():
        for what, (ours, theirs) in found.items():
            figures = f"{1000 * ours:.1f} and {1000 * theirs:.1f} ms"
            yield Row(f"{what} a page of {meetings:,}", LIBRARY, ours / theirs, MOST, figures)
    for what in took[SMALL]:
        short, long = (ours / theirs for ours, theirs in (took[size][what] for size in sizes))
        yield Row(
            f"{what} a page of {LARGE:,}: times the library",
            f"on a page of {SMALL}",
            long / short,
            LINEAR,
            f"{long:.2f} and {short:.2f} times",
        )


def _text(meetings: int) -> dict[str, Took]:
    page = scenes.page_of(meetings)
    text = write(page)
    took: dict[str, list[float]] = {}
    for _ in range(ROUNDS[meetings]):
        took.setdefault("reading", []).append(_seconds(lambda: parse(text)))
        took.setdefault("writing", []).append(_seconds(lambda: write(page)))
        took.setdefault("library", []).append(_alone(text))
    theirs = median(took.pop("library"))
    return {what: (median(ours), theirs) for what, ours in took.items()}


def _database(meetings: int) -> dict[str, Took]:
    """Taking the page into an empty schedule, and giving it back."""
    page = scenes.page_of(meetings)
    now = SystemClock().now()
    into: list[float] = []
    back: list[float] = []
    for _ in range(ROUNDS[meetings]):
        with scenes.database() as (_, store), store.writing() as session:
            new = groups.NewGroup("Systems", "UTC", Weekday.TUESDAY, time(19), 90)
            group, _code = groups.create(session, new, now)
            into.append(_seconds(partial(imports.import_page, session, group, page, now)))
            term = session.scalars(select(Term)).one()
            back.append(_seconds(partial(terms.page_of, session, term, now)))
    text = write(page)
    theirs = median(_alone(text) for _ in range(ROUNDS[meetings]))
    return {"storing": (median(into), theirs), "fetching": (median(back), theirs)}


def _alone(text: str) -> float:
    return _seconds(partial(MarkdownIt("commonmark").parse, text))


def _seconds(do: Callable[[], object]) -> float:
    gc.collect()  # what was left behind before is nobody's here
    began = thread_time()
    do()
    return thread_time() - began
