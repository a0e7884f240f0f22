"""The months as people name them."""

import warnings
from functools import lru_cache

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# The languages whose month names are tried when the English ones do not fit.
_LANGUAGES = ["de", "es", "fr", "it", "pt", "ru"]
MONTH_WORDS = {
    word: number
    for number, name in enumerate(MONTHS, 1)
    for word in (name.lower(), name[:3].lower())
} | {"sept": 9}
"""The English names and their short forms, each with its month from 1."""

_LONG = tuple(name.lower() for name in MONTHS if len(name) > 6)
LEAST_LIKE = 85.0
"""Of 100, as RapidFuzz counts: "Febuary" has 93, and "Decembrist" 78."""


def month_named(word: str) -> int | None:
    """The month, from 1, that a word in one of the languages names: `jan`, `Sept`, `März`, and
    `Febuary`."""
    return MONTH_WORDS.get(word.lower()) or _slip(word) or _foreign_month(word)


@lru_cache(maxsize=256)
def _slip(word: str) -> int | None:
    """Short names are too near to other words."""
    if not word.isascii() or len(word) < min(map(len, _LONG)) - 1:
        return None
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - takes 3 MB, and is seldom wanted

    found = process.extractOne(word.lower(), _LONG, scorer=fuzz.ratio, score_cutoff=LEAST_LIKE)
    return MONTH_WORDS[found[0]] if found else None


@lru_cache(maxsize=256)
def _foreign_month(word: str) -> int | None:
    # Importing dateparser takes a quarter of a second and its first use another third, which no
    # start of the bot and no English date should pay for.
    import dateparser  # noqa: PLC0415

    with warnings.catch_warnings():
        # It parses dates without a year on the way, which newer Pythons warn about.
        warnings.simplefilter("ignore")
        found = dateparser.parse(
            f"1 {word} 2000",
            languages=_LANGUAGES,
            settings={
                "PARSERS": ["absolute-time"],
                "REQUIRE_PARTS": ["day", "month", "year"],
                "STRICT_PARSING": True,
            },
        )
    return found.month if found is not None and found.year == 2000 else None
