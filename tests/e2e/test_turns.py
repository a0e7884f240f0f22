"""Fair turns in the room: whose turn it is, asked in private, and filled near the meeting."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from bot import upkeep
from bot.sandbox import Person
from bot.sandbox.sandbox import PATIENCE
from bot.telegram import cards
from storage.models import Group
from tests.e2e.room import Room


def _private(here: Room, person: Person) -> str:
    return here.told(here.sandbox.private(person))[-1]


async def test_everybody_sees_whose_turn_it_is(here: Room) -> None:
    await here.say(here.ben, "/claim jan 20 1 LithOS")

    assert (await here.say(here.ann, "/turns")).split("\n")[:4] == [
        "Whose turn it is",
        "1. Ada Admin: never yet",
        "2. Bosen Yang: 1 this term, 1 in all, next in 4 days",
        "3. Ben: 1 this term, 1 in all, next in 11 days",
    ]


async def test_an_open_slot_is_offered_to_whose_turn_it_is(here: Room) -> None:
    for person in (here.ann, here.ben):
        await here.say(person, "/start", here.sandbox.private(person))
    await here.bot.tick()
    asked = here.sandbox.last(here.sandbox.private(here.ann))
    assert "Topic II of Tue 13 January, 19:00 is still open" in asked.text
    assert "is still open" not in _private(here, here.ben)

    await here.tap(here.ann, "Not this time", asked)
    assert asked.text == "All right. Topic II of Tue 13 January is open to the others."
    await here.bot.tick()
    asked = here.sandbox.last(here.sandbox.private(here.ben))
    await here.tap(here.ben, "I take it", asked)
    assert "Ben presents on Tue 13 January" in asked.text
    assert "To be announced" in await here.say(here.ann, "/meeting jan 13")


async def test_a_slot_that_nobody_took_is_filled_and_may_be_declined(here: Room) -> None:
    with here.store.writing() as session:
        session.execute(update(Group).values(fill_days=2))
    await here.say(here.ann, "/wait")  # the bot knows whoever did something
    await here.say(here.ben, "/wait")
    await here.go_to(datetime(2026, 1, 11, 18, 59))
    assert "Open" in await here.say(here.ann, "/meeting jan 13")
    await here.go_to(datetime(2026, 1, 11, 19))
    given = here.sandbox.last(here.chat)
    assert given.text.startswith("🙋 Ada Admin, nobody took Topic II of Tue 13 January")
    assert (await here.tap(here.ben, "Not this time", given)).startswith("This button belongs to")
    await here.tap(here.admin, "Not this time", given)
    assert given.text == "All right. Ann has Topic II of Tue 13 January now."
    await here.bot.tick()
    assert here.told()[-1].startswith("🙋 Ann, nobody took Topic II of Tue 13 January")
    assert "Ann" in await here.say(here.ben, "/meeting jan 13")


async def test_cards_that_have_to_wait_keep_nobody_waiting(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh, free = cards.refresh, asyncio.Event()

    async def wait_first(*args: Any) -> None:
        await free.wait()
        await refresh(*args)

    monkeypatch.setattr(upkeep, "FOR_CARDS", 0)
    monkeypatch.setattr(cards, "refresh", wait_first)
    with here.store.writing() as session:
        session.execute(update(Group).values(fill_days=2))
    free.set()
    await here.say(here.admin, "/claim jan 13 2 TrainVerify")
    await here.say(here.admin, "/unassign jan 13 2")
    card = here.sandbox.last(here.chat)
    await here.say(here.ann, "/wait")
    free.clear()

    async with asyncio.timeout(PATIENCE):
        await here.go_to(datetime(2026, 1, 11, 19))

    assert "nobody took Topic II of Tue 13 January" in here.told()[-1]
    assert "To be announced" not in card.text
    free.set()
    await here.sandbox.wait_for(lambda: "To be announced" in card.text)
