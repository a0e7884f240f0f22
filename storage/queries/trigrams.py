"""In which talks' titles a text may be, by SQLite's index of their letters in threes.

The index (`talk_titles`, by revision 0005) folds letters as it likes and knows nothing of where in
a title they are: it names too many talks, never too few. The newest talks are not in it yet, up to
255 of all groups, and count as talks that may have any text: titles go in many at once, which costs
a claim next to nothing.
"""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, column, func, select, table, union_all
from sqlalchemy.orm import Session

from storage.models import Talk
from storage.queries import rows_of

MOST = 500
"""Talks of all groups that are looked up one by one; where there are more, a group's own titles are
read as quickly."""

_LETTERS = 24
"""Of a word that are looked for: nearly all words have fewer."""

_WORDS = 3
"""That are looked for: a word that is in thousands of titles costs more than it leaves out."""

_talk = Talk.__table__.c
_titles = table("talk_titles", column("rowid"), column("talk_titles"))
_in_index = table("talk_titles_docsize", column("id"))

_having = select(_titles.c.rowid).where(_titles.c.talk_titles.match(bindparam("trigrams")))
_not_yet_in = select(_talk.id).where(
    _talk.id > select(func.ifnull(func.max(_in_index.c.id), 0)).scalar_subquery()
)
LIKELY = union_all(_having, _not_yet_in)
"""The ids of the talks whose titles may have what `trigrams` asks for."""

_COUNTED = select(func.count().label("number")).select_from(_having.limit(MOST + 1).subquery())


def asked(words: Sequence[Iterable[str]]) -> str | None:
    """What to ask the index for titles that have a spelling of each of the words, which are given
    as patterns; `None` when there is nothing to ask it. The first of them count."""
    of_words = [one for word in words if (one := _one_of(word)) is not None]
    return " AND ".join(of_words[:_WORDS]) or None


def are_few(session: Session, trigrams: str) -> bool:
    """Whether what is asked for leaves out enough to be worth it."""
    ((number,),) = rows_of(session, _COUNTED, trigrams=trigrams)
    return int(number) <= MOST


def _one_of(patterns: Iterable[str]) -> str | None:
    spellings = [re.sub("/(.)", r"\1", pattern[1:-1])[:_LETTERS] for pattern in patterns]
    # LIKE sees nothing behind a zero byte.
    if any(len(spelling) < 3 or "\0" in spelling for spelling in spellings):
        return None
    return "(" + " OR ".join(map(_all_of, spellings)) + ")"


def _all_of(spelling: str) -> str:
    places = {*range(0, len(spelling) - 2, 3), len(spelling) - 3}
    quoted = (spelling[place : place + 3].replace('"', '""') for place in sorted(places))
    return "(" + " AND ".join(f'"{trigram}"' for trigram in quoted) + ")"
