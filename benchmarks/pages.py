"""Reading and writing the group's page, against the Markdown library alone on the same text."""

from collections.abc import Callable, Iterator
from datetime import time
from functools import partial
from statistics import median
from time import perf_counter

from markdown_it import MarkdownIt

from benchmarks import scenes
from benchmarks.results import Row
from bot.clock import SystemClock
from bot.publish.markdown import parse, write
from bot.services import groups, imports, terms
from storage.enums import Weekday

SMALL, LARGE = 15, 10_000
KEPT = 150
"""Meetings of the larger page that is taken into a database: one in which somebody may look."""

ROUNDS = {SMALL: 15, KEPT: 3, LARGE: 1}
LIBRARY = "parsing the same text with markdown-it-py alone"
MOST = 3
LINEAR = 1.3
"""How much dearer a meeting may be on the larger page."""

Took = tuple[float, float]
"""Seconds, ours and the library's."""


def rows() -> Iterator[Row]:
    yield from _compared(_text, SMALL, LARGE)
    yield from _compared(_database, SMALL, KEPT)


def _compared(measured: Callable[[int], dict[str, Took]], *sizes: int) -> Iterator[Row]:
    small, large = sizes
    took = {meetings: measured(meetings) for meetings in sizes}
    for meetings, found in took.items():
        for what, (ours, theirs) in found.items():
            figures = f"{1000 * ours:.1f} and {1000 * theirs:.1f} ms"
            yield Row(f"{what} a page of {meetings:,}", LIBRARY, ours / theirs, MOST, figures)
    for what in took[small]:
        cheap, dear = (1000 * took[meetings][what][0] / meetings for meetings in sizes)
        yield Row(
            f"{what}: a meeting on a page of {large:,}",
            f"one on a page of {small}",
            dear / cheap,
            LINEAR,
            f"{dear:.3f} and {cheap:.3f} ms",
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
    for _ in range(min(ROUNDS[meetings], 3)):
        with scenes.database() as (_, store), store.writing() as session:
            new = groups.NewGroup("Systems", "UTC", Weekday.TUESDAY, time(19), 90)
            group, _code = groups.create(session, new, now)
            into.append(_seconds(partial(imports.import_page, session, group, page, now)))
            back.append(_seconds(partial(terms.page, session, group, page.title, now)))
    theirs = median(_alone(write(page)) for _ in range(3))
    return {"storing": (median(into), theirs), "fetching": (median(back), theirs)}


def _alone(text: str) -> float:
    return _seconds(partial(MarkdownIt("commonmark").parse, text))


def _seconds(do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    return perf_counter() - began
