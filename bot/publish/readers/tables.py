"""A table, whichever way it was written, read by what its columns are about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.words import one_line
from bot.publish.readers.cells import without_links
from bot.publish.readers.decode import limit
from bot.publish.readers.findings import Findings
from bot.publish.readers.names import looks_like_names
from bot.publish.readers.schedule import Dated
from bot.publish.readers.spelled_dates import Spelled, spelled
from bot.publish.readers.talks import Row
from bot.publish.readers.titles import address_of, read_venue, tidy_words
from bot.publish.readers.vocabulary import OPEN, Field, cancelled, field_of

_TIME = re.compile(
    r"(?:T|,|@|at\b|from\b|\s)*\d{1,2}(?:[:：.]\d\d)?(?::\d\d)?\s*(?:[ap]\.?m\.?)?"
    r"(?:\s*(?:-+|–|—|to)\s*\d{1,2}(?:[:：.]\d\d)?\s*(?:[ap]\.?m\.?)?)?\s*(?:[A-Z]{2,4})?",
    re.IGNORECASE,
)
MOST_COLUMNS = 60
"""A wider table is no schedule."""

_MOST_LOOKED_AT = 200
"""Rows that tell what a column is about."""

Cell = Sequence[Line]


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int
    cells: Sequence[Cell]


def read_table(rows: Sequence[TableRow], findings: Findings) -> list[Dated] | None:
    """The dated rows of a table, whose first row may be a header; `None` if it has no dates."""
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        return None
    columns = _by_header(rows)
    body = rows[1:]
    if columns is None:
        columns = _by_content(rows)
        body = rows if columns else []
        if columns is not None:
            _say_what_was_taken(rows[0].number, columns, findings)
    else:
        _say_what_was_left(rows, columns, findings)
    if columns is None:
        return None
    limit(len(body))
    return _dated(body, columns, findings)


def beside_date(number: int, text: str, findings: Findings) -> str:
    """What stands beside a date, said to be left out unless it says that there is no meeting."""
    words = one_line(text).strip(" ()（）[],;:.*_|–—-")
    if words and cancelled(words) is None:
        what = "time of day was" if _TIME.fullmatch(words) else "words beside the date were"
        findings.note(number, f"The {what} left out: “{words}”.")
    return words


def _by_header(rows: Sequence[TableRow]) -> dict[int, Field] | None:
    """What the columns are about by their names, if one of them holds dates."""
    names = [_text(cell) for cell in rows[0].cells]
    fields = {place: field for place, name in enumerate(names) if (field := field_of(name))}
    body = rows[1 : _MOST_LOOKED_AT + 1]
    dates = [place for place, field in fields.items() if field is Field.DATE]
    if any(_date(cell) for cell in rows[0].cells) or not dates:
        return None
    best = max(
        dates, key=lambda place: sum(_date(cell) is not None for cell in _column(body, place))
    )
    for place in dates:
        if place != best:
            fields[place] = Field.NO_PLACE
    if not any(_date(cell) for cell in _column(body, best)):
        return None
    return _agreed(fields, body)


def _agreed(fields: dict[int, Field], body: Sequence[TableRow]) -> dict[int, Field]:
    """Columns of the same name, and names that mean one thing here and another there."""
    for place, field in list(fields.items()):
        cells = [cell for cell in _column(body, place) if cell]
        if field is Field.VENUE and cells and not any(_is_venue(cell) for cell in cells):
            fields[place] = Field.NO_PLACE  # "venue" is also where a group meets
        if field in (Field.SLIDES, Field.SUMMARY) and cells and not any(map(_has_link, cells)):
            del fields[place]  # "Presentation" and "Notes" are often words
            if field is Field.SLIDES and not {Field.TITLE, Field.TOPIC} & set(fields.values()):
                fields[place] = Field.TITLE
    titles = [place for place, field in fields.items() if field is Field.TITLE]
    for place in titles:
        cells = [cell for cell in _column(body, place) if cell]
        if len(titles) > 1 and cells and all(_only_links(cell) for cell in cells):
            fields[place] = Field.PAPER
    titles = [place for place, field in fields.items() if field is Field.TITLE]
    topics = [place for place, field in fields.items() if field is Field.TOPIC]
    if not titles and topics:
        fields[topics[0]] = Field.TITLE
    for field in (Field.TITLE, Field.TOPIC, Field.VENUE, Field.YEAR):
        for place in [place for place, one in fields.items() if one is field][1:]:
            del fields[place]
    return fields


def _by_content(rows: Sequence[TableRow]) -> dict[int, Field] | None:
    """What the columns are about by what is in them: nothing names them."""
    looked_at = rows[:_MOST_LOOKED_AT]
    width = max(len(row.cells) for row in looked_at)
    columns = {
        place: [cell for cell in _column(looked_at, place) if cell] for place in range(width)
    }
    counts = {
        place: sum(_date(cell) is not None for cell in cells) for place, cells in columns.items()
    }
    best = max(counts, key=lambda place: (counts[place], -place))
    if counts[best] * 2 <= len([row for row in looked_at if any(row.cells)]):
        return None
    fields = {best: Field.DATE}
    rest = {place: cells for place, cells in columns.items() if place != best and cells}
    for place, cells in rest.items():
        if all(_only_links(cell) for cell in cells):
            fields[place] = Field.LINKS
        elif sum(_is_venue(cell) for cell in cells) * 2 > len(cells):
            fields[place] = Field.VENUE
        elif all(_text(cell).isdecimal() for cell in cells):
            fields[place] = Field.NO_PLACE
    words = {place: cells for place, cells in rest.items() if place not in fields}
    if words:
        longest = max(words, key=lambda place: _mean_length(words[place]))
        fields[longest] = Field.TITLE
        for place, cells in words.items():
            if place != longest and all(
                looks_like_names(cell) or OPEN.fullmatch(_text(cell)) for cell in cells
            ):
                fields[place] = Field.PRESENTERS
                break
    return fields if Field.TITLE in fields.values() else None


def _dated(
    rows: Sequence[TableRow], columns: Mapping[int, Field], findings: Findings
) -> list[Dated]:
    found: list[Dated] = []
    at = next(place for place, field in columns.items() if field is Field.DATE)
    width = max(len(row.cells) for row in rows) if rows else 0
    before: Spelled | None = None
    for row in rows:
        cell = row.cells[at] if at < len(row.cells) else ()
        fields = _fields(row, columns, width)
        day = _date(cell)
        if day is not None:
            before, beside = day, beside_date(row.number, _text(cell)[day.end :], findings)
            found.append((day, Row(row.number, fields, beside)))
        elif _text(cell):
            before = None
            if not OPEN.fullmatch(_text(cell)) or any(fields.values()):
                findings.problem(row.number, "This row has no date, so it was not taken.")
        elif before is not None:
            found.append((before, Row(row.number, fields)))  # the day of the row above
        else:
            findings.problem(row.number, "This row has no date, so it was not taken.")
    return found


def _fields(row: TableRow, columns: Mapping[int, Field], width: int) -> dict[Field, list[Line]]:
    fields: dict[Field, list[Line]] = {}
    for place in range(min(width, len(row.cells))):
        field = columns.get(place, Field.NO_PLACE)
        if field is not Field.DATE:
            fields.setdefault(field, []).extend(row.cells[place])
    return fields


def _say_what_was_left(
    rows: Sequence[TableRow], columns: Mapping[int, Field], findings: Findings
) -> None:
    header, body = rows[0], rows[1:]
    width = max(len(row.cells) for row in rows)
    for place in range(width):
        name = _text(header.cells[place]) if place < len(header.cells) else ""
        filled = [row for row in body if place < len(row.cells) and row.cells[place]]
        if not filled:
            continue
        if place not in columns:
            where = header.number if name else filled[0].number
            called = f"“{name}”" if name else f"number {place + 1}"
            findings.problem(where, f"The column {called} was not understood and left out.")
        elif columns[place] is Field.NO_PLACE:
            findings.note(header.number, f"A schedule has no place for the column “{name}”.")
        elif columns[place] is Field.STATUS:
            findings.note(
                header.number, f"Of the column “{name}”, only what is cancelled was taken."
            )


def _say_what_was_taken(number: int, columns: Mapping[int, Field], findings: Findings) -> None:
    said = ", ".join(f"{place + 1} {field.value}" for place, field in sorted(columns.items()))
    findings.note(number, f"The columns have no names; by what is in them they are: {said}.")


def _column(rows: Sequence[TableRow], place: int) -> list[Cell]:
    return [row.cells[place] for row in rows if place < len(row.cells)]


def _text(cell: Cell) -> str:
    return one_line(" ".join(line.text for line in cell))


def _date(cell: Cell) -> Spelled | None:
    return spelled(_text(cell)) if cell else None


def _has_link(cell: Cell) -> bool:
    return any(line.links or address_of(line.text) for line in cell)


def _only_links(cell: Cell) -> bool:
    return _has_link(cell) and all(
        not tidy_words(without_links(line)) and len(line.text.split()) <= len(line.links) * 2
        for line in cell
    )


def _is_venue(cell: Cell) -> bool:
    return read_venue(_text(cell).strip("[]()"))[0] is not None


def _mean_length(cells: Sequence[Cell]) -> float:
    return sum(len(_text(cell)) for cell in cells) / len(cells)
