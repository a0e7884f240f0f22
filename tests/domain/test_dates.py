from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import find_date, find_split, split_date
from bot.domain.month_days import first_of_month, nearest
from bot.domain.months import MONTHS

TODAY = date(2025, 12, 20)  # a Saturday
KNOWN = (date(2026, 1, 20), date(2026, 1, 13), date(2025, 12, 23), date(2025, 12, 16))
JAN_13 = date(2026, 1, 13)
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("last week", date(2025, 12, 29)),
        ("this week", None),
        ("next week", date(2026, 1, 12)),
        ("下周", date(2026, 1, 12)),
        ("本周", None),
    ],
)
def test_a_week_goes_from_its_monday_to_its_sunday(text: str, day: date | None) -> None:
    mondays = (date(2025, 12, 22), date(2025, 12, 29), date(2026, 1, 12), date(2026, 1, 19))
    assert find_date(text, date(2026, 1, 9), mondays) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("heute", TODAY),
        ("morgen", date(2025, 12, 21)),
        ("übermorgen", date(2025, 12, 22)),
        ("Dienstag", date(2025, 12, 23)),
        ("am Dienstag", date(2025, 12, 23)),
        ("Sonnabend", TODAY),
        ("nächsten Samstag", date(2025, 12, 27)),
        ("diesen Dienstag", date(2025, 12, 16)),
        ("nächste Woche", date(2025, 12, 23)),
        ("diese Woche", date(2025, 12, 16)),
        ("nächstes Mal", date(2025, 12, 23)),
        ("das nächste Treffen", date(2025, 12, 23)),
        ("Dienstag, 13. Januar", JAN_13),
        ("Di 13.1.", JAN_13),
        ("Di, 13. Januar", JAN_13),
        ("Wer trägt nächsten Dienstag vor?", date(2025, 12, 23)),
    ],
)
def test_days_are_read_in_german(text: str, day: date) -> None:
    assert find_date(text, TODAY, KNOWN) == day


@pytest.mark.parametrize(
    "text",
    ["Guten Morgen", "Morgen!", "So 2 Fast", "Do 3.5 Things", "Woche", "einmal", "Fr 14.1.", "Di"],
)
def test_what_only_looks_like_a_german_day_is_none(text: str) -> None:
    assert find_date(text, TODAY, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("jan 13 and jan 20", "and jan 20"),
        ("please the meeting of jan 13, thanks", ", thanks"),
        ("请取消1月13日的会", "的会"),
        ("the 13th", ""),
        ("nothing of it", "nothing of it"),
    ],
)
def test_what_follows_a_date_within_a_sentence_is_kept(text: str, rest: str) -> None:
    day, behind = find_split(text, TODAY, KNOWN)
    assert (day, behind) == (None if rest == text else JAN_13, rest)


@pytest.mark.parametrize(
    "text",
    ["jan 13", "January 13", "JAN 13", "Jan. 13th", "13 jan", "13. January", "13th Jan", "13.1",
     "13.1.", "13.1.2026", "13.01.2026", "13/1", "1/13", "13/1/2026", "2026-01-13", "2026/1/13",
     "1月13日", "1 月 13 号", "2026年1月13日", "jan 13, 2026", "13 January 2026",
     "Tuesday, January 13", "tue 13.1",
     "Tue 13 January", "Tue, 13 Jan 2026", "Tue. Jan 13", "jan13", "Jan.13th",
     "13 января", "13. Januar", "13 de enero", "13 janvier"],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert split_date(text, TODAY, KNOWN) == (JAN_13, "")
    assert split_date(text, TODAY) == (JAN_13, "")
    assert find_date(text, TODAY) == JAN_13


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Tomorrow", date(2025, 12, 21)),
        ("next", date(2025, 12, 23)),
        ("next meeting", date(2025, 12, 23)),
        ("last", date(2025, 12, 16)),
        ("tuesday", date(2025, 12, 23)),
        ("tue", date(2025, 12, 23)),
        ("saturday", TODAY),
        ("next saturday", date(2025, 12, 27)),
        ("next Tue", date(2025, 12, 23)),
        ("this tuesday", date(2025, 12, 23)),
        ("last tue", date(2025, 12, 16)),
        ("last saturday", date(2025, 12, 13)),
        ("last sunday", date(2025, 12, 14)),
        ("next week", date(2025, 12, 23)),
        ("this week", date(2025, 12, 16)),
        ("tuesday next week", date(2025, 12, 23)),
        ("tue this week", date(2025, 12, 16)),
        ("下次", date(2025, 12, 23)),
        ("下一次", date(2025, 12, 23)),
        ("下周", date(2025, 12, 23)),
        ("下周二", date(2025, 12, 23)),
        ("下下周二", date(2025, 12, 30)),
        ("下个星期五", date(2025, 12, 26)),
        ("下周天", date(2025, 12, 28)),
        ("周天", date(2025, 12, 21)),
        ("周二", date(2025, 12, 23)),
        ("本周二", date(2025, 12, 16)),
        ("上周日", date(2025, 12, 14)),
        ("明天", date(2025, 12, 21)),
    ],
)
def test_words_stand_for_dates(text: str, day: date) -> None:
    assert split_date(text, TODAY, KNOWN) == (day, "")


