"""What stands under messages: labels that fit, and what each button asks for."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.domain.callbacks import (
    LARGEST,
    MAX_BYTES,
    Book,
    ChooseGroup,
    PostLink,
    Release,
    ShowSchedule,
    decode,
)
from bot.domain.views import (
    FoundTalk,
    GroupView,
    MeetingView,
    ScheduleView,
    SlotView,
    TalkView,
)
from bot.telegram.keyboards import (
    A_LINE,
    MAX_BUTTONS,
    MAX_LABEL,
    MOST_IN_A_LINE,
    choice_of_groups,
    paging,
    private_chat,
    row,
    rows,
    short,
    slots_to_book,
)
from bot.telegram.keyboards_links import talks_of_link
from bot.telegram.keyboards_talks import talks_to_release
from storage.enums import MeetingKind, MeetingStatus, Weekday

GROUP = GroupView(7, "Systems", "Asia/Shanghai", Weekday.TUESDAY, time(19), 120, None, None, None)


def talk(title: str) -> TalkView:
    return TalkView(1, title, None, None, None, (), ())


def meeting(day: date, *slots: SlotView) -> MeetingView:
    begins = datetime.combine(day, time(11), UTC)
    return MeetingView(
        41,
        day,
        begins,
        begins + timedelta(hours=2),
        MeetingKind.REGULAR,
        MeetingStatus.PLANNED,
        None,
        1,
        slots,
        (),
    )


def shown(keyboard: InlineKeyboardMarkup | None) -> list[list[tuple[str, object]]]:
    """The rows: each button's label and what it asks for."""
    rows = keyboard.inline_keyboard if keyboard else ()
    return [[(b.text, decode(str(b.callback_data))) for b in row] for row in rows]


JAN_13, JAN_20 = date(2026, 1, 13), date(2026, 1, 20)
HALF_TAKEN = meeting(
    JAN_13, SlotView(4, 1, "Topic I", talk("REFRAG")), SlotView(5, 2, "Topic II", None)
)
HELD = meeting(
    JAN_13,
    SlotView(4, 1, "Topic I", talk("REFRAG")),
    SlotView(5, 2, "Topic II", talk("TrainVerify")),
)
OPEN = meeting(JAN_20, SlotView(6, 1, None, None), SlotView(8, 2, None, None))


@pytest.mark.parametrize(
    ("offset", "earlier", "later", "row"),
    [
        (0, False, False, []),
        (0, True, True, [("‹ Earlier", -1), ("Later ›", 1)]),
        (0, False, True, [("Later ›", 1)]),
        (1, True, True, [("‹ Earlier", 0), ("Later ›", 2)]),
        (2, True, False, [("‹ Earlier", 1), ("What is on", 0)]),
        (2, True, True, [("‹ Earlier", 1), ("What is on", 0), ("Later ›", 3)]),
        (-1, True, True, [("‹ Earlier", -2), ("What is on", 0)]),
        (-1, False, False, [("What is on", 0)]),
        (-2, True, True, [("‹ Earlier", -3), ("What is on", 0), ("Later ›", -1)]),
    ],
)
def test_pages_are_turned_both_ways_and_one_button_leads_back(
    offset: int, earlier: bool, later: bool, row: list[tuple[str, int]]
) -> None:
    keyboard = paging(GROUP, ScheduleView((), offset, earlier=earlier, later=later))

    assert shown(keyboard) == (
        [[(label, ShowSchedule(7, target)) for label, target in row]] if row else []
    )


def test_each_open_slot_has_a_button_and_a_taken_one_has_none() -> None:
    assert shown(slots_to_book(GROUP, 3, (HALF_TAKEN, OPEN))) == [
        [("Tue 13 January · Topic II", Book(7, 3, 5))],
        [("Tue 20 January · Talk", Book(7, 3, 6))],
        [("Tue 20 January · Talk 2", Book(7, 3, 8))],
    ]


def test_a_cancelled_meeting_offers_no_slot() -> None:
    cancelled = OPEN._replace(status=MeetingStatus.CANCELLED)

    assert shown(slots_to_book(GROUP, 3, (cancelled,))) == []


def test_no_more_slots_are_offered_than_a_phone_shows() -> None:
    many = meeting(JAN_20, *(SlotView(n, n, None, None) for n in range(1, 30)))

    assert len(shown(slots_to_book(GROUP, 3, (HALF_TAKEN, many)))) == MAX_BUTTONS


