"""A press whose pages are in a folder."""

from pathlib import Path

import pytest

from bot.clock import MovableClock
from storage.store import Store
from tests.publish.press import Press, press


@pytest.fixture
def made(sqlite_store: Store, clock: MovableClock, tmp_path: Path) -> Press:
    """Nothing is published yet."""
    return press(sqlite_store, clock, tmp_path / "public")


@pytest.fixture
async def here(made: Press) -> Press:
    """The page is published."""
    await made.after()
    return made