@pytest.mark.parametrize(
    "text",
    ["May the force be with you", "2 Fast 2 Furious", "Next Generation Storage", "3.5 Turbo",
     "3D vision", "SAT solving", "Sun RPC", "12 angry men", "5 mins later", "feb 31", "31.2",
     "2026-02-31", "13/13", "jan 0", "1.2.3", "10.1145/3731569", "Today's systems", "march", "7",
     "", "this", "last week", "next month", "last year", "2412.03131", "1/13/26x", "2.13",
     "周报", "一周年", "上周"],
)  # fmt: skip
def test_a_title_or_a_bad_date_is_no_date(text: str) -> None:
    assert split_date(text, TODAY, KNOWN) == (None, text)
    assert find_date(text, TODAY, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("jan 13 2 Fast 2 Furious", "2 Fast 2 Furious"),
        ("jan 13 X-ray", "X-ray"),
        ("13.1 https://arxiv.org/abs/2412.03131", "https://arxiv.org/abs/2412.03131"),
        ("1月13日：缓存", "缓存"),
        ("Jan 13 — holiday", "holiday"),
        ("tuesday, jan 13 REFRAG", "REFRAG"),
    ],
)
def test_what_follows_a_date_is_kept(text: str, rest: str) -> None:
    assert split_date(text, TODAY, KNOWN) == (JAN_13, rest)


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("Tuesday the 13th of January, first slot", JAN_13, "first slot"),
        ("the 13th of january 2 LithOS", JAN_13, "2 LithOS"),
        ("January the 13th LithOS", JAN_13, "LithOS"),
        ("Tuesday the 20th: LithOS", date(2026, 1, 20), "LithOS"),
        ("tuesday the 22nd LithOS", date(2025, 12, 22), "LithOS"),
        ("tuesday 2nd slot LithOS", date(2025, 12, 23), "2nd slot LithOS"),
        ("the 13th 2 LithOS", JAN_13, "2 LithOS"),
        ("the 13th, first slot", JAN_13, "first slot"),
        ("the 13th", JAN_13, ""),
        ("13号第二个", JAN_13, "第二个"),
        ("the 13th Floor", None, "the 13th Floor"),
        ("the 14th 2 LithOS", None, "the 14th 2 LithOS"),
        ("Febuary 3 1 LithOS", date(2026, 2, 3), "1 LithOS"),
        ("janurary 13 LithOS", JAN_13, "LithOS"),
        ("Decembrist 3 LithOS", None, "Decembrist 3 LithOS"),
    ],
)
def test_a_day_is_named_as_people_say_it(text: str, day: date | None, rest: str) -> None:
    assert split_date(text, TODAY, KNOWN) == (day, rest)


@pytest.mark.parametrize(
    ("text", "known", "day"),
    [
        ("5/6", (date(2026, 5, 6),), date(2026, 5, 6)),
        ("5/6", (date(2026, 6, 5),), date(2026, 6, 5)),
        ("5/6", (), date(2026, 6, 5)),
        ("5.6", (date(2026, 5, 6),), date(2026, 5, 6)),
        ("5.6", (), date(2026, 6, 5)),
        ("5.6", KNOWN, date(2026, 6, 5)),
        ("jan 13", (date(2024, 1, 13),), date(2024, 1, 13)),
        ("1/13/2024", (JAN_13,), date(2024, 1, 13)),
        ("feb 29", (), date(2024, 2, 29)),
        ("tuesday", (date(2026, 1, 20), JAN_13), JAN_13),
        ("saturday", (date(2025, 12, 27), TODAY), TODAY),
        ("next", (TODAY,), TODAY),
        ("last", (TODAY,), None),
        ("next", (), None),
    ],
)
def test_meetings_decide_between_two_readings(
    text: str, known: tuple[date, ...], day: date | None
) -> None:
    assert split_date(text, TODAY, known) == (day, "" if day else text)


