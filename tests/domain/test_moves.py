"""Reading what an organizer writes about a meeting."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moves import Move, read_day, read_move, read_new, read_place, time_said
from bot.errors import DomainError

FRIDAY = date(2026, 1, 9)
KNOWN = (date(2026, 1, 6), date(2026, 1, 13), date(2026, 1, 20))
TO_THE_15TH = Move(date(2026, 1, 13), date(2026, 1, 15), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jan 13 jan 15", TO_THE_15TH),
        ("jan 13 to jan 15", TO_THE_15TH),
        ("next → 15.1.", TO_THE_15TH),
        ("1月13日 1月15日", TO_THE_15TH),
        ("jan 13 thursday", TO_THE_15TH),
        ("jan 13 jan 15 9:05", Move(date(2026, 1, 13), date(2026, 1, 15), time(9, 5))),
        ("jan 13 to jan 15 at 18:00", Move(date(2026, 1, 13), date(2026, 1, 15), time(18))),
        ("jan 13 18:00", Move(date(2026, 1, 13), date(2026, 1, 13), time(18))),
        ("jan 13 6:30pm", Move(date(2026, 1, 13), date(2026, 1, 13), time(18, 30))),
        ("jan 13 13.1. 6.30pm", Move(date(2026, 1, 13), date(2026, 1, 13), time(18, 30))),
        ("jan 13 1 pm", Move(date(2026, 1, 13), date(2026, 1, 13), time(13))),
        ("jan 13 12 a.m.", Move(date(2026, 1, 13), date(2026, 1, 13), time(0))),
        ("jan 13 jan 15 18", Move(date(2026, 1, 13), date(2026, 1, 15), time(18))),
        ("jan 13 at 18", Move(date(2026, 1, 13), date(2026, 1, 13), time(18))),
        ("jan 20 wednesday", Move(date(2026, 1, 20), date(2026, 1, 21), None)),
        ("jan 20 Wednesday, 18:00", Move(date(2026, 1, 20), date(2026, 1, 21), time(18))),
        ("jan 20 to mon at 6 pm", Move(date(2026, 1, 20), date(2026, 1, 19), time(18))),
    ],
)
def test_a_move_is_read_as_it_is_meant(text: str, expected: Move) -> None:
    assert read_move(text, FRIDAY, KNOWN) == expected


def test_the_next_meeting_is_moved_from_where_it_takes_place() -> None:
    moved = read_move("next to jan 22", FRIDAY, KNOWN, KNOWN[2:])

    assert moved == Move(date(2026, 1, 20), date(2026, 1, 22), None)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("18:00", time(18)),
        (" at 18 ", time(18)),
        ("1 pm", time(13)),
        ("6.30 pm", time(18, 30)),
        ("6.30 p.m.", time(18, 30)),
        ("18.30", None),
        ("12 pm", time(12)),
        ("18", None),
        ("0 pm", None),
        ("13 pm", None),
        ("18:00 ideas", None),
    ],
)
def test_a_time_is_all_that_is_said_or_none(text: str, at: time | None) -> None:
    assert time_said(text) == at


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "move_where"),
        ("jan 13", "move_where"),
        ("jan 13 soon", "move_where"),
        ("soon jan 13", "move_where"),
        ("jan 13 jan 15 in the evening", "not_a_time"),
        ("jan 13 jan 15 24:00", "not_a_time"),
        ("jan 13 18:60", "not_a_time"),
        ("jan 13 13 pm", "not_a_time"),
        ("jan 13 18 ideas", "move_where"),
        ("jan 13 18:00 or later", "move_where"),
        ("jan 13 jan 15 jan 20", "move_where"),
        ("jan 13 jan 15 18:00 jan 20", "move_where"),
    ],
)
def test_what_is_no_move_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(DomainError, match=refusal):
        read_move(text, FRIDAY, KNOWN)


@given(st.text())
def test_any_words_are_a_move_or_refused(words: str) -> None:
    try:
        moved = read_move(f"jan 13 {words}", FRIDAY, KNOWN)
    except DomainError:
        return
    assert moved.day.month == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jan 15", (date(2026, 1, 15), None, "")),
        ("jan 15 18:00", (date(2026, 1, 15), time(18), "")),
        ("jan 15 at 18:00 SOSP Rehearsal", (date(2026, 1, 15), time(18), "SOSP Rehearsal")),
        ("jan 15 at 18: Two talks", (date(2026, 1, 15), time(18), "Two talks")),
        ("jan 15 18 ideas", (date(2026, 1, 15), None, "18 ideas")),
        ("jan 15: Guest talk", (date(2026, 1, 15), None, "Guest talk")),
        ("jan 15 23:59: X-ray of XLA", (date(2026, 1, 15), time(23, 59), "X-ray of XLA")),
    ],
)
def test_a_new_meeting_is_read(text: str, expected: tuple[date, time | None, str]) -> None:
    assert read_new(text, FRIDAY) == expected


def test_another_day_or_time_is_read() -> None:
    was = date(2026, 1, 13)
    assert read_day("jan 15", FRIDAY, was) == (date(2026, 1, 15), None)
    assert read_day("jan 15 at 18:00", FRIDAY, was) == (date(2026, 1, 15), time(18))
    assert read_day("18:00", FRIDAY, was) == (was, time(18))
    assert read_day("wed 6 pm", FRIDAY, date(2026, 1, 20)) == (date(2026, 1, 21), time(18))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("soon", "a_date"),
        ("18:00 or later", "a_date"),
        ("jan 15 soon", "a_time"),
        ("jan 15 or jan 20", "one_day"),
    ],
)
def test_no_day_and_no_time_are_refused(text: str, refusal: str) -> None:
    with pytest.raises(DomainError, match=refusal):
        read_day(text, FRIDAY, FRIDAY)


def test_a_place_and_a_link_are_read_in_any_order() -> None:
    link = "https://meet.example/1"
    assert read_place("Room 301") == ("Room 301", None)
    assert read_place(link) == (None, link)
    assert read_place(f"Room 301, {link}") == ("Room 301", link)
    assert read_place(f"X-building; {link}") == ("X-building", link)


def test_of_two_links_none_is_guessed() -> None:
    with pytest.raises(DomainError, match="one_link"):
        read_place("Room 301 https://meet.example/1 https://meet.example/2")


def test_a_link_that_is_none_is_named() -> None:
    with pytest.raises(DomainError, match="link_is_no_link") as refused:
        read_place("Room 301 ftp://meet.example")
    assert refused.value.params == {"url": "Room 301 ftp://meet.example"}


@given(st.text())
def test_any_words_are_a_new_meeting_a_day_a_place_or_refused(words: str) -> None:
    readers: tuple[Callable[[], object], ...] = (
        lambda: read_new(words, FRIDAY),
        lambda: read_day(words, FRIDAY, FRIDAY),
        lambda: read_place(words),
    )
    for read in readers:
        with suppress(DomainError):
            read()
