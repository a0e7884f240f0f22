"""Answers that Telegram does not take, or takes too late."""

import logging
from datetime import timedelta

import pytest

from bot.sandbox import ApiError, Garbage
from tests.e2e.room import Room


def _levels(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.levelname for r in caplog.records if r.name == "bot.telegram.errors"]


async def test_where_the_bot_may_not_speak_it_says_so_in_one_line_of_the_log(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    told = here.told()
    for status in ("restricted", "kicked"):
        here.sandbox.say(here.ann, here.chat, "/next")
        here.chat.bot_status = status
        await here.sandbox.settled()
        here.chat.bot_status = "member"

    assert here.told() == told
    assert _levels(caplog) == ["WARNING", "WARNING"]
    assert "REFRAG" in await here.say(here.ann, "/next")


async def test_in_a_closed_topic_nothing_breaks(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    forum = here.sandbox.add_group("Forum", {here.admin: "creator"}, forum=True)
    topic = here.sandbox.add_topic(forum, "Papers")
    topic.closed = True
    here.sandbox.say(here.admin, forum, "/setup new", topic=topic)
    await here.sandbox.settled()

    assert _levels(caplog) == ["WARNING"]
    assert "✅ This chat belongs to Forum now." in await here.say(here.admin, "/setup", forum)


async def test_a_fault_of_ours_is_told_once_and_logged_with_its_traceback(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    told = len(here.told())
    refused = ApiError(400, "Bad Request: can't parse entities: unsupported start tag")
    here.sandbox.fail_next("sendMessage", refused)

    assert (await here.say(here.ann, "/next")).startswith("Something went wrong on my side.")

    assert len(here.told()) == told + 1
    failed = [r for r in caplog.records if r.levelname == "ERROR"]
    assert [r.exc_info is not None for r in failed] == [True]


@pytest.mark.parametrize("method", ["sendMessage", "getChatAdministrators"])
async def test_an_answer_that_is_lost_on_the_way_stops_nothing(
    bare: Room, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    bare.sandbox.fail_next(method, Garbage(502, "<html>"), chat=bare.chat)
    await bare.set_up()

    assert _levels(caplog) == ["WARNING"]
    await bare.set_up()
    assert "REFRAG" in await bare.say(bare.ann, "/next")


async def test_a_tap_from_before_a_long_absence_still_counts(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await here.say(here.ann, "/claim LithOS")
    question = here.sandbox.last(here.chat)
    await here.stop()
    booked = here.sandbox.tap(here.ann, question, "Tue 20 January · Topic I")
    foreign = here.sandbox.tap(here.ben, question, "Tue 20 January · Topic II")
    here.clock.set(here.clock.now() + timedelta(hours=2))
    await here.start()
    await here.sandbox.settled()

    assert question.text.startswith("✅ Ann presents on Tue 20 January, 19:00, Topic I\n")
    assert (booked.answered.is_set(), foreign.answered.is_set()) == (False, False)
    assert _levels(caplog) == ["WARNING"]
    assert "REFRAG" in await here.say(here.ben, "/next")
