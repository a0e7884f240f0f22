"""Whether words are people's names, where nothing says so."""

import re
from collections.abc import Iterable

from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.presenters import read_names

_PARTICLES = frozenset((
    "de", "da", "di", "del", "der", "den", "van", "von", "bin", "ibn", "al", "el", "la", "le",
    "dos", "y", "zu", "und", "and",
))  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff·]{2,4}|[\uac00-\ud7a3]{2,5}|[\u3040-\u30ff\u3400-\u9fff]{2,8}")
_WORD = re.compile(r"@?[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_'’.-]*)*")
_MOST_WORDS, _MOST_NAMES = 4, 8


def looks_like_names(lines: Iterable[Line]) -> bool:
    """Whether each of the lines is a few names: capital letters or Chinese, and no sentence."""
    named = [read_names(line) for line in lines]
    return bool(named) and all(
        0 < len(names) <= _MOST_NAMES and all(_is_name(name) for name, _ in names)
        for names in named
    )


def _is_name(name: str) -> bool:
    if _HAN.fullmatch(name.replace(" ", "")):
        return True
    words = name.split()
    return len(words) <= _MOST_WORDS and all(
        _WORD.fullmatch(word)
        and (word in _PARTICLES or word.lstrip("@")[0].isupper() or word.startswith("@"))
        for word in words
    )
