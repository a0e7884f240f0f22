"""Wall time and instants, in zones with and without changes of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import (
    FARTHEST,
    Quiet,
    Usual,
    check_ahead,
    instant,
    local,
    polite,
    same_time_days_before,
    status_at,
    usual,
)
from bot.errors import DomainError
from storage.enums import MeetingStatus, Weekday

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Asia/Shanghai")

days = st.dates(date(2020, 1, 5), date(2035, 12, 31))
zones = st.sampled_from(ZONES).map(ZoneInfo)
# No zone above changes its clocks between 04:00 and midnight.
times_always_shown = st.times(time(4), time(23, 59))


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day, hour…


@given(days, times_always_shown, zones)
def test_an_instant_shows_the_wall_time_it_was_made_of(day: date, at: time, zone: ZoneInfo) -> None:
    there = local(instant(day, at, zone), zone)

    assert (there.date(), there.time()) == (day, at)


@given(days, times_always_shown, zones, st.integers(1, 30))
def test_days_before_means_the_same_wall_time_on_that_day(
    day: date, at: time, zone: ZoneInfo, before: int
) -> None:
    earlier = local(same_time_days_before(instant(day, at, zone), before, zone), zone)

    assert (earlier.date(), earlier.time()) == (day - timedelta(days=before), at)


@pytest.mark.parametrize(
    ("zone", "meeting_day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Pacific/Auckland", date(2026, 9, 27), 23),
        ("Pacific/Auckland", date(2026, 4, 5), 25),
        ("Asia/Kolkata", date(2026, 3, 29), 24),
        ("Asia/Shanghai", date(2026, 10, 25), 24),
    ],
)
def test_the_day_before_a_change_of_clocks_is_an_hour_shorter_or_longer(
    zone: str, meeting_day: date, hours: int
) -> None:
    begins = instant(meeting_day, time(19), ZoneInfo(zone))

    day_before = same_time_days_before(begins, 1, ZoneInfo(zone))

    assert begins - day_before == timedelta(hours=hours)


def test_a_time_that_the_clock_skips_is_an_hour_later_on_the_wall() -> None:
    skipped = instant(date(2026, 3, 29), time(2, 30), BERLIN)

    assert skipped == utc(2026, 3, 29, 1, 30)
    assert local(skipped, BERLIN).time() == time(3, 30)


def test_a_time_that_the_clock_shows_twice_is_its_first() -> None:
    first = utc(2026, 10, 25, 0, 30)

    assert instant(date(2026, 10, 25), time(2, 30), BERLIN) == first
    assert instant(date(2026, 10, 25), time(2, 30, fold=1), BERLIN) == first


def test_the_day_before_a_meeting_in_the_doubled_hour_is_told_once_and_plainly() -> None:
    second_half_past_two = utc(2026, 10, 25, 1, 30)

    day_before = same_time_days_before(second_half_past_two, 1, BERLIN)

    assert day_before == utc(2026, 10, 24, 0, 30)


def test_a_reminder_that_falls_into_the_skipped_hour_comes_after_the_gap() -> None:
    begins = instant(date(2026, 3, 30), time(2, 30), BERLIN)

    assert same_time_days_before(begins, 1, BERLIN) == utc(2026, 3, 29, 1, 30)


def test_a_zone_half_an_hour_off_counts_its_half_hour() -> None:
    assert instant(date(2026, 1, 13), time(19), KOLKATA) == utc(2026, 1, 13, 13, 30)


def test_a_day_begins_at_the_groups_midnight_not_at_greenwichs() -> None:
    assert local(utc(2026, 1, 12, 18, 30), KOLKATA).date() == date(2026, 1, 13)
    assert local(utc(2026, 1, 12, 18, 29), KOLKATA).date() == date(2026, 1, 12)


def test_instants_are_in_utc_wherever_the_bot_runs() -> None:
    made = instant(date(2026, 1, 13), time(19), KOLKATA)
    by_day = polite(made.astimezone(KOLKATA), KOLKATA, Quiet(time(22), time(8)))

    assert made.tzinfo is by_day.tzinfo is UTC
    assert by_day == made


@pytest.mark.parametrize(
    ("quiet", "silent", "speaking"),
    [
        (Quiet(time(22), time(8)), (time(22), time(0), time(7, 59)), (time(8), time(21, 59))),
        (Quiet(time(1), time(6)), (time(1), time(5, 59)), (time(0, 59), time(6))),
        (Quiet(time(0), time(0)), (), (time(0), time(12))),
    ],
)
def test_quiet_hours_begin_on_the_minute_and_end_before_theirs(
    quiet: Quiet, silent: tuple[time, ...], speaking: tuple[time, ...]
) -> None:
    assert [at for at in (*silent, *speaking) if quiet.covers(at)] == list(silent)


END = utc(2026, 1, 13, 13)


@pytest.mark.parametrize(
    ("stored", "now", "is_now"),
    [
        (MeetingStatus.PLANNED, END - timedelta(seconds=1), MeetingStatus.PLANNED),
        (MeetingStatus.PLANNED, END, MeetingStatus.HELD),
        (MeetingStatus.CANCELLED, END, MeetingStatus.CANCELLED),
    ],
)
def test_a_planned_meeting_is_held_once_it_is_over(
    stored: MeetingStatus, now: datetime, is_now: MeetingStatus
) -> None:
    assert status_at(stored, END, now) is is_now


def test_what_is_planned_is_from_today_to_two_years_ahead() -> None:
    today, day = date(2026, 1, 9), timedelta(days=1)

    check_ahead(today, today)
    check_ahead(today + FARTHEST, today)
    for wrong, refusal in ((today - day, "day_is_past"), (today + FARTHEST + day, "day_is_far")):
        with pytest.raises(DomainError, match=refusal) as refused:
            check_ahead(wrong, today)
        assert refused.value.params == {"date": wrong}


def test_when_a_term_meets_is_told_by_its_meetings_unless_few_were_moved() -> None:
    own = Usual(Weekday.THURSDAY, time(17))
    tuesdays = [instant(date(2026, 3, 24) + timedelta(weeks=n), time(19), BERLIN) for n in range(3)]
    assert usual(own, tuesdays, BERLIN) == (Weekday.TUESDAY, time(19))  # across a change of clocks
    assert usual(own, tuesdays[:2], BERLIN) == usual(own, [], BERLIN) == own
