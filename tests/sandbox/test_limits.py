from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.sandbox import ApiError, Limits
from bot.sandbox.limits import PRIVATE_BURST, Meter

GROUP, PERSON = -1, 1


def refused_for(meter: Meter, chat_id: int) -> int:
    with pytest.raises(ApiError) as caught:
        meter.spend(chat_id)
    seconds = caught.value.parameters["retry_after"]
    assert caught.value.code == 429
    assert caught.value.description == f"Too Many Requests: retry after {seconds}"
    return seconds


def test_a_group_takes_twenty_messages_a_minute(clock: MovableClock) -> None:
    meter = Meter(Limits(), clock)
    for _ in range(20):
        meter.spend(GROUP)

    assert refused_for(meter, GROUP) == 60

    clock.move(timedelta(seconds=59.5))
    assert refused_for(meter, GROUP) == 1

    clock.move(timedelta(seconds=0.5))
    meter.spend(GROUP)


def test_a_refused_message_is_not_counted(clock: MovableClock) -> None:
    meter = Meter(Limits(group_per_minute=1), clock)
    meter.spend(GROUP)
    clock.move(timedelta(seconds=30))
    refused_for(meter, GROUP)

    clock.move(timedelta(seconds=30))
    meter.spend(GROUP)


def test_a_private_chat_takes_a_burst_and_then_has_to_wait(clock: MovableClock) -> None:
    meter = Meter(Limits(), clock)
    for _ in range(PRIVATE_BURST):
        meter.spend(PERSON)

    assert refused_for(meter, PERSON) == PRIVATE_BURST


def test_all_chats_together_take_thirty_messages_a_second(clock: MovableClock) -> None:
    meter = Meter(Limits(), clock)
    for person in range(30):
        meter.spend(person)

    assert refused_for(meter, 30) == 1


def test_none_switches_a_limit_off(clock: MovableClock) -> None:
    meter = Meter(Limits(None, None, None), clock)
    for _ in range(200):
        meter.spend(GROUP)
        meter.spend(PERSON)


def test_what_nobody_limits_is_not_remembered(clock: MovableClock) -> None:
    meter = Meter(Limits(None, None, None), clock)
    for _ in range(200):
        meter.spend(GROUP)

    assert (len(meter._all), len(meter._chats[GROUP])) == (0, 0)


def test_a_clock_that_was_set_back_leaves_no_debt(clock: MovableClock) -> None:
    meter = Meter(Limits(group_per_minute=1), clock)
    meter.spend(GROUP)

    clock.move(timedelta(days=-1))

    meter.spend(GROUP)
