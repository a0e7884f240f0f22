"""Whether two titles, or two names, are nearly the same."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

NEAR_TITLE = 88.0
"""Of 100, as RapidFuzz counts. On the page of 2025 Fall no two papers come above 58; of eighty
well-known titles with the same numbers in them two pairs do come above 87, which differ in a "not"
and in an "of". With two wrong letters one title in 200 falls below, mostly for a wrong number."""

NEAR_NAME = 75.0
"""A name is short, so one wrong letter weighs more: "Bosen Yan" and "Bosen Yang" have 94, and no
two people of 2025 Fall more than 73."""

NEAR_SHORT_NAME = 66.0
"""Of up to `SHORT` characters: a name in Chinese with one of three wrong has 67."""

SHORT = 4

MOST_NAMES = 5
"""Names offered when one was misspelt: what fits above a phone's keyboard."""

_ARTICLES = frozenset({"a", "an", "the"})
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_SUBTITLE = re.compile(r":|\s[-\u2010-\u2015\u2212]+\s")
"""A colon, or any dash between blanks."""


def same_title(one: str, other: str) -> bool:
    """Whether two titles are nearly the same, or one is the other's short form: its system's name
    alone ("DiffKV" of "DiffKV: Differentiated Memory Management …"), or with a part of the rest.
    Numbers must agree: "Qwen2 Technical Report" and "Qwen3 Technical Report" are two papers."""
    return bool(nearest_titles(one, [other]))


def nearest_titles(title: str, titles: Sequence[str]) -> list[int]:
    """The places in `titles` of those that are the `same_title`, in one pass."""
    # It takes 3 MB, and is wanted when something is claimed or somebody named.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    wanted = _folded_title(title)
    if not wanted:
        return []
    folded = [_folded_title(other) for other in titles]
    found = set()
    # Word by word as they stand, and in whatever order.
    for said, others in ((wanted, folded), (_in_order(wanted), [*map(_in_order, folded)])):
        near = process.extract(said, others, scorer=fuzz.ratio, score_cutoff=NEAR_TITLE, limit=None)
        found |= {number for other, _, number in near if _numbers(other) == _numbers(wanted)}
    begin = [
        (number, other)
        for number, other in enumerate(folded)
        if other.startswith(wanted) or wanted.startswith(other)
    ]
    for number, other in begin:
        if other.startswith(wanted):
            short = _shortens(wanted, titles[number])
        else:
            short = bool(other) and _shortens(other, title)
        if short:
            found.add(number)
    return sorted(found)


def better_title(typed: str, official: str) -> str:
    """The official title where the typed one is its beginning ("REFRAG" of "REFRAG: Rethinking RAG
    based Decoding") or nearly the same; else what was typed."""
    short, whole = _folded_title(typed), _folded_title(official)
    begins = bool(short) and whole.startswith(f"{short} ")
    return official if begins or same_title(typed, official) else typed


def near_names(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names` that this one may be meant for, the likeliest first: in any order of given
    and family name, without accents, with initials, or misspelt."""
    wanted = folded_name(name)
    if not wanted:
        return ()
    least = NEAR_NAME if len(wanted) > SHORT else NEAR_SHORT_NAME
    scored = (
        (_name_score(wanted, folded_name(other)), number) for number, other in enumerate(names)
    )
    best = sorted((-score, number) for score, number in scored if score >= least)
    return tuple(names[number] for _, number in best[:MOST_NAMES])


def called(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names` that are this one, else those that have all of it ("Bosen")."""
    words = set(folded_name(name).split())
    whole = tuple(one for one in names if words and words <= set(folded_name(one).split()))
    return tuple(one for one in whole if same_name(one, name)) or whole


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in case, accents and blanks at most."""
    return folded_name(one) == folded_name(other) != ""


def near_word(word: str, words: Sequence[str]) -> str | None:
    """The one of `words` that this one is most likely a slip for; `None` where it is like none."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - as above

    found = process.extractOne(word.casefold(), words, scorer=fuzz.ratio, score_cutoff=NEAR_NAME)
    return found[0] if found else None


def _name_score(wanted: str, other: str) -> float:
    from rapidfuzz import fuzz  # noqa: PLC0415 - as above

    if wanted == other:
        return 102.0
    words, others = wanted.split(), other.split()
    # Names in Chinese need no blank, and "yangbosen" is how many sign up elsewhere.
    if "".join(words) in ("".join(others), "".join(reversed(others))):
        return 101.0
    if _initials_fit(words, others) or _initials_fit(words[::-1], others):
        return 90.0
    # "Wang" may be any of the Wangs: part of a name is offered behind the likelier ones.
    part = 80.0 if set(words) <= set(others) else 0.0
    return max(part, fuzz.ratio(wanted, other), fuzz.token_sort_ratio(wanted, other))


def _initials_fit(short: list[str], whole: list[str]) -> bool:
    """ "b yang" fits "bosen yang"."""
    if len(short) != len(whole):
        return False
    return all(
        full == part or (len(part) == 1 and full.startswith(part))
        for part, full in zip(short, whole, strict=True)
    )


def _shortens(beginning: str, title: str) -> bool:
    """Whether this folded beginning of a title has all that stands before its colon or its dash:
    the name that people call the paper by."""
    name = _folded_title(_SUBTITLE.split(unicodedata.normalize("NFKC", title))[0])
    return len(name) > 1 and f"{beginning} ".startswith(f"{name} ")


def _numbers(folded: str) -> list[str]:
    return sorted(_NUMBER.findall(folded))


# The titles of a group are folded again with every claim.
@lru_cache(maxsize=4096)
def _folded_title(title: str) -> str:
    """Folded, and without articles, unless it has nothing else."""
    words = _words(title)
    return " ".join([word for word in words if word not in _ARTICLES] or words)


@lru_cache(maxsize=4096)
def _in_order(folded: str) -> str:
    """Its words in alphabetical order."""
    return " ".join(sorted(folded.split()))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # A few signs are no word's: a text of nothing else is left as it is.
    return _WORD.findall(plain) or plain.split()


def folded_name(name: str) -> str:
    """The name without case, accents and punctuation; empty where it has nothing else."""
    return " ".join(_words(without_accents(name)) or _words(name))


def without_accents(text: str) -> str:
    """Its letters without the marks above and below them: "Marz" for "März"."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c))
