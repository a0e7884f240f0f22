"""Which reminders a meeting owes, and when each is of use."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Quiet, instant, local
from bot.domain.reminders import (
    LATE_AFTER,
    Reminder,
    ReminderRules,
    for_a_member,
    for_the_group,
    is_late,
    key_of,
    next_nag,
    on_day,
    pause_before_retry,
    read_points,
)
from storage.enums import DeliveryKind

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Asia/Shanghai")


def dues(owed: list[Reminder], zone: ZoneInfo) -> dict[str, str]:
    return {one.kind.value: f"{local(one.due_at, zone):%a %d %b %H:%M}" for one in owed}


def test_a_meeting_is_announced_three_days_before_and_recalled_the_day_before() -> None:
    begins = datetime(2026, 1, 13, 11, tzinfo=UTC)  # a Tuesday, 19:00 there

    owed = for_the_group(begins, SHANGHAI, ReminderRules())

    three_days, one_day = begins - timedelta(days=3), begins - timedelta(days=1)
    assert owed == [
        Reminder(DeliveryKind.ANNOUNCEMENT, three_days, one_day),
        Reminder(DeliveryKind.DAY_BEFORE, one_day, begins),
        Reminder(DeliveryKind.STARTING_SOON, begins - timedelta(minutes=30), begins),
    ]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            ReminderRules(announcement_days=None),
            {"day_before": "Mon 12 Jan 19:00", "starting_soon": "Tue 13 Jan 18:30"},
        ),
        (
            ReminderRules(5, day_before=False, soon_minutes=None),
            {"announcement": "Thu 08 Jan 19:00"},
        ),
        (
            ReminderRules(soon_minutes=60, tell_at=time(12)),
            {
                "announcement": "Sat 10 Jan 12:00",
                "day_before": "Mon 12 Jan 12:00",
                "starting_soon": "Tue 13 Jan 18:00",
            },
        ),
        (
            ReminderRules(quiet=Quiet(time(18), time(9, 30))),
            {
                "announcement": "Sun 11 Jan 09:30",
                "day_before": "Tue 13 Jan 09:30",
                "starting_soon": "Tue 13 Jan 18:30",
            },
        ),
    ],
)
def test_each_message_can_be_moved_and_left_out(rules: ReminderRules, told: dict[str, str]) -> None:
    begins = datetime(2026, 1, 13, 11, tzinfo=UTC)

    assert dues(for_the_group(begins, SHANGHAI, rules), SHANGHAI) == told


@given(
    st.dates(date(2020, 1, 5), date(2035, 12, 31)),
    st.times(time(8), time(21, 59)),
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_there_is_one_of_each_in_order_and_at_the_meetings_wall_time(
    day: date, at: time, zone: ZoneInfo
) -> None:
    begins = instant(day, at, zone)

    announcement, day_before, soon = for_the_group(begins, zone, ReminderRules())

    shown = [local(one.due_at, zone) for one in (announcement, day_before)]
    assert [(there.date(), there.time()) for there in shown] == [
        (day - timedelta(days=3), at),
        (day - timedelta(days=1), at),
    ]
    assert begins - soon.due_at == timedelta(minutes=30)
    assert announcement.expires_at == day_before.due_at
    assert day_before.expires_at == soon.expires_at == begins


@given(
    st.timedeltas(timedelta(0), timedelta(days=5800)),
    st.sampled_from(ZONES).map(ZoneInfo),
    st.builds(
        ReminderRules,
        st.one_of(st.none(), st.integers(2, 7)),
        st.booleans(),
        st.one_of(st.none(), st.integers(5, 180)),
        tell_at=st.one_of(st.none(), st.times()),
        quiet=st.builds(Quiet, st.times(), st.times()),
    ),
)
def test_whatever_the_rules_a_message_is_due_before_it_expires_and_never_in_quiet_hours(
    after: timedelta, zone: ZoneInfo, rules: ReminderRules
) -> None:
    begins = datetime(2020, 1, 5, tzinfo=UTC) + after

    owed = for_the_group(begins, zone, rules)

    assert all(one.due_at < one.expires_at <= begins for one in owed)
    told = (one for one in owed if one.kind is not DeliveryKind.STARTING_SOON)
    for one in told:
        at = local(one.due_at, zone)
        # An hour that the clock skips ends with it.
        assert not rules.quiet.covers(at.time()) or instant(at.date(), at.time(), zone) > one.due_at


def test_an_announcement_lasts_until_the_meeting_where_the_day_before_is_too_late() -> None:
    almost_always = Quiet(time(2), time(1, 1))
    begins = datetime(2020, 1, 5, tzinfo=UTC)  # 01:00 in Berlin

    rules = ReminderRules(2, soon_minutes=None, tell_at=time(2), quiet=almost_always)
    owed = for_the_group(begins, BERLIN, rules)

    assert [(one.kind, one.expires_at) for one in owed] == [(DeliveryKind.ANNOUNCEMENT, begins)]


def test_an_announcement_without_a_reminder_of_the_day_before_lasts_until_the_meeting() -> None:
    begins = datetime(2026, 1, 13, 11, tzinfo=UTC)

    announcement, *_ = for_the_group(begins, SHANGHAI, ReminderRules(day_before=False))

    assert announcement.expires_at == begins


def test_an_announcement_of_the_day_before_is_left_to_the_reminder_of_that_day() -> None:
    owed = for_the_group(datetime(2026, 1, 13, 11, tzinfo=UTC), SHANGHAI, ReminderRules(1))

    assert [one.kind for one in owed] == [DeliveryKind.DAY_BEFORE, DeliveryKind.STARTING_SOON]


def test_nobody_hears_of_a_late_meeting_at_night() -> None:
    rules = ReminderRules()
    begins = datetime(2026, 1, 13, 15, tzinfo=UTC)  # 23:00 there
    at_eight = datetime(2026, 1, 14, tzinfo=UTC)

    assert for_a_member(DeliveryKind.PREPARE, 24, begins, SHANGHAI, rules).due_at == (
        at_eight - timedelta(days=1)
    )
    assert next_nag(begins, SHANGHAI, rules, begins) == at_eight + timedelta(days=1)
    assert on_day(date(2026, 1, 14), time(7), SHANGHAI, rules) == at_eight


@pytest.mark.parametrize(("tell_at", "hour"), [(None, 19), (time(12), 12)])
def test_a_weeks_message_comes_at_the_groups_time_or_at_that_for_messages(
    tell_at: time | None, hour: int
) -> None:
    due = on_day(date(2026, 1, 16), time(19), SHANGHAI, ReminderRules(tell_at=tell_at))

    assert due == instant(date(2026, 1, 16), time(hour), SHANGHAI)


@pytest.mark.parametrize(
    ("hours", "due"),
    [(1, "18:00 28 Mar"), (3, "16:00 28 Mar"), (24, "19:00 27 Mar"), (72, "19:00 25 Mar")],
)
def test_a_member_is_told_hours_before_or_at_the_same_time_days_before(
    hours: int, due: str
) -> None:
    begins = datetime(2026, 3, 28, 18, tzinfo=UTC)  # 19:00 in Berlin, before the change of clocks

    own = for_a_member(DeliveryKind.PREPARE, hours, begins, BERLIN, ReminderRules())

    assert own.kind is DeliveryKind.PREPARE
    assert f"{local(own.due_at, BERLIN):%H:%M %d %b}" == due
    assert own.expires_at == begins


def test_the_day_before_is_the_same_time_on_the_wall_over_a_change_of_clocks() -> None:
    begins = instant(date(2026, 3, 29), time(19), BERLIN)

    own = for_a_member(DeliveryKind.PREPARE, 24, begins, BERLIN, ReminderRules())

    assert begins - own.due_at == timedelta(hours=23)


def test_what_is_missing_is_asked_for_more_and_more_rarely_and_five_times_at_most() -> None:
    begins = datetime(2026, 1, 13, 11, tzinfo=UTC)
    asked, moment = [], begins
    while (again := next_nag(begins, SHANGHAI, ReminderRules(), moment)) is not None:
        asked.append(again - begins)
        moment = again

    assert asked == [timedelta(days) for days in (1, 3, 7, 14, 28)]


@pytest.mark.parametrize(
    "other",
    [
        key_of(2, 1, DeliveryKind.DAY_BEFORE, "chat:1"),
        key_of(1, 2, DeliveryKind.DAY_BEFORE, "chat:1"),
        key_of(1, 1, DeliveryKind.ANNOUNCEMENT, "chat:1"),
        key_of(1, 1, DeliveryKind.DAY_BEFORE, "chat:2"),
        key_of(1, 1, DeliveryKind.DAY_BEFORE, "member:1"),
    ],
)
def test_another_meeting_revision_kind_or_chat_is_another_key(other: str) -> None:
    assert other != key_of(1, 1, DeliveryKind.DAY_BEFORE, "chat:1")


def test_a_message_is_late_from_ten_minutes_on() -> None:
    due = datetime(2026, 1, 12, 11, tzinfo=UTC)

    assert not is_late(due, due + LATE_AFTER - timedelta(seconds=1))
    assert is_late(due, due + timedelta(minutes=10))


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    seconds = [pause_before_retry(attempts).total_seconds() for attempts in range(1, 8)]

    assert seconds == [30, 60, 120, 240, 480, 900, 900]


def test_the_pause_after_very_many_tries_is_no_longer() -> None:
    assert pause_before_retry(10_000) == timedelta(minutes=15)


def test_a_checklists_points_may_stand_in_a_list() -> None:
    said = "• Slides\n- two   jokes\n\n2. A demo\n*Not* a sign\n-5 degrees\n3D print\n-"
    assert read_points(said) == (
        *("Slides", "two jokes", "A demo"),
        *("*Not* a sign", "-5 degrees", "3D print", "-"),
    )
