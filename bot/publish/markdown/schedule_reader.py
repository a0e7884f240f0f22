"""The page's meetings, one date after the other."""

from collections.abc import Sequence
from datetime import date

from bot.domain.page import PageMeeting
from bot.publish.markdown import marks
from bot.publish.markdown.blocks import Block, Section
from bot.publish.markdown.meeting_reader import MeetingReader
from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.problems import Problems

_DATE, _TOPIC = 3, 4


class ScheduleReader:
    """Reads sections of the page for meetings; `title` is the term's and gives the years."""

    def __init__(self, title: str, lines: Sequence[str], problems: Problems) -> None:
        self._term = title
        self._lines = lines
        self._problems = problems
        self._meetings: dict[date, PageMeeting] = {}
        self._meeting: MeetingReader | None = None
        self._undated = False

    def meetings(self) -> tuple[PageMeeting, ...]:
        """Newest first."""
        return tuple(self._meetings[day] for day in sorted(self._meetings, reverse=True))

    def read(self, section: Section) -> None:
        read: set[int] = set()
        for block in section.blocks:
            read.update(range(block.start, block.end))
            if block.depth == _DATE:
                self._close()
                self._open(block.lines()[0])
            elif not self._undated:
                self._block(block)
        self._close()
        # A net for whatever Markdown makes of a line: code, an empty item, nests without end.
        for index in range(section.start, section.end):
            if index not in read and self._lines[index].strip():
                self._problems.add(index + 1, "This line could not be read.")

    def _block(self, block: Block) -> None:
        if block.depth == _TOPIC and self._meeting is not None:
            self._meeting.topic(block.lines()[0])
        elif block.depth:
            self._problems.add(block.start + 1, "This heading is no date and no topic.")
        elif self._meeting is not None:
            for line in block.lines():
                self._meeting.line(line)
        else:
            for line in block.lines():
                if line.text.strip():
                    self._problems.add(line.number, "This line is not under a date.")

    def _open(self, heading: Line) -> None:
        day = marks.read_date(heading.text, self._term)
        self._undated = day is None or day in self._meetings
        if day is None:
            self._problems.add(
                heading.number, "This is no date of the term, so nothing under it was taken."
            )
        elif self._undated:
            self._problems.add(
                heading.number, "This date is there twice; nothing under this one was taken."
            )
        else:
            self._meeting = MeetingReader(day, self._problems)

    def _close(self) -> None:
        if self._meeting is not None:
            meeting = self._meeting.built()
            self._meetings[meeting.date] = meeting
        self._meeting, self._undated = None, False
