"""While Telegram is silent what is due waits, and organizers hear of it if it was long."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.delivery.outcomes import NotSent
from bot.delivery.worker import IN_FLIGHT
from storage.models import Chat
from tests.delivery.desk import ANNOUNCED, MINUTE, NO_ANSWER, Desk, Row
from tests.factories import make_delivery


async def test_while_telegram_is_silent_what_is_not_under_way_yet_waits(
    here: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ada = here.add_member(organizer=True, reachable=True)
    others = [here.add_group() for _ in range(9)]
    here.messenger.answers = [NO_ANSWER] * IN_FLIGHT
    here.messenger.reachable = False

    for minutes in range(10):
        here.clock.set(ANNOUNCED + minutes * MINUTE)
        await here.worker.tick()
    under_way = [message.chat_id for message in here.messenger.posted]
    assert len(under_way) <= IN_FLIGHT
    assert Row("announcement", "planned", "Telegram did not answer", 0) in here.rows()
    here.messenger.answers.clear()
    here.messenger.reachable = True
    here.clock.set(ANNOUNCED + 10 * MINUTE)
    await here.worker.tick()

    assert [len(here.messenger.told(chat)) for chat in (here.chat_id, *others)] == [1] * 10
    questions = here.messenger.told(ada.telegram_id or 0)
    assert [text[:1] for text in questions] == ["❓"] * under_way.count(here.chat_id)
    silent = [said for said in caplog.messages if "delivery" not in said]
    assert silent == [
        "Messages that are due wait until Telegram answers: Telegram did not answer.",
        "Messages go out again; they waited since 11:00 UTC.",
    ]


async def test_organizers_hear_once_of_an_outage_that_made_messages_late(here: Desk) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    silent = "Telegram could not be reached"
    here.messenger.answers = [NotSent(silent)]
    here.messenger.reachable = False
    for minutes in range(11):
        here.clock.set(ANNOUNCED + minutes * MINUTE)
        await here.worker.tick()
    with here.store.writing() as session:
        chat = session.scalars(select(Chat)).one()
        later = ANNOUNCED + MINUTE
        make_delivery(session, chat, due_at=later, kind="message", text="Room 4", reason=silent)

    here.messenger.reachable = True
    here.clock.set(ANNOUNCED + 11 * MINUTE)
    await here.worker.tick()

    assert len(here.messenger.told(here.chat_id)) == 3
    (told,) = here.messenger.told(ada.telegram_id or 0)
    assert told.startswith("🕖 Announcement of Tue 13 January reached <b>Systems reading group</b>")
    assert "only now: Telegram could not be reached." in told


@pytest.mark.parametrize("late", [9 * MINUTE, 10 * MINUTE])
async def test_a_message_that_is_little_late_or_late_since_the_bot_was_away_is_nobodys_worry(
    here: Desk, late: timedelta
) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    if late < 10 * MINUTE:
        here.messenger.answers = [NotSent("Telegram could not be reached")]
        await here.tick_at(ANNOUNCED)

    await here.tick_at(ANNOUNCED + late)

    assert here.states()[0] == ("announcement", "sent")
    assert here.messenger.told(ada.telegram_id or 0) == []


async def test_one_message_that_does_not_get_through_by_chance_holds_up_no_other(
    here: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    another = here.add_group()
    here.messenger.answers = [NotSent("Telegram had a fault: Internal Server Error")]

    assert await here.tick_at(ANNOUNCED) == 2

    assert len(here.messenger.told(another)) == 1
    assert not any("wait until Telegram answers" in said for said in caplog.messages)
