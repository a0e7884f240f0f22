"""Taps, and how long and how often they can be answered."""

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.sandbox import ApiError, Chat, Person
from bot.sandbox.queries import MAX_KEPT, TOO_OLD, Queries, Tap

GONE = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def queries(clock: MovableClock) -> Queries:
    return Queries(clock)


@pytest.fixture
def tap(queries: Queries, clock: MovableClock, ada: Person, group: Chat) -> Tap:
    return queries.tap(ada, group.add(ada, clock.now()), "v1:yes")


def refused(queries: Queries, tap: Tap, text: str = "", url: str = "") -> str:
    with pytest.raises(ApiError) as caught:
        queries.answer(tap.id, text, url, alert=False)
    assert caught.value.code == 400
    return caught.value.description


def test_a_tap_is_answered_once(queries: Queries, tap: Tap) -> None:
    queries.answer(tap.id, "Done", "", alert=True)

    assert (tap.text, tap.alert, queries.answers) == ("Done", True, ["Done"])
    assert refused(queries, tap) == GONE


def test_a_tap_can_be_answered_for_a_minute(
    queries: Queries, tap: Tap, clock: MovableClock
) -> None:
    clock.move(TOO_OLD)
    queries.answer(tap.id, "", "", alert=False)

    assert tap.answered.is_set()


def test_later_it_is_too_old(queries: Queries, tap: Tap, clock: MovableClock) -> None:
    clock.move(TOO_OLD + timedelta(seconds=1))

    assert refused(queries, tap) == GONE


@pytest.mark.parametrize(
    ("text", "url", "reason"),
    [
        ("x" * 201, "", "MESSAGE_TOO_LONG"),
        ("", "https://example.org", "URL_INVALID"),
    ],
)
def test_a_bad_answer_is_refused_and_a_better_one_taken(
    queries: Queries, tap: Tap, text: str, url: str, reason: str
) -> None:
    assert refused(queries, tap, text, url) == f"Bad Request: {reason}"

    queries.answer(tap.id, "x" * 200, "https://t.me/reading_group_bot?start=1", alert=False)

    assert tap.url == "https://t.me/reading_group_bot?start=1"


def test_what_nobody_answers_does_not_pile_up(queries: Queries, tap: Tap) -> None:
    for _ in range(MAX_KEPT):
        newest = queries.tap(tap.person, tap.message, "x")

    assert refused(queries, tap) == GONE
    queries.answer(newest.id, "", "", alert=False)
    assert newest.answered.is_set()


def test_only_the_latest_answers_are_kept(queries: Queries, tap: Tap) -> None:
    for number in range(5 * MAX_KEPT):
        each = queries.tap(tap.person, tap.message, "x")
        queries.answer(each.id, str(number), "", alert=False)

    assert queries.answers[-1] == str(5 * MAX_KEPT - 1)
    assert MAX_KEPT <= len(queries.answers) <= 2 * MAX_KEPT
