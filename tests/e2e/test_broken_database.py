"""The disk and the file while the bot runs."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL, event
from sqlalchemy.exc import OperationalError

from bot.errors import OperatorError
from bot.telegram import cards
from storage.backup import back_up
from tests.damage import damage
from tests.e2e.room import Room, room

SORRY = "I could not do that just now. Please try again in a minute."


@pytest.fixture(name="here")
async def _here(sqlite_url: URL) -> AsyncIterator[Room]:
    async with room(sqlite_url) as made:
        await made.set_up()
        yield made


def _on_every_use(here: Room, pragma: str) -> None:
    def use(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    for engine in here.store._engines:
        event.listen(engine, "checkout", use)


def _errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]


async def test_a_full_disk_is_told_and_the_bot_goes_on_by_itself_when_there_is_room(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    _on_every_use(here, "max_page_count = 1")  # SQLite takes it as: no page more than there is
    long = "/announce " + 590 * "word "  # two of them fit on no page of the database

    assert [await here.say(here.admin, long) for _ in range(2)][-1] == SORRY

    assert "REFRAG" in await here.say(here.ann, "/next")
    assert [said.partition(": ")[2] for said in _errors(caplog)] == [
        f"{here.store.url.database} cannot grow: the disk is full. Make room and try again."
    ]
    assert not [r for r in caplog.records if r.exc_info]

    _on_every_use(here, "max_page_count = 4294967294")
    assert (await here.say(here.admin, long)).startswith("📢 word word")


async def test_a_database_that_another_program_holds_is_told_and_waited_out(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    _on_every_use(here, "busy_timeout = 1")
    other = sqlite3.connect(str(here.store.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert await here.say(here.ann, "/claim jan 20 1 Mine") == SORRY
    await here.bot.tick()
    await here.bot.tick()
    held_up = [said for said in _errors(caplog) if "held up" in said]
    assert len(held_up) == len(set(held_up)) > 0
    assert all("is in use by another program" in said for said in _errors(caplog))

    other.close()
    assert "✅ Ann presents" in await here.say(here.ann, "/claim jan 20 1 Mine")


async def test_the_bot_ends_well_although_another_program_holds_the_database(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    _on_every_use(here, "busy_timeout = 1")
    with closing(sqlite3.connect(str(here.store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await here.stop()

    assert here.running.exception() is None
    said = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert [line.partition(": ")[0] for line in said] == ["The lease ends by itself in a minute"]


async def test_a_file_that_is_damaged_while_the_bot_runs_is_named_in_the_log(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    damage(Path(str(here.store.url.database)), "talks")

    assert await here.say(here.ann, "/next") == SORRY
    await here.bot.tick()

    said = (
        f"{here.store.url.database} is damaged. Restore a backup: reading-group-bot restore FILE."
    )
    assert [error.partition(": ")[2] for error in _errors(caplog)] == [said, said]
    assert not [r for r in caplog.records if r.exc_info]
    assert (await here.say(here.ann, "/help")).startswith("I keep the schedule")


async def test_a_file_that_was_moved_away_ends_the_bot_with_one_sentence(here: Room) -> None:
    path = str(here.store.url.database)
    os.rename(path, f"{path}.elsewhere")  # noqa: PTH104 - the other one counts as slow here

    await here.bot.tick()
    await asyncio.wait({here.running})

    with pytest.raises(OperatorError, match="The database file was moved or deleted"):
        here.running.result()


async def test_another_file_in_its_place_ends_the_bot_and_is_gone_on_with(here: Room) -> None:
    path = Path(str(here.store.url.database))
    back_up(here.store.url, path.with_name("copy.db"))
    await here.say(here.ann, "/claim jan 20 1 After the copy")
    path.with_name("copy.db").rename(path)

    await here.bot.tick()
    await asyncio.wait({here.running})

    with pytest.raises(OperatorError, match="Another database was put in the place of the bot's"):
        here.running.result()


async def test_a_card_that_could_not_be_looked_up_is_changed_by_a_later_tick(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))

    await here.say(here.ann, "/claim jan 20 1 LithOS")
    card, private = here.sandbox.last(here.chat), here.sandbox.private(here.ann)
    with monkeypatch.context() as patched:
        patched.setattr(cards, "_shown", busy)
        assert "NanoFlow" in await here.say(here.ann, "/edit NanoFlow", private)
        await here.bot.tick()
    assert "LithOS" in card.text
    await here.bot.tick()

    assert "NanoFlow" in card.text
