"""Talks in which words are found, newest first: statements made once for each shape of a question.

In order of time the newest talks are looked at first, and answer most questions. For a word that
is seldom, or nowhere, there is no way around looking at every talk of the group once.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.models import Meeting, Member, Presenter, Slot, Talk
from storage.prepared import AnySelect

NEWEST = 50
"""Meetings in which `newest` looks: more than a year of a weekly group."""

_SHAPES = 100
"""Statements that are kept: of questions with one to a dozen words, and the odd ones."""

_talk, _slot, _meeting, _member, _presenter = (
    model.__table__.c for model in (Talk, Slot, Meeting, Member, Presenter)
)


class Word(NamedTuple):
    """The shape of a word's part in a statement: in how many spellings the word is looked for, in
    how many the venue if it is one with a year, and whether it has a year.

    Its parameters are `word_N_M` and `venue_N_M`, patterns in which a slash escapes, and `year_N`.
    """

    spellings: int
    of_venue: int = 0
    has_year: bool = False


@lru_cache(_SHAPES)
def newest(words: tuple[Word, ...]) -> AnySelect:
    """The slots of the newest meetings in which the talk has all of the words; at most `most`."""
    of_group = _meeting.group_id == bindparam("of_group")
    meetings = (
        select(_meeting.id, _meeting.date)
        .where(of_group)
        .order_by(_meeting.date.desc())
        .limit(NEWEST)
        .subquery()
    )

    def gives(people: Any) -> ColumnElement[bool]:
        there = select(_presenter.id).where(
            _presenter.talk_id == _talk.id, _presenter.member_id.in_(people)
        )
        return there.correlate(Talk.__table__).exists()

    return (
        select(_slot.id)
        .select_from(meetings)
        .join(Slot.__table__, _slot.meeting_id == meetings.c.id)
        .join(Talk.__table__, _talk.slot_id == _slot.id)
        .where(*_conditions(words, gives))
        .order_by(meetings.c.date.desc(), _slot.position)
        .limit(bindparam("most"))
    )


@lru_cache(_SHAPES)
def everywhere(words: tuple[Word, ...]) -> AnySelect:
    """As `newest`, in all meetings."""

    def gives(people: Any) -> ColumnElement[bool]:
        # Looked up once: the group's people are few, its talks may be many; and where nobody is
        # called so, no talk has to be asked who gives it.
        given = select(_presenter.talk_id).where(_presenter.member_id.in_(people))
        return and_(people.exists(), _talk.id.in_(given))

    return (
        select(_slot.id)
        .join(Talk.__table__, _talk.slot_id == _slot.id)
        .join(Meeting.__table__, _meeting.id == _slot.meeting_id)
        .where(_talk.group_id == bindparam("of_group"), *_conditions(words, gives))
        .order_by(_meeting.date.desc(), _slot.position)
        .limit(bindparam("most"))
    )


def _conditions(
    words: tuple[Word, ...], gives: Callable[[Any], ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    return [_mentions(number, word, gives) for number, word in enumerate(words)]


def _mentions(
    number: int, word: Word, gives: Callable[[Any], ColumnElement[bool]]
) -> ColumnElement[bool]:
    people = select(_member.id).where(
        _member.group_id == bindparam("of_group"),
        _contains(_member.name, f"word_{number}", word.spellings),
    )
    found = [
        _contains(_talk.title, f"word_{number}", word.spellings),
        _contains(_talk.venue, f"word_{number}", word.spellings),
        gives(people),
    ]
    if word.has_year:
        of_year = _talk.year == bindparam(f"year_{number}")
        if word.of_venue:
            of_venue = _contains(_talk.venue, f"venue_{number}", word.of_venue)
            of_year = and_(of_venue, of_year)
        found.append(of_year)
    return or_(*found)


def _contains(column: Any, name: str, spellings: int) -> ColumnElement[bool]:
    return or_(*(_Like(column, bindparam(f"{name}_{one}")) for one in range(spellings)))


class _Like(FunctionElement[bool]):
    """Whether a text is like a pattern, whatever the case of A to Z."""

    type = Boolean()
    inherit_cache = True


@compiles(_Like)
def _in_general(element: _Like, compiler: SQLCompiler, **given: Any) -> str:
    text, pattern = (compiler.process(one, **given) for one in element.clauses)
    return f"{text} ILIKE {pattern} ESCAPE '/'"


@compiles(_Like, "sqlite")
def _on_sqlite(element: _Like, compiler: SQLCompiler, **given: Any) -> str:
    # Its LIKE does not tell A from a; folding each text first takes twice as long.
    text, pattern = (compiler.process(one, **given) for one in element.clauses)
    return f"{text} LIKE {pattern} ESCAPE '/'"
