"""Patterns that are compiled when something is first looked for with them."""

import re
from typing import Any, cast

METHODS = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn")


class _Pattern:
    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in METHODS})
        return getattr(compiled, name)


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Like `re.compile`. What people write is read with sixty of these, and compiling them all
    would be one part in forty of the bot's start."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
