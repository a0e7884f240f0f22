"""A table of values with commas, semicolons or tabs between them, as spreadsheets save it."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from itertools import islice

from bot.domain.page import ParsedPage
from bot.publish.markdown.words import lines_of, one_line
from bot.publish.readers import term_names
from bot.publish.readers.cells import plain_cell
from bot.publish.readers.decode import NoPage, NoTerm
from bot.publish.readers.findings import Findings
from bot.publish.readers.schedule import Schedule
from bot.publish.readers.tables import MOST_COLUMNS, TableRow, read_table
from bot.publish.readers.vocabulary import Field, field_of

DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"sep=(.)", re.IGNORECASE)  # Excel's own
_SAMPLE = 100
_MOST_BEFORE_HEADER = 10

Values = tuple[int, list[str]]
"""A row's first line, from 1, and its values."""


def read_csv(text: str, term: str | None, file_term: str | None) -> list[ParsedPage]:
    """The term in a table; empty if there are no dates in it. Raises `NoPage` for a value without
    an end, and `Unusable` without a term's name."""
    lines = lines_of(text)
    findings = Findings(lines)
    rows = _rows(lines, findings)
    if max((len(values) for _, values in rows), default=0) > MOST_COLUMNS:
        return []
    start = _header(rows)
    before = [one_line(" ".join(values)) for _, values in rows[:start]]
    title = term or next(filter(None, map(term_names.named, before)), None) or file_term
    table = [
        TableRow(number, [plain_cell(number, value) for value in values])
        for number, values in rows[start:]
    ]
    dated = read_table(table, findings)
    if not dated:
        return []
    if title is None:
        raise NoTerm
    schedule = Schedule(title, findings)
    schedule.add_column(dated)
    kept = [words for words in before if words and term_names.named(words) != title]
    return [schedule.parsed("\n\n".join(kept))] if schedule else []


def _rows(lines: Sequence[str], findings: Findings) -> list[Values]:
    said = _SEPARATOR.fullmatch(lines[0].strip()) if lines else None
    first = 1 if said else 0
    delimiter = said[1] if said else _delimiter(lines)
    text = "\n".join(["", *lines[1:]] if said else lines)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    number = 1
    try:
        for values in reader:
            if any(value.strip() for value in values) and number > first:
                rows.append((number, values))
                if reader.line_num - number > 0 and _swallowed(values, delimiter):
                    reason = "A quotation mark is opened here and not closed in its row."
                    findings.problem(number, reason)
            number = reader.line_num + 1
    except csv.Error:
        reason = f"has no end of the value in line {number}. Look for a quotation mark there"
        raise NoPage(reason) from None
    return rows


def _swallowed(values: Sequence[str], delimiter: str) -> bool:
    """Whether a value with line breaks is rather the rest of the table."""
    return any(
        sum(line.count(delimiter) >= max(2, len(values) - 2) for line in value.split("\n")[1:]) > 1
        for value in values
        if "\n" in value
    )


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that cuts most rows alike."""

    def alike(delimiter: str) -> tuple[int, int]:
        sample = "\n".join(lines[: _SAMPLE * 2])
        try:
            rows = list(
                islice(csv.reader(StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE)
            )
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows if any(row))
        width, count = max(
            widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]), default=(1, 0)
        )
        return (count, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=alike)


def _header(rows: Sequence[Values]) -> int:
    """Where the table begins: sheets have a title above it."""
    for place, (_, values) in enumerate(rows[:_MOST_BEFORE_HEADER]):
        fields = {field_of(one_line(value)) for value in values}
        if Field.DATE in fields and len(fields - {None}) > 1:
            return place
    return 0
