"""Names of files and folders, made of what people write."""

import re
import unicodedata
from datetime import date
from urllib.parse import unquote

LONGEST = 60
"""Characters; with a date before and an ending behind, every file system takes it."""

LONGEST_TITLE = 40
"""Characters of a title in the name of its slides, and in the path of its talk's page."""

_SLIDES = re.compile(r"(?:\./)?slides/([^/\\\0]+)")


def slug(text: str) -> str:
    """The text as a part of an address: small letters and digits of any script, with hyphens
    between them ("2025 Fall" becomes "2025-fall"); empty when it has none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _hyphened(plain)[:LONGEST].removesuffix("-")


def slides_name(day: date, title: str, number: int = 1) -> str:
    """What a talk's slides are called: `251216_NanoFlow.pdf`, by the date of its meeting and its
    title up to the colon; the second of that name is `251216_NanoFlow-2.pdf`."""
    plain = unicodedata.normalize("NFKC", title)
    head = _hyphened(plain.partition(":")[0]) or _hyphened(plain)
    again = f"-{number}" if number > 1 else ""
    return f"{day:%y%m%d}_{short_title(head)}{again}.pdf"


def short_title(hyphened: str) -> str:
    """A title, with hyphens for all else, of a length that a name may have: cut before the word
    that is too much; "talk" where there is none."""
    if len(hyphened) > LONGEST_TITLE:
        hyphened = hyphened[:LONGEST_TITLE].rpartition("-")[0] or hyphened[:LONGEST_TITLE]
    return hyphened or "talk"


def slides_link(name: str) -> str:
    """How the page links a file in its folder of slides."""
    return f"./slides/{name}"


def slides_in(url: str) -> str | None:
    """The file in the page's folder of slides that this link names; `None` for any other link."""
    found = _SLIDES.fullmatch(unquote(url))
    return found[1] if found and not found[1].startswith(".") else None


def _hyphened(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text).strip("-")
