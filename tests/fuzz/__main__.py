"""`make fuzz`: a million updates on all processors. Ends with 0 when nothing was found."""

import argparse
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import URL

from storage.migrations import upgrade
from tests.fuzz.play import Finding, Outcome, Try, play, quiet
from tests.fuzz.scene import BEGINS

AN_EPISODE = 4000
"""Updates on one scene: enough for its term to be changed beyond recognition."""

TOLD_EACH = 10


def main() -> int:
    wishes = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    wishes.add_argument("--updates", type=int, default=1_000_000)
    wishes.add_argument("--seed", type=int, default=1, help="the first of the seeds")
    wishes.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = wishes.parse_args()
    begins = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="reading-group-") as name:
        folder = Path(name)
        empty = folder / "empty.db"
        upgrade(URL.create("sqlite+direct", database=str(empty)), BEGINS)
        episodes = -(-asked.updates // AN_EPISODE)
        counts = [min(AN_EPISODE, asked.updates - n * AN_EPISODE) for n in range(episodes)]
        tries = [Try(asked.seed + n, count, empty, folder) for n, count in enumerate(counts)]
        outcomes = _played(tries, asked.processes)
    _tell(outcomes, time.monotonic() - begins)
    return 1 if any(outcome.found for outcome in outcomes) else 0


def _played(tries: list[Try], processes: int) -> list[Outcome]:
    outcomes = []
    with multiprocessing.get_context("spawn").Pool(processes, initializer=quiet) as pool:
        for outcome in pool.imap_unordered(play, tries):
            outcomes.append(outcome)
            for finding in outcome.found:
                _show(finding)
            if len(outcomes) % TOLD_EACH == 0:
                played = sum(one.played for one in outcomes)
                sys.stdout.write(f"{played} updates\n")
                sys.stdout.flush()
    return outcomes


def _show(finding: Finding) -> None:
    sys.stdout.write(
        f"seed {finding.seed}, update {finding.number}: {finding.what}\n  {finding.update}\n"
    )
    sys.stdout.flush()


def _tell(outcomes: list[Outcome], seconds: float) -> None:
    ways: Counter[str] = sum((one.ways for one in outcomes), Counter())
    changed: Counter[str] = sum((one.changed for one in outcomes), Counter())
    deeds: Counter[str] = sum((one.deeds for one in outcomes), Counter())
    shares = (f"{way} {count} ({changed[way] / count:.0%})" for way, count in ways.most_common())
    slowest = max(one.slowest for one in outcomes)
    sys.stdout.write(
        f"{sum(one.played for one in outcomes)} updates in {seconds:.0f} s on Python "
        f"{platform.python_version()}; {changed.total()} of them changed "
        f"something; {sum(one.answered for one in outcomes)} messages in the groups' chats.\n"
        f"By the way they came, with the share that changed something: {', '.join(shares)}.\n"
        f"What was done: {', '.join(f'{deed} {count}' for deed, count in deeds.most_common())}.\n"
        f"The slowest took {slowest[0]:.2f} s: {slowest[1][:300]}\n"
        f"{sum(len(one.found) for one in outcomes)} findings.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
