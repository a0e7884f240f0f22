"""The events of a calendar file (RFC 5545) within a term, repeated ones one by one."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Component

from bot.publish.markdown.words import lines_of
from bot.publish.readers.decode import Unusable, decode
from bot.publish.readers.findings import Findings

MOST_EVENTS = 5000
MOST_SERIES = 100

_FOLD = re.compile(rb"\r?\n[ \t]")
_LINE = "X-READ-FROM-LINE"
_REPEATS = "X-READ-AS-SERIES"
_FIRST_YEAR = 2000
"""An older series has had its meetings; following it from its beginning takes long."""

_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_RULES = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYMONTH", "BYMONTHDAY"}),
}
# What one of them asks for next may never come, or come every second.
_NUMBERS = {
    "INTERVAL": range(1, 61),
    "COUNT": range(1, 1001),
    "BYMONTHDAY": range(1, 29),
    "BYMONTH": range(1, 13),
    "BYSETPOS": (-1, 1, 2, 3, 4),
}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event on one day. `start` has a time zone, or none, or is a whole day. `repeats`: it is
    one of a series and says nothing of its own."""

    event: Component
    number: int
    start: date
    repeats: bool

    def text(self, name: str) -> str:
        return str(self.event.get(name) or "")


def quotable(data: bytes) -> list[str]:
    """The file's lines, with an event's name where it begins: that is how people know it."""
    lines = _lines(data)
    begins: int | None = None
    for place, line in enumerate(lines):
        name, _, value = line.partition(":")
        if _begins_event(line):
            begins = place
        elif name.partition(";")[0].upper() == "SUMMARY" and begins is not None:
            lines[begins], begins = value, None
    return lines


class CalendarFile:
    """Raises `Unusable` for a file that is broken or has far too many events."""

    def __init__(self, data: bytes, findings: Findings) -> None:
        lines = _lines(data)
        numbers = [number for number, line in enumerate(lines, 1) if _begins_event(line)]
        if len(numbers) > MOST_EVENTS:
            raise Unusable(f"has more than {MOST_EVENTS:,} events. Export the term's alone")
        self._findings = findings
        self._calendars = _parsed(data)
        self._number(numbers)
        self._tame()

    def is_by(self, product: str) -> bool:
        """Whether this program wrote all of it."""
        return all(str(one.get("PRODID")) == product for one in self._calendars)

    @property
    def names(self) -> list[str]:
        """What the calendars in it are called."""
        return [str(one.get("X-WR-CALNAME") or one.get("NAME") or "") for one in self._calendars]

    @property
    def numbers(self) -> list[int]:
        """The line of each event, from 1."""
        return [_number_of(event) for event in self._events()]

    def between(self, first: date, last: date) -> Iterator[Occurrence]:
        for calendar in self._calendars:
            try:
                query = recurring_ical_events.of(calendar, skip_bad_series=True)
                events = query.between(first, last + timedelta(days=1))
            except (ValueError, TypeError, OverflowError, KeyError, AttributeError):
                raise Unusable("is a calendar whose repetitions cannot be followed") from None
            for event in events:
                start = _start(event)
                if start is not None:
                    yield Occurrence(event, _number_of(event), start, _REPEATS in event)

    def _events(self) -> Iterator[Component]:
        for calendar in self._calendars:
            yield from calendar.walk("VEVENT")

    def _number(self, numbers: Sequence[int]) -> None:
        """Each event is given the line it begins in, and one without a date is taken out."""
        events = list(self._events())
        for place, event in enumerate(events):
            number = numbers[place] if len(numbers) == len(events) else 1
            event[_LINE] = str(number)
            for name, _ in event.errors:
                self._findings.problem(number, f"{name} of this event could not be read.")
                event.pop(name or "", None)
            if _start(event) is None:
                reason = "This event has no date, so it was not taken."
                self._findings.problem(number, reason)
                for calendar in self._calendars:
                    calendar.subcomponents = [
                        one for one in calendar.subcomponents if one is not event
                    ]

    def _tame(self) -> None:
        """Rules that no meeting has would take years to follow."""
        series = [event for event in self._events() if "RRULE" in event or "EXRULE" in event]
        if len(series) > MOST_SERIES:
            raise Unusable(f"has more than {MOST_SERIES} repeating events. Export the term's alone")
        for event in series:
            rules = [*_listed(event.get("RRULE")), *_listed(event.get("EXRULE"))]
            start = _start(event)
            if start is None or start.year < _FIRST_YEAR or not all(map(_is_tame, rules)):
                self._findings.problem(
                    _number_of(event),
                    "This event repeats in a way that no meeting does; its first date was taken.",
                )
                event.pop("RRULE", None)
                event.pop("EXRULE", None)
                continue
            event[_REPEATS] = "yes"  # what is changed for one of its days is an event of its own
            if any("UNTIL" not in rule and "COUNT" not in rule for rule in rules):
                self._findings.note(
                    _number_of(event),
                    "This event repeats without end; it was taken until the end of the term.",
                )


def _lines(data: bytes) -> list[str]:
    return data.decode(errors="replace").replace("\r\n", "\n").split("\n")


def _begins_event(line: str) -> bool:
    return line.strip().upper() == "BEGIN:VEVENT"


def _parsed(data: bytes) -> list[Component]:
    # Folding may cut a character in two, so lines are put together before they are decoded.
    text, _ = decode(_FOLD.sub(b"", data))
    calendars: list[Component] = []
    with suppress(ValueError, KeyError, TypeError, IndexError, AttributeError):
        found = Calendar.from_ical("\r\n".join(lines_of(text)), multiple=True)
        calendars = [one for one in found if one.name == "VCALENDAR"]
    if not calendars:
        raise Unusable("is a calendar that is cut off or broken. Export it again")
    return calendars


def _number_of(event: Component) -> int:
    return int(str(event.get(_LINE, "1")))


def _start(event: Component) -> date | None:
    start = getattr(event.get("DTSTART"), "dt", None)
    return start if isinstance(start, date) else None


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_tame(rule: Mapping[str, Sequence[Any]]) -> bool:
    """Whether a rule is one of those that calendar programs offer, which always find a next day."""
    given = {str(key).upper(): _listed(value) for key, value in rule.items()}
    frequency = str(given.get("FREQ", [""])[0])
    days = [str(day) for day in given.get("BYDAY", [])]
    ordered = frequency == "MONTHLY" and "BYSETPOS" not in given  # "every second Tuesday"
    return (
        frequency in _RULES
        and set(given) <= _RULES[frequency] | _ALWAYS
        and all(_within(given.get(name, []), allowed) for name, allowed in _NUMBERS.items())
        and all(re.fullmatch(r"[+-]?[1-4][A-Z]{2}" if ordered and len(day) > 2 else "[A-Z]{2}", day)
                for day in days)
    )  # fmt: skip


def _within(values: Sequence[Any], allowed: Collection[int]) -> bool:
    return all(isinstance(value, int) and value in allowed for value in values)
