"""A calendar's events as a term's meetings."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.calendar import local
from bot.domain.page import Page, ParsedPage
from bot.publish.ical import PRODUCT
from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.page_tidy import tidy
from bot.publish.markdown.words import counted, one_line
from bot.publish.readers import term_names
from bot.publish.readers.cells import html_cell, plain_cell
from bot.publish.readers.decode import NoTerm
from bot.publish.readers.findings import Findings
from bot.publish.readers.occurrences import CalendarFile, Occurrence, quotable
from bot.publish.readers.own_calendar import read_meeting
from bot.publish.readers.phrases import Phrase, is_bare, labelled, read_phrase
from bot.publish.readers.schedule import Schedule
from bot.publish.readers.talks import Row
from bot.publish.readers.vocabulary import OPEN, Field

_GROUP = re.compile(
    r"(?:[\w'’&.()-]{1,40}\s+){0,5}(?:reading group|reading club|paper reading|journal club|seminar"
    r"|group meeting)\b(?:\s+meeting)?"
    r"|[\w ]{0,20}(?:组会|读书会|论文分享|论文阅读|论文研讨)",
    re.IGNORECASE,
)
_AFTER_GROUP = re.compile(r"\s*#?\d{0,3}\s*(?:[:：|–—-]+\s*|$)")
_ROOMS = re.compile(
    r"https?://[^\s/]*(?:zoom\.us|zoom\.com|meet\.google\.com|teams\.(?:microsoft|live)\.com"
    r"|meeting\.tencent\.com|voovmeeting\.com|webex\.com|whereby\.com|meet\.jit\.si)/",
    re.IGNORECASE,
)
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Usual:
    """Where and when the group meets: its zone decides an event's day."""

    zone: ZoneInfo
    start: time


@dataclass(frozen=True, slots=True)
class _Meeting:
    occurrence: Occurrence
    day: date
    at: time | None

    @property
    def number(self) -> int:
        return self.occurrence.number


def read_calendar(
    data: bytes, term: str | None, file_term: str | None, usual: Callable[[], Usual]
) -> list[ParsedPage]:
    """The term's events as meetings; empty if it has none. Raises `Unusable` for a broken file, and
    for one without a term's name."""
    findings = Findings(quotable(data))
    file = CalendarFile(data, findings)
    named = next(filter(None, map(term_names.named, file.names)), None)
    title = term or named or file_term
    limits = term_names.bounds(title) if title else None
    if title is None or limits is None:
        raise NoTerm
    meetings = sorted(
        (_placed(one, usual) for one in file.between(*limits)),
        key=lambda one: (one.day, one.at or time(), one.number),
    )
    if not meetings:
        return []
    if file.is_by(PRODUCT):
        own = tuple(read_meeting(one.day, one.occurrence) for one in meetings)
        page = tidy(Page(title, meetings=own))
    else:
        page = _read_rows(title, meetings, findings)
    _say_what_is_elsewhere(file.numbers, meetings, *limits, findings)
    _say_when_and_where(meetings, usual, findings)
    return [findings.about(page)]


def _read_rows(title: str, meetings: Sequence[_Meeting], findings: Findings) -> Page:
    schedule = Schedule(title, findings)
    on_day = Counter(one.day for one in meetings)
    for one in meetings:
        fields = _fields(one.occurrence, findings)
        if fields or not one.occurrence.repeats or on_day[one.day] == 1:
            schedule.add(one.day, Row(one.number, fields))
        else:
            on_day[one.day] -= 1  # another event says what happens on this day of the series
    return schedule.page()


def _placed(one: Occurrence, usual: Callable[[], Usual]) -> _Meeting:
    """An event on the group's own calendar."""
    if not isinstance(one.start, datetime):
        return _Meeting(one, one.start, None)
    there = local(one.start, usual().zone) if one.start.tzinfo is not None else one.start
    return _Meeting(one, there.date(), there.time())


def _fields(one: Occurrence, findings: Findings) -> Phrase:
    fields: Phrase = {}
    summary = _without_group(one_line(one.text("SUMMARY")))
    if summary and one.repeats:
        # The name of a series is not what is read on each of its days.
        reason = f"“{summary}” repeats, so it was not taken for a paper."
        findings.note(one.number, reason)
        summary = ""
    for line in plain_cell(one.number, summary):
        fields = read_phrase(line, names_first=False, findings=findings)
    for line in html_cell(one.number, one.text("DESCRIPTION")):
        _describe(line, fields, open_title=not one.repeats, findings=findings)
    for name in ("URL", "ATTACH"):
        values = one.event.get(name) or []
        for value in values if isinstance(values, list) else [values]:
            for line in plain_cell(one.number, str(value)):
                _describe(line, fields, open_title=False, findings=findings)
    if one.text("STATUS").upper() == "CANCELLED":
        fields[Field.STATUS] = [Line(one.number, "cancelled", "cancelled")]
    return fields


def _without_group(summary: str) -> str:
    """The summary without the name that all the group's events begin with."""
    group = _GROUP.match(summary)
    after = _AFTER_GROUP.match(summary, group.end()) if group else None
    return summary[after.end() :] if after else summary


def _describe(line: Line, fields: Phrase, *, open_title: bool, findings: Findings) -> None:
    """What a line of an event's description says."""
    said = labelled(line)
    if said is not None and said[0] is not Field.NO_PLACE:
        fields.setdefault(said[0], []).append(said[1])
    elif any(_ROOMS.match(link.url) for link in line.links) or said is not None:
        findings.note(line.number, f"A schedule has no place for “{line.text[:_SHOWN]}”.")
    elif is_bare(line):
        fields.setdefault(Field.LINKS, []).append(line)
    elif OPEN.fullmatch(line.text):
        return
    elif open_title and Field.TITLE not in fields:
        for field, lines in read_phrase(line, names_first=False, findings=findings).items():
            fields.setdefault(field, []).extend(lines)
    else:
        reason = f"This line of the description was left out: “{line.text[:_SHOWN]}”."
        findings.problem(line.number, reason)


def _say_what_is_elsewhere(
    numbers: Sequence[int],
    meetings: Sequence[_Meeting],
    first: date,
    last: date,
    findings: Findings,
) -> None:
    left = set(numbers) - {one.number for one in meetings}
    if left:
        findings.note(
            min(left),
            f"{counted(len(left), 'event')} not between {first:%d %B %Y} and {last:%d %B %Y}, "
            "where the term is: left out.",
        )


def _say_when_and_where(
    meetings: Sequence[_Meeting], usual: Callable[[], Usual], findings: Findings
) -> None:
    for at, count in Counter(one.at for one in meetings).items():
        if at is not None and at != usual().start:
            findings.note(
                next(one.number for one in meetings if one.at == at),
                f"{counted(count, 'meeting')} at {at:%H:%M}, not at {usual().start:%H:%M} as "
                "usual. After the import, /move sets that.",
            )
    for one in meetings:
        where = one_line(one.occurrence.text("LOCATION"))
        if where:
            findings.note(one.number, f"A page has no place for where it is: “{where[:_SHOWN]}”.")
            break
    if any("ATTENDEE" in one.occurrence.event for one in meetings):
        findings.note(meetings[0].number, "Who was invited to the events was left out.")
