"""A term's meetings, gathered row by row."""

from collections.abc import Sequence
from datetime import date

from bot.domain.page import Page, PageMeeting, ParsedPage
from bot.publish.markdown.page_tidy import tidy
from bot.publish.readers.dating import Written, resolve
from bot.publish.readers.findings import Findings
from bot.publish.readers.spelled_dates import Spelled
from bot.publish.readers.talks import Row, Said, is_occasion, read_row
from storage.enums import MeetingKind

Dated = tuple[Spelled, Row]
"""A row whose date may still leave something open."""


class Schedule:
    """Two rows of one date are two slots of a meeting."""

    def __init__(self, term: str, findings: Findings) -> None:
        self.term = term
        self._findings = findings
        self._rows: dict[date, list[Said]] = {}

    def add_column(self, rows: Sequence[Dated]) -> None:
        """Rows whose dates stand in one column, or in one list, and explain each other."""
        written = [Written(row.number, spelled) for spelled, row in rows]
        days = resolve(written, self.term, self._findings)
        for (_, row), day in zip(rows, days, strict=True):
            if day is not None:
                self.add(day, row)

    def add(self, day: date, row: Row) -> None:
        self._rows.setdefault(day, []).append(read_row(row, self._findings))

    def __bool__(self) -> bool:
        return bool(self._rows)

    def page(self, text: str = "") -> Page:
        """The term's page with `text` as its other information, as the group's format holds it."""
        meetings = [self._meeting(day, said) for day, said in self._rows.items()]
        self._miss_presenters(meetings)
        return tidy(Page(self.term, "", text, tuple(meetings)))

    def parsed(self, text: str = "") -> ParsedPage:
        return self._findings.about(self.page(text))

    def _meeting(self, day: date, said: Sequence[Said]) -> PageMeeting:
        off = [one.off for one in said if one.off is not None]
        links = tuple(link for one in said for link in one.links)
        slots = tuple(slot for one in said for slot in one.slots)
        if off and not any(slot.talk for one in said if one.off is None for slot in one.slots):
            slots = tuple(slot for slot in slots if slot.talk)
            return PageMeeting(day, slots, title=off[0] or None, cancelled=True, links=links)
        for one in said:
            if one.off is not None:
                self._findings.problem(
                    one.number, "This day has another talk, so it was not taken as cancelled."
                )
        if len(slots) == 1 and is_occasion(slots[0]):
            talk = slots[0].talk
            title = talk.title if talk else None
            if talk is not None and not talk.presenters:
                return PageMeeting(day, (), MeetingKind.SPECIAL, title, links=(*talk.links, *links))
            return PageMeeting(day, slots, MeetingKind.SPECIAL, title, links=links)
        return PageMeeting(day, slots, links=links)

    def _miss_presenters(self, meetings: Sequence[PageMeeting]) -> None:
        held = {meeting.date for meeting in meetings if not meeting.cancelled and meeting.slots}
        alone = [
            one.number
            for day in held
            for one in self._rows[day]
            if any(slot.talk and not slot.talk.presenters for slot in one.slots)
        ]
        named = any(
            slot.talk and slot.talk.presenters for meeting in meetings for slot in meeting.slots
        )
        if alone and not named:
            self._findings.note(min(alone), "The page names no presenters, from this line on.")
        elif named:
            for number in alone:
                self._findings.problem(number, "This talk has no presenter.")
