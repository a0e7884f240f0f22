"""A Markdown page with tables or dated lists: its terms, one by one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bot.domain.page import ParsedPage
from bot.publish.markdown.front_matter import after_front, title_in
from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.words import lines_of, text_block
from bot.publish.readers import term_names
from bot.publish.readers.cells import markdown_cell
from bot.publish.readers.decode import NoTerm, Unusable
from bot.publish.readers.findings import Findings
from bot.publish.readers.lists import Item, date_of, read_list
from bot.publish.readers.markdown_blocks import (
    blocks_of,
    cells_of,
    closing,
    inlines_of,
    items_of,
    lines_in,
    without_references,
)
from bot.publish.readers.schedule import Dated, Schedule
from bot.publish.readers.tables import MOST_COLUMNS, TableRow, read_table

_SCHEDULES = re.compile(
    r"schedule|meetings|sessions|talks|past|previous|upcoming|日程|安排|记录", re.IGNORECASE
)


@dataclass(slots=True)
class _Part:
    """What stands under the headings of one term; `None` is before the first."""

    term: str | None
    columns: list[list[Dated]] = field(default_factory=list)
    lists: list[tuple[str, list[Item]]] = field(default_factory=list)
    headed: list[Item] = field(default_factory=list)
    prose: list[int] = field(default_factory=list)
    tables: bool = False


def read_markdown(text: str, term: str | None, file_term: str | None) -> list[ParsedPage]:
    """The terms of a page, in its order; empty if there is no schedule on it.

    `term` is what whoever imports calls it, `file_term` what its file's name says, unless the
    settings before the page have its title. Raises
    `Unusable` when the page has a schedule and no term to put it in.
    """
    lines = lines_of(text)
    titled = term_names.named(title_in(lines) or "")
    return _Reader(lines).read(term, titled or file_term)


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        front = after_front(lines)
        self._lines = ["" for _ in range(front)] + without_references(lines[front:])
        self._original = lines
        self._findings = Findings(lines)
        if front:
            self._findings.note(1, "The settings before the page itself were left out.")
        self._parts = [_Part(None)]
        self._heading = ""
        self._dated: tuple[int, Item] | None = None
        self._term_depth = 0
        self._titled = False

    def read(self, term: str | None, file_term: str | None) -> list[ParsedPage]:
        tokens = blocks_of(self._lines)
        position = 0
        while position < len(tokens):
            position = self._block(tokens, position)
        return self._parsed(term, file_term)

    def _part(self) -> _Part:
        return self._parts[-1]

    def _block(self, tokens: Sequence[Token], position: int) -> int:
        token = tokens[position]
        end = closing(tokens, position)
        start, stop = token.map or (0, 0)
        if token.type == "heading_open":
            self._head(int(token.tag[1:]), tokens[position + 1], start)
        elif token.type == "table_open":
            self._table(start, stop)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._list(tokens[position:end], start, stop)
        elif token.type == "paragraph_open" and self._dated is not None:
            self._dated[1].inside += [(1, line) for line in lines_in(tokens[position + 1])]
        elif token.type != "hr":
            self._keep(start, stop)
        return end

    def _head(self, depth: int, inline: Token, start: int) -> None:
        content = inline.content.strip().rstrip("#")
        line = next(iter(markdown_cell(start + 1, content)), Line(start + 1, "", ""))
        if self._dated is not None and depth > self._dated[0]:
            self._dated[1].inside.append((1, line))
            return
        self._dated = None
        self._heading = line.text
        first = depth == 1 and not self._titled
        named = term_names.named(line.text, loosely=first) if date_of(line) is None else None
        if named is not None:
            self._term_depth = depth
            self._open(named)
        elif date_of(line) is not None and not first:
            item = Item(line)
            self._part().headed.append(item)
            self._dated = (depth, item)
        else:
            if depth <= self._term_depth and not first:
                self._term_depth = 0
                self._open(None)
            if not first:
                self._keep(start, start + 1)
        self._titled |= first

    def _open(self, term: str | None) -> None:
        known = next((part for part in self._parts if part.term == term), None)
        if known is not None:
            self._parts.remove(known)
        self._parts.append(known or _Part(term))

    def _table(self, start: int, stop: int) -> None:
        if self._lines[start].count("|") > MOST_COLUMNS:
            self._keep(start, stop)
            return
        numbers = [start, *range(start + 2, stop)]
        rows = [
            TableRow(number + 1, cells_of(number + 1, self._lines[number])) for number in numbers
        ]
        width = len(rows[0].cells)
        header = rows[0] if any(rows[0].cells) else None
        dated = read_table(rows if header else rows[1:], self._findings)
        if dated is None:
            self._keep(start, stop)
            return
        for row in rows:
            if any(row.cells[width:]):
                self._findings.problem(
                    row.number, "This row has more cells than the table has columns."
                )
        self._part().tables = True
        self._part().columns.append(dated)

    def _list(self, tokens: Sequence[Token], start: int, stop: int) -> None:
        if self._dated is not None:
            self._dated[1].inside += [
                (depth, line) for depth, inline in inlines_of(tokens) for line in lines_in(inline)
            ]
            self._cast_net(tokens, start, stop)
            return
        items = list(items_of(tokens))
        days = [date_of(item.head) for item in items]
        if sum(day is not None for day in days) * 2 <= len(items):
            self._keep(start, stop)
            return
        self._part().lists.append((self._heading, items))
        self._cast_net(tokens, start, stop)

    def _cast_net(self, tokens: Sequence[Token], start: int, stop: int) -> None:
        """For whatever Markdown makes of a line in a list: code, a quotation, nests without end."""
        read = {n for _, inline in inlines_of(tokens) for n in range(*(inline.map or (0, 0)))}
        for number in range(start, stop):
            if number not in read and self._lines[number].strip():
                self._findings.problem(number + 1, "This line could not be read.")

    def _keep(self, start: int, stop: int) -> None:
        self._part().prose += [n for n in range(start, stop) if n < len(self._lines)]

    def _parsed(self, term: str | None, file_term: str | None) -> list[ParsedPage]:
        if term is not None:
            parts = [_merged(self._parts, term)]
            if len({part.term for part in self._parts if part.term and _is_full(part)}) > 1:
                raise Unusable("has several terms already. Leave out --term")
        else:
            parts = self._named(file_term)
        pages = []
        for part in parts:
            schedule = Schedule(part.term or "", self._findings)
            for column in part.columns:
                schedule.add_column(column)
            for heading, items in part.lists:
                if part.tables and not _SCHEDULES.search(heading):
                    part.prose += _numbers(items)
                else:
                    schedule.add_column(read_list(items, self._findings))
            if part.headed:
                schedule.add_column(read_list(part.headed, self._findings))
            if schedule:
                pages.append((schedule, part))
        return self._finished(pages)

    def _named(self, file_term: str | None) -> list[_Part]:
        full = [part for part in self._parts if _is_full(part)]
        own = next((part for part in self._parts if part.term is None), None)
        unnamed = [part for part in full if part.term is None]
        if unnamed:
            if file_term is None:
                raise NoTerm
            unnamed[0].term = file_term
        elif own is not None and full and own is not full[0]:
            # What stands before the first term's heading is about all of them.
            full[0].prose = [*own.prose, *full[0].prose]
        return full

    def _text(self, numbers: Sequence[int]) -> Iterator[str]:
        """These lines, and a blank one where others stood between them."""
        before = numbers[0] if numbers else 0
        for number in numbers:
            if number > before + 1:
                yield ""
            yield self._original[number]
            before = number

    def _finished(self, pages: Sequence[tuple[Schedule, _Part]]) -> list[ParsedPage]:
        parsed = []
        for schedule, part in pages:
            kept = text_block(list(self._text(sorted(set(part.prose)))))
            if kept:
                self._findings.note(
                    min(part.prose) + 1,
                    "What stands around the schedule is kept as the term's other information.",
                )
            parsed.append(schedule.page(kept))
        # What there is to say is about the whole page; it is told behind its last term.
        return [
            *(ParsedPage(page) for page in parsed[:-1]),
            *(self._findings.about(page) for page in parsed[-1:]),
        ]


def _is_full(part: _Part) -> bool:
    return bool(part.columns or part.lists or part.headed)


def _merged(parts: Sequence[_Part], term: str) -> _Part:
    whole = _Part(term)
    for part in parts:
        whole.columns += part.columns
        whole.lists += part.lists
        whole.headed += part.headed
        whole.prose += part.prose
        whole.tables |= part.tables
    return whole


def _numbers(items: Sequence[Item]) -> list[int]:
    return [
        line.number - 1 for item in items for line in [item.head, *(one for _, one in item.inside)]
    ]
