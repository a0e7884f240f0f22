"""Reminders when Telegram, the network or the group do not behave."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import URL

from bot.domain.page import Page, PageMeeting, PageSlot, PageTalk
from bot.sandbox import ApiError, Chat, Drop, Garbage, Hold, Message
from bot.services import groups, imports
from bot.services.groups import NewGroup
from storage.enums import DeliveryKind, DeliveryState, Weekday
from storage.models import Delivery
from tests.e2e.room import FEW, Room, room

ANNOUNCED = datetime(2026, 1, 10, 19)
DAY_BEFORE = datetime(2026, 1, 12, 19)


@dataclass(frozen=True, slots=True)
class Row:
    kind: DeliveryKind
    state: DeliveryState
    reason: str | None


def _ledger(here: Room) -> list[Row]:
    """The rows that are not waiting any more, oldest first."""
    with here.store.reading() as session:
        found = session.query(Delivery).filter(Delivery.state != DeliveryState.PLANNED)
        return [Row(row.kind, row.state, row.reason) for row in found.order_by(Delivery.id)]


def _reminders(here: Room, chat: Chat | None = None) -> list[str]:
    """📣 for each announcement and ⏰ for each reminder of the day before."""
    return [mark for text in here.told(chat) for mark in text if mark in "📣⏰"]


def _question(here: Room) -> Message:
    """What the organizer is asked in private once a message may have arrived."""
    return here.sandbox.last(here.sandbox.private(here.admin))


@pytest.fixture
async def open_to_admin(here: Room) -> Room:
    """The organizer pressed Start, so the bot may ask."""
    await here.say(here.admin, "/start", here.sandbox.private(here.admin))
    return here


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Shanghai", date(2026, 1, 13)),
        ("Europe/Berlin", date(2026, 3, 31)),  # two days after the clocks went forward
        ("Europe/Berlin", date(2026, 10, 27)),
        ("America/New_York", date(2026, 3, 9)),  # announced before, reminded on the day itself
        ("America/New_York", date(2026, 11, 2)),
        ("Pacific/Auckland", date(2026, 4, 6)),
    ],
)
async def test_each_reminder_comes_once_at_seven_in_the_evening(
    sqlite_url: URL, zone: str, day: date
) -> None:
    page = Page("A term", meetings=(PageMeeting(day, (PageSlot("Topic I", PageTalk("Jenga")),)),))
    seven = datetime.combine(day, time(19))
    async with room(sqlite_url, zone, page, seven - timedelta(days=5)) as here:
        await here.set_up()
        came: list[tuple[datetime, str]] = []
        for when in (seven - timedelta(days=days) for days in (4, 3, 2, 1, 0)):
            for moment in (when - timedelta(minutes=1), when):
                before = len(_reminders(here))
                await here.go_to(moment)
                came += [(moment, mark) for mark in _reminders(here)[before:]]

        assert came == [(seven - timedelta(days=3), "📣"), (seven - timedelta(days=1), "⏰")]
        assert all(", 19:00" in text for text in here.told()[-2:])


async def test_five_hours_of_absence_make_a_reminder_late_and_it_says_so(here: Room) -> None:
    await here.go_to(ANNOUNCED)
    await here.stop()
    here.clock.set(datetime(2026, 1, 13, 0, tzinfo=here.zone))
    await here.start()
    await here.bot.tick()

    assert _reminders(here) == ["📣", "⏰"]
    assert here.told()[-1].startswith("This is late")
    assert "⏰ Today: Tue 13 January, 19:00" in here.told()[-1]


@pytest.mark.parametrize("restarts", [False, True], ids=["running", "restarted"])
async def test_a_clock_that_was_a_month_ahead_for_a_while_costs_no_reminder(
    here: Room, *, restarts: bool
) -> None:
    await here.go_to(datetime(2026, 2, 9, 10))
    if restarts:
        await here.stop()
        here.clock.set(datetime(2026, 1, 9, 10, 5, tzinfo=here.zone))
        await here.start()
    await here.go_to(datetime(2026, 1, 9, 10, 5))
    came = []
    for when in (ANNOUNCED, DAY_BEFORE, ANNOUNCED + timedelta(days=7)):
        before = len(_reminders(here))
        await here.go_to(when)
        came.append(_reminders(here)[before:])

    assert came == [["📣"], ["⏰"], ["📣"]]


async def test_an_answer_that_is_lost_leads_to_a_question_and_one_message(
    open_to_admin: Room,
) -> None:
    here = open_to_admin
    here.sandbox.fail_next("sendPhoto", Drop.AFTER, chat=here.chat)
    await here.go_to(ANNOUNCED)
    for hour in (20, 21):
        await here.go_to(datetime(2026, 1, 10, hour))

    assert _reminders(here) == ["📣"]
    private = here.sandbox.private(here.admin)
    assert sum("may not have reached" in text for text in here.told(private)) == 1
    question = _question(here)
    assert question.labels == ["It arrived", "Send again"]
    await here.tap(here.admin, "It arrived", question)
    assert "counts as sent" in question.text
    assert DeliveryState.UNCERTAIN not in {row.state for row in _ledger(here)}


async def test_nothing_is_asked_of_organizers_who_never_pressed_start(here: Room) -> None:
    here.sandbox.fail_next("sendPhoto", Drop.AFTER, chat=here.chat)
    await here.go_to(ANNOUNCED)
    await here.go_to(datetime(2026, 1, 11, 19))

    assert _reminders(here) == ["📣"]
    assert here.told(here.sandbox.private(here.admin)) == []
    assert [row.state for row in _ledger(here)] == [DeliveryState.UNCERTAIN]


async def test_the_question_is_for_organizers_only_and_for_the_first_answer(
    open_to_admin: Room,
) -> None:
    here = open_to_admin
    here.sandbox.fail_next("sendPhoto", Drop.AFTER, chat=here.chat)
    await here.go_to(ANNOUNCED)
    question = _question(here)
    buttons = question.keyboard
    await here.say(here.ann, "/next")
    forged = here.sandbox.last(here.chat)
    forged.keyboard = buttons
    assert "organizers" in await here.tap(here.ann, "Send again", forged)

    await here.tap(here.admin, "It arrived", question)
    question.keyboard = buttons
    await here.tap(here.admin, "Send again", question)
    await here.bot.tick()

    assert _reminders(here) == ["📣"]


async def test_sending_again_when_it_is_too_late_sends_nothing(open_to_admin: Room) -> None:
    here = open_to_admin
    here.sandbox.fail_next("sendPhoto", Drop.BEFORE, chat=here.chat)
    await here.go_to(ANNOUNCED)
    question = _question(here)
    await here.go_to(DAY_BEFORE + timedelta(hours=1))

    assert "too late" in await here.tap(here.admin, "Send again", question)
    await here.bot.tick()
    assert _reminders(here) == ["⏰"]


async def test_a_message_sent_again_in_vain_is_asked_about_again(open_to_admin: Room) -> None:
    here = open_to_admin
    here.sandbox.fail_next("sendPhoto", Drop.BEFORE, count=2, chat=here.chat)
    await here.go_to(ANNOUNCED)
    for _ in range(2):
        question = _question(here)
        await here.tap(here.admin, "Send again", question)
        await here.bot.tick()

    assert _reminders(here) == ["📣"]


async def test_a_crash_while_sending_asks_and_does_not_repeat(open_to_admin: Room) -> None:
    here = open_to_admin
    hold = Hold()
    here.sandbox.fail_next("sendPhoto", hold, chat=here.chat)
    here.clock.set(ANNOUNCED.replace(tzinfo=here.zone))
    tick = asyncio.create_task(here.bot.tick())
    await here.sandbox.wait_for(lambda: _reminders(here))
    for _ in range(2):  # once it would still wait for what is on its way
        tick.cancel()
        await asyncio.wait({tick}, timeout=0)
    await asyncio.wait({tick})
    hold.release()
    await here.stop()
    await here.start()
    await here.bot.tick()

    assert _reminders(here) == ["📣"]
    assert _question(here).labels == ["It arrived", "Send again"]


@pytest.mark.parametrize(
    "fault",
    [
        ApiError(429, "Too Many Requests: retry after 7", retry_after=7),
        ApiError(500, "Internal Server Error"),
        ApiError(502, "Bad Gateway"),
    ],
    ids=["429", "500", "502"],
)
async def test_what_telegram_turned_down_for_now_is_sent_later_once(
    here: Room, fault: ApiError
) -> None:
    here.sandbox.fail_next("sendPhoto", fault, count=2, chat=here.chat)
    await here.go_to(ANNOUNCED)
    assert _reminders(here) == []
    for minute in range(1, 6):
        await here.go_to(ANNOUNCED + timedelta(minutes=minute))

    assert _reminders(here) == ["📣"]
    assert "late" not in here.told()[-1]


async def test_a_web_page_instead_of_an_answer_counts_as_perhaps_sent(here: Room) -> None:
    here.sandbox.fail_next("sendPhoto", Garbage(502, "<html>Bad Gateway</html>"), chat=here.chat)
    await here.go_to(ANNOUNCED)
    await here.go_to(ANNOUNCED + timedelta(hours=1))

    assert _reminders(here) == []
    assert [row.state for row in _ledger(here)] == [DeliveryState.UNCERTAIN]


async def test_a_chat_that_threw_the_bot_out_is_tried_again_and_keeps_nobody_waiting(
    open_to_admin: Room,
) -> None:
    here = open_to_admin
    other = await _another_group(here, "Others", date(2026, 1, 13))
    here.sandbox.set_bot_status(here.chat, here.admin, "kicked")
    await here.sandbox.settled()
    await here.go_to(ANNOUNCED)

    assert _reminders(here, other) == ["📣"]
    trouble = here.told(here.sandbox.private(here.admin))[-1]
    assert trouble.startswith("⚠️ I cannot write to the chat of Systems")
    assert "bot was kicked from the supergroup chat" in trouble
    here.sandbox.set_bot_status(here.chat, here.admin, "member")
    await here.go_to(ANNOUNCED + timedelta(minutes=1))
    await here.go_to(DAY_BEFORE)
    assert _reminders(here) == ["📣", "⏰"]
    assert here.told(here.sandbox.private(here.admin)).count(trouble) == 1


async def test_a_topic_that_stays_closed_is_noted_with_its_reason(bare: Room) -> None:
    forum = bare.sandbox.add_group("Forum", {bare.admin: "creator"}, forum=True)
    topic = bare.sandbox.add_topic(forum, "Papers")
    bare.sandbox.say(bare.admin, forum, f"/setup {bare.code}", topic=topic)
    await bare.sandbox.settled()
    topic.closed = True
    await bare.go_to(ANNOUNCED)
    assert _reminders(bare, forum) == []
    await bare.go_to(DAY_BEFORE)
    assert Row(
        DeliveryKind.ANNOUNCEMENT,
        DeliveryState.EXPIRED,
        "Telegram refused it: Topic_closed",
    ) in _ledger(bare)
    topic.closed = False
    await bare.go_to(DAY_BEFORE + timedelta(minutes=1))
    assert _reminders(bare, forum) == ["⏰"]


async def test_a_cancelled_meeting_is_not_announced(here: Room) -> None:
    page = Page("2025 Fall", meetings=(PageMeeting(date(2026, 1, 13), cancelled=True),))
    with here.store.writing() as session:
        group = groups.by_name(session, "Systems")
        assert group is not None
        imports.import_page(session, group, page, here.clock.now())
    await here.go_to(ANNOUNCED)
    await here.go_to(DAY_BEFORE)

    assert _reminders(here) == []


async def test_ten_groups_due_at_one_minute_each_get_their_own(here: Room) -> None:
    others = [await _another_group(here, f"Group {n}", date(2026, 1, 13)) for n in range(9)]
    await here.go_to(ANNOUNCED)
    await here.go_to(DAY_BEFORE)

    for chat in (here.chat, *others):
        assert _reminders(here, chat) == ["📣", "⏰"]
    for chat in others:
        assert f"The paper of {chat.title}" in here.told(chat)[-1]


async def _another_group(here: Room, name: str, day: date) -> Chat:
    """A group with one meeting, tied to a chat of its own."""
    talk = PageTalk(f"The paper of {name}")
    page = Page("A term", meetings=(PageMeeting(day, (PageSlot("Topic I", talk),)),))
    new = NewGroup(name, "Asia/Shanghai", Weekday.TUESDAY, time(19), 90, reminders=FEW)
    with here.store.writing() as session:
        group, code = groups.create(session, new, here.clock.now())
        imports.import_page(session, group, page, here.clock.now())
    chat = here.sandbox.add_group(name, {here.admin: "creator"})
    await here.say(here.admin, f"/setup {code}", chat)
    return chat
