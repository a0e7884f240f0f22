"""The two groups of `tests.fuzz.scene`: for tests of one thing, and for whatever can be done."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import URL

from bot.clock import MovableClock
from bot.sandbox import Person
from tests.fuzz.inside import AtOnce, inside
from tests.fuzz.rows import Rows, Watch, difference
from tests.fuzz.scene import BEGINS, Scene, build


@pytest.fixture
async def scene(sqlite_url: URL) -> AsyncIterator[Scene]:
    store = AtOnce(sqlite_url)
    async with inside(store, MovableClock(BEGINS)) as made:
        yield await build(made)
    store.close()


@dataclass(slots=True)
class Trial:
    """A scene that is put back to what it was after each try."""

    scene: Scene
    watch: Watch
    saved: sqlite3.Connection
    path: str
    before: dict[int, Rows]

    @property
    def people(self) -> dict[str, Person]:
        return self.scene.cast.named()

    async def changes(self, group_id: int, act: Callable[[], Awaitable[Any]]) -> list[Any]:
        """Which of the group's rows are other ones after this, and before they are put back."""
        await act()
        if not self.watch.has_changed():
            return []
        changed = difference(self.before[group_id], self.watch.rows(group_id))
        self.put_back()
        return changed

    def put_back(self) -> None:
        with sqlite3.connect(self.path) as there:
            self.saved.backup(there)
        there.close()
        self.watch.has_changed()


@pytest.fixture
async def trial(sqlite_url: URL) -> AsyncIterator[Trial]:
    store = AtOnce(sqlite_url)
    path = str(sqlite_url.database)
    saved = sqlite3.connect(":memory:")
    async with inside(store, MovableClock(BEGINS)) as made:
        scene = await build(made)
        with sqlite3.connect(path) as there:
            there.backup(saved)
        there.close()
        watch = Watch(path)
        yield Trial(scene, watch, saved, path, {number: watch.rows(number) for number in (1, 2)})
        assert [record.getMessage() for record in made.heard.records] == []
        assert made.refused == []
        watch.close()
    saved.close()
    store.close()
