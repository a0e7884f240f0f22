"""`make soak`: both years, the thousand groups and the storm; what came of it is in the docs."""

import argparse
import asyncio
import logging
import platform
import sqlite3
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.reminders import SLOWEST, Scale, measure
from tests.soak.storm import Survived, brave
from tests.soak.year import Outcome, Roughness, play

BEGINS = date(2025, 12, 29)
PAGE = Path("docs/reliability.md")
FROM, TO = "<!-- the table of `make soak` begins -->", "<!-- and ends -->"


def main() -> int:
    """0 when nothing came twice, nothing was lost, and the limit was used."""
    wishes = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    wishes.add_argument("--seed", type=int, default=1)
    wishes.add_argument("--weeks", type=int, default=52)
    wishes.add_argument("--kills", type=int, default=200)
    wishes.add_argument("--storm", type=int, default=500, help="kills while members write")
    asked = wishes.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="reading-group-") as name:
        folder = Path(name)
        years = [
            asyncio.run(play(title, folder, BEGINS, asked.weeks, rough, asked.seed))
            for title, rough in (("calm", Roughness()), ("rough", Roughness(10, asked.kills)))
        ]
        scale = asyncio.run(measure(folder))
        survived = asyncio.run(brave(folder, asked.storm, asked.seed))
    rows = _rows(years)
    told = [_told(scale), _told_of_storm(survived)]
    _print(rows, told)
    _write(rows, told, asked.seed)
    calm, _ = years
    good = all(not (one.lost or one.twice or one.stuck or one.unexplained) for one in years)
    in_time = not calm.off_time and scale.ratio <= SLOWEST and not scale.asked_to_wait
    unharmed = not (survived.lost or survived.twice or survived.damage)
    return 0 if good and in_time and unharmed else 1


def _rows(years: list[Outcome]) -> list[list[str]]:
    states = ("sent", "uncertain", "skipped", "expired", "failed", "cancelled", "planned")
    kinds = sorted({kind for one in years for kind in one.faults})
    return [
        ["meetings", *(str(one.meetings) for one in years)],
        ["times the process was killed", *(str(one.kills) for one in years)],
        *([f"requests that failed: {kind}", *(str(one.faults[kind]) for one in years)]
          for kind in kinds),
        ["messages about meetings that arrived", *(str(one.arrived) for one in years)],
        ["of these at the very minute", *(str(one.on_time) for one in years)],
        ["of these late, and saying so", *(str(one.late) for one in years)],
        *([f"ledger: {state}", *(str(one.states[state]) for one in years)] for state in states),
        ["not sent, without a reason", *(str(one.unexplained) for one in years)],
        ["stuck", *(str(one.stuck) for one in years)],
        ["**came twice to a group**", *(str(len(one.twice)) for one in years)],
        ["**lost**", *(str(len(one.lost)) for one in years)],
    ]  # fmt: skip


def _print(rows: list[list[str]], told: list[str]) -> None:
    table = Table("", "calm", "rough")
    for row in rows:
        table.add_row(*(cell.strip("*") for cell in row))
    console = Console()
    console.print(table)
    for sentence in told:
        console.print(sentence)


def _told(scale: Scale) -> str:
    return (
        f"{scale.arrived} of {scale.groups} groups due at one minute were served in "
        f"{scale.ratio:.3f} of the time that Telegram's limit of 30 a second allows; "
        f"it asked to wait {scale.asked_to_wait} times."
    )


def _told_of_storm(survived: Survived) -> str:
    confirmed = ", ".join(f"{count} {kind}" for kind, count in survived.confirmed.items())
    damage = "sound" if not survived.damage else f"damaged ({survived.damage[0]})"
    return (
        f"Killed {survived.kills} times while members wrote {survived.sent} messages: "
        f"{confirmed} were confirmed; {len(survived.lost)} were lost, {len(survived.twice)} came "
        f"twice to the group; the database is {damage}."
    )


def _write(rows: list[list[str]], told: list[str], seed: int) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(FROM)
    _, _, after = rest.partition(TO)
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("python-telegram-bot", "SQLAlchemy", "APScheduler")
    )
    made = (
        f"`make soak` with seed {seed}; Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version}, {libraries}."
    )
    lines = ["| | calm | rough |", "|---|---:|---:|", *(f"| {' | '.join(row)} |" for row in rows)]
    text = "\n".join([before + FROM, "", made, "", *lines, "", *_apart(told), TO + after])
    PAGE.write_text(text, encoding="utf-8")


def _apart(told: list[str]) -> list[str]:
    return [line for sentence in told for line in (sentence, "")]


if __name__ == "__main__":
    sys.exit(main())
