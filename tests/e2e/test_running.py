"""Starting, stopping and going on: what whoever runs the bot lives with."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import URL

from bot.config import Settings, TelegramSettings
from bot.demo.stage import started
from bot.errors import OperatorError
from bot.sandbox import ApiError, Garbage, Hold
from storage.enums import DeliveryState
from storage.models import Delivery
from tests.e2e.room import TERM, Room, new_bot, room


@pytest.fixture(name="here")
async def _here(sqlite_url: URL) -> AsyncIterator[Room]:
    async with room(sqlite_url) as made:
        await made.set_up()
        yield made


def _with_token(here: Room, token: str) -> Settings:
    telegram = TelegramSettings(token=SecretStr(token), api_base_url=here.sandbox.origin)
    return here.settings.model_copy(update={"telegram": telegram})


async def test_a_second_copy_on_one_database_explains_itself(here: Room) -> None:
    second = new_bot(here.settings, here.store, here.clock)
    second._me = type(second._me)("elsewhere", 4711)

    with pytest.raises(OperatorError, match="Another copy of the bot runs on this database"):
        await second.run()
    assert "REFRAG" in await here.say(here.ann, "/next")


async def test_a_wrong_token_ends_the_start_with_one_sentence(here: Room) -> None:
    await here.stop()
    wrong = new_bot(_with_token(here, "1234567:not-the-right-one"), here.store, here.clock)

    with pytest.raises(OperatorError, match="does not accept the bot token"):
        await wrong.run()


async def test_the_start_waits_until_telegram_answers(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await here.stop()
    here.sandbox.fail_next("getMe", Garbage(502, "<html>Bad Gateway</html>"), count=1)

    await here.start()

    assert "REFRAG" in await here.say(here.ann, "/next")
    assert [r.message for r in caplog.records if "cannot be reached" in r.message] != []


async def test_a_second_poller_is_told_of_once_and_survived(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    conflict = ApiError(409, "Conflict: terminated by other getUpdates request")
    here.bot._poller._pause = _no_pause
    here.sandbox.fail_next("getUpdates", conflict, count=3)

    assert "REFRAG" in await here.say(here.ann, "/next")
    assert "REFRAG" in await here.say(here.ann, "/next")

    said = [r for r in caplog.records if "Another copy of the bot is polling" in r.message]
    assert len(said) == 1


async def test_what_was_said_while_the_bot_was_away_is_answered(here: Room) -> None:
    await here.stop()
    told = len(here.told())
    for _ in range(5):
        here.sandbox.say(here.ann, here.chat, "/next")
    await here.start()
    await here.sandbox.settled()

    assert len(here.told()) == told + 5


async def test_a_crash_in_the_middle_loses_no_message(here: Room) -> None:
    for number in range(20):
        here.sandbox.say(here.ann, here.chat, f"/find nothing{number}")
    here.running.cancel()
    await asyncio.wait({here.running})
    await here.start()
    await here.sandbox.settled()

    told = "\n".join(here.told())
    assert all(f"“nothing{number}”" in told for number in range(20))


async def test_the_command_menus_differ_by_place_and_person(here: Room) -> None:
    def menu(person: int, chat: int) -> set[str]:
        seen = here.sandbox.menus.seen_by(person, here.sandbox.world.chats[chat])
        return {command["command"] for command in seen}

    member = menu(here.ann.id, here.chat.id)
    admin = menu(here.admin.id, here.chat.id)
    private = menu(here.ann.id, here.ann.id)

    assert {"next", "claim", "release", "help"} <= member
    assert admin - member == {"video", "setup"}
    assert "setup" not in private


async def test_the_token_is_in_no_line_of_the_log(
    sqlite_url: URL, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with room(sqlite_url) as here:
        await here.set_up()
        here.sandbox.fail_next("sendMessage", Garbage(502, "<html></html>"))
        await here.say(here.ann, "/next")
        await here.go_to(datetime(2026, 1, 10, 19))
        token = here.sandbox.token

    assert token not in caplog.text
    assert "/bot" not in caplog.text


@pytest.mark.parametrize(
    ("zone", "begins", "due"),
    [
        # The clocks change on the Sunday before this Tuesday.
        ("Europe/Berlin", datetime(2026, 3, 26, 12), datetime(2026, 3, 28, 19)),
        ("America/New_York", datetime(2026, 3, 5, 12), datetime(2026, 3, 7, 19)),
        ("Pacific/Auckland", datetime(2026, 4, 2, 12), datetime(2026, 4, 4, 19)),
    ],
)
async def test_reminders_keep_to_the_wall_clock_across_its_change(
    sqlite_url: URL, zone: str, begins: datetime, due: datetime
) -> None:
    tuesday = (due + timedelta(days=3)).date()
    page = replace(TERM, meetings=(replace(TERM.meetings[0], date=tuesday),))
    async with room(sqlite_url, zone, page, begins) as here:
        await here.set_up()
        told = len(here.told())

        await here.go_to(due - timedelta(minutes=1))
        assert len(here.told()) == told
        await here.go_to(due)
        assert here.told()[told].startswith("📣")
        await here.go_to(due + timedelta(days=2) - timedelta(minutes=1))
        assert len(here.told()) == told + 1
        await here.go_to(due + timedelta(days=2))
        assert here.told()[told + 1].startswith("⏰")


async def _no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_the_bot_can_be_started_from_nothing_twice(here: Room) -> None:
    await here.stop()
    again = new_bot(here.settings, here.store, here.clock)
    running = await started(again)
    again.stop()
    await running
    await here.start()

    assert "REFRAG" in await here.say(here.ann, "/next")


async def test_a_message_under_way_at_the_stop_is_finished_and_noted(here: Room) -> None:
    hold = Hold()
    here.sandbox.fail_next("sendMessage", hold, chat=here.chat)
    here.clock.set(datetime(2026, 1, 10, 19, tzinfo=here.zone))
    tick = asyncio.create_task(here.bot.tick())
    await here.sandbox.wait_for(lambda: here.told()[-1].startswith("📣"))

    here.bot.stop()
    hold.release()
    await tick
    await asyncio.wait({here.running})

    with here.store.reading() as session:
        states = [d.state for d in session.query(Delivery).order_by(Delivery.due_at)]
    assert states[0] is DeliveryState.SENT
