"""The group's page, read into data. Other formats are to be read by other readers into the same
`ParsedPage`."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.page import Page, ParsedPage
from bot.publish.markdown import marks
from bot.publish.markdown.blocks import Section, sections_of
from bot.publish.markdown.front_matter import after_front, title_in
from bot.publish.markdown.problems import Problems
from bot.publish.markdown.schedule_reader import ScheduleReader
from bot.publish.markdown.words import lines_of, one_line, text_block

_SECTIONS = {
    "specific requirements": marks.REQUIREMENTS,
    "requirements": marks.REQUIREMENTS,
    "other information": marks.OTHER_INFORMATION,
    "schedule": marks.SCHEDULE,
}


def parse(text: str) -> ParsedPage:
    """Everything that the page states, and by line number whatever could not be understood.

    Mojibake is repaired line by line. A date without a year gets the one that the term's title
    gives it (see `marks.middle_of`). Settings before the page are left out, but for a title where
    the page has none. Any text can be read: nonsense becomes problems.
    """
    return replace(_PageReader(lines_of(text)).read(), text=text)


class _PageReader:
    def __init__(self, lines: Sequence[str]) -> None:
        front = after_front(lines)
        self._lines = ["" for _ in range(front)] + list(lines[front:])
        self._title = title_in(lines) or ""
        self._problems = Problems(lines)
        self._texts: dict[str, str] = {}

    def read(self) -> ParsedPage:
        sections = sections_of(self._lines)
        titled = next((one for one in sections if one.depth == 1), None)
        title = one_line(titled.heading.text) if titled and titled.heading else self._title
        if not title:
            self._problems.add(
                1, "The page has no title that names its term, such as “# 2025 Fall”."
            )
        schedule = ScheduleReader(title, self._lines, self._problems)
        for section in sections:
            self._section(section, schedule, top=section.depth == 0 or section is titled)
        if marks.SCHEDULE not in self._texts and not schedule.meetings():
            self._problems.add(len(self._lines), "The page has no schedule.")
        requirements = self._texts.get(marks.REQUIREMENTS, "")
        other = self._texts.get(marks.OTHER_INFORMATION, "")
        page = Page(title, requirements, other, schedule.meetings())
        return ParsedPage(page, self._problems.in_order())

    def _section(self, section: Section, schedule: ScheduleReader, *, top: bool) -> None:
        if top:
            schedule.read(section)
            return
        words = one_line(section.heading.text).casefold() if section.heading else ""
        name = _SECTIONS.get(words) if section.depth == 2 else None
        if name is None or name in self._texts:
            self._unknown(section)
        elif name == marks.SCHEDULE:
            self._texts[name] = ""
            schedule.read(section)
        else:
            self._texts[name] = text_block(self._lines[section.start : section.end])

    def _unknown(self, section: Section) -> None:
        if section.heading is not None:
            self._problems.add(
                section.heading.number, "The page has no place for this heading, or has it already."
            )
        for index in range(section.start, section.end):
            if self._lines[index].strip():
                self._problems.add(index + 1, "This line is under a heading that was not taken.")
