"""Starting and stopping when Telegram or another copy of the bot is in the way."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from apscheduler.schedulers.base import BaseScheduler
from sqlalchemy import URL

from bot import app
from bot.app import ReadingGroupBot
from bot.errors import OperatorError
from bot.sandbox import ApiError, Drop, Garbage, Hold
from bot.sandbox.faults import Fault
from bot.sandbox.menus import Menus
from bot.sandbox.methods import METHODS
from bot.scheduling import start_ticking
from bot.services import leases
from bot.services.leases import Holder
from bot.telegram.limits import FloodLimits
from bot.telegram.patience import AT_ONCE
from tests.e2e.room import Room, new_bot, room

ELSEWHERE = Holder("elsewhere", 4711, datetime(2026, 1, 9, tzinfo=UTC))


async def _no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


def _said(caplog: pytest.LogCaptureFixture, words: str) -> int:
    return sum(words in record.getMessage() for record in caplog.records)


async def test_the_bot_begins_once_telegram_can_be_reached(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await here.stop()
    here.sandbox.say(here.ann, here.chat, "/next")
    told = len(here.told())
    port = int(here.sandbox.origin.rpartition(":")[2])
    await here.sandbox.stop()
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            await here.sandbox.start(port)

    here.bot = new_bot(here.settings, here.store, here.clock)
    here.bot._wait = wait  # type: ignore[method-assign]
    here.running = asyncio.create_task(here.bot.run())
    await here.sandbox.settled()

    assert "REFRAG" in here.told()[told]
    assert waits == [1.0, 2.0, 4.0]
    assert _said(caplog, "Telegram cannot be reached") == 1


async def test_menus_that_were_not_set_are_set_later(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await here.stop()
    here.sandbox.menus = Menus()
    here.sandbox.fail_next("setMyCommands", Garbage(502, "<html>"), count=2)
    here.bot = new_bot(here.settings, here.store, here.clock)
    here.bot._wait = _no_pause  # type: ignore[assignment,method-assign]
    here.running = asyncio.create_task(here.bot.run())

    def of_organizers() -> set[str]:
        seen = here.sandbox.menus.seen_by(here.admin.id, here.chat)
        return {command["command"] for command in seen}

    await here.sandbox.wait_for(lambda: "setup" in of_organizers())

    assert _said(caplog, "The command menus were not set") == 1


async def test_a_bot_that_never_reached_telegram_can_be_stopped(here: Room) -> None:
    await here.stop()
    here.sandbox.fail_next("getMe", Drop.BEFORE, count=1000)
    bot = new_bot(here.settings, here.store, here.clock)

    async def stop_instead(seconds: float) -> None:
        bot.stop()

    bot._wait = stop_instead  # type: ignore[method-assign]
    await bot.run()

    with here.store.writing() as session:
        taken = leases.acquire(session, ELSEWHERE, here.clock.now(), lambda _: True)
    assert taken is None


@pytest.mark.parametrize(
    "fault",
    [Drop.BEFORE, Drop.AFTER, Garbage(502, "<html>"), ApiError(429, "Too Many", retry_after=1)],
    ids=["before", "after", "page", "429"],
)
async def test_a_fault_in_any_step_of_the_start_is_overcome(
    here: Room, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(ReadingGroupBot, "_wait", lambda _bot, seconds: _no_pause(seconds))
    for method in ("getMe", "deleteWebhook", "setMyCommands"):
        await here.stop()
        here.sandbox.fail_next(method, fault)
        await here.start()

        assert "REFRAG" in await here.say(here.ann, "/next")


async def test_a_webhook_from_another_life_is_taken_away_with_nothing_lost(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete(sandbox: Any, given: dict[str, Any]) -> bool:
        assert not given.get("drop_pending_updates")
        sandbox.faults.lasting.clear()
        return True

    monkeypatch.setitem(METHODS, "deleteWebhook", delete)
    await here.stop()
    in_the_way = ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
    here.sandbox.faults.lasting["getUpdates"] = in_the_way
    here.sandbox.say(here.ann, here.chat, "/next")
    told = len(here.told())
    await here.start()
    await here.sandbox.settled()

    assert "REFRAG" in here.told()[told]


async def test_a_webhook_that_somebody_sets_meanwhile_is_taken_away_and_told_once(
    here: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def delete(sandbox: Any, given: dict[str, Any]) -> bool:
        assert not given.get("drop_pending_updates")
        sandbox.faults.lasting.clear()
        return True

    caplog.set_level(logging.INFO)
    here.bot._poller._pause = _no_pause
    monkeypatch.setitem(METHODS, "deleteWebhook", delete)
    here.sandbox.fail_next("deleteWebhook", Drop.BEFORE)
    in_the_way = ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
    here.sandbox.faults.lasting["getUpdates"] = in_the_way
    assert "REFRAG" in await here.say(here.ann, "/next")
    assert "REFRAG" in await here.say(here.ann, "/next")
    here.clock.move(timedelta(minutes=1))
    assert "REFRAG" in await here.say(here.ann, "/next")

    assert _said(caplog, "Somebody has set a webhook") == 1
    assert _said(caplog, "No webhook takes the bot's messages away any more") == 1


async def test_somebody_elses_poll_is_told_of_once_and_survived(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    here.bot._poller._pause = _no_pause
    url = f"{here.sandbox.origin}/bot{here.sandbox.token}/getUpdates"
    # What acknowledges the last update is a long poll, which another one then ends.
    assert "REFRAG" in await here.say(here.ann, "/next")
    async with (
        aiohttp.ClientSession() as other,
        other.post(url, data={"timeout": 0}) as answer,
    ):
        assert answer.status == 200
    assert "REFRAG" in await here.say(here.ann, "/next")
    here.clock.move(timedelta(minutes=1))
    assert "REFRAG" in await here.say(here.ann, "/next")

    assert _said(caplog, "Another copy of the bot is polling") == 1
    assert _said(caplog, "No other copy of the bot is polling any more") == 1


async def test_what_is_in_hand_at_a_stop_is_answered_once(here: Room) -> None:
    people = [here.sandbox.add_person(f"Person {number}") for number in range(12)]
    hold = Hold()
    here.sandbox.fail_next("sendMessage", hold, count=6)
    for person in people:
        here.chat.members[person.id] = "member"
        here.sandbox.say(person, None, "hello")
    waiting = [here.sandbox.private(person) for person in people]
    await here.sandbox.wait_for(lambda: sum(len(here.told(chat)) for chat in waiting) >= 6)

    here.bot.stop()
    hold.release()
    await here.running
    await here.start()
    await here.sandbox.settled()

    assert [len(here.told(chat)) for chat in waiting] == [1] * len(people)


async def test_the_scheduler_has_one_job_however_often_the_bot_starts(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[BaseScheduler]()

    def seen(tick: Callable[[], Any], seconds: float) -> Any:
        made.append(start_ticking(tick, seconds))
        return made[-1]

    monkeypatch.setattr(app, "start_ticking", seen)
    for _ in range(2):
        await here.stop()
        await here.start()
        assert [job.id for job in made[-1].get_jobs()] == ["tick"]

    assert [scheduler.running for scheduler in made] == [False, True]


async def test_a_copy_that_was_held_up_gives_way_to_the_one_that_took_over(here: Room) -> None:
    here.clock.set(here.clock.now() + timedelta(minutes=2))
    with here.store.writing() as session:
        assert leases.acquire(session, ELSEWHERE, here.clock.now(), lambda _: True) is None

    await here.bot.tick()

    with pytest.raises(OperatorError, match="process 4711 on elsewhere"):
        await here.running


async def test_of_two_copies_in_containers_of_one_name_the_later_stays(here: Room) -> None:
    # Each is the first process of its container, and sees none of the other's.
    here.clock.move(timedelta(seconds=1))
    later = new_bot(here.settings, here.store, here.clock)
    assert later._lease._me[:2] == here.bot._lease._me[:2]
    await later._lease.begin()

    await here.bot.tick()

    with pytest.raises(OperatorError, match="Another copy of the bot runs on this database"):
        await here.running
    await later._lease.renew()


async def test_the_lease_of_a_copy_that_is_gone_is_waited_out(here: Room) -> None:
    await here.stop()
    with here.store.writing() as session:
        assert leases.acquire(session, ELSEWHERE, here.clock.now(), lambda _: True) is None
    with pytest.raises(OperatorError, match="or wait a minute"):
        await here.start()

    here.clock.set(here.clock.now() + leases.LASTS)
    await here.start()

    assert "REFRAG" in await here.say(here.ann, "/next")


async def test_a_token_that_is_taken_back_is_told_once_and_tried_again(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    here.bot._poller._pause = _no_pause
    here.sandbox.fail_next("getUpdates", ApiError(401, "Unauthorized"), count=3)

    for _ in range(2):
        assert "REFRAG" in await here.say(here.ann, "/next")

    assert _said(caplog, "Telegram no longer accepts the bot's token") == 1


async def test_with_telegrams_limits_an_answer_waits_and_comes_once(
    here: Room,
) -> None:
    slept: list[float] = []

    async def note(seconds: float) -> None:
        slept.append(seconds)

    await here.stop()
    told = len(here.told())
    here.bot = ReadingGroupBot(here.settings, here.store, here.clock, tick_seconds=3600)
    limits = here.bot._application.bot.rate_limiter
    assert isinstance(limits, FloodLimits)
    limits._now, limits._sleep = lambda: sum(slept), note
    here.sandbox.fail_next("sendMessage", ApiError(429, "Too Many Requests", retry_after=7))
    here.running = asyncio.create_task(here.bot.run())

    assert "REFRAG" in await here.say(here.ann, "/next")
    assert len(here.told()) == told + 1
    assert slept == [7]


async def test_as_it_is_run_the_bot_passes_a_flood_over(here: Room) -> None:
    await here.stop()
    here.bot = ReadingGroupBot(here.settings, here.store, here.clock, tick_seconds=3600)
    here.running = asyncio.create_task(here.bot.run())

    for _ in range(AT_ONCE):  # taps, since of messages Telegram takes twenty a minute
        tap = here.sandbox.queries.tap(here.ann, here.sandbox.last(here.chat), "c1:nothing")
        here.sandbox.updates.put("callback_query", tap.as_api())
    assert await here.say(here.ann, "/next") == (
        "That was a lot at once. I answer you again in a minute."
    )
    assert await here.say(here.ann, "/next") == ""
    assert "REFRAG" in await here.say(here.ben, "/next")


async def test_the_token_is_in_no_record_of_any_logger(
    sqlite_url: URL, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with room(sqlite_url) as here:
        await here.set_up()
        here.bot._poller._pause = _no_pause
        for fault in (Drop.BEFORE, Garbage(502, "<html>"), ApiError(401, "Unauthorized")):
            here.sandbox.fail_next("sendMessage", fault)
            here.sandbox.fail_next("getUpdates", fault)
            await here.say(here.ann, "/next")
        token = here.sandbox.token

    records = [f"{r.name}: {r.getMessage()} {r.exc_text or ''}" for r in caplog.records]
    assert [record for record in records if token in record or token[11:] in record] == []
