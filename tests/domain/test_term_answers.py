"""What an organizer answers to the questions that plan a term."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.term_answers import by_choice, in_words
from bot.domain.term_plans import Step, TermPlan
from bot.errors import DomainError
from storage.enums import Weekday

TODAY = date(2026, 1, 9)
SPRING = TermPlan(
    "2026 Spring",
    date(2026, 3, 1),
    date(2026, 6, 30),
    16,
    Weekday.TUESDAY,
    time(19),
    "Room 204",
    2,
    "CN",
)
APRIL_7, APRIL_14, APRIL_28 = date(2026, 4, 7), date(2026, 4, 14), date(2026, 4, 28)
LABOUR_DAY = date(2026, 5, 5)
"""A Tuesday, and the last of the holidays around May 1."""

Changes = dict[str, Any]


@pytest.mark.parametrize(
    ("step", "choice", "changes"),
    [
        (Step.FIRST, date(2026, 3, 8).toordinal(), {"first": date(2026, 3, 8)}),
        (Step.FIRST, SPRING.ends.toordinal(), {"first": SPRING.ends}),
        (Step.FIRST, date(2026, 7, 1).toordinal(), {"first": date(2026, 7, 1), "last": None}),
        (Step.LAST, date(2026, 6, 2).toordinal(), {"last": date(2026, 6, 2)}),
        (Step.WEEKDAY, 4, {"weekday": Weekday.FRIDAY}),
        (Step.TIME, 18 * 60 + 30, {"start_time": time(18, 30)}),
        (Step.TOPICS, 1, {"topics": 1}),
        (Step.TOPICS, 6, {"topics": 6}),
        (Step.SKIPS, APRIL_7.toordinal(), {"skipped": {APRIL_7}}),
        (Step.SKIPS, -LABOUR_DAY.toordinal(), {"kept": {LABOUR_DAY}}),
        (Step.SKIPS, 0, {}),
        (Step.PLAN, 1, {}),
    ],
)
def test_a_button_stands_for_its_answer(step: Step, choice: int, changes: Changes) -> None:
    assert by_choice(SPRING, step, choice) == SPRING._replace(**changes)


@pytest.mark.parametrize(
    ("step", "choice", "refusal", "params"),
    [
        (Step.FIRST, 0, "old_button", {}),
        (Step.LAST, 10**9, "old_button", {}),
        (Step.WEEKDAY, 7, "old_button", {}),
        (Step.TIME, 24 * 60, "old_button", {}),
        (Step.SKIPS, 10**12, "old_button", {}),
        (Step.TOPICS, 0, "topics_how_many", {"most": 6}),
        (Step.TOPICS, 7, "topics_how_many", {"most": 6}),
        (Step.SKIPS, 1, "not_in_plan", {"date": date.min}),
    ],
)
def test_what_no_button_says_is_refused(
    step: Step, choice: int, refusal: str, params: Changes
) -> None:
    with pytest.raises(DomainError, match=refusal) as refused:
        by_choice(SPRING, step, choice)
    assert refused.value.params == params


@pytest.mark.parametrize(
    ("step", "words", "changes"),
    [
        (Step.FIRST, "march 8", {"first": date(2026, 3, 8)}),
        (Step.FIRST, "july 1", {"first": date(2026, 7, 1), "last": None}),
        (Step.LAST, "june 2", {"last": date(2026, 6, 2)}),
        (Step.LAST, "today", {"last": TODAY}),
        (Step.WEEKDAY, "Fridays", {"weekday": Weekday.FRIDAY}),
        (Step.WEEKDAY, "wed", {"weekday": Weekday.WEDNESDAY}),
        (Step.WEEKDAY, "on Monday", {"weekday": Weekday.MONDAY}),
        (Step.WEEKDAY, "周四", {"weekday": Weekday.THURSDAY}),
        (Step.TIME, "6:30 pm", {"start_time": time(18, 30)}),
        (Step.PLACE, "x" * 200, {"place": "x" * 200}),
        (
            Step.PLACE,
            "Room 7, https://meet.example/1",
            {"place": "Room 7", "online_url": "https://meet.example/1"},
        ),
        (Step.PLACE, "https://meet.example/1", {"online_url": "https://meet.example/1"}),
        (Step.TOPICS, "3", {"topics": 3}),
        (Step.COUNTRY, "germany", {"country": "DE"}),
        (Step.SKIPS, "april 7", {"skipped": {APRIL_7}}),
        (Step.SKIPS, "april 7, 14.4.；4月28日", {"skipped": {APRIL_7, APRIL_14, APRIL_28}}),
        (Step.SKIPS, "april 7; april 7", {"kept": {APRIL_7}}),
        (Step.SKIPS, "may 5", {"kept": {LABOUR_DAY}}),
        (Step.SKIPS, "may 5，may 5", {"skipped": {LABOUR_DAY}}),
        (Step.TITLE, "2026 Fall", {}),
        (Step.PLAN, "fine", {}),
    ],
)
def test_words_are_read_as_an_answer_to_what_was_asked(
    step: Step, words: str, changes: Changes
) -> None:
    assert in_words(SPRING, step, words, TODAY) == SPRING._replace(**changes)


@pytest.mark.parametrize(
    ("step", "words", "refusal", "params"),
    [
        (Step.FIRST, "soon", "not_a_date", {}),
        (Step.WEEKDAY, "fr", "not_a_weekday", {}),
        (Step.WEEKDAY, "someday", "not_a_weekday", {}),
        (Step.WEEKDAY, "june 30", "not_a_weekday", {}),
        (Step.TIME, "late", "not_a_time", {}),
        (Step.PLACE, "x" * 201, "place_too_long", {"most": 200}),
        (Step.PLACE, "https://a.example https://b.example", "one_link", {}),
        (Step.TOPICS, "three", "topics_how_many", {"most": 6}),
        (Step.TOPICS, "7", "topics_how_many", {"most": 6}),
        (Step.COUNTRY, "Atlantis", "country_unknown", {"name": "Atlantis"}),
        (Step.SKIPS, "april 7, april 8", "not_in_plan", {"date": date(2026, 4, 8)}),
    ],
)
def test_words_that_are_no_answer_are_refused(
    step: Step, words: str, refusal: str, params: Changes
) -> None:
    with pytest.raises(DomainError, match=refusal) as refused:
        in_words(SPRING, step, words, TODAY)
    assert refused.value.params == params


def test_a_day_of_a_term_over_the_new_year_is_in_the_year_of_the_term() -> None:
    in_july = date(2026, 7, 1)
    fall = SPRING._replace(first=date(2026, 9, 1), last=date(2026, 12, 29))

    longer = in_words(fall, Step.LAST, "jan 12", in_july)

    assert longer.ends == date(2027, 1, 12)
    assert in_words(longer, Step.SKIPS, "jan 5", in_july).skipped == {date(2027, 1, 5)}
    assert in_words(fall, Step.FIRST, "sept 8", in_july).first == date(2026, 9, 8)
    assert in_words(fall, Step.FIRST, "jan 12", in_july).first == date(2027, 1, 12)


@given(st.sampled_from(Step), st.text(), st.integers())
def test_any_answer_is_taken_or_refused(step: Step, words: str, choice: int) -> None:
    answers: tuple[Callable[[], TermPlan], ...] = (
        lambda: in_words(SPRING, step, words, TODAY),
        lambda: by_choice(SPRING, step, choice),
    )
    for answer in answers:
        try:
            plan = answer()
        except DomainError:
            continue
        assert (plan.title, plan.weeks) == (SPRING.title, SPRING.weeks)
