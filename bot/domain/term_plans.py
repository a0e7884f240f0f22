"""A new term as it is planned: what it is called, and on which days it meets."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import IntEnum
from typing import Any, NamedTuple

from bot.domain import public_holidays
from bot.domain.calendar import WEEKDAYS, check_ahead
from bot.errors import DomainError, Refusal
from storage.enums import Weekday

WEEK = timedelta(days=7)
LONGEST = timedelta(days=366)
USUAL_WEEKS = 16
MOST_TOPICS = 6

SEASONS = {"winter": 1, "spring": 3, "summer": 6, "fall": 9, "autumn": 9}
"""In which month a term of that name begins."""

_TITLE = re.compile(r"(?P<year>\d{4})\W+(?P<season>[a-z]+)", re.IGNORECASE)


class Step(IntEnum):
    """The questions, in the order in which they are asked. The numbers are in buttons."""

    TITLE = 0
    FIRST = 1
    LAST = 2
    WEEKDAY = 3
    TIME = 4
    PLACE = 5
    TOPICS = 6
    COUNTRY = 7
    SKIPS = 8
    PLAN = 9


class TermPlan(NamedTuple):
    """`start_time` is wall time in the group's zone. `online_url` is where to join, which the
    public page does not show, as it does the `place`. `weeks` is how long a term is that was not
    told its `last` date. Of the days that it would meet on, the public holidays of `country` are
    left out but those in `kept`, and so are those in `skipped`."""

    title: str
    first: date
    last: date | None
    weeks: int
    weekday: Weekday
    start_time: time
    place: str | None
    topics: int
    country: str | None = None
    skipped: frozenset[date] = frozenset()
    kept: frozenset[date] = frozenset()
    online_url: str | None = None

    @property
    def ends(self) -> date:
        return self.last or self.first + (self.weeks - 1) * WEEK


class PlannedDay(NamedTuple):
    """A day on which the term would meet. It is `left_out` for what it is ("Labour Day"), or for
    no reason that is known (an empty one); it meets where that is `None`."""

    date: date
    left_out: str | None


def days(plan: TermPlan) -> tuple[date, ...]:
    """Each such weekday from the first date to the last, both included."""
    day, found = coming(plan.weekday, plan.first), []
    while day <= plan.ends:
        found.append(day)
        day += WEEK
    return tuple(found)


def laid_out(plan: TermPlan) -> tuple[PlannedDay, ...]:
    """Every day of the term, with the holidays of its country left out."""
    return lay_out(plan, public_holidays.between(plan.country, plan.first, plan.ends))


def lay_out(plan: TermPlan, holidays: Mapping[date, str]) -> tuple[PlannedDay, ...]:
    """Every day of the term. `holidays` are those of the plan's country, by their names."""
    return tuple(PlannedDay(day, _left_out(plan, day, holidays)) for day in days(plan))


def _left_out(plan: TermPlan, day: date, holidays: Mapping[date, str]) -> str | None:
    if day in plan.skipped:
        return holidays.get(day, "")
    return None if day in plan.kept else holidays.get(day)


def leave_out(plan: TermPlan, day: date) -> TermPlan:
    """Raises `DomainError` for a day on which the term would not meet anyway."""
    _check_day(plan, day)
    return plan._replace(skipped=plan.skipped | {day}, kept=plan.kept - {day})


def hold(plan: TermPlan, day: date) -> TermPlan:
    """Meet on the day, although it is a holiday. Raises `DomainError` like `leave_out`."""
    _check_day(plan, day)
    return plan._replace(skipped=plan.skipped - {day}, kept=plan.kept | {day})


def _check_day(plan: TermPlan, day: date) -> None:
    if day not in days(plan):
        raise DomainError(Refusal.NOT_IN_PLAN, date=day)


def check(plan: TermPlan, today: date) -> None:
    """Raises `DomainError` for dates that make no term: the last before the first, more than a
    year, or a first date that is past or years from now."""
    if plan.first < today:
        raise DomainError(Refusal.TERM_IS_PAST, date=plan.first)
    check_ahead(plan.first, today)
    if plan.ends < plan.first:
        raise DomainError(Refusal.TERM_ENDS_FIRST, first=plan.first, last=plan.ends)
    if plan.ends - plan.first > LONGEST:
        raise DomainError(Refusal.TERM_TOO_LONG, first=plan.first, last=plan.ends)


def coming(weekday: Weekday, day: date) -> date:
    """The first such weekday from `day` on."""
    return day + timedelta(days=(WEEKDAYS.index(weekday) - day.weekday()) % 7)


def next_title(last: str | None, today: date) -> str:
    """What a term after that one is probably called: "2026 Spring" after "2025 Fall"."""
    if found := _TITLE.fullmatch(last or ""):
        season = found["season"].lower()
        if season in ("fall", "autumn"):
            return f"{int(found['year']) + 1} Spring"
        if season == "spring":
            return f"{found['year']} Fall"
    return f"{today.year} {'Spring' if today.month < SEASONS['summer'] else 'Fall'}"


def begins(title: str, earliest: date) -> date:
    """When a term of this title probably begins: with its season, but not before `earliest`."""
    found = _TITLE.search(title)
    month = SEASONS.get(found["season"].lower()) if found else None
    if found is None or month is None:
        return earliest
    year = int(found["year"])
    if not earliest.year <= year <= earliest.year + 2:
        return earliest
    return max(earliest, date(year, month, 1))


def to_json(plan: TermPlan) -> dict[str, Any]:
    return {
        "title": plan.title,
        "first": plan.first.isoformat(),
        "last": plan.last.isoformat() if plan.last else None,
        "weeks": plan.weeks,
        "weekday": plan.weekday.value,
        "start_time": plan.start_time.isoformat(),
        "place": plan.place,
        "online_url": plan.online_url,
        "topics": plan.topics,
        "country": plan.country,
        "skipped": sorted(day.isoformat() for day in plan.skipped),
        "kept": sorted(day.isoformat() for day in plan.kept),
    }


def from_json(plan: Mapping[str, Any]) -> TermPlan:
    """The plan that `to_json` wrote down."""
    return TermPlan(
        plan["title"],
        date.fromisoformat(plan["first"]),
        date.fromisoformat(plan["last"]) if plan["last"] else None,
        plan["weeks"],
        Weekday(plan["weekday"]),
        time.fromisoformat(plan["start_time"]),
        plan["place"],
        plan["topics"],
        plan["country"],
        frozenset(date.fromisoformat(day) for day in plan["skipped"]),
        frozenset(date.fromisoformat(day) for day in plan["kept"]),
        plan.get("online_url"),  # drafts of an earlier version have none
    )
