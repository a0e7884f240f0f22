"""One request that fails, in each way and in each method that members wait for: what was done
stands, what was not is said, and asking again helps."""

import logging

import pytest

from bot.sandbox import ApiError, Drop, Garbage, Person
from bot.sandbox.faults import Fault
from tests.e2e.room import Room
from tests.pdfs import a_pdf

FAULTS: list[Fault] = [
    Drop.BEFORE,
    Drop.AFTER,
    Drop.HALFWAY,
    Garbage(200, "<html>Log in</html>"),
    Garbage(502, "<html>Bad Gateway</html>"),
    ApiError(502, "Bad Gateway"),
    ApiError(429, "Too Many Requests", retry_after=3),
    ApiError(401, "Unauthorized"),
]
SLOT = "Tue 20 January · Topic I"


def _is_calm(caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the log has a line for each answer that was lost, and none with a traceback."""
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    return len(told) <= len(FAULTS) and all(record.exc_info is None for record in told)


@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
async def test_what_a_tap_did_stands(
    here: Room, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    for fault in FAULTS:
        await here.say(here.ann, "/claim LithOS")
        question = here.sandbox.last(here.chat)
        here.sandbox.fail_next(method, fault)
        await here.tap(here.ann, SLOT, question)
        assert "LithOS" in await here.say(here.ann, "/meeting jan 20")
        await here.say(here.admin, "/unassign jan 20 1")

    assert _is_calm(caplog)


async def test_what_a_command_did_stands_and_saying_it_again_changes_nothing(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    for fault in FAULTS:
        here.sandbox.fail_next("sendMessage", fault)
        await here.say(here.ann, "/claim jan 20 1 LithOS")
        assert "already" in await here.say(here.ann, "/claim jan 20 1 LithOS")
        await here.say(here.admin, "/unassign jan 20 1")

    assert _is_calm(caplog)


async def test_an_organizer_of_whom_telegram_does_not_tell_is_asked_to_say_it_again(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    for fault in FAULTS:
        here.sandbox.fail_next("getChatMember", fault)
        said = await here.say(here.admin, "/cancel jan 20")
        assert said.startswith("Telegram did not tell me whether you may do that, so I changed")
        assert "Systems" in await here.say(here.admin, "/settings")

    assert _is_calm(caplog)


async def test_slides_that_do_not_get_through_are_sent_again_in_both_directions(
    here: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await here.say(here.ann, "/claim jan 13 2 TrainVerify")
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    for fault in FAULTS:
        here.sandbox.fail_next("getFile", fault)
        assert (await _sends(here, here.ann)).startswith("Telegram did not give me that file.")
    assert "TrainVerify" in await _sends(here, here.ann)
    caplog.clear()
    for fault in FAULTS:
        here.sandbox.fail_next("sendDocument", fault)
        await here.say(here.ann, "/slides jan 13", private)
        await here.say(here.ann, "/slides jan 13", private)
        assert here.sandbox.last(private).document is not None

    assert _is_calm(caplog)


async def _sends(here: Room, person: Person) -> str:
    """Send slides in private; returns the answer."""
    private = here.sandbox.private(person)
    before = len(here.told(private))
    here.sandbox.send_file(person, private, "slides.pdf", a_pdf())
    await here.sandbox.settled()
    return "\n".join(here.told(private)[before:])
