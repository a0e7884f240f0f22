"""A desk on each kind of database."""

import pytest

from bot.clock import MovableClock
from storage.store import Store
from tests.delivery.desk import Desk, desk


@pytest.fixture
def here(store: Store, clock: MovableClock) -> Desk:
    return desk(store, clock)
