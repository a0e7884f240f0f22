"""The table: printed, and written to a page with machine and versions."""

import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

PAGE = Path(__file__).parent / "results.md"
LIBRARIES = ("python-telegram-bot", "aiohttp", "SQLAlchemy", "httpx", "markdown-it-py")


@dataclass(frozen=True, slots=True)
class Row:
    """One ratio. `wanted` is its mark; more is better where `at_least`. `figures` says from what
    it was made."""

    measure: str
    against: str
    ratio: float
    wanted: float
    figures: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        return self.ratio >= self.wanted if self.at_least else self.ratio <= self.wanted

    def cells(self) -> tuple[str, ...]:
        mark = f"{'at least' if self.at_least else 'at most'} {self.wanted:g}"
        reached = "yes" if self.reached else "no"
        return (self.measure, self.against, f"{self.ratio:.2f}", mark, reached, self.figures)


HEADINGS = ("measure", "against", "ratio", "mark", "reached", "figures")


def show(rows: Iterable[Row]) -> None:
    table = Table(*HEADINGS)
    for row in rows:
        table.add_row(*row.cells())
    Console(width=150).print(table)


def write(rows: Sequence[Row], load: float) -> None:
    """`load` is what the machine was busy with before, as the system counts it."""
    lines = [
        "# Results of `make bench`",
        "",
        f"{_machine()} Its load before was {load:.1f}. "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
        + ".",
        "",
        f"| {' | '.join(HEADINGS)} |",
        "|---|---|---:|---|---|---|",
        *(f"| {' | '.join(row.cells())} |" for row in rows),
        "",
    ]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


def _machine() -> str:
    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.exists():
        names = [line for line in about.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{os.cpu_count()} cores of {model}, {platform.system()}."
