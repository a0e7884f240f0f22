"""Whose turn it is, and when somebody may be asked."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import NIGHT, instant, local, polite
from bot.domain.turns import Turn, fill_at, in_order, next_turns, nudge_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_YEAR, THIS_YEAR, TO_COME = date(2025, 10, 7), date(2026, 1, 6), date(2026, 3, 3)

zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Shanghai"]
).map(ZoneInfo)
moments = st.integers(0, 8_000_000).map(
    lambda minutes: datetime(2020, 1, 5, tzinfo=UTC) + timedelta(minutes=minutes)
)
presented = st.one_of(
    st.just((0, 0, None)),
    st.tuples(st.integers(0, 2), st.integers(2, 4), st.dates(LAST_YEAR, TO_COME)),
)
groups = st.lists(st.tuples(st.sampled_from(["Ann", "ann", "Ben"]), presented), max_size=8).map(
    lambda people: [Turn(number, name, *told) for number, (name, told) in enumerate(people)]
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # This term before all else, then who waits longest, then the fewest ever, then the name.
        (Turn(2, "Ben", 0, 9, LAST_YEAR), Turn(1, "Ann", 1, 1, THIS_YEAR)),
        (Turn(2, "Ben", 0, 0, None), Turn(1, "Ann", 0, 1, LAST_YEAR)),
        (Turn(2, "Ben", 1, 5, THIS_YEAR), Turn(1, "Ann", 1, 1, TO_COME)),
        (Turn(2, "Ben", 1, 2, THIS_YEAR), Turn(1, "Ann", 1, 3, THIS_YEAR)),
        (Turn(2, "ann", 1, 2, THIS_YEAR), Turn(1, "Ben", 1, 2, THIS_YEAR)),
        (Turn(1, "Ann", 0, 0, None), Turn(2, "Ann", 0, 0, None)),
    ],
)
def test_it_is_the_turn_of(first: Turn, second: Turn) -> None:
    assert in_order([first, second]) == in_order([second, first]) == (first, second)


@given(groups, st.randoms())
def test_the_order_is_the_same_however_people_are_listed(
    people: list[Turn], chance: Random
) -> None:
    mixed = list(people)
    chance.shuffle(mixed)

    assert in_order(mixed) == in_order(people)
    assert sorted(in_order(people), key=lambda one: one.member_id) == people


@given(groups, st.sets(st.integers(0, 8)), st.sets(st.integers(0, 8)))
def test_nobody_is_asked_twice_or_with_a_talk_to_come(
    people: list[Turn], asked: set[int], busy: set[int]
) -> None:
    found = next_turns(people, asked, busy)

    assert {one.member_id for one in found} == {one.member_id for one in people} - asked - busy
    assert found == in_order(found)


@pytest.mark.parametrize(
    ("at", "asked"),
    [
        ("2026-01-05 21:59", "2026-01-05 21:59"),
        ("2026-01-05 22:00", "2026-01-06 08:00"),
        ("2026-01-06 00:00", "2026-01-06 08:00"),
        ("2026-01-06 07:59", "2026-01-06 08:00"),
        ("2026-01-06 08:00", "2026-01-06 08:00"),
    ],
)
def test_who_would_be_asked_at_night_is_asked_at_eight(at: str, asked: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)

    assert f"{local(polite(moment, SHANGHAI, NIGHT), SHANGHAI):%Y-%m-%d %H:%M}" == asked


@pytest.mark.parametrize(
    ("night", "hours"), [(date(2026, 3, 28), 8), (date(2026, 10, 24), 10), (date(2026, 5, 1), 9)]
)
def test_a_night_in_which_the_clocks_change_ends_at_eight_too(night: date, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    at = instant(night, time(23), berlin)

    assert polite(at, berlin, NIGHT) - at == timedelta(hours=hours)


@given(moments, zones)
def test_nobody_is_asked_at_night_too_early_or_long_after(moment: datetime, zone: ZoneInfo) -> None:
    asked = polite(moment, zone, NIGHT)

    assert time(8) <= local(asked, zone).time() < time(22)
    assert timedelta(0) <= asked - moment <= timedelta(hours=11)
    assert polite(asked, zone, NIGHT) == asked
    assert asked == moment or local(asked, zone).time() == time(8)


def test_ten_days_before_its_meeting_a_slot_is_asked_about_at_the_same_wall_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    starts_at = instant(date(2026, 4, 1), time(19), berlin)

    assert nudge_at(starts_at, berlin, NIGHT) == instant(date(2026, 3, 22), time(19), berlin)
    assert fill_at(starts_at, 10, berlin, NIGHT) == nudge_at(starts_at, berlin, NIGHT)
    assert fill_at(starts_at, 3, berlin, NIGHT) == instant(date(2026, 3, 29), time(19), berlin)


def test_a_slot_of_a_late_meeting_is_asked_about_and_filled_in_the_morning() -> None:
    starts_at = instant(date(2026, 1, 6), time(22, 30), SHANGHAI)

    assert nudge_at(starts_at, SHANGHAI, NIGHT) == instant(date(2025, 12, 28), time(8), SHANGHAI)

    assert fill_at(starts_at, 3, SHANGHAI, NIGHT) == instant(date(2026, 1, 4), time(8), SHANGHAI)
