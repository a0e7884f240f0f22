"""Which reminders a meeting owes, and when each is of use."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import instant, local
from bot.domain.reminders import (
    LATE_AFTER,
    Reminder,
    is_late,
    key_of,
    pause_before_retry,
    reminders,
)
from storage.enums import DeliveryKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Asia/Shanghai")


def test_a_meeting_is_announced_three_days_before_and_recalled_the_day_before() -> None:
    begins = datetime(2026, 1, 13, 11, tzinfo=UTC)  # 19:00 there

    owed = reminders(41, 3, begins, SHANGHAI, 7)

    three_days, one_day = begins - timedelta(days=3), begins - timedelta(days=1)
    assert owed == (
        Reminder(
            DeliveryKind.ANNOUNCEMENT, "meeting:41:rev3:announcement:chat:7", three_days, one_day
        ),
        Reminder(DeliveryKind.DAY_BEFORE, "meeting:41:rev3:day_before:chat:7", one_day, begins),
    )


@given(
    st.dates(date(2020, 1, 5), date(2035, 12, 31)),
    st.times(time(4), time(23, 59)),
    st.sampled_from(ZONES).map(ZoneInfo),
)
def test_there_is_one_of_each_in_order_and_at_the_meetings_wall_time(
    day: date, at: time, zone: ZoneInfo
) -> None:
    begins = instant(day, at, zone)

    owed = reminders(1, 1, begins, zone, 1)

    shown = [local(reminder.due_at, zone) for reminder in owed]
    assert [reminder.kind for reminder in owed] == [
        DeliveryKind.ANNOUNCEMENT,
        DeliveryKind.DAY_BEFORE,
    ]
    assert [(there.date(), there.time()) for there in shown] == [
        (day - timedelta(days=3), at),
        (day - timedelta(days=1), at),
    ]
    assert [reminder.expires_at for reminder in owed] == [owed[1].due_at, begins]


@given(st.timedeltas(timedelta(0), timedelta(days=5800)), st.sampled_from(ZONES))
def test_at_any_hour_a_reminder_is_due_before_it_expires(after: timedelta, zone: str) -> None:
    owed = reminders(1, 1, datetime(2020, 1, 5, tzinfo=UTC) + after, ZoneInfo(zone), 1)

    assert all(reminder.due_at < reminder.expires_at for reminder in owed)


@pytest.mark.parametrize(
    "other",
    [
        key_of(2, 1, DeliveryKind.DAY_BEFORE, 1),
        key_of(1, 2, DeliveryKind.DAY_BEFORE, 1),
        key_of(1, 1, DeliveryKind.ANNOUNCEMENT, 1),
        key_of(1, 1, DeliveryKind.DAY_BEFORE, 2),
    ],
)
def test_another_meeting_revision_kind_or_chat_is_another_key(other: str) -> None:
    assert other != key_of(1, 1, DeliveryKind.DAY_BEFORE, 1)


def test_a_message_is_late_from_ten_minutes_on() -> None:
    due = datetime(2026, 1, 12, 11, tzinfo=UTC)

    assert not is_late(due, due + LATE_AFTER - timedelta(seconds=1))
    assert is_late(due, due + timedelta(minutes=10))


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    seconds = [pause_before_retry(attempts).total_seconds() for attempts in range(1, 8)]

    assert seconds == [30, 60, 120, 240, 480, 900, 900]


def test_the_pause_after_very_many_tries_is_no_longer() -> None:
    assert pause_before_retry(10_000) == timedelta(minutes=15)
