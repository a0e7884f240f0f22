"""Text as catalogues have it, made plain."""

import re
import unicodedata
from html import unescape

MAX_TITLE = 500
MAX_NAME = 200
MAX_AUTHORS = 100
"""Some papers have thousands; nobody reads them in a chat."""

YEARS = range(1800, 2200)

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,100}>")


def plain(text: object, longest: int = MAX_TITLE) -> str:
    """On one line, without control and invisible characters; `""` for what is no text."""
    if not isinstance(text, str):
        return ""
    seen = "".join(_seen(character) for character in unicodedata.normalize("NFC", text))
    return " ".join(seen.split())[:longest].rstrip()


def without_markup(text: object) -> str:
    """As `plain`, without HTML: "<i>A</i> &amp; B" is "A & B"."""
    return plain(unescape(_TAG.sub("", text)) if isinstance(text, str) else None)


def year(number: object) -> int | None:
    return number if isinstance(number, int) and number in YEARS else None


def _seen(character: str) -> str:
    if character.isprintable():
        return character
    return "" if unicodedata.category(character) == "Cf" else " "
