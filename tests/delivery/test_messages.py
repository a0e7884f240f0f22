"""What a row of the ledger says, and with which buttons."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.delivery.messages import compose
from bot.domain.views import (
    ChatView,
    GroupView,
    MeetingView,
    OwedMessage,
    SlotView,
    TalkView,
)
from bot.text.split import MAX_CHARACTERS, measure
from storage.enums import ChatKind, DeliveryKind, MeetingKind, MeetingStatus, Weekday

BEGINS = datetime(2026, 1, 13, 11, tzinfo=UTC)
DAY = timedelta(days=1)
GROUP = GroupView(
    1,
    "Systems reading group",
    "Asia/Shanghai",
    Weekday.TUESDAY,
    time(19),
    120,
    "Room 204",
    None,
    ChatView(1, -1001, None, ChatKind.SUPERGROUP),
)


def talk(title: str) -> TalkView:
    return TalkView(1, title, None, None, None, (), ())


def meeting(*slots: SlotView) -> MeetingView:
    return MeetingView(
        41,
        date(2026, 1, 13),
        BEGINS,
        BEGINS + timedelta(hours=2),
        MeetingKind.REGULAR,
        MeetingStatus.PLANNED,
        None,
        1,
        slots,
        (),
    )


def owed(kind: DeliveryKind, due_at: datetime, of: MeetingView) -> OwedMessage:
    return OwedMessage(7, kind, -1001, None, due_at, 1, GROUP, of)


REFRAG = SlotView(1, 1, None, talk("REFRAG"))


def test_the_announcement_says_how_far_off_the_meeting_is() -> None:
    due = BEGINS - 3 * DAY

    text, buttons = compose(owed(DeliveryKind.ANNOUNCEMENT, due, meeting(REFRAG)), due)

    assert text == ("📣 <b>Tue 13 January, 19:00</b> · in 3 days\n📍 Room 204\n\n💡 REFRAG")
    assert buttons == ()


def test_the_reminder_says_tomorrow() -> None:
    due = BEGINS - DAY

    text, _ = compose(owed(DeliveryKind.DAY_BEFORE, due, meeting(REFRAG)), due)

    assert text == "⏰ Tomorrow: <b>Tue 13 January, 19:00</b>\n📍 Room 204\n\n💡 REFRAG"


def test_a_reminder_that_comes_late_says_so_and_counts_from_today() -> None:
    due = BEGINS - DAY

    text, _ = compose(
        owed(DeliveryKind.DAY_BEFORE, due, meeting(REFRAG)), BEGINS - timedelta(hours=9)
    )

    assert text.split("\n\n")[:2] == [
        "<i>This is late: I was away when it was due.</i>",
        "⏰ Today: <b>Tue 13 January, 19:00</b>\n📍 Room 204",
    ]


def test_today_is_the_groups_day_not_greenwichs() -> None:
    midnight_there = datetime(2026, 1, 12, 16, tzinfo=UTC)
    message = owed(DeliveryKind.DAY_BEFORE, midnight_there, meeting(REFRAG))

    text, _ = compose(message, midnight_there)

    assert text.startswith("⏰ Today:")


def test_a_meeting_too_long_for_one_message_ends_with_where_the_rest_is() -> None:
    slots = [SlotView(n, n, f"Topic {n}", talk(f"{n} " + "x" * 298)) for n in range(1, 41)]
    due = BEGINS - DAY

    text, _ = compose(owed(DeliveryKind.DAY_BEFORE, due, meeting(*slots)), due)

    assert text.endswith("\n\nThe rest: /next")
    assert 3000 < measure(text)[0] <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        (DeliveryKind.ANNOUNCEMENT, "❓ Announcement of Tue 13 January may not have reached"),
        (DeliveryKind.DAY_BEFORE, "❓ Reminder of the day before of Tue 13 January may not have"),
    ],
)
def test_a_question_is_about_one_delivery_and_has_two_buttons(
    kind: DeliveryKind, begins: str
) -> None:
    about = owed(kind, BEGINS - DAY, meeting(REFRAG))
    question = about._replace(id=8, kind=DeliveryKind.UNCERTAIN, chat_id=11, about=about)

    text, buttons = compose(question, BEGINS - DAY)

    assert text.startswith(begins)
    assert buttons == (("It arrived", "c1:arrived:1:7"), ("Send again", "c1:again:1:7"))


def test_a_question_about_nothing_is_a_fault() -> None:
    question = owed(DeliveryKind.UNCERTAIN, BEGINS - DAY, meeting(REFRAG))

    with pytest.raises(ValueError, match="about a delivery"):
        compose(question, BEGINS - DAY)
