"""Which papers a meeting takes: one from SOSP or OSDI and one from arXiv, or as organizers say."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from bot.domain import venues
from bot.domain.patterns import pattern
from bot.domain.titles import parse_venue

DEFAULT = "SOSP/OSDI + arXiv"
"""What the group's own page asks for (2025 Fall)."""

MOST_PARTS = 5
MOST_VENUES = 8
MAX_VENUE = 30
"""Characters; the longest name in use has half of that."""

MAX_RULE = 200
"""Characters of a rule as it is written down: the database holds no more."""

_BETWEEN_PARTS = pattern(r"[+,、]|\s+and\s+", re.IGNORECASE)
_BETWEEN_VENUES = pattern(r"/|\s+or\s+", re.IGNORECASE)
# "one from SOSP or OSDI and one from arXiv", "a SOSP paper".
_AROUND = pattern(
    r"^(?:(?:one|an?|1)\s+)?(?:papers?\s+)?(?:(?:from|of|at)\s+)?|\s+papers?$", re.IGNORECASE
)
_VENUE = pattern(r"\w[\w &.:-]*")


class Rule(NamedTuple):
    """A meeting takes one paper of each part; a part names the venues that will do."""

    parts: tuple[tuple[str, ...], ...]


def parse_rule(text: str) -> Rule | None:
    """Read `SOSP/OSDI + arXiv`: parts between `+`, commas or "and", venues between `/` or "or",
    their years left out and written as usual; of several conferences in a row ("SOSP OSDI") any
    will do. `None` for what cannot be read, and for a venue that is named twice."""
    rule = Rule(
        tuple(
            tuple(
                venue for words in _BETWEEN_VENUES.split(part.strip()) for venue in _venues(words)
            )
            for part in _BETWEEN_PARTS.split(unicodedata.normalize("NFKC", text).strip())
        )
    )
    named = [venue for part in rule.parts for venue in part]
    readable = all(_is_venue(venue) for venue in named)
    bounded = len(rule.parts) <= MOST_PARTS and all(len(part) <= MOST_VENUES for part in rule.parts)
    once = len({venue.casefold() for venue in named}) == len(named)
    fits = len(format_rule(rule)) <= MAX_RULE
    return rule if readable and bounded and once and fits else None


def format_rule(rule: Rule) -> str:
    """As organizers write it; `parse_rule` reads it back."""
    return " + ".join("/".join(part) for part in rule.parts)


def part_of(rule: Rule, venue: str | None) -> int | None:
    """The number of the part that the venue belongs to, in any case and of any year; `None` for a
    venue of no part."""
    wanted = _without_year(venue or "").casefold()
    for number, part in enumerate(rule.parts):
        if wanted in (name.casefold() for name in part):
            return number
    return None


def expects(
    rule: Rule, there: Sequence[str | None], open_slots: int
) -> tuple[tuple[str, ...], ...]:
    """The parts that none of a meeting's talks, at these venues, fills yet, as the rule has them in
    order; none without an open slot. They may be more than the open slots: any of them will do."""
    filled = {part_of(rule, venue) for venue in there}
    left = tuple(part for number, part in enumerate(rule.parts) if number not in filled)
    return left if open_slots else ()


def bends(rule: Rule, venue: str | None, there: Sequence[str | None]) -> bool:
    """Whether a paper of this venue is one more of a part that the meeting has already, while
    another part is still to come: where every part is there, what is left of the slots is free.

    A paper of another venue, or of none, fills no part and bends nothing: groups mix in others now
    and then, and asking an organizer each time would be a nuisance.
    """
    part = part_of(rule, venue)
    filled = {part_of(rule, other) for other in there}
    return part is not None and part in filled and not set(range(len(rule.parts))) <= filled


def _venues(words: str) -> list[str]:
    words = _AROUND.sub("", " ".join(words.split()))
    apart = words.split()
    if apart and all(venues.is_usual(word) for word in apart):
        return [venues.usual_name(word) for word in apart]
    return [venues.usual_name(_without_year(words))]


def _is_venue(text: str) -> bool:
    told_apart = {"and", "or"}.isdisjoint(text.casefold().split())
    return told_apart and len(text) <= MAX_VENUE and _VENUE.fullmatch(text) is not None


def _without_year(venue: str) -> str:
    """`SOSP'25` and `SOSP 2025` are SOSP."""
    name: str | None = " ".join(venue.split())
    year: int | None = 0
    while name and year is not None and not name.startswith("["):
        name, year = parse_venue(name)
    return name or ""
