"""Reading `/move`."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moves import Move, read_move
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
    ],
)
def test_a_move_is_read_as_it_is_meant(text: str, expected: Move) -> None:
    assert read_move(text, FRIDAY, KNOWN) == expected


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
