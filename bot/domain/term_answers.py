"""Answers to the questions that plan a term: the number on a button, or what somebody writes."""

import re
from collections.abc import Callable
from datetime import date, time

from bot.domain import public_holidays, term_plans
from bot.domain.calendar import WEEKDAYS
from bot.domain.dates import find_date
from bot.domain.moves import check_place, read_place, read_time
from bot.domain.term_plans import Step, TermPlan
from bot.errors import DomainError, Refusal
from storage.enums import Weekday


def by_choice(plan: TermPlan, step: Step, choice: int) -> TermPlan:
    """A day's ordinal, with a minus for one that is to be held; a weekday's number from Monday,
    minutes since midnight, a number of topics; 0 for no more days. At a step that has no such
    answer the plan stays as it is. Raises `DomainError` for what no button says."""
    try:
        return _BY_CHOICE[step](plan, choice) if step in _BY_CHOICE else plan
    except (ValueError, IndexError, OverflowError) as error:
        raise DomainError(Refusal.OLD_BUTTON) from error


def in_words(plan: TermPlan, step: Step, words: str, today: date) -> TermPlan:
    """At a step that has nothing to say the plan stays as it is. Raises `DomainError` for what
    cannot be read."""
    match step:
        case Step.FIRST:
            return beginning(plan, _day(words, today, plan.first))
        case Step.LAST:
            return plan._replace(last=_day(words, today, plan.ends))
        case Step.SKIPS:
            for part in re.split(r"[,;，；]", words):
                plan = _toggled(plan, _day(part, today, plan.first + (plan.ends - plan.first) / 2))
            return plan
    return _BY_WORDS[step](plan, words) if step in _BY_WORDS else plan


def beginning(plan: TermPlan, first: date) -> TermPlan:
    """A last date that was told counts no more when the term begins after it."""
    last = plan.last if plan.last is not None and plan.last >= first else None
    return plan._replace(first=first, last=last)


def _day(words: str, today: date, about: date) -> date:
    """A day to come; of two years the one in which it is nearer to the day it is asked `about`."""
    day = find_date(words, today)
    if day is not None and day < today:
        day = find_date(words, about)
    if day is None:
        raise DomainError(Refusal.NOT_A_DATE)
    return day


def _on_weekday(plan: TermPlan, words: str) -> TermPlan:
    start = words.lower()[:3]
    found = [day for day in Weekday if len(start) == 3 and day.value.startswith(start)]
    if not found and not any(character.isdecimal() for character in words):
        named = find_date(words, plan.first)  # "on Tuesday", 周二
        found = [WEEKDAYS[named.weekday()]] if named else []
    if not found:
        raise DomainError(Refusal.NOT_A_WEEKDAY)
    return plan._replace(weekday=found[0])


def _place(plan: TermPlan, words: str) -> TermPlan:
    place, url = read_place(words)
    check_place(place or "")
    return plan._replace(place=place or plan.place, online_url=url or plan.online_url)


def _with_topics(plan: TermPlan, number: int) -> TermPlan:
    if not 1 <= number <= term_plans.MOST_TOPICS:
        raise DomainError(Refusal.TOPICS_HOW_MANY, most=term_plans.MOST_TOPICS)
    return plan._replace(topics=number)


def _in_country(plan: TermPlan, words: str) -> TermPlan:
    country = public_holidays.read_country(words)
    if country is None:
        raise DomainError(Refusal.COUNTRY_UNKNOWN, name=words)
    return plan._replace(country=country)


def _skip(plan: TermPlan, choice: int) -> TermPlan:
    if choice < 0:
        return term_plans.hold(plan, date.fromordinal(-choice))
    return term_plans.leave_out(plan, date.fromordinal(choice)) if choice else plan


_BY_CHOICE: dict[Step, Callable[[TermPlan, int], TermPlan]] = {
    Step.FIRST: lambda plan, day: beginning(plan, date.fromordinal(day)),
    Step.LAST: lambda plan, day: plan._replace(last=date.fromordinal(day)),
    Step.WEEKDAY: lambda plan, number: plan._replace(weekday=WEEKDAYS[number]),
    Step.TIME: lambda plan, minutes: plan._replace(start_time=time(*divmod(minutes, 60))),
    Step.TOPICS: _with_topics,
    Step.SKIPS: _skip,
}
_BY_WORDS: dict[Step, Callable[[TermPlan, str], TermPlan]] = {
    Step.WEEKDAY: _on_weekday,
    Step.TIME: lambda plan, words: plan._replace(start_time=read_time(words)),
    Step.PLACE: _place,
    Step.TOPICS: lambda plan, words: _with_topics(plan, int(words) if words.isdecimal() else 0),
    Step.COUNTRY: _in_country,
}


def _toggled(plan: TermPlan, day: date) -> TermPlan:
    left_out = any(
        one.date == day and one.left_out is not None for one in term_plans.laid_out(plan)
    )
    return term_plans.hold(plan, day) if left_out else term_plans.leave_out(plan, day)
