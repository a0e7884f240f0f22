"""Playing: one scene, some thousands of updates, and everything looked at after each."""

import asyncio
import logging
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from sqlalchemy import URL

from bot.clock import MovableClock
from tests.fuzz.inside import AtOnce, Inside, inside
from tests.fuzz.judge import Judge
from tests.fuzz.rough import edit_a_page
from tests.fuzz.rows import Rows, Watch
from tests.fuzz.scene import BEGINS, Scene, build
from tests.fuzz.updates import Sent, Writer, shown
from tests.soak.faults import Chaos

A_LOOK = 150
"""After so many updates time passes, the bot ticks, and has to answer a plain question."""

HOURS = (1, 1, 2, 6, 12, 24)
"""So many of them may pass then: meetings come, are reminded of, and are over."""

WEEKS = (24, 7 * 24, 14 * 24)
"""Likewise in one episode of four, in which terms come to their end."""

ASTRAY = (1, 12, 24, -1, -24, 30 * 24, -30 * 24)
"""Likewise in another of four, in which somebody sets the machine's clock now and then."""

EDITED = 0.3
"""How often somebody edited a page meanwhile."""

FAILING = 0.03
"""Of the requests in one episode of three."""

MOST_FOUND = 20
LEFT_OUT = "could not be read and is left out"
NOT_TAKEN = "the answer was not taken"
MOVED = "Group migrated to supergroup"


@dataclass(frozen=True, slots=True)
class Finding:
    """`seed` and `number` lead to the update again."""

    seed: int
    number: int
    what: str
    update: str


@dataclass(slots=True)
class Outcome:
    """`ways` has how many updates were made in which way, `changed` how many of them changed what
    belongs to a group, `deeds` what was done by the audit log."""

    played: int = 0
    answered: int = 0
    found: list[Finding] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    ways: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)


async def episode(seed: int, count: int, empty: Path, folder: Path) -> Outcome:
    """`empty` is a database without a row, of the newest revision."""
    path = shutil.copyfile(empty, folder / f"fuzz-{seed}.db")
    store = AtOnce(URL.create("sqlite+direct", database=str(path)))
    try:
        async with inside(store, MovableClock(BEGINS)) as bot:
            scene = await build(bot)
            watch = Watch(str(path))
            try:
                return await _Player(bot, scene, watch, seed).play(count)
            finally:
                watch.close()
    finally:
        store.close()
        _forget(path)


def _forget(path: Path) -> None:
    shutil.rmtree(f"{path}-public", ignore_errors=True)
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


class _Player:
    def __init__(self, bot: Inside, scene: Scene, watch: Watch, seed: int) -> None:
        self._bot = bot
        self._scene = scene
        self._watch = watch
        self._seed = seed
        self._judge = Judge(scene, watch)
        self._random = Random(seed)
        self._hours = {1: ASTRAY, 3: WEEKS}.get(seed % 4, HOURS)
        self._smooth, self._rough = bot.sandbox.faults, Chaos(Random(seed), FAILING)
        self._fails = seed % 3 == 2
        self._writer = Writer(scene, self._random)
        self._rows: dict[int, Rows] = {}
        self._outcome = Outcome()

    async def play(self, count: int) -> Outcome:
        self._see()
        self._bot.sandbox.faults = self._rough if self._fails else self._smooth
        before = self._written()
        for number in range(count):
            sent = self._writer.next()
            begins = time.perf_counter()
            await self._bot.take_raw({"update_id": number + 1_000_000, **sent.raw})
            took = time.perf_counter() - begins
            if took > self._outcome.slowest[0]:
                self._outcome.slowest = (took, shown(sent.raw))
            self._look(number, sent)
            if number % A_LOOK == A_LOOK - 1:
                await self._pass_hours(number)
            if len(self._outcome.found) >= MOST_FOUND:
                break
            self._outcome.played += 1
            self._outcome.ways[sent.way] += 1
        self._outcome.answered = self._written() - before
        self._outcome.deeds = self._watch.deeds()
        return self._outcome

    def _written(self) -> int:
        """Messages in chats of many; one that became a supergroup has two of them."""
        chats = self._bot.sandbox.world.chats.values()
        return sum(chat.last_id for chat in chats if not chat.is_private)

    def _see(self) -> None:
        self._watch.has_changed()
        self._rows = {group: self._watch.rows(group) for group in (1, 2)}

    def _look(self, number: int, sent: Sent) -> None:
        for what in (*self._said(malformed=sent.malformed), *self._bot.refused):
            self._find(number, what, sent)
        self._bot.refused.clear()
        if not self._watch.has_changed():
            return
        before = self._rows
        self._rows = {group: self._watch.rows(group) for group in (1, 2)}
        self._outcome.changed[sent.way] += self._rows != before
        for group in (1, 2):
            right = self._judge.right(sent.raw, group)
            for what in self._judge.trespasses(before[group], self._rows[group], right):
                self._find(number, f"{right} may not, in group {group}: {what}", sent)

    def _said(self, *, malformed: bool) -> list[str]:
        heard = self._bot.heard.records
        said = []
        for record in heard:
            text = record.getMessage()
            fine = (malformed and (LEFT_OUT in text or NOT_TAKEN in text)) or MOVED in text
            fine = fine or (self._fails and NOT_TAKEN in text)
            if not fine and (record.levelno >= logging.ERROR or NOT_TAKEN in text):
                said.append(logging.Formatter().format(record)[-3000:])
        heard.clear()
        return said

    async def _pass_hours(self, number: int) -> None:
        self._bot.clock.move(timedelta(hours=self._random.choice(self._hours)))
        if self._random.random() < EDITED:
            edit_a_page(Path(f"{self._bot.store.url.database}-public"), self._random)
        await self._bot.bot.tick()
        await self._bot.bot.published()
        self._bot.sandbox.faults = self._smooth
        person = self._scene.cast.admin
        answer = await self._bot.say(person, "/next", self._scene.here)
        if not answer:
            self._find(number, "the bot answers no more", Sent({}))
        for what in (*self._said(malformed=False), *self._bot.refused):
            self._find(number, f"in the tick: {what}", Sent({}))
        self._bot.refused.clear()
        self._bot.sandbox.faults = self._rough if self._fails else self._smooth
        self._see()

    def _find(self, number: int, what: str, sent: Sent) -> None:
        self._outcome.found.append(Finding(self._seed, number, what, shown(sent.raw)))


class Try(NamedTuple):
    """What `episode` is given, for another process."""

    seed: int
    updates: int
    empty: Path
    folder: Path


def play(what: Try) -> Outcome:
    return asyncio.run(episode(*what))


def quiet() -> None:
    """What is logged is looked at, not shown."""
    logging.lastResort = None
