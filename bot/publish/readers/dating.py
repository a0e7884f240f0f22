"""The dates of a whole column: what one leaves open, the others and the term decide."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.calendar import WEEKDAYS
from bot.domain.month_days import day_of, nearest
from bot.domain.months import MONTHS
from bot.publish.markdown.marks import middle_of
from bot.publish.readers.findings import Findings
from bot.publish.readers.spelled_dates import Spelled
from bot.publish.readers.term_names import bounds

_DAY_FIRST, _MONTH_FIRST = 0, 1
_ORDERS = {_DAY_FIRST: "the day first", _MONTH_FIRST: "the month first"}
_YEARS = range(1900, 2100)
_TURN = 90
"""Days. A date that lies more before the one above it is of another year, a nearer one is out of
order."""


@dataclass(frozen=True, slots=True)
class Written:
    """A date where it stands."""

    number: int
    spelled: Spelled


def resolve(column: Sequence[Written], term: str, findings: Findings) -> list[date | None]:
    """The day of each; `None`, with a problem, for one that cannot be told."""
    return _Column(column, term, findings).days()


@dataclass(slots=True)
class _Column:
    column: Sequence[Written]
    term: str
    findings: Findings
    _middle: date | None = field(init=False)

    def __post_init__(self) -> None:
        self._middle = middle_of(self.term) or self._from_years()

    def days(self) -> list[date | None]:
        order = self._order()
        days = [self._day(one, order) for one in self.column]
        days = self._unrolled(days)
        return [self._checked(one, day) for one, day in zip(self.column, days, strict=True)]

    def _from_years(self) -> date | None:
        """Some dates of a column have their year, as a rule the first of each."""
        given = [one for one in self.column if one.spelled.year in _YEARS]
        days = [day_of(one.spelled.year or 0, *one.spelled.readings[0]) for one in given]
        return next((day for day in days if day), None)

    def _order(self) -> int | None:
        """Which of two readings the column as a whole allows; `None` if it allows both."""
        doubtful = [one for one in self.column if len(one.spelled.readings) > 1]
        if not doubtful:
            return None
        readings = [[self._read(one, order) for one in self.column] for order in _ORDERS]
        shown = {one.spelled.day_first for one in self.column} - {None}
        tests: Iterable[Callable[[int], int]] = (
            lambda order: shown == {order == _DAY_FIRST},
            lambda order: self._weekdays_right(readings[order]),
            lambda order: self._in_term(readings[order]),
            lambda order: _in_a_row(readings[order]),
            lambda order: _on_one_weekday(readings[order]),
        )
        for test in tests:
            scores = [test(order) for order in _ORDERS]
            if scores[0] != scores[1]:
                order = scores.index(max(scores))
                self.findings.note(
                    doubtful[0].number, f"Dates like this one were read with {_ORDERS[order]}."
                )
                return order
        return None

    def _read(self, one: Written, order: int) -> date | None:
        readings = one.spelled.readings
        if len(readings) > 1:
            return self._dated(one.spelled, readings[order])
        return self._dated(one.spelled, readings[0])

    def _dated(self, spelled: Spelled, reading: tuple[int, int]) -> date | None:
        if spelled.year is not None:
            return day_of(spelled.year, *reading)
        if self._middle is None:
            return None
        day = nearest(*reading, self._middle)
        if day is None or spelled.weekday is None or day.weekday() == spelled.weekday:
            return day
        # The weekday tells the year where the term's title leaves room for two.
        others = [day_of(day.year + shift, *reading) for shift in (1, -1)]
        right = [one for one in others if one and one.weekday() == spelled.weekday]
        close = [one for one in right if abs((one - self._middle).days) < 200]
        return close[0] if close else day

    def _day(self, one: Written, order: int | None) -> date | None:
        readings = one.spelled.readings
        if len(readings) > 1 and order is None:
            days = [self._read(one, which) for which in _ORDERS]
            names = [f"{day.day} {MONTHS[day.month - 1]}" for day in days if day]
            if len(names) > 1:
                self.findings.problem(
                    one.number,
                    f"This may be {names[0]} or {names[1]}. Write dates like 2026-03-04.",
                )
                return None
        day = self._read(one, order or 0)
        if day is None:
            known = self._middle is not None or one.spelled.year is not None
            self.findings.problem(
                one.number,
                "There is no such day, so the line was not taken."
                if known
                else "The year of this date is unknown. Name the term, with its year.",
            )
        return day

    def _unrolled(self, days: list[date | None]) -> list[date | None]:
        """Dates without a year follow each other: after December comes the next January."""
        places = [n for n, one in enumerate(self.column) if days[n] and one.spelled.year is None]
        if len(places) < len([day for day in days if day]) or _is_ordered([d for d in days if d]):
            return days
        for step in (1, -1):
            unrolled = list(days)
            before: date | None = None
            for place in places:
                day = unrolled[place]
                if day and before and (day - before).days * step < -_TURN:
                    day = day_of(day.year + step, day.month, day.day)
                unrolled[place] = before = day
            known = [day for day in unrolled if day]
            if _is_ordered(known) and abs((known[-1] - known[0]).days) < 366:
                return unrolled
        return days

    def _checked(self, one: Written, day: date | None) -> date | None:
        weekday = one.spelled.weekday
        if day is not None and weekday is not None and day.weekday() != weekday:
            self.findings.problem(
                one.number,
                f"{day.day} {MONTHS[day.month - 1]} {day.year} is a "
                f"{WEEKDAYS[day.weekday()].capitalize()}, not a {WEEKDAYS[weekday].capitalize()}.",
            )
        return day

    def _weekdays_right(self, days: Sequence[date | None]) -> int:
        pairs = zip(self.column, days, strict=True)
        return sum(day is not None and day.weekday() == one.spelled.weekday for one, day in pairs)

    def _in_term(self, days: Sequence[date | None]) -> int:
        limits = bounds(self.term)
        if limits is None:
            return 0
        return sum(day is not None and limits[0] <= day <= limits[1] for day in days)


def _is_ordered(days: Sequence[date]) -> bool:
    return list(days) in (sorted(days), sorted(days, reverse=True))


def _in_a_row(days: Sequence[date | None]) -> bool:
    return _is_ordered([day for day in days if day])


def _on_one_weekday(days: Sequence[date | None]) -> bool:
    """Whether a group met on one weekday, as groups do; two dates alone prove nothing."""
    known = [day.weekday() for day in days if day]
    return len(known) > 2 and len(set(known)) == 1
