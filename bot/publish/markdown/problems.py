"""What a reader of the page could not place."""

from collections.abc import Sequence

from bot.domain.page import Problem
from bot.publish.markdown.words import one_line


class Problems:
    """Collects problems by line number (from 1); `lines` are the page's own."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._found: list[Problem] = []

    def add(self, number: int, reason: str) -> None:
        self._found.append(Problem(number, one_line(self._lines[number - 1]), reason))

    def in_order(self) -> tuple[Problem, ...]:
        return tuple(sorted(self._found, key=lambda problem: problem.line))
