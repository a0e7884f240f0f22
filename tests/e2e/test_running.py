"""Starting, stopping and going on: what whoever runs the bot lives with."""

import asyncio
import os
import signal
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import URL

from bot.config import PREFIX, Settings, TelegramSettings
from bot.errors import OperatorError
from bot.sandbox import Hold
from bot.text.commands import COMMANDS
from storage.enums import DeliveryState
from storage.models import Delivery
from tests.e2e.room import Room, new_bot


def _with_token(here: Room, token: str) -> Settings:
    telegram = TelegramSettings(token=SecretStr(token), api_base_url=here.sandbox.origin)
    return here.settings.model_copy(update={"telegram": telegram})


async def test_a_second_copy_on_one_database_explains_itself(here: Room) -> None:
    second = new_bot(here.settings, here.store, here.clock)
    second._lease._me = second._lease._me._replace(host="elsewhere", process=4711)

    with pytest.raises(OperatorError, match="Another copy of the bot runs on this database"):
        await second.run()
    assert "REFRAG" in await here.say(here.ann, "/next")


async def test_a_wrong_token_ends_the_start_with_one_sentence(here: Room) -> None:
    await here.stop()
    wrong = new_bot(_with_token(here, "1234567:not-the-right-one"), here.store, here.clock)

    with pytest.raises(OperatorError, match="does not accept the bot token"):
        await wrong.run()


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
    for_organizers = {c.name for c in COMMANDS if c.for_organizers}
    assert admin - member == for_organizers
    assert {"move", "assign", "undo", "setup"} <= for_organizers
    assert "setup" not in private


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


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP], ids=["told", "terminal closed"])
async def test_the_command_runs_until_the_operator_ends_it(
    here: Room, sqlite_url: URL, tmp_path: Path, end: signal.Signals
) -> None:
    await here.stop()
    settings = {
        "TELEGRAM__TOKEN": here.sandbox.token,
        "TELEGRAM__API_BASE_URL": here.sandbox.origin,
        "STORAGE__URL": sqlite_url.render_as_string(),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env={**os.environ, **{f"{PREFIX}{name}": value for name, value in settings.items()}},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # Whoever runs the tests with nohup has all that they start ignore it.
        preexec_fn=partial(signal.signal, end, signal.SIG_DFL),
    )

    try:
        answer = await here.say(here.ann, "/help")
    finally:
        process.send_signal(end)
        printed, logged = await process.communicate()

    lines = logged.decode().splitlines()
    assert answer.startswith("I keep the schedule of Systems.")
    assert (process.returncode, printed) == (0, b"")
    assert [line.partition(" INFO ")[2] for line in lines] == [
        "@reading_group_bot is at work.",
        "Stopping, once what is in hand is done.",
        "Stopped.",
    ]
