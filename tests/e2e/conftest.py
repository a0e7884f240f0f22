"""Rooms for tests that need no page or zone of their own."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import URL

from tests.e2e.room import Room, room


@pytest.fixture
async def bare(sqlite_url: URL) -> AsyncIterator[Room]:
    """A room whose chat is not tied to its group yet."""
    async with room(sqlite_url) as made:
        yield made


@pytest.fixture
async def here(bare: Room) -> Room:
    """A room in which `/setup` is done."""
    await bare.set_up()
    return bare
