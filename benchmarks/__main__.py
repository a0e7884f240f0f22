"""`make bench`: every row, in one table."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from benchmarks import answers, claims, growth, pages, reminders, results, running
from benchmarks.results import Row

MEASURES: dict[str, Callable[[], Iterator[Row]]] = {
    "answers": answers.rows,
    "claims": claims.rows,
    "growth": growth.rows,
    "pages": pages.rows,
    "running": running.rows,
    "reminders": reminders.rows,
}


def main() -> int:
    wishes = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    wishes.add_argument(
        "only", nargs="*", choices=[*MEASURES, []], help="these alone; the page is not written then"
    )
    only = wishes.parse_args().only
    logging.disable(logging.CRITICAL)
    console = Console(stderr=True)
    load, *_ = os.getloadavg()
    rows: list[Row] = []
    for name in only or MEASURES:
        with console.status(f"measuring: {name}"):
            measured = list(MEASURES[name]())
        results.show(measured)
        rows += measured
    if not only:
        results.write(rows, load)
    return 0


if __name__ == "__main__":
    sys.exit(main())
