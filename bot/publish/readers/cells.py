"""A cell, or an item of a list, as lines whose words and links are told apart."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from markdown_it.token import Token

from bot.publish.markdown.page_lines import Line, LineLink, read_lines
from bot.publish.markdown.words import one_line

_BREAK = re.compile(r"<br\s*/?>|<[/]?(?:li|p|div)\b[^<>]{0,200}>", re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,300}?\bhref\s*=\s*[\"']?([^\"'\s<>]{1,2000})[\"']?[^<>]{0,300}>(.{0,500}?)</a>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]{0,300})?/?>")
_IMAGE = re.compile(r"!\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
_ATTRIBUTES = re.compile(r"\{:[^{}]{0,200}\}")
_STYLE = re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|`)(?=\S)([^*_`\n]{1,400}?)(?<=\S)\1(?![\w*])")
_URL = re.compile(r"https?://[^\s<>\"“”，。；、]{1,2000}", re.IGNORECASE)
_ENDS = ".,;:!?'*_|"
_PAIRS = {")": "(", "]": "[", "}": "{"}


_LONGEST = 5000
"""Characters of a cell that is looked into; the tables keep less."""


def markdown_cell(number: int, text: str) -> tuple[Line, ...]:
    """The lines of a cell in Markdown, which may hold a little HTML."""
    if len(text) > _LONGEST:
        return (_unread(number, text),)
    parts = _BREAK.split(text)
    return _not_empty(line for part in parts for line in _markdown(number, part))


def plain_cell(number: int, text: str) -> tuple[Line, ...]:
    """The lines of a cell that means nothing but itself; a formula is a text like any other."""
    if len(text) > _LONGEST:
        return (_unread(number, text),)
    lines = (Line(number, line, line) for line in map(one_line, text.split("\n")))
    return _not_empty(line if line.text.startswith("=") else _linked(line) for line in lines)


def html_cell(number: int, text: str) -> tuple[Line, ...]:
    """The lines of a calendar's description, plain or with HTML."""
    marked = _ANCHOR.search(text) is not None or _BREAK.search(text) is not None
    cell = markdown_cell if marked else plain_cell
    return tuple(line for part in text.split("\n") for line in cell(number, part))


def cut(line: Line, start: int, end: int | None = None) -> Line:
    """The line from `start` to `end` without blanks at its edges; links are cut likewise."""
    end = len(line.text) if end is None else end
    start += len(line.text[start:end]) - len(line.text[start:end].lstrip())
    end = start + len(line.text[start:end].rstrip())
    links = tuple(
        replace(link, start=max(link.start, start) - start, end=min(link.end, end) - start)
        for link in line.links
        if start <= link.start == link.end <= end or (link.start < end and link.end > start)
    )
    return Line(line.number, line.text[start:end], line.mask[start:end], links)


def without_links(line: Line) -> str:
    """The words beside the links."""
    kept, position = [], 0
    for link in line.links:
        kept.append(line.text[position : link.start])
        position = link.end
    return "".join([*kept, line.text[position:]])


def joined(lines: Iterable[Line]) -> Line:
    """Several lines as one, with blanks between them."""
    first, *more = lines
    for line in more:
        shift = len(first.text) + 1
        links = tuple(
            replace(link, start=link.start + shift, end=link.end + shift) for link in line.links
        )
        first = Line(
            first.number,
            f"{first.text} {line.text}",
            f"{first.mask} {line.mask}",
            (*first.links, *links),
        )
    return first


def _markdown(number: int, text: str) -> Iterator[Line]:
    text = _ANCHOR.sub(lambda match: f"[{_TAG.sub('', match[2])}]({match[1]})", text)
    text = _ATTRIBUTES.sub("", _TAG.sub("", _IMAGE.sub(r"\1", text)))
    for _ in range(2):  # bold around italics
        text = _STYLE.sub(r"\2", text)
    token = Token("inline", "", 0, map=[number - 1, number], content=" ".join(text.split()))
    return (_linked(line) for line in read_lines(token))


def _unread(number: int, text: str) -> Line:
    """A line that is kept whole and not looked into: all of it is hidden."""
    words = one_line(text)
    return Line(number, words, "\ufffd" * len(words))


def _not_empty(lines: Iterable[Line]) -> tuple[Line, ...]:
    cells = (cut(line, 0) for line in lines)
    return tuple(line for line in cells if line.text or line.links)


def _linked(line: Line) -> Line:
    """Addresses that nobody made a link of are links to themselves."""
    inside = [(link.start, link.end) for link in line.links]
    bare = [
        LineLink(match.start(), match.start() + len(url), url)
        for match in _URL.finditer(line.text)
        if (url := _ended(match[0]))
        and not any(start <= match.start() < end for start, end in inside)
    ]
    links = sorted([*line.links, *bare], key=lambda link: link.start)
    return replace(line, links=tuple(links))


def _ended(url: str) -> str:
    """An address without the signs of the sentence it stands in."""
    while url and (url[-1] in _ENDS or _closes_what_is_not_open(url)):
        url = url[:-1]
    return url


def _closes_what_is_not_open(url: str) -> bool:
    return url[-1] in _PAIRS and url.count(_PAIRS[url[-1]]) < url.count(url[-1])
