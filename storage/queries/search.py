"""Talks in which words are found, by statements that are made once for each shape of a question.

Which of the words are in names and venues at all is asked first, since a group has few of both, and
most words are in titles alone. Then the newest talks are looked at, and answer most questions. For
a word that is seldom, or nowhere, SQLite has an index that says in which titles it may be
(`trigrams`); what that leaves out need not be looked at. Without it every title of the group is.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.models import Meeting, Member, Presenter, Slot, Talk
from storage.prepared import AnyRow, AnySelect
from storage.queries import rows_of, trigrams

NEWEST = 50
"""Meetings that are looked at first: more than a year of a weekly group."""

_SHAPES = 100
"""Statements that are kept: of questions with one to a dozen words, and the odd ones."""

_talk, _slot, _meeting, _member, _presenter = (
    model.__table__.c for model in (Talk, Slot, Meeting, Member, Presenter)
)


class Word(NamedTuple):
    """The shape of a word's part in a statement: in how many spellings the word is looked for, in
    how many the venue if it is one with a year, whether it has a year, whether there are slashes in
    its patterns, which escape, and whether any of the group's names and venues has it.

    Its parameters are `word_N_M` and `venue_N_M`, which are patterns, and `year_N`.
    """

    spellings: int
    of_venue: int = 0
    has_year: bool = False
    escaped: bool = False
    in_names: bool = True
    in_venues: bool = True


def slots(
    session: Session, group_id: int, words: Sequence[Word], values: Mapping[str, object], most: int
) -> list[int]:
    """The slots in which the talk has all of the words, newest first, at most so many; `values` are
    those of the words' parameters."""
    given = {**values, "of_group": group_id, "most": most}
    ((older, *told),) = rows_of(session, _beforehand(tuple(words)), **given)
    asked = tuple(
        word._replace(in_names=in_names, in_venues=in_venues)
        for word, in_names, in_venues in zip(words, told[::2], told[1::2], strict=True)
    )
    found = rows_of(session, _newest(asked), **given)
    if older and len(found) < most:
        likely = _likely(session, asked, values)
        everywhere = _everywhere(asked, likely=likely is not None)
        found = rows_of(session, everywhere, **given, trigrams=likely)
    return [row.id for row in found]


def _likely(session: Session, words: Sequence[Word], values: Mapping[str, Any]) -> str | None:
    """What to ask the titles' index, where there is one and it leaves out enough."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    in_titles_alone = [
        [values[name] for name in _names(number, word)]
        for number, word in enumerate(words)
        if not (word.in_names or word.in_venues or word.has_year)
    ]
    likely = trigrams.asked(in_titles_alone)
    return likely if likely and trigrams.are_few(session, likely) else None


def newest_titles(session: Session, group_id: int, most: int) -> Sequence[AnyRow]:
    """The `title` of each of the newest talks, and its slot's `id`; at most so many."""
    return rows_of(session, _TITLES, of_group=group_id, most=most)


@lru_cache(_SHAPES)
def _beforehand(words: tuple[Word, ...]) -> AnySelect:
    """One row: whether the group has more meetings than `_newest` looks in; then for each word
    whether it is in one of the group's names, and whether in one of its venues."""
    older = select(_meeting.id).where(_of_group(_meeting)).offset(NEWEST).exists()
    venues = _venues()
    told = [older.label("older")]
    for number, word in enumerate(words):
        of_venue = select(venues.c.venue).where(_has(venues.c.venue, number, word))
        told.append(_people(number, word).exists().label(f"in_names_{number}"))
        told.append(of_venue.exists().label(f"in_venues_{number}"))
    return select(*told)


def _venues() -> CTE:
    """The group's venues, each the next in the index: they are few, the talks of each may be many.
    Behind the last there is a null."""
    next_one = select(func.min(_talk.venue).label("venue")).where(_of_group(_talk))
    venues = next_one.cte("venues", recursive=True)
    following = next_one.where(_talk.venue > venues.c.venue).correlate(venues).scalar_subquery()
    return venues.union_all(select(following).where(venues.c.venue.is_not(None)))


@lru_cache(_SHAPES)
def _newest(words: tuple[Word, ...]) -> AnySelect:
    """The slots in question of the newest meetings."""
    meetings = (
        select(_meeting.id, _meeting.date)
        .where(_of_group(_meeting))
        .order_by(_meeting.date.desc())
        .limit(NEWEST)
        .subquery()
    )

    return (
        select(_slot.id)
        .select_from(meetings)
        .join(Slot.__table__, _slot.meeting_id == meetings.c.id)
        .join(Talk.__table__, _talk.slot_id == _slot.id)
        .where(*_conditions(words, _gives_it))
        .order_by(meetings.c.date.desc(), _slot.position)
        .limit(bindparam("most"))
    )


