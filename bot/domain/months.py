"""The months as people name them."""

from functools import lru_cache

from bot.domain.likeness import without_accents

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
MONTH_WORDS = {
    word: number
    for number, name in enumerate(MONTHS, 1)
    for word in (name.lower(), name[:3].lower())
} | {"sept": 9}
"""The English names and their short forms, each with its month from 1."""

# German, Spanish, French, Italian, Portuguese and Russian, as Unicode's CLDR has them, and how
# else they are written; without accents. What two languages share stands once.
_OTHER_WORDS = (
    "januar janner enero ene janvier janv gennaio gen janeiro январь января янв",
    "februar feber febrero fevrier fevr febbraio fevereiro fev февраль февраля февр фев",
    "marz maerz mrz marzo mars marco март марта мар",
    "abril abr avril avr aprile апрель апреля апр",
    "mai mayo maggio mag maio май мая",
    "juni junio juin giugno giu junho июнь июня июн",
    "juli julio juillet juil luglio lug julho июль июля июл",
    "agosto ago aout aou август августа авг",
    "septiembre setiembre septembre settembre setembro septembro set сентябрь сентября сент сен",
    "oktober okt octubre octobre ottobre ott outubro out октябрь октября окт",
    "noviembre novembre novembro ноябрь ноября нояб ноя",
    "dezember dez diciembre dic decembre dicembre dezembro декабрь декабря дек",
)


def _plain(word: str) -> str:
    return without_accents(word.casefold())


_WORDS = MONTH_WORDS | {
    _plain(word): number for number, words in enumerate(_OTHER_WORDS, 1) for word in words.split()
}

_LONG = tuple(name.lower() for name in MONTHS if len(name) > 6)
LEAST_LIKE = 85.0
"""Of 100, as RapidFuzz counts: "Febuary" has 93, and "Decembrist" 78."""


def month_named(word: str) -> int | None:
    """The month, from 1, that a word in one of the languages names: `jan`, `Sept`, `März`, and
    `Febuary`."""
    return _WORDS.get(_plain(word)) or _slip(word)


@lru_cache(maxsize=256)
def _slip(word: str) -> int | None:
    """Short names are too near to other words."""
    if not word.isascii() or len(word) < min(map(len, _LONG)) - 1:
        return None
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - takes 3 MB, and is seldom wanted

    found = process.extractOne(word.lower(), _LONG, scorer=fuzz.ratio, score_cutoff=LEAST_LIKE)
    return MONTH_WORDS[found[0]] if found else None
