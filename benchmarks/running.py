"""Starting, and memory at rest and after many updates, beside the bare echo bot."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from benchmarks import answers, contest
from benchmarks.responder import Plan
from benchmarks.results import Row

ROUNDS = 5
MANY = 100_000
MARKS = 10
GROWING = 1.02
"""What may be added by as many updates again. The first hundred thousand take a minute and more, in
which the page is written for the first time."""


def rows() -> Iterator[Row]:
    yield from _at_rest()
    yield from _after_many()


def _at_rest() -> Iterator[Row]:
    """The command that people run, on a database that is up to date."""
    begun: dict[str, list[float]] = {}
    held: dict[str, list[float]] = {}
    with answers.term() as (url, texts):
        contestants = {"ours": contest.as_run(url), "echo": contest.echo("plain")}
        for _ in range(ROUNDS):
            for name, command in contestants.items():
                run = contest.run(command, Plan(texts, 1))
                begun.setdefault(name, []).append(run.to_poll)
                held.setdefault(name, []).append(run.memory[0])
    for what, found, unit in (("start to first poll", begun, "s"), ("memory at rest", held, "MB")):
        ours, theirs = median(found["ours"]), median(found["echo"])
        yield Row(what, answers.PLAIN, ours / theirs, 2, f"{ours:.2f} and {theirs:.2f} {unit}")


def _after_many() -> Iterator[Row]:
    """Both at the same time: no times are taken here."""
    with answers.term() as (url, texts), ThreadPoolExecutor() as threads:
        plan = Plan(texts, 2 * MANY, mark=MANY // MARKS)
        runs = [
            threads.submit(contest.run, command, plan)
            for command in (contest.ours(url), contest.echo("plain"))
        ]
        ours, theirs = (run.result().memory for run in runs)
    yield Row(
        f"memory after {MANY:,} updates",
        answers.PLAIN,
        ours[MARKS] / theirs[MARKS],
        2,
        f"{ours[MARKS]:.0f} and {theirs[MARKS]:.0f} MB",
    )
    yield Row(
        f"memory after {2 * MANY:,} updates",
        "after half of them",
        ours[-1] / ours[MARKS],
        GROWING,
        f"{ours[-1]:.1f} and {ours[MARKS]:.1f} MB",
    )
