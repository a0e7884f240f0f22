"""A sandbox with three people and a group, without limits, and a bot's side of it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.clock import MovableClock
from bot.sandbox import Chat, Limits, Person, Sandbox
from tests.sandbox.api import Api

NO_LIMITS = Limits(overall_per_second=None, group_per_minute=None, private_per_second=None)


@pytest.fixture
async def sandbox(clock: MovableClock) -> AsyncIterator[Sandbox]:
    made = Sandbox(clock, limits=NO_LIMITS)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    async with ClientSession() as session:
        yield Api(session, sandbox)


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    return sandbox.add_person("Ada Lovelace", "ada", note="organizer")


@pytest.fixture
def bob(sandbox: Sandbox) -> Person:
    return sandbox.add_person("Bob")


@pytest.fixture
def group(sandbox: Sandbox, ada: Person, bob: Person) -> Chat:
    return sandbox.add_group("Readers", {ada: "creator", bob: "member"})
