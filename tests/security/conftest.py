"""The two groups of `tests.fuzz.scene` for tests of one thing."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import URL

from bot.clock import MovableClock
from tests.fuzz.inside import AtOnce, inside
from tests.fuzz.scene import BEGINS, Scene, build


@pytest.fixture
async def scene(sqlite_url: URL) -> AsyncIterator[Scene]:
    store = AtOnce(sqlite_url)
    async with inside(store, MovableClock(BEGINS)) as made:
        yield await build(made)
    store.close()