@pytest.mark.parametrize(
    ("text", "ahead", "day"),
    [
        ("next", (JAN_13,), JAN_13),
        ("下次", (JAN_13,), JAN_13),
        ("next", (), date(2025, 12, 23)),
        ("next week", (date(2025, 12, 25), JAN_13), date(2025, 12, 25)),
        ("下周", (date(2025, 12, 25),), date(2025, 12, 25)),
        ("next week", (JAN_13,), date(2025, 12, 23)),
        ("next tuesday", (JAN_13,), date(2025, 12, 23)),
    ],
)
def test_next_is_a_meeting_that_is_ahead_and_a_day_that_is_named_is_that_day(
    text: str, ahead: tuple[date, ...], day: date
) -> None:
    known = sorted({*KNOWN, date(2025, 12, 25)})

    assert split_date(text, TODAY, known, ahead) == (day, "")
    assert find_date(f"{text}?", TODAY, known, ahead) == day


def test_within_a_sentence_next_is_a_meeting_that_is_ahead_too() -> None:
    assert find_date("我想在下次讲", TODAY, KNOWN, (JAN_13,)) == JAN_13
    assert find_date("who is next?", TODAY, KNOWN, (JAN_13,)) == JAN_13


def test_within_a_sentence_a_meeting_decides_which_year_is_meant() -> None:
    in_a_year = date(2027, 1, 13)
    assert find_date("我想在1月13日讲", TODAY, (in_a_year,)) == in_a_year
    assert find_date("may I on jan 13?", TODAY, (in_a_year,)) == in_a_year


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2100, 2, 1), 2096),
        (date(2100, 3, 1), 2104),
        (date(2096, 2, 29), 2096),
        (date(2026, 2, 28), 2024),
        (date(2026, 3, 1), 2028),
    ],
)
def test_a_leap_day_is_the_nearest_there_is(today: date, year: int) -> None:
    assert nearest(2, 29, today) == date(year, 2, 29)


def test_a_day_that_no_year_has_is_none() -> None:
    assert nearest(2, 30, TODAY) is None
    assert nearest(4, 31, TODAY, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("who presents on jan 13?", JAN_13),
        ("on jan 13", JAN_13),
        ("who presents next time (“jan 13”)?", JAN_13),
        ("it has grown by 3.5", None),
        ("what is on tomorrow, please", date(2025, 12, 21)),
        ("who is next?", date(2025, 12, 23)),
        ("who presents next week?", date(2025, 12, 23)),
        ("see you on the 13th!", JAN_13),
        ("我下周二讲什么", date(2025, 12, 23)),
        ("谁在1月13日讲", JAN_13),
        ("周末愉快", None),
        ("is there a meeting on Tuesday or not", date(2025, 12, 23)),
        ("are we on for 13.1?", JAN_13),
        ("version 3.5 is out", None),
        ("the cat sat on the mat", None),
        ("the last of us", None),
        ("the 13th", JAN_13),
        ("13", JAN_13),
        ("13号", JAN_13),
        ("14", None),
        ("13 ideas", None),
    ],
)
def test_a_date_is_found_inside_a_sentence(text: str, day: date | None) -> None:
    assert find_date(text, TODAY, KNOWN) == day


def test_a_number_inside_a_sentence_is_no_date_where_no_meetings_are_known() -> None:
    assert find_date("version 3.5 is out", TODAY) is None


@given(days, days)
def test_a_date_with_its_year_is_that_date(day: date, today: date) -> None:
    month = MONTHS[day.month - 1]
    for text in (
        day.isoformat(),
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3]} {day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert split_date(text + " rest", today) == (day, "rest")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("february", date(2026, 2, 1)),
        ("all of Sept!", date(2025, 9, 1)),
        ("december", TODAY),
        ("remarks", None),
        ("im März", date(2026, 3, 1)),
        ("", None),
    ],
)
def test_a_month_begins_in_the_nearest_year_and_what_is_left_of_this_one_today(
    text: str, day: date | None
) -> None:
    assert first_of_month(text, TODAY) == day


@given(days, days)
def test_a_date_without_a_year_is_the_nearest(day: date, today: date) -> None:
    found = nearest(day.month, day.day, today)
    assert found is not None
    assert (found.month, found.day) == (day.month, day.day)
    assert abs(found - today) <= timedelta(days=183 if day.strftime("%m%d") != "0229" else 2922)


DATED = st.text(alphabet="0123456789./- ,年月日janmfeb tue", max_size=20)
SPOKEN = st.lists(
    st.sampled_from(
        ["next", "last", "this", "tue", "Friday", "meeting", "jan", "13", "2026", "13.1."]
    )
).map(" ".join)


@given(DATED | SPOKEN | st.text(), days, st.lists(days))
def test_any_text_is_a_date_and_a_rest_or_none(text: str, today: date, known: list[date]) -> None:
    day, rest = split_date(text, today, known)
    found = find_date(text, today, known)
    if day is None:
        assert rest == text.strip()
    else:
        assert text.strip().endswith(rest)
        assert len(rest) < len(text.strip())
        assert found == day
