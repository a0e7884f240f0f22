"""From Markdown to lines whose words and links are told apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

_HIDDEN = "\ufffd"
# To Markdown an address with blanks is no link; people link to "Foo (final).pdf" nevertheless.
_PATH_WITH_BLANKS = re.compile(
    r"(?<=[^\\]\]\()(?P<path>(?:[^()<>\[\]\"\n]|\([^()<>\[\]\"\n]*\))*?\.\w{1,5})(?=\))"
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LineLink:
    """The words of a line from `start` to `end` lead to `url`; `hover` is the link's own title."""

    start: int
    end: int
    url: str
    hover: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a reader sees it.

    `mask` is as long as `text`, with every escaped character hidden: what was escaped is never
    a sign, so patterns look at the mask and take their words from the text.
    """

    number: int
    text: str
    mask: str
    links: tuple[LineLink, ...] = ()

    def after(self, position: int) -> "Line":
        """The line from `position` on."""
        links = tuple(
            replace(link, start=link.start - position, end=link.end - position)
            for link in self.links
            if link.start >= position
        )
        return replace(self, text=self.text[position:], mask=self.mask[position:], links=links)


def is_literal(line: Line) -> bool:
    """Whether the line's first character is escaped: what follows means nothing but itself."""
    return line.mask.startswith(_HIDDEN) and not line.text.startswith(_HIDDEN)


class _Markdown(MarkdownIt):
    """CommonMark that keeps addresses as they are written."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return url

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - judged later, and reported
        return True


# Titles are full of stars and the like, which the page never means as markup; a block of HTML
# or a reference would swallow lines; `text_join` would forget which characters were escaped.
_MARKDOWN = _Markdown("commonmark", {"maxNesting": 100}).disable(
    ["html_block", "lheading", "reference", "autolink", "backticks", "emphasis", "image",
     "text_join", "inline"]
)  # fmt: skip
# Looking for the end of a link or a tag takes time with the square of such signs in a paragraph.
_MOST_SIGNS = 300


def tokens_of(lines: Sequence[str]) -> list[Token]:
    """The page's blocks; what is inside a paragraph or heading is left to `read_lines`."""
    return _MARKDOWN.parse("\n".join(lines))


def read_lines(inline: Token) -> Iterator[Line]:
    """The lines of a paragraph or heading. A link may run over the end of a line.

    A line with hundreds of brackets is not looked into: all of it is hidden.
    """
    number = inline.map[0] + 1 if inline.map else 0
    if _is_simple(inline.content):
        yield from _lines(number, inline.content)
        return
    for following, text in enumerate(inline.content.split("\n")):
        if _is_simple(text):
            yield from _lines(number + following, text.strip())
        else:
            yield Line(number + following, text, _HIDDEN * len(text))


def _is_simple(text: str) -> bool:
    return text.count("[") + text.count("<") <= _MOST_SIGNS


def _lines(number: int, text: str) -> Iterator[Line]:
    line = _Builder(number)
    tokens: list[Token] = []
    text = _PATH_WITH_BLANKS.sub(lambda match: _without_blanks(match["path"]), text)
    _MARKDOWN.inline.parse(text, _MARKDOWN, {}, tokens)
    for token in tokens:
        if token.type in ("softbreak", "hardbreak") and line.opened is None:
            yield line.built()
            line = _Builder(line.next_number)
        else:
            line.add(token)
    yield line.built()


def _without_blanks(path: str) -> str:
    return path.replace(" ", "%20")


class _Builder:
    def __init__(self, number: int) -> None:
        self.number = self.next_number = number
        self.next_number += 1
        self.opened: tuple[int, Token] | None = None
        self._text: list[str] = []
        self._mask: list[str] = []
        self._length = 0
        self._links: list[LineLink] = []

    def add(self, token: Token) -> None:
        if token.type == "link_open":
            self.opened = (self._length, token)
        elif token.type == "link_close" and self.opened is not None:
            start, opening = self.opened
            hover = opening.attrGet("title")
            url = _without_blanks(str(opening.attrGet("href") or ""))
            self._links.append(LineLink(start, self._length, url, str(hover) if hover else None))
            self.opened = None
        elif token.type in ("softbreak", "hardbreak"):
            self.next_number += 1
            self._say(" ")
        elif token.type == "text_special":
            self._say(token.content, hidden=True)
        elif token.type != "html_inline" or not _BREAK.fullmatch(token.content):
            self.next_number += token.content.count("\n")
            self._say(token.content.replace("\n", " "))

    def _say(self, text: str, *, hidden: bool = False) -> None:
        self._text.append(text)
        self._mask.append(_HIDDEN * len(text) if hidden else text)
        self._length += len(text)

    def built(self) -> Line:
        text, mask = "".join(self._text), "".join(self._mask)
        return Line(self.number, text, mask, tuple(self._links))
