"""Fitting long answers into Telegram's messages."""

from collections.abc import Iterator
from html import escape

from bot.text.render import Html

MAX_CHARACTERS = 4096
"""Telegram's limit for a message, after its HTML is read; counted here in UTF-16 units, which is
never less than what Telegram counts."""

MAX_CAPTION = 1024
"""Its limit for the text under a picture, counted likewise."""

MAX_ENTITIES = 100
"""Telegram drops whatever formatting comes after this many pieces of it, without a word."""


def measure(html: Html) -> tuple[int, int]:
    """Characters (UTF-16 units, without tags) and entities of a message."""
    text, entities = _read(html)
    return _units(text), entities


def fits(html: Html, most: int = MAX_CHARACTERS) -> bool:
    """Whether it is one message, or one caption."""
    # Nearly every message is short, and reading its HTML to be sure costs more than making it:
    # tags and references only ever make the text shorter.
    if _units(html) <= most and html.count("<") <= MAX_ENTITIES:
        return True
    characters, entities = measure(html)
    return characters <= most and entities <= MAX_ENTITIES


def pack(html: Html, most: int = MAX_CHARACTERS) -> list[Html]:
    """The message in as few parts as fit, cut between blocks, else between lines. A line that
    is too much by itself loses its formatting and, where it is too long, its end."""
    if fits(html, most):
        return [html]
    parts: list[Html] = []
    for piece, glue in _pieces(html, most):
        joined = Html(f"{parts[-1]}{glue}{piece}") if parts else piece
        if parts and fits(joined, most):
            parts[-1] = joined
        else:
            parts.append(piece)
    return parts


def first_part(html: Html, more: Html, most: int = MAX_CHARACTERS) -> Html:
    """The message if it fits; else as much as fits, and `more` under it."""
    parts = pack(html, most)
    if len(parts) == 1:
        return parts[0]
    blocks = parts[0].split("\n\n")
    while len(blocks) > 1 and not fits(Html("\n\n".join([*blocks, more])), most):
        blocks.pop()
    whole = Html("\n\n".join([*blocks, more]))
    return whole if fits(whole, most) else parts[0]


def _pieces(html: Html, most: int) -> Iterator[tuple[Html, str]]:
    for block in html.split("\n\n"):
        if fits(Html(block), most):
            yield Html(block), "\n\n"
            continue
        glue = "\n\n"
        for line in block.split("\n"):
            yield (Html(line) if fits(Html(line), most) else _cut(Html(line), most)), glue
            glue = "\n"


def _cut(line: Html, most: int) -> Html:
    plain, _ = _read(line)
    if _units(plain) <= most:
        return Html(escape(plain, quote=False))
    kept = plain.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return Html(escape(kept, quote=False) + "…")


def _read(html: Html) -> tuple[str, int]:
    # Messages of which the length is in doubt are rare, and what reads them is large.
    from bot.text.plain import read  # noqa: PLC0415

    return read(html)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
