"""Ten minutes in which Telegram, or the way to it, fails in each of the ways it has."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import URL

from bot.sandbox import ApiError, Drop, Garbage, Hold
from bot.sandbox.faults import Fault
from bot.telegram import application
from bot.telegram.transport import AiohttpRequest
from tests.e2e.room import Room, room

DUE = datetime(2026, 1, 10, 19)
SENDING = ("sendMessage", "sendPhoto", "editMessageText", "answerCallbackQuery", "getMe")
ALL = (*SENDING, "getUpdates", "sendDocument", "getFile", "getChatMember")
SILENCE_SECONDS = 0.3
"""After which the bot gives a request up: on loopback that is long."""

POLLING = {
    "network": ("Telegram cannot be reached", "Telegram can be reached again"),
    "flood": ("Telegram asks the bot to wait", "Telegram lets the bot go on"),
    "token": ("Telegram no longer accepts", "Telegram accepts the bot's token again"),
    "answer": ("Telegram's answer makes no sense", "Telegram's answers make sense again"),
}
HELD_UP = ("Messages that are due wait until Telegram answers", "Messages go out again")


@dataclass(frozen=True, slots=True)
class Case:
    """`arrives` says whether what is sent into the fault arrives all the same; None: whether it
    did, nobody can know, and it did not."""

    name: str
    fault: Fault
    methods: tuple[str, ...]
    polling: str | None
    asked: bool
    arrives: bool = False


CASES = [
    Case("time-out before delivery", Hold(before=True), SENDING, None, asked=True),
    Case("time-out after delivery", Hold(), SENDING, None, asked=True, arrives=True),
    Case("reset before", Drop.BEFORE, ALL, "network", asked=True),
    Case("reset after", Drop.AFTER, ALL, "network", asked=True, arrives=True),
    Case("truncated", Drop.HALFWAY, ALL, "network", asked=True, arrives=True),
    Case("page for JSON", Garbage(200, "<html>Log in</html>"), ALL, "answer", asked=True),
    Case("502 page", Garbage(502, "<html>Bad Gateway</html>"), ALL, "network", asked=True),
    Case("502", ApiError(502, "Bad Gateway"), ALL, "network", asked=False),
    Case("429", ApiError(429, "Too Many Requests", retry_after=30), ALL, "flood", asked=False),
    Case("401", ApiError(401, "Unauthorized"), ALL, "token", asked=False),
]


@dataclass(slots=True)
class Scene:
    """`here` it is a quarter to seven, and the organizer may be written to in private. As long as a
    fault lasts, what the poller waits for is the next minute."""

    here: Room
    minute: asyncio.Event

    async def at(self, *minutes: int) -> None:
        """Each of these minutes after an announcement is due."""
        for number in minutes:
            self.minute.set()
            if self.here.sandbox.faults.lasting:
                self.minute.clear()
            await self.here.go_to(DUE + timedelta(minutes=number))

    async def is_mended(self) -> None:
        self.here.sandbox.faults.lasting = {}
        self.minute.set()
        await self.here.sandbox.settled()

    def announced(self) -> int:
        return sum("📣" in text for text in self.here.told())


@pytest.fixture
async def scene(
    sqlite_url: URL, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Scene]:

    class Hasty(AiohttpRequest):
        def __init__(self, **given: object) -> None:
            super().__init__(**given, read_timeout=SILENCE_SECONDS)  # type: ignore[arg-type]

    monkeypatch.setattr(application, "AiohttpRequest", Hasty)
    minute = asyncio.Event()

    async def pause(_seconds: float) -> None:
        await minute.wait()

    async with room(sqlite_url, begins=DUE - timedelta(minutes=15)) as made:
        await made.set_up()
        await made.say(made.admin, "/start", made.sandbox.private(made.admin))
        made.bot._poller._pause = pause
        caplog.set_level(logging.INFO)
        caplog.clear()
        yield Scene(made, minute)
        minute.set()


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of the fault itself, not of one message or update."""
    assert not any(record.exc_info for record in caplog.records)
    ours = [r for r in caplog.records if r.name.startswith("bot.") or r.levelno > logging.INFO]
    lines = [record.getMessage() for record in ours]
    return [line for line in lines if not line.startswith(("delivery ", "update "))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
async def test_ten_minutes_of_a_fault_lose_nothing_repeat_nothing_and_are_told_once(
    scene: Scene, caplog: pytest.LogCaptureFixture, case: Case
) -> None:
    here = scene.here
    private = here.sandbox.private(here.admin)
    in_private = len(here.told(private))
    here.sandbox.faults.lasting = dict.fromkeys(case.methods, case.fault)
    here.sandbox.say(here.ann, here.chat, "/next")
    await scene.at(0, 1, 4, 7, 10)
    if isinstance(case.fault, Hold):
        case.fault.release()
    await scene.is_mended()
    for minutes in (11, 13):
        await scene.at(minutes)
        assert "REFRAG" in await here.say(here.ann, "/next")

    worried = [m for m in here.sandbox.messages(private)[in_private:] if m.text[:1] in ("❓", "🕖")]
    assert len(worried) == 1
    if case.asked:
        assert worried[0].text.startswith("❓ Announcement of Tue 13 January may not have reached")
        assert scene.announced() == int(case.arrives)
        await here.tap(here.admin, "It arrived" if case.arrives else "Send again", worried[0])
        await scene.at(14)
    else:
        assert worried[0].text.startswith("🕖 Announcement of Tue 13 January reached Systems only")
    assert scene.announced() == 1
    assert "your turn" in "".join(here.told(private)[in_private:])

    told = [*POLLING.get(case.polling or "", ()), *(HELD_UP if case.polling != "flood" else ())]
    said = _said(caplog)
    assert len(said) == len(told)
    assert all(sum(line.startswith(words) for line in said) == 1 for words in told)


async def test_another_copy_that_stays_is_told_once_in_the_log_and_to_each_organizer(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    here = scene.here
    private = here.sandbox.private(here.admin)
    taken = ApiError(409, "Conflict: terminated by other getUpdates request")
    here.sandbox.faults.lasting = {"getUpdates": taken}
    here.sandbox.say(here.ann, here.chat, "/next")
    await scene.at(0, 1, 9)
    assert not any("Another program" in text for text in here.told(private))
    await scene.at(10, 11, 12)
    assert sum("Another program" in text for text in here.told(private)) == 1
    assert scene.announced() == 1

    await scene.is_mended()
    for minutes in (13, 15):
        await scene.at(minutes)
        assert "REFRAG" in await here.say(here.ann, "/next")
    assert sum("Another program" in text for text in here.told(private)) == 1
    assert [line[:22] for line in _said(caplog)] == [
        "Another copy of the bo",
        "No other copy of the b",
    ]
