"""What a row of the ledger says, and with which buttons."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.delivery.messages import compose
from bot.domain.views import (
    ChangeView,
    ChatView,
    GroupView,
    LinkView,
    MeetingView,
    MemberView,
    OwedMessage,
    PresenterView,
    SlotView,
    TalkView,
)
from bot.text.split import MAX_CHARACTERS, measure
from storage.enums import (
    ChatKind,
    DeliveryKind,
    LinkKind,
    MeetingKind,
    MeetingStatus,
    Role,
    Weekday,
)

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


def _given(title: str, *links: LinkView) -> TalkView:
    ann = PresenterView(9, "Ann", Role.MAIN, None, 19)
    return talk(title)._replace(presenters=(ann,), links=links)


def test_organizers_hear_who_cannot_be_reached_and_not_of_themselves() -> None:
    ada = MemberView(1, "Ada", 11, reachable=True)
    to_ann = owed(DeliveryKind.PREPARE, BEGINS, meeting())._replace(member=MemberView(9, "Ann", 19))
    told = owed(DeliveryKind.UNREACHABLE, BEGINS, meeting())._replace(member=ada, about=to_ann)

    text, _ = compose(told, BEGINS)

    assert text.startswith('✉️ I cannot write to <a href="tg://user?id=19">Ann</a> in private.')


def test_what_stands_in_the_group_for_a_message_to_somebody_names_them() -> None:
    to_ann = owed(DeliveryKind.CHANGE, BEGINS, meeting())._replace(member=MemberView(9, "Ann", 19))
    change = ChangeView(1, "talk:unassign", "Ada", BEGINS, None, "Jenga", "Ann")
    told = owed(DeliveryKind.CHANGE, BEGINS, meeting())._replace(about=to_ann, change=change)

    text, _ = compose(told, BEGINS)

    assert text.startswith(
        '<a href="tg://user?id=19">Ann</a>: Ada took a slot that is gone from you'
    )


def test_who_gives_two_talks_is_told_of_both_and_of_what_each_still_needs() -> None:
    slides = LinkView(LinkKind.SLIDES, "https://slides.example/1.pdf", None)
    jenga = SlotView(1, 1, "Topic I", _given("Jenga", slides))
    prism = SlotView(2, 2, "Topic II", _given("Prism"))
    to_ann = owed(DeliveryKind.PREPARE, BEGINS - DAY, meeting(jenga, prism))._replace(
        member=MemberView(9, "Ann", 19, reachable=True)
    )

    text, _ = compose(to_ann, BEGINS - DAY)
    assert "\n💡 Jenga\n💡 Prism\n" in text
    assert text.endswith(
        "Not there yet, for Jenga:\n• the paper's link\n• anybody who supports you\n\n"
        "Not there yet, for Prism:\n• the paper's link\n• anybody who supports you\n"
        "• the slides: <code>/slides LINK</code>\n\n"
        "/mine changes your talks."
    )

    missing = to_ann._replace(kind=DeliveryKind.SLIDES_MISSING)
    assert "Jenga" not in compose(missing, BEGINS + DAY)[0]
    both = meeting(jenga._replace(talk=_given("Jenga")), prism)
    assert "\n💡 Jenga\n💡 Prism\n" in compose(missing._replace(meeting=both), BEGINS + DAY)[0]