@lru_cache(_SHAPES)
def _everywhere(words: tuple[Word, ...], *, likely: bool) -> AnySelect:
    """As `_newest`, of all meetings; `likely` when only those talks are to be looked at whose
    titles may have the `trigrams`."""
    if likely:
        # The sum keeps SQLite from looking for the likely ones among all of the group.
        of_group = _talk.group_id + 0 == bindparam("of_group")
        within = and_(_talk.id.in_(trigrams.LIKELY), of_group)
        conditions = _conditions(words, _gives_it)
    else:
        within = _of_group(_talk)
        conditions = _conditions(words, _is_given)
    return (
        select(_slot.id)
        .join(Talk.__table__, _talk.slot_id == _slot.id)
        .join(Meeting.__table__, _meeting.id == _slot.meeting_id)
        .where(within, *conditions)
        .order_by(_meeting.date.desc(), _slot.position)
        .limit(bindparam("most"))
    )


def _of_group(columns: Any) -> ColumnElement[bool]:
    of_group: ColumnElement[bool] = columns.group_id == bindparam("of_group")
    return of_group


_TITLES = (
    select(_slot.id, _talk.title)
    .select_from(Meeting.__table__)
    .join(Slot.__table__, _slot.meeting_id == _meeting.id)
    .join(Talk.__table__, _talk.slot_id == _slot.id)
    .where(_of_group(_meeting))
    .order_by(_meeting.date.desc(), _slot.position)
    .limit(bindparam("most"))
)


def _people(number: int, word: Word) -> AnySelect:
    """Those who have the word in their name."""
    return select(_member.id).where(_of_group(_member), _has(_member.name, number, word))


def _gives_it(people: AnySelect) -> ColumnElement[bool]:
    """Whether one of the people gives the talk; asked of each talk."""
    there = select(_presenter.id).where(
        _presenter.talk_id == _talk.id, _presenter.member_id.in_(people)
    )
    return there.correlate(Talk.__table__).exists()


def _is_given(people: AnySelect) -> ColumnElement[bool]:
    """The same, looked up once: the group's people are few, its talks may be many."""
    return _talk.id.in_(select(_presenter.talk_id).where(_presenter.member_id.in_(people)))


def _conditions(
    words: tuple[Word, ...], gives: Callable[[Any], ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    # Looked at in this order: what is no year, and in titles alone, is in the fewest talks.
    def commonness(number: int) -> tuple[bool, bool, bool]:
        return words[number].has_year, words[number].in_names, words[number].in_venues

    order = sorted(range(len(words)), key=commonness)
    return [_mentions(number, words[number], gives) for number in order]


def _mentions(
    number: int, word: Word, gives: Callable[[Any], ColumnElement[bool]]
) -> ColumnElement[bool]:
    found = [_has(_talk.title, number, word)]
    if word.in_venues:
        found.append(_has(_talk.venue, number, word))
    if word.in_names:
        found.append(gives(_people(number, word)))
    if word.has_year:
        of_year = _talk.year == bindparam(f"year_{number}")
        if word.of_venue:
            names = [f"venue_{number}_{one}" for one in range(word.of_venue)]
            of_year = and_(of_year, _contains(_talk.venue, names, word))
        found.append(of_year)
    return or_(*found)


def _has(column: Any, number: int, word: Word) -> ColumnElement[bool]:
    return _contains(column, _names(number, word), word)


def _names(number: int, word: Word) -> list[str]:
    return [f"word_{number}_{one}" for one in range(word.spellings)]


def _contains(column: Any, names: Sequence[str], word: Word) -> ColumnElement[bool]:
    escape = [_ESCAPE] if word.escaped else []
    return or_(*(_Like(column, bindparam(name), *escape) for name in names))


_ESCAPE: ColumnElement[str] = literal_column("'/'")


class _Like(FunctionElement[bool]):
    """Whether a text is like a pattern, whatever the case of A to Z."""

    type = Boolean()
    inherit_cache = True


@compiles(_Like)
def _in_general(element: _Like, compiler: SQLCompiler, **given: Any) -> str:
    # Without a sign that is named it would be the backslash.
    text, pattern, *_ = (compiler.process(one, **given) for one in element.clauses)
    return f"{text} ILIKE {pattern} ESCAPE '/'"


@compiles(_Like, "sqlite")
def _on_sqlite(element: _Like, compiler: SQLCompiler, **given: Any) -> str:
    # Its LIKE does not tell A from a; folding each text first takes twice as long. A sign that
    # escapes is looked up anew for each text.
    text, pattern, *escape = (compiler.process(one, **given) for one in element.clauses)
    return " ESCAPE ".join([f"{text} LIKE {pattern}", *escape])
