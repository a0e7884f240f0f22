"""A page cut at its headings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from bot.publish.markdown.page_lines import Line, read_lines, tokens_of


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a rule. `depth` is a heading's, from 1, and 0 for the others;
    `start` and `end` are line indexes, from 0."""

    depth: int
    start: int
    end: int
    token: Token | None = None

    def lines(self) -> Sequence[Line]:
        return list(read_lines(self.token)) if self.token else []


@dataclass(frozen=True, slots=True)
class Section:
    """What a heading of depth 1 or 2 stands above. `depth` is 0, and `heading` `None`, for what
    comes before the first. `start` and `end` are line indexes, from 0, without the heading."""

    depth: int
    heading: Line | None
    start: int
    end: int
    blocks: tuple[Block, ...] = ()


def sections_of(lines: Sequence[str]) -> list[Section]:
    sections = [Section(0, None, 0, len(lines))]
    inside: list[Block] = []
    for block in blocks_of(tokens_of(lines)):
        if block.depth in (1, 2):
            sections[-1] = replace(sections[-1], end=block.start, blocks=tuple(inside))
            sections.append(Section(block.depth, block.lines()[0], block.end, len(lines)))
            inside = []
        else:
            inside.append(block)
    sections[-1] = replace(sections[-1], blocks=tuple(inside))
    return sections


def blocks_of(tokens: Sequence[Token]) -> Iterator[Block]:
    for before, token in zip([None, *tokens], tokens, strict=False):
        start, end = token.map or (0, 0)
        if token.type == "hr":
            yield Block(0, start, end)
        elif token.type == "inline":
            # A heading within a list is no part of the page's shape.
            heading = before is not None and before.type == "heading_open" and before.level == 0
            depth = int(before.tag[1:]) if heading and before is not None else 0
            yield Block(depth, start, end, token)
