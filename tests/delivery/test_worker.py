"""The ledger at work: what goes out, what does not, and what the ledger says of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.delivery.outcomes import Moved, NotSent
from bot.domain.page import Page, PageMeeting, PageSlot, PageTalk
from bot.services import deliveries, ledger, owed
from storage.models import Chat, Delivery
from tests.delivery.desk import (
    ANNOUNCED,
    BEGINS,
    CANCELLED,
    HOUR,
    MINUTE,
    PAGE,
    RECALLED,
    Desk,
    Row,
)
from tests.factories import make_chat, make_delivery, make_group

SECOND = timedelta(seconds=1)
SENT = [("announcement", "sent"), ("day_before", "sent")]


async def test_each_reminder_goes_out_once_although_the_bot_restarts_between(here: Desk) -> None:
    tried = [
        await here.tick_at(when)
        for when in (
            ANNOUNCED - SECOND,
            ANNOUNCED,
            ANNOUNCED,
            ANNOUNCED + HOUR,
            RECALLED,
            RECALLED + HOUR,
            BEGINS,
        )
    ]

    assert tried == [0, 1, 0, 0, 1, 0, 0]
    assert [text[:1] for text in here.messenger.told(here.chat_id)] == ["📣", "⏰"]
    assert here.states() == SENT


async def test_a_clock_that_goes_back_and_forward_sends_nothing_twice(here: Desk) -> None:
    for when in (
        ANNOUNCED,
        ANNOUNCED - 48 * HOUR,
        ANNOUNCED,
        RECALLED,
        ANNOUNCED,
        RECALLED,
        BEGINS,
    ):
        await here.tick_at(when)

    assert len(here.messenger.posted) == 2
    assert here.states() == SENT


async def test_a_reminder_on_time_does_not_say_that_it_is_late(here: Desk) -> None:
    await here.tick_at(ANNOUNCED + 9 * MINUTE)

    assert here.messenger.posted[0].text.startswith("📣")


async def test_a_late_one_goes_out_and_says_so(here: Desk) -> None:
    await here.tick_at(ANNOUNCED + 10 * MINUTE)

    assert here.messenger.posted[0].text.startswith("<i>This is late")


async def test_after_a_long_absence_only_what_is_of_use_goes_out(here: Desk) -> None:
    await here.tick_at(RECALLED + HOUR)

    assert [text.splitlines()[2][:1] for text in here.messenger.told(here.chat_id)] == ["⏰"]
    assert here.rows() == [
        Row("announcement", "expired", "the bot was away until it was of no more use", 0),
        Row("day_before", "sent", None, 1),
    ]


async def test_nothing_is_told_of_a_meeting_that_has_begun(here: Desk) -> None:
    await here.tick_at(BEGINS)

    assert here.messenger.posted == []
    assert [state for _, state in here.states()] == ["expired", "expired"]


async def test_a_message_goes_into_the_groups_topic(here: Desk) -> None:
    with here.store.writing() as session:
        session.execute(update(Chat).values(topic_id=77))

    await here.tick_at(ANNOUNCED)

    assert (here.messenger.posted[0].chat_id, here.messenger.posted[0].topic_id) == (
        here.chat_id,
        77,
    )


async def test_a_message_that_was_not_sent_waits_as_told_while_others_go_out(here: Desk) -> None:
    another = here.add_group()
    here.messenger.answers = [NotSent("Telegram asked to wait", timedelta(seconds=30))]

    assert await here.tick_at(ANNOUNCED) == 2
    assert here.messenger.told(another) != []
    assert await here.tick_at(ANNOUNCED + 29 * SECOND) == 0
    assert here.rows()[0] == Row("announcement", "planned", "Telegram asked to wait", 1)
    assert await here.tick_at(ANNOUNCED + 30 * SECOND) == 1
    assert here.rows()[0] == Row("announcement", "sent", None, 2)


async def test_pauses_between_tries_grow(here: Desk) -> None:
    here.messenger.answers = [NotSent("Telegram could not be reached")] * 4
    pauses = []
    when = ANNOUNCED
    for _ in range(4):
        await here.tick_at(when)
        with here.store.reading() as session:
            next_try = ledger.next_due(session)
        assert next_try is not None
        pauses.append((next_try - when).total_seconds())
        when = next_try

    assert pauses == [30, 60, 120, 240]


async def test_a_message_that_never_gets_through_ends_with_its_use_and_keeps_why(
    here: Desk,
) -> None:
    here.messenger.answers = [NotSent("Telegram could not be reached")]

    await here.tick_at(RECALLED - 29 * SECOND)

    assert here.rows()[0] == Row("announcement", "expired", "Telegram could not be reached", 1)


async def test_a_pause_of_no_length_does_not_make_a_tick_endless(here: Desk) -> None:
    here.messenger.answers = [NotSent("Telegram asked to wait", timedelta(0))]

    assert await here.tick_at(ANNOUNCED) == 1
    assert await here.tick_at(ANNOUNCED + 30 * SECOND) == 1
    assert here.states()[0] == ("announcement", "sent")


async def test_a_group_that_moved_gets_its_message_at_its_new_id(here: Desk) -> None:
    here.messenger.answers = [Moved(-1_009_999_999_999)]

    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + MINUTE)
    await here.tick_at(RECALLED)

    assert [message.chat_id for message in here.messenger.posted] == [
        here.chat_id,
        -1_009_999_999_999,
        -1_009_999_999_999,
    ]
    assert here.states() == SENT
    with here.store.reading() as session:
        assert session.scalars(select(Chat.telegram_id)).all() == [-1_009_999_999_999]


async def test_a_message_that_cannot_be_put_into_words_does_not_stop_the_rest(
    here: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with here.store.writing() as session:
        chat = make_chat(session, make_group(session))
        # A reminder about no meeting: nobody makes such a row, but a row it is.
        broken = make_delivery(session, chat, due_at=ANNOUNCED - HOUR)
        broken_id = broken.id

    assert await here.tick_at(ANNOUNCED) == 2

    assert [message.chat_id for message in here.messenger.posted] == [here.chat_id]
    assert here.rows()[-1] == Row("day_before", "failed", "it could not be put into words", 1)
    assert f"delivery {broken_id} cannot be put into words" in caplog.messages


async def test_a_cancelled_meeting_is_not_announced_even_when_that_is_due(here: Desk) -> None:
    here.clock.set(ANNOUNCED + MINUTE)
    here.import_page(CANCELLED)

    assert await here.worker.tick() == 0
    assert [row.state for row in here.rows()] == ["cancelled", "cancelled"]
    assert {row.reason for row in here.rows()} == {ledger.CHANGED}


async def test_a_meeting_planned_again_is_announced_again(here: Desk) -> None:
    here.import_page(CANCELLED)
    here.import_page(PAGE)

    await here.tick_at(ANNOUNCED)

    assert here.states() == [
        ("announcement", "cancelled"),
        ("day_before", "cancelled"),
        ("announcement", "sent"),
        ("day_before", "planned"),
    ]


async def test_a_meeting_that_changed_while_its_message_was_on_the_way_is_not_tried_again(
    here: Desk,
) -> None:
    with here.store.writing() as session:
        due = owed.take(session, ANNOUNCED)
        assert due is not None
    here.import_page(CANCELLED)
    with here.store.writing() as session:
        deliveries.put_off(session, due.id, "Telegram could not be reached", ANNOUNCED)

    assert here.states()[0] == ("announcement", "cancelled")


async def test_the_announcement_is_pinned_and_the_one_before_unpinned(here: Desk) -> None:
    here.import_page(
        Page(
            "2026 Spring",
            meetings=(PageMeeting(date(2026, 1, 20), (PageSlot(None, PageTalk("Jenga")),)),),
        )
    )
    await here.tick_at(ANNOUNCED)
    assert here.messenger.pinned == [1]
    await here.tick_at(RECALLED)
    await here.tick_at(ANNOUNCED + timedelta(days=7))

    assert here.messenger.pinned == [3]


async def test_where_the_bot_may_not_pin_nothing_is_remembered_as_pinned(here: Desk) -> None:
    here.messenger.may_pin = False
    await here.tick_at(ANNOUNCED)

    assert here.states()[0] == ("announcement", "sent")
    with here.store.reading() as session:
        assert session.scalars(select(Chat.pinned_message_id)).all() == [None]


async def test_a_stale_announcement_is_edited_once_and_tried_again_if_it_must_wait(
    here: Desk,
) -> None:
    await here.tick_at(ANNOUNCED)
    with here.store.writing() as session:
        session.execute(update(Delivery).where(Delivery.state == "sent").values(stale=True))
    here.messenger.answers = [NotSent("Telegram asked to wait")]
    for minutes in (1, 2, 3):
        await here.tick_at(ANNOUNCED + minutes * MINUTE)

    assert [message_id for message_id, _ in here.messenger.edited] == [1, 1]
    assert "late" not in here.messenger.edited[-1][1]


async def test_an_edit_in_a_chat_that_had_its_share_holds_up_no_other(here: Desk) -> None:
    here.add_group()
    await here.tick_at(ANNOUNCED)
    with here.store.writing() as session:
        session.execute(update(Delivery).where(Delivery.state == "sent").values(stale=True))
    here.messenger.full = {here.chat_id: 40.0}
    await here.tick_at(ANNOUNCED + MINUTE)
    assert [message_id for message_id, _ in here.messenger.edited] == [2]

    here.messenger.full = {}
    await here.tick_at(ANNOUNCED + 2 * MINUTE)
    assert [message_id for message_id, _ in here.messenger.edited] == [2, 1]


async def test_a_chat_that_had_its_share_is_put_off_and_others_are_served(here: Desk) -> None:
    another = here.add_group()
    here.messenger.full = {here.chat_id: 40.0}
    await here.tick_at(ANNOUNCED)

    assert here.messenger.told(here.chat_id) == []
    assert len(here.messenger.told(another)) == 1
    here.messenger.full = {}
    await here.tick_at(ANNOUNCED + timedelta(seconds=39))
    assert here.messenger.told(here.chat_id) == []
    await here.tick_at(ANNOUNCED + timedelta(seconds=40))
    assert len(here.messenger.told(here.chat_id)) == 1
