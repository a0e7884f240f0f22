"""Which days a new term has, whatever was answered."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import term_plans
from bot.domain.term_plans import (
    WEEK,
    PlannedDay,
    TermPlan,
    begins,
    check,
    coming,
    days,
    laid_out,
    lay_out,
    next_title,
)
from bot.errors import DomainError
from storage.enums import Weekday

TODAY = date(2026, 1, 9)
SPRING = TermPlan(
    "2026 Spring",
    date(2026, 3, 1),
    date(2026, 3, 31),
    16,
    Weekday.TUESDAY,
    time(19),
    "Room 204",
    2,
    "CN",
)
dates = st.dates(date(2000, 1, 1), date(2100, 1, 1))
lengths = st.integers(0, 366)


@st.composite
def plans(draw: st.DrawFn) -> TermPlan:
    first = draw(dates)
    near = st.dates(first, first + timedelta(days=400))
    return TermPlan(
        draw(st.text(max_size=100)),
        first,
        draw(st.one_of(st.none(), near)),
        draw(st.integers(1, 52)),
        draw(st.sampled_from(Weekday)),
        draw(st.times()),
        draw(st.one_of(st.none(), st.text(max_size=200))),
        draw(st.integers(1, 6)),
        draw(st.sampled_from((None, "CN", "DE-BE"))),
        draw(st.frozensets(near, max_size=5)),
        draw(st.frozensets(near, max_size=5)),
    )


holidays = st.dictionaries(dates, st.text(min_size=1), max_size=20)


@given(plans())
def test_the_days_are_all_such_weekdays_between_the_first_and_the_last(plan: TermPlan) -> None:
    found = days(plan)
    whole = (plan.ends - plan.first).days + 1
    every = (plan.first + timedelta(days=number) for number in range(max(whole, 0)))
    assert found == tuple(day for day in every if tuple(Weekday)[day.weekday()] is plan.weekday)


@given(plans(), holidays)
def test_what_is_left_out_is_a_holiday_or_was_left_out_by_hand(
    plan: TermPlan, known: dict[date, str]
) -> None:
    for day in lay_out(plan, known):
        if day.date in plan.skipped:
            assert day.left_out is not None
        elif day.date in plan.kept:
            assert day.left_out is None
        else:
            assert day.left_out == known.get(day.date)


@given(plans(), holidays, st.data())
def test_a_day_is_left_out_and_held_as_was_said_last(
    plan: TermPlan, known: dict[date, str], data: st.DataObject
) -> None:
    day = data.draw(st.sampled_from(days(plan) or (plan.first,)))
    if day not in days(plan):
        with pytest.raises(DomainError, match="not_in_plan"):
            term_plans.leave_out(plan, day)
        return

    def is_held(changed: TermPlan) -> bool:
        return any(one.date == day and one.left_out is None for one in lay_out(changed, known))

    out = term_plans.leave_out(plan, day)
    assert not is_held(out)
    assert is_held(term_plans.hold(out, day))
    assert term_plans.leave_out(out, day) == out
    others = [one for one in lay_out(plan, known) if one.date != day]
    assert [one for one in lay_out(out, known) if one.date != day] == others


def test_a_holiday_is_held_or_left_out_as_was_said_last() -> None:
    day = date(2026, 3, 10)
    held = term_plans.hold(SPRING, day)

    assert held == SPRING._replace(kept=frozenset({day}))
    assert term_plans.leave_out(held, day) == SPRING._replace(skipped=frozenset({day}))
    assert term_plans.hold(term_plans.leave_out(held, day), day) == held
    with pytest.raises(DomainError, match="not_in_plan") as refused:
        term_plans.hold(SPRING, TODAY)
    assert refused.value.params == {"date": TODAY}


def test_a_day_says_why_it_is_left_out() -> None:
    days_off = {date(2026, 3, day): f"Day {day}" for day in (3, 10, 17)}
    plan = term_plans.hold(term_plans.leave_out(SPRING, date(2026, 3, 24)), date(2026, 3, 10))

    for day in (3, 10, 17, 24, 31):
        told = {3: "Day 3", 17: "Day 17", 24: ""}.get(day)
        assert PlannedDay(date(2026, 3, day), told) in lay_out(plan, days_off)
    skipped = term_plans.leave_out(plan, date(2026, 3, 3))
    assert lay_out(skipped, days_off) == lay_out(plan, days_off)


def test_the_days_off_are_those_of_the_plans_country() -> None:
    plan = SPRING._replace(
        first=date(2026, 4, 24), last=date(2026, 5, 8), weekday=Weekday.FRIDAY, country="DE"
    )

    assert [one.date for one in laid_out(plan) if one.left_out] == [date(2026, 5, 1)]
    assert laid_out(plan._replace(country=None)) == lay_out(plan, {})


@given(plans())
def test_a_plan_survives_being_written_down(plan: TermPlan) -> None:
    assert term_plans.from_json(term_plans.to_json(plan)) == plan


@given(st.sampled_from(Weekday), dates)
def test_the_coming_weekday_is_within_a_week(weekday: Weekday, day: date) -> None:
    found = coming(weekday, day)
    assert day <= found < day + WEEK
    assert tuple(Weekday)[found.weekday()] is weekday


def test_the_days_of_march() -> None:
    assert [day.day for day in days(SPRING)] == [3, 10, 17, 24, 31]
    assert days(SPRING._replace(last=None, weeks=2)) == (date(2026, 3, 3),)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (date(2026, 1, 8), date(2026, 3, 1), "term_is_past"),
        (date(2026, 3, 2), date(2026, 3, 1), "term_ends_first"),
        (date(2026, 3, 2), date(2027, 3, 4), "term_too_long"),
    ],
)
def test_dates_that_make_no_term(first: date, last: date, refusal: str) -> None:
    with pytest.raises(DomainError, match=refusal) as refused:
        check(SPRING._replace(first=first, last=last), TODAY)

    dates = {"date": first} if refusal == "term_is_past" else {"first": first, "last": last}
    assert refused.value.params == dates


def test_a_term_may_begin_today_and_last_a_day_or_a_year() -> None:
    check(SPRING._replace(first=TODAY, last=TODAY), TODAY)
    check(SPRING._replace(first=TODAY, last=date(2027, 1, 10)), TODAY)


@pytest.mark.parametrize(
    ("last", "following"),
    [
        ("2025 Fall", "2026 Spring"),
        ("2030 Fall", "2031 Spring"),
        ("2030 autumn", "2031 Spring"),
        ("2026 Spring", "2026 Fall"),
        ("2030 Winter", "2026 Spring"),
        ("Season 3", "2026 Spring"),
        (None, "2026 Spring"),
    ],
)
def test_a_title_is_guessed_from_the_last(last: str | None, following: str) -> None:
    assert next_title(last, TODAY) == following


def test_from_june_on_the_fall_is_next() -> None:
    assert next_title(None, date(2026, 5, 31)) == "2026 Spring"
    assert next_title(None, date(2026, 6, 1)) == "2026 Fall"


@pytest.mark.parametrize(
    ("title", "begin"),
    [
        ("2026 Spring", date(2026, 3, 1)),
        ("2026 Fall", date(2026, 9, 1)),
        ("2027 Winter", date(2027, 1, 1)),
        ("2026 Winter", date(2026, 1, 21)),
        ("2028 Fall", date(2028, 9, 1)),
        ("2029 Fall", date(2026, 1, 21)),
        ("2020 Spring", date(2026, 1, 21)),
        ("9999 Fall", date(2026, 1, 21)),
        ("0000 Fall", date(2026, 1, 21)),
        ("Season 3", date(2026, 1, 21)),
        ("2026 Season", date(2026, 1, 21)),
    ],
)
def test_a_term_begins_with_its_season_but_not_before_it_can(title: str, begin: date) -> None:
    assert begins(title, date(2026, 1, 21)) == begin


@given(st.text(), dates)
def test_whatever_a_term_is_called_it_does_not_begin_too_early(title: str, earliest: date) -> None:
    assert begins(title, earliest) >= earliest
    assert 0 < len(next_title(title, earliest)) <= 100
