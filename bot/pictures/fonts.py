"""Which characters can be drawn, and by which fonts."""

import unicodedata
from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties, fontManager, get_font

OWN = Path(__file__).parent / "font" / "ReadingGroupSans.otf"
FAMILY = "Reading Group Sans"
OTHERS = (
    "DejaVu Sans",  # comes with matplotlib: the other alphabets, and signs
    # What a machine may have, for Chinese characters that our own font lacks.
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Arial Unicode MS",
)

SELECTORS = range(0xFE00, 0xFE10)
"""They say how the character before is to look. A font may have them, and draw a gap."""

LEFT_OUT = ("M", "S")
"""Kinds of characters without which a text still says the same: emoji, lone marks."""


@cache
def families() -> tuple[str, ...]:
    """The fonts there are, the first that has a character draws it."""
    fontManager.addfont(OWN)
    there = set(fontManager.get_font_names())
    return (FAMILY, *(name for name in OTHERS if name in there))


@cache
def covered() -> frozenset[int]:
    """Code points that some of these fonts have."""
    paths = (fontManager.findfont(FontProperties(family=name)) for name in families())
    return frozenset(code for path in paths for code in get_font(path).get_charmap())


def drawable(text: str) -> str:
    """The text in one line, as far as it can be drawn. Emoji and signs that no font has are left
    out; for letters an ellipsis stays, so that nobody takes the rest for the whole."""
    made: list[str] = []
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        kind = unicodedata.category(character)[0]
        if kind == "C" or ord(character) in SELECTORS:
            continue
        if ord(character) in covered():
            made.append(character)
        elif kind not in LEFT_OUT and made[-1:] != ["…"]:
            made.append("…")
    return " ".join("".join(made).split())
