"""The settings that site generators want before a page: Jekyll's in YAML, Hugo's also in TOML. They
are no content of the page, and stay as they are."""

import re
from collections.abc import Sequence

_MARKS = ("---", "+++")
_LONGEST = 200
# A page may also begin with a rule, which looks the same.
_SETTING = re.compile(r"\s*(?:#|[\w.\"'-]+\s*[:=])")
_TITLE = re.compile(r"title\s*[:=]\s*(.*)", re.IGNORECASE)


def after_front(lines: Sequence[str]) -> int:
    """Where the page itself begins; 0 where nothing is before it."""
    mark = lines[0].strip() if lines else ""
    if mark not in _MARKS:
        return 0
    for number, line in enumerate(lines[1:_LONGEST], 1):
        if line.strip() == mark:
            return number + 1 if _are_settings(lines[1:number]) else 0
    return 0


def front_of(text: str) -> str:
    """The settings and the blank lines behind them, as they are written; "" without any."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    end = after_front(lines)
    while 0 < end < len(lines) - 1 and not lines[end].strip():
        end += 1
    return "".join(f"{line}\n" for line in lines[:end])


def title_in(lines: Sequence[str]) -> str | None:
    """The page's title, where the settings name it: a generator shows it in a place of its own."""
    found = (_TITLE.match(line) for line in lines[: after_front(lines)])
    return next((match[1].strip(" \t\"'") for match in found if match), None) or None


def _are_settings(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), None)
    return first is None or _SETTING.match(first) is not None
