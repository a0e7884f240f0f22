"""Turning the pages of the schedule."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from itertools import chain

import pytest
from sqlalchemy import URL, update

from bot.domain.page import PageMeeting, PageSlot, PageTalk
from bot.sandbox import Message
from bot.text.labels import BACK_TO_NEXT, EARLIER, LATER
from storage.models import Talk
from tests.e2e.room import TERM, Room, room

FIRST = date(2025, 10, 7)
DATES = tuple(FIRST + timedelta(weeks=week) for week in range(28))
MANY_WEEKS = TERM._replace(
    meetings=tuple(
        PageMeeting(day, (PageSlot("Topic I", PageTalk(f"Paper of {day:%d.%m.}")),))
        for day in reversed(DATES)
    ),
)
COMING = [f"Paper of {day:%d.%m.}" for day in DATES if day > date(2026, 1, 9)]
PAST = [f"Paper of {day:%d.%m.}" for day in DATES if day <= date(2026, 1, 9)]


@pytest.fixture(name="term")
async def _term(sqlite_url: URL) -> AsyncIterator[Room]:
    async with room(sqlite_url, page=MANY_WEEKS) as made:
        await made.set_up()
        yield made


def _papers(message: Message) -> list[str]:
    return [line[2:] for line in message.text.splitlines() if line.startswith("💡 ")]


async def _turn(term: Room, message: Message, label: str) -> list[list[str]]:
    """Tap one button until it is gone; what every page had, the first one included."""
    pages = [_papers(message)]
    while label in message.labels:
        assert await term.tap(term.ben, label, message) == ""
        assert _papers(message) not in pages
        pages.append(_papers(message))
    return pages


async def test_the_pages_to_both_ends_have_every_meeting_once(term: Room) -> None:
    await term.say(term.ann, "/schedule")
    message = term.sandbox.last(term.chat)
    told = len(term.told())

    ahead = await _turn(term, message, LATER)
    assert list(chain.from_iterable(ahead)) == COMING
    await term.tap(term.ann, BACK_TO_NEXT, message)
    back = (await _turn(term, message, EARLIER))[1:]

    assert list(chain.from_iterable(reversed(back))) == PAST
    assert len(term.told()) == told


async def test_a_day_is_answered_with_the_page_that_has_it(term: Room) -> None:
    for words, paper in (
        ("feb 24", "24.02."),
        ("dec 30", "30.12."),
        ("in March?", "03.03."),
        ("please", "13.01."),
    ):
        await term.say(term.ann, f"/schedule {words}")
        assert f"Paper of {paper}" in _papers(term.sandbox.last(term.chat))
    await term.say(term.ann, "/schedule feb 24")
    message = term.sandbox.last(term.chat)
    await term.tap(term.ann, EARLIER, message)
    assert _papers(message) == COMING[:4]


async def test_a_page_is_left_the_way_it_was_entered(term: Room) -> None:
    await term.say(term.ann, "/schedule")
    message = term.sandbox.last(term.chat)
    first = message.text

    await term.tap(term.ann, EARLIER, message)
    assert _papers(message) == PAST[-4:]
    label = LATER if LATER in message.labels else BACK_TO_NEXT
    await term.tap(term.ben, label, message)

    assert message.text == first


async def test_tapping_twice_shows_one_page_and_no_fault(term: Room) -> None:
    await term.say(term.ann, "/schedule")
    message = term.sandbox.last(term.chat)
    taps = [term.sandbox.tap(term.ann, message, LATER) for _ in range(3)]
    await term.sandbox.settled()

    assert [(tap.answered.is_set(), tap.text) for tap in taps] == [(True, "")] * 3
    assert _papers(message) == COMING[4:8]


async def test_buttons_outlive_a_restart_and_a_week(term: Room) -> None:
    await term.say(term.ann, "/schedule")
    message = term.sandbox.last(term.chat)
    await term.stop()
    term.clock.set(datetime(2026, 1, 16, 10, tzinfo=term.zone))
    await term.start()

    await term.tap(term.ann, LATER, message)

    assert _papers(message) == COMING[5:9]


async def test_a_page_past_either_end_says_so(term: Room) -> None:
    await term.say(term.ann, "/schedule")
    message = term.sandbox.last(term.chat)
    for offset in (99, -99, 2_147_483_647, -2_147_483_647):
        message.keyboard = [[{"text": "x", "callback_data": f"c1:page:1:{offset}"}]]
        assert await term.tap(term.ann, "x", message) == ""
        assert "There are no more meetings this way." in message.text
        assert message.keyboard != []


async def test_a_group_without_meetings_says_so_and_has_no_buttons(sqlite_url: URL) -> None:
    async with room(sqlite_url, page=TERM._replace(meetings=())) as made:
        await made.set_up()

        for command in ("/schedule", "/next", "/open", "/mine"):
            assert await made.say(made.ann, command) != ""
            assert made.sandbox.last(made.chat).labels == []
        assert (await made.say(made.ann, "/claim A title")) != ""


async def test_what_is_asked_again_is_answered_with_what_was_written_since(term: Room) -> None:
    first = await term.say(term.ann, "/next")
    assert first == await term.say(term.ben, "/next")

    with term.store.writing() as session:
        session.execute(update(Talk).values(title="Another paper"))
    assert "Another paper" in await term.say(term.ann, "/next")
    assert "Another paper" in await term.say(term.ann, "/schedule")


async def test_what_is_asked_again_is_answered_by_the_time_it_is(term: Room) -> None:
    assert "in 4 days" in await term.say(term.ann, "/next")
    term.clock.move(timedelta(days=1))
    assert "in 3 days" in await term.say(term.ann, "/next")


async def test_each_chat_has_its_own_answer(term: Room) -> None:
    assert "Paper of 13.01." in await term.say(term.ann, "/next")

    elsewhere = term.sandbox.add_group("Others", {term.ann: "creator"})
    assert "Paper of" not in await term.say(term.ann, "/next", elsewhere)
