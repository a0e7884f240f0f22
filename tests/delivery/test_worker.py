"""The ledger at work: what goes out, what does not, and what the ledger says of it."""

import logging
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot.delivery.outcomes import MaybeSent, Moved, NotSent, Refused, Sent
from bot.delivery.worker import IN_FLIGHT
from bot.domain.page import Page, PageMeeting, PageSlot, PageTalk
from bot.services import deliveries, ledger, owed
from storage.models import Chat, Delivery, Member
from tests.delivery.desk import (
    ANNOUNCED,
    BEGINS,
    CANCELLED,
    PAGE,
    RECALLED,
    Desk,
    PowerCut,
    Row,
)
from tests.factories import make_chat, make_delivery, make_group

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NO_ANSWER = MaybeSent("Telegram did not answer")
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
        "<b>Systems reading group</b>: Telegram did not answer. Please look there."
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


async def test_a_refused_message_has_failed_and_is_not_tried_again(here: Desk) -> None:
    here.messenger.answers = [Refused("it is no good", unreachable=False)]

    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + HOUR)

    assert len(here.messenger.posted) == 1
    assert here.rows()[0] == Row("announcement", "failed", "it is no good", 1)


async def test_a_chat_that_is_closed_is_tried_until_it_is_open_and_organizers_hear_of_it_once(
    here: Desk,
) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    closed = Refused("Telegram refused it: TOPIC_CLOSED")
    here.messenger.answers = [closed, Sent(1), closed]

    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + MINUTE)
    assert here.rows()[0] == Row("announcement", "planned", closed.reason, 2)
    await here.tick_at(ANNOUNCED + HOUR)

    assert here.rows()[0] == Row("announcement", "sent", None, 3)
    told = here.messenger.told(ada.telegram_id or 0)
    assert len(told) == 1
    assert "TOPIC_CLOSED" in told[0]


async def test_a_second_trouble_after_the_first_was_mended_is_told_anew(here: Desk) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    closed = Refused("Telegram refused it: TOPIC_CLOSED")
    here.messenger.answers = [closed, Sent(1)]
    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + HOUR)
    here.messenger.answers = [closed]
    await here.tick_at(RECALLED)

    assert len(here.messenger.told(ada.telegram_id or 0)) == 2


async def test_a_chat_that_stays_closed_leaves_its_reason_in_the_ledger(here: Desk) -> None:
    here.messenger.answers = [Refused("kicked")] * 9
    await here.tick_at(ANNOUNCED)

    await here.tick_at(RECALLED)

    assert here.rows()[0] == Row("announcement", "expired", "kicked", 1)


@pytest.mark.parametrize(("unreachable", "reachable"), [(True, False), (False, True)])
async def test_a_member_whom_telegram_refuses_is_not_written_to_any_more(
    here: Desk, unreachable: bool, reachable: bool
) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    here.messenger.answers = [NO_ANSWER, Refused("bot was blocked", unreachable=unreachable)]

    await here.tick_at(ANNOUNCED)

    assert here.states()[2] == ("uncertain", "failed")
    with here.store.reading() as session:
        assert session.get_one(Member, ada.member_id).reachable is reachable


async def test_a_refusal_counts_for_the_person_in_every_group(here: Desk) -> None:
    another = here.add_group()
    ada = here.add_member(organizer=True, reachable=True)
    with here.store.reading() as session:
        other_id = session.scalars(select(Chat.group_id).where(Chat.telegram_id == another)).one()
    same = here.add_member(other_id, reachable=True, telegram_id=ada.telegram_id)
    bystander = here.add_member(reachable=True)
    here.messenger.answers = [NO_ANSWER, NO_ANSWER, Refused("bot was blocked")]

    await here.tick_at(ANNOUNCED)

    with here.store.reading() as session:
        assert session.get_one(Member, same.member_id).reachable is False
        assert session.get_one(Member, bystander.member_id).reachable is True


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
