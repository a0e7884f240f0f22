"""What may have been sent is asked about, and never posted twice to a group on its own."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.services import deliveries
from storage.models import Chat
from tests.delivery.desk import ANNOUNCED, HOUR, MINUTE, NO_ANSWER, Desk, PowerCut, Row


async def test_an_uncertain_message_is_asked_about_and_not_repeated(here: Desk) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    eve = here.add_member(organizer=True, reachable=True)
    here.add_member(organizer=True, reachable=False)
    here.add_member(organizer=False, reachable=True)
    here.messenger.answers = [NO_ANSWER]

    for when in (ANNOUNCED, ANNOUNCED + MINUTE, ANNOUNCED + HOUR):
        await here.tick_at(when)

    told = [message.chat_id for message in here.messenger.posted]
    assert told == [here.chat_id, ada.telegram_id, eve.telegram_id]
    assert here.rows()[0] == Row("announcement", "uncertain", "Telegram did not answer", 1)
    announcement = here.ids()[0]
    assert here.messenger.posted[1].buttons == (
        ("It arrived", f"c1:arrived:{here.group_id}:{announcement}"),
        ("Send again", f"c1:again:{here.group_id}:{announcement}"),
    )
    assert here.messenger.posted[1].text == (
        "❓ Announcement of Tue 13 January may not have reached "
        "<b>Systems reading group</b>. Please look there."
    )


async def test_organizers_of_another_group_are_not_asked(here: Desk) -> None:
    another = here.add_group()
    with here.store.reading() as session:
        other_id = session.scalars(select(Chat.group_id).where(Chat.telegram_id == another)).one()
    here.add_member(other_id, organizer=True, reachable=True)
    here.messenger.answers = [NO_ANSWER]

    await here.tick_at(ANNOUNCED)

    assert [message.chat_id for message in here.messenger.posted] == [here.chat_id, another]


async def test_with_nobody_to_ask_it_stays_uncertain_and_unsent(here: Desk) -> None:
    here.messenger.answers = [NO_ANSWER]

    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + HOUR)

    assert len(here.messenger.posted) == 1
    assert here.states()[0] == ("announcement", "uncertain")


async def test_a_question_that_may_not_have_arrived_is_put_again_twice_and_not_asked_about(
    here: Desk,
) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    here.messenger.answers = [NO_ANSWER] * 4

    for hours in range(5):
        await here.tick_at(ANNOUNCED + hours * HOUR)

    assert [message.chat_id for message in here.messenger.posted] == [
        here.chat_id,
        *[ada.telegram_id] * 3,
    ]
    assert here.states() == [
        ("announcement", "uncertain"),
        ("day_before", "planned"),
        ("uncertain", "uncertain"),
    ]


async def test_a_message_that_an_organizer_wants_again_goes_out_again_once(here: Desk) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    here.messenger.answers = [NO_ANSWER]
    await here.tick_at(ANNOUNCED)

    here.clock.set(ANNOUNCED + HOUR)
    with here.store.writing() as session:
        deliveries.send_again(session, ada, here.ids()[0], here.clock.now())
    await here.tick_at(ANNOUNCED + HOUR)
    await here.tick_at(ANNOUNCED + 2 * HOUR)

    told = here.messenger.told(here.chat_id)
    assert [text[:1] for text in told] == ["📣", "📣"]  # and neither says that it is late
    assert here.rows()[0] == Row("announcement", "sent", None, 2)


async def test_what_is_sent_again_and_uncertain_again_is_asked_about_again(here: Desk) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    here.messenger.answers = [NO_ANSWER]
    await here.tick_at(ANNOUNCED)
    with here.store.writing() as session:
        deliveries.send_again(session, ada, here.ids()[0], here.clock.now())
    here.messenger.answers = [NO_ANSWER]

    await here.tick_at(ANNOUNCED + MINUTE)

    assert ada.telegram_id is not None
    assert len(here.messenger.told(ada.telegram_id)) == 2


async def test_after_a_crash_in_the_middle_of_sending_organizers_are_asked(
    here: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    here.messenger.answers = [PowerCut()]
    with pytest.raises(PowerCut):
        await here.tick_at(ANNOUNCED)
    assert here.states()[0] == ("announcement", "sending")

    await here.tick_at(ANNOUNCED + MINUTE)
    await here.tick_at(ANNOUNCED + HOUR)

    assert [message.chat_id for message in here.messenger.posted] == [
        here.chat_id,
        ada.telegram_id,
    ]
    assert here.rows()[0] == Row("announcement", "uncertain", "nobody noted whether it arrived", 1)
    assert "deliveries may have been sent, organizers are asked: 1" in caplog.messages


async def test_a_message_whose_outcome_the_database_did_not_take_is_not_sent_twice(
    here: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("UPDATE deliveries", {}, Exception("disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "sent", full)
        with pytest.raises(OperationalError):
            await here.tick_at(ANNOUNCED)
    assert await here.worker.tick() == 0

    assert len(here.messenger.posted) == 1
    assert here.states()[0] == ("announcement", "uncertain")


async def test_a_messenger_that_breaks_off_leaves_the_message_uncertain(
    here: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    another = here.add_group()
    here.messenger.answers = [ValueError("not foreseen")]

    assert await here.tick_at(ANNOUNCED) == 2

    assert here.rows()[0] == Row("announcement", "uncertain", "sending it broke off", 1)
    assert len(here.messenger.told(another)) == 1
    assert any("broke off" in message for message in caplog.messages)