def test_a_talk_is_given_back_by_its_day_and_title() -> None:
    found = FoundTalk(HALF_TAKEN, HALF_TAKEN.slots[0])

    assert shown(talks_to_release(GROUP, (found,))) == [
        [("Tue 13 January: REFRAG", Release(7, 4, found.talk.id))]
    ]


def test_a_link_is_for_all_talks_of_a_meeting_or_for_one() -> None:
    found = tuple(FoundTalk(HELD, slot) for slot in HELD.slots)

    assert shown(talks_of_link(GROUP, 3, found)) == [
        [("All of them", PostLink(7, 3, 41, 0))],
        [("Topic I: REFRAG", PostLink(7, 3, 41, 4))],
        [("Topic II: TrainVerify", PostLink(7, 3, 41, 5))],
    ]


def test_talks_of_two_meetings_are_told_apart_by_their_days() -> None:
    later = HELD._replace(id=42, date=date(2026, 1, 20))
    found = (FoundTalk(HELD, HELD.slots[0]), FoundTalk(later, HELD.slots[1]))

    assert shown(talks_of_link(GROUP, 3, found)) == [
        [("Tue 13 January: REFRAG", PostLink(7, 3, 41, 4))],
        [("Tue 20 January: TrainVerify", PostLink(7, 3, 42, 5))],
    ]


def test_groups_are_chosen_by_name() -> None:
    other = GROUP._replace(id=8, name="Databases")

    assert shown(choice_of_groups((GROUP, other))) == [
        [("Systems", ChooseGroup(7))],
        [("Databases", ChooseGroup(8))],
    ]


def test_the_private_chat_is_told_which_group_one_comes_from() -> None:
    ((button,),) = private_chat("papers_bot", GROUP).inline_keyboard

    assert (button.text, button.url) == (
        "Open a private chat",
        "https://t.me/papers_bot?start=g7",
    )


def test_a_long_title_is_cut_and_shows_that_it_is() -> None:
    long = FoundTalk(HALF_TAKEN, SlotView(4, 1, None, talk("A very long title " * 20)))

    (((label, _),),) = shown(talks_to_release(GROUP, (long,)))

    assert label == "Tue 13 January: A very long title A ver…"
    assert len(label) == MAX_LABEL


def test_no_button_carries_more_than_telegram_allows() -> None:
    group = GROUP._replace(id=LARGEST)
    slot = SlotView(LARGEST, 1, "題" * 100, talk("題" * 300))
    of = meeting(JAN_13, slot)._replace(id=LARGEST)
    keyboards = (
        slots_to_book(group, LARGEST, (of._replace(slots=(slot._replace(talk=None),)),)),
        talks_to_release(group, (FoundTalk(of, slot),)),
        talks_of_link(group, LARGEST, (FoundTalk(of, slot),)),
        choice_of_groups((group,)),
        paging(group, ScheduleView((), LARGEST - 1, earlier=True, later=True)),
    )

    for keyboard in keyboards:
        assert keyboard is not None
        for line in keyboard.inline_keyboard:
            for button in line:
                assert len(str(button.callback_data).encode()) <= MAX_BYTES
                assert decode(str(button.callback_data)) is not None


LABELS = st.lists(
    st.tuples(st.text("abc 下周二📕", min_size=1, max_size=60), st.just("x")), max_size=40
)


@given(LABELS)
def test_buttons_stand_side_by_side_only_where_a_phone_shows_them_whole(
    buttons: list[tuple[str, str]],
) -> None:
    lines = rows([buttons]).inline_keyboard
    assert [key.text for line in lines for key in line] == [short(label) for label, _ in buttons]
    for line in lines:
        widest = max(sum(2 if one in "下周二📕" else 1 for one in key.text) for key in line)
        assert len(line) == 1 or len(line) * widest <= A_LINE
        assert len(line) <= MOST_IN_A_LINE


def test_the_slots_of_a_month_are_two_in_a_line() -> None:
    slots = [(f"jan {day} · Topic II", f"x{day}") for day in (13, 20, 27)]
    lines = row(slots).inline_keyboard
    assert [[key.callback_data for key in line] for line in lines] == [["x13", "x20"], ["x27"]]


def test_days_of_a_week_are_spread_over_lines() -> None:
    days = [(day, day) for day in ("Monday", "✓ Tuesday", "Wednesday", "Thursday", "Friday")]
    assert [len(line) for line in row(days).inline_keyboard] == [3, 2]
