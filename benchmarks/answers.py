"""Updates a second and how long an answer takes: the whole bot and echo bots, over loopback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median, quantiles

from benchmarks import contest, scenes
from benchmarks.contest import Command, Run
from benchmarks.responder import Plan
from benchmarks.results import Row
from bot.clock import SystemClock

PEOPLE = 50
ANSWERS, WARM_UP = 1500, 300
SETTLED = 3000
"""Answers before those whose waits are taken, some seconds' worth: what a bot still does once it
has begun (its menus, its first look at what is due) belongs to its start, which has its own row."""
ROUNDS = 3
SLOTS_EACH = (ANSWERS + WARM_UP) // PEOPLE
GROUPS = 10
"""Among which those who claim are, five in each, with a long term for them to fill."""

QUESTIONS = ("/next", "/schedule")
ECHOES: dict[str, Command] = {
    "echo bot, same library, transport and settings": contest.echo("ours"),
    "the library's echo bot as it comes": contest.echo("plain"),
    "aiogram's echo bot as it comes": contest.echo_aiogram,
}
SAME, PLAIN, AIOGRAM = ECHOES

Texts = dict[int, tuple[str, ...]]


def rows() -> Iterator[Row]:
    echoed: dict[str, list[float]] = {name: [] for name in ECHOES}
    asked: list[float] = []
    claimed: list[float] = []
    for _ in range(ROUNDS):
        for name, command in ECHOES.items():
            echoed[name].append(_rate(command, _questions()))
        with term() as (url, texts):
            asked.append(_rate(contest.ours(url), texts))
        with claiming() as (url, texts):
            claimed.append(_rate(contest.ours(url), texts))
    yield from _rates("updates a second, /next and /schedule", asked, echoed, (0.8, 2, 1))
    yield from _rates("updates a second, claims that commit", claimed, echoed, (0.6, 1.5, None))
    yield from _waits(median(asked) / 2)


def _rates(
    measure: str,
    ours: list[float],
    echoed: dict[str, list[float]],
    marks: tuple[float | None, ...],
) -> Iterator[Row]:
    for (name, theirs), mark in zip(echoed.items(), marks, strict=True):
        if mark is not None:
            figures = f"{median(ours):.0f} and {median(theirs):.0f} a second"
            ratio = median(ours) / median(theirs)
            yield Row(measure, name, ratio, mark, figures, at_least=True)


def _waits(rate: float) -> Iterator[Row]:
    """Both get as many messages: half of what our bot can answer."""
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    for _ in range(ROUNDS):
        theirs.append(_run(ECHOES[SAME], _questions(), rate).measured.waits)
        with term() as (url, texts):
            ours.append(_run(contest.ours(url), texts, rate).measured.waits)
    measures: tuple[tuple[str, Callable[[list[float]], float], float], ...] = (
        ("median", median, 1.5),
        ("99th percentile", _late, 3),
    )
    for what, of, mark in measures:
        mine, others = (1000 * median(map(of, waits)) for waits in (ours, theirs))
        yield Row(
            f"{what} from update to answer, at half load",
            SAME,
            mine / others,
            mark,
            f"{mine:.1f} and {others:.1f} ms at {rate:.0f} a second",
        )


def _late(waits: list[float]) -> float:
    return quantiles(waits, n=100)[98]


def _rate(command: Command, texts: Texts) -> float:
    return _run(command, texts).measured.rate


def _run(command: Command, texts: Texts, rate: float | None = None) -> Run:
    if rate is None:
        return contest.run(command, Plan(texts, ANSWERS, WARM_UP))
    return contest.run(command, Plan(texts, SETTLED + ANSWERS, SETTLED, rate))


def _questions() -> Texts:
    first = scenes.FIRST_PERSON
    return dict.fromkeys(range(first, first + PEOPLE), QUESTIONS)


@contextmanager
def term() -> Iterator[tuple[str, Texts]]:
    """The database of fifty members of one group in the middle of its term, who ask."""
    now = SystemClock().now()
    with scenes.database() as (url, store):
        with store.writing() as session:
            group = scenes.add_group(session, 1, 15, ahead=7, now=now, taken=False)
            scenes.add_people(session, group, scenes.FIRST_PERSON, PEOPLE)
        yield url, _questions()


@contextmanager
def claiming() -> Iterator[tuple[str, Texts]]:
    """The database of fifty members of ten groups, each of whom claims slot after slot."""
    now = SystemClock().now()
    each = PEOPLE // GROUPS
    weeks = each * SLOTS_EACH // 2
    with scenes.database() as (url, store):
        texts: Texts = {}
        with store.writing() as session:
            for number in range(GROUPS):
                group = scenes.add_group(session, number, weeks, ahead=weeks, now=now, taken=False)
                first = scenes.FIRST_PERSON + number * each
                people = scenes.add_people(session, group, first, each)
                for place, account in enumerate(people):
                    texts[account] = tuple(_claims(now, place, each, weeks))
        yield url, texts


def _claims(now: datetime, place: int, each: int, weeks: int) -> Iterator[str]:
    for slot in range(place, 2 * weeks, each):
        week, position = divmod(slot, 2)
        day = now.date() + scenes.WEEK * week + timedelta(days=1)
        yield f"/claim {day} {position + 1} {scenes.title(slot)}"
