"""What a reader has to say about a page, by line number."""

from collections.abc import Sequence

from bot.domain.page import Page, ParsedPage
from bot.publish.markdown.problems import Problems


class Findings:
    """Problems are what was not understood; notes are what was understood and left out, or how it
    was understood. Each is said once a line."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._problems = Problems(lines)
        self._notes = Problems(lines)
        self._said: set[tuple[int, str]] = set()

    def problem(self, number: int, reason: str) -> None:
        if self._is_new(number, reason):
            self._problems.add(number, reason)

    def note(self, number: int, reason: str) -> None:
        if self._is_new(number, reason):
            self._notes.add(number, reason)

    def about(self, page: Page) -> ParsedPage:
        return ParsedPage(page, self._problems.in_order(), self._notes.in_order())

    def _is_new(self, number: int, reason: str) -> bool:
        new = (number, reason) not in self._said
        self._said.add((number, reason))
        return new
