"""A Markdown page's blocks, tables among them, and the lines in them."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.words import one_line
from bot.publish.readers.cells import markdown_cell
from bot.publish.readers.lists import Item, date_of
from bot.publish.readers.phrases import is_bare, labelled

# Only the blocks are wanted here: what is inside of them is read cell by cell.
_MARKDOWN = (
    MarkdownIt("commonmark", {"maxNesting": 40})
    .enable("table")
    .disable(["inline", "lheading", "reference", "html_block", "code"])
)
_DEFINITION = re.compile(r" {0,3}\[([^\[\]]{1,100})\]:\s*<?(\S{1,2000}?)>?(?:\s+[\"'(].*)?")
_REFERENCE = re.compile(r"\[([^\[\]]{1,500})\] ?\[([^\[\]]{0,100})\]")


def blocks_of(lines: Sequence[str]) -> list[Token]:
    return _MARKDOWN.parse("\n".join(lines))


def closing(tokens: Sequence[Token], position: int) -> int:
    """Where the block that begins at `position` ends."""
    opening = tokens[position]
    if opening.nesting != 1:
        return position + 1
    behind = range(position + 1, len(tokens))
    closes = (n for n in behind if tokens[n].nesting == -1 and tokens[n].level == opening.level)
    return next(closes) + 1


def cells_of(number: int, row: str) -> list[tuple[Line, ...]]:
    """The cells of a table's row, also those for which the table has no column."""
    cells = escapedSplit(row.strip())
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return [markdown_cell(number, cell) for cell in cells]


def inlines_of(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The paragraphs of a list, and in how many lists each is."""
    depth = 0
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "inline":
            yield depth, token


def items_of(tokens: Sequence[Token]) -> Iterator[Item]:
    item: Item | None = None
    depth = 0
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open" and depth == 1:
            if item is not None:
                yield item
            item = None
        elif token.type == "inline":
            lines = lines_in(token)
            if item is None and lines:
                item = Item(lines[0])
                lines = lines[1:]
            if item is not None:
                item.inside += [(depth, line) for line in lines]
    if item is not None:
        yield item


def lines_in(inline: Token) -> list[Line]:
    """The lines of a paragraph; one that only goes on is part of the line before."""
    number = inline.map[0] + 1 if inline.map else 1
    written: list[tuple[int, str]] = []
    for place, text in enumerate(inline.content.split("\n")):
        if written and not any(map(_stands_alone, markdown_cell(number + place, text))):
            written[-1] = (written[-1][0], f"{written[-1][1]} {text}")
        else:
            written.append((number + place, text))
    return [line for where, text in written for line in markdown_cell(where, text)]


def _stands_alone(line: Line) -> bool:
    return is_bare(line) or labelled(line) is not None or date_of(line) is not None


def without_references(lines: Sequence[str]) -> list[str]:
    """The lines with "[words][1]" written out, where the page says elsewhere what 1 is."""
    definitions = {
        one_line(match[1]).casefold(): match[2]
        for line in lines
        if (match := _DEFINITION.fullmatch(line))
    }
    if not definitions:
        return list(lines)

    def written_out(match: re.Match[str]) -> str:
        url = definitions.get(one_line(match[2] or match[1]).casefold())
        return f"[{match[1]}]({url})" if url else match[0]

    return [
        "" if _DEFINITION.fullmatch(line) else _REFERENCE.sub(written_out, line) for line in lines
    ]
