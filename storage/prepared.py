"""Statements that are made once and asked often, handed to SQLite without a detour.

SQLAlchemy makes the SQL and knows how values are written and read; but what it does around each
execution costs several times what SQLite needs, which is in the same process. So it is asked once
for each statement, and from then on the driver is. A server is far enough away that it does not
matter, and is asked in SQLAlchemy's way.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Connection, Delete, Dialect, Insert, Row, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.visitors import replacement_traverse

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
Statement = AnySelect | Insert | Update | Delete
Processor = Callable[[Any], Any]
Shape = tuple[str | int, ...]
"""Which values a statement is given, and of how many each list is: its SQL depends on these."""

MOST = 8
"""Values of a list for which SQL is kept; longer ones are seldom, and all different."""


class _Prepared(NamedTuple):
    """`places` are the question marks: the name of the value and how it is written; the values of a
    list are called by the names in `lists`, and some are `fixed`. `read` says how columns are
    read."""

    sql: str
    places: tuple[tuple[str, Processor | None], ...]
    lists: Mapping[str, Sequence[str]]
    fixed: Mapping[str, Any]
    row: Callable[[Sequence[Any]], AnyRow] | None
    read: tuple[tuple[int, Processor], ...]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        named = {**self.fixed, **given}
        for name, parts in self.lists.items():
            named.update(zip(parts, given[name], strict=True))
        return [named[name] if write is None else write(named[name]) for name, write in self.places]

    def rows(self, found: Sequence[Sequence[Any]]) -> list[AnyRow]:
        if self.row is None:
            return []
        if not self.read:
            return list(map(self.row, found))
        rows = []
        for one in found:
            values = list(one)
            for place, read in self.read:
                values[place] = read(values[place])
            rows.append(self.row(values))
        return rows


_KNOWN: WeakKeyDictionary[Statement, dict[Shape, _Prepared | None]] = WeakKeyDictionary()


def rows(
    connection: Connection, statement: AnySelect, given: Mapping[str, Any]
) -> Sequence[AnyRow]:
    """What is found, each with its columns by name, as from SQLAlchemy. Raises as it does."""
    asked = _ask(connection, statement, given)
    if asked is None:
        return connection.execute(statement, given).all()
    prepared, cursor = asked
    return prepared.rows(cursor.fetchall())


def change(connection: Connection, statement: Update | Delete, given: Mapping[str, Any]) -> None:
    if _ask(connection, statement, given) is None:
        connection.execute(statement, given)


def put(connection: Connection, statement: Insert, given: Mapping[str, Any]) -> int:
    """Puts one row into a table that counts its rows; the row's number."""
    asked = _ask(connection, statement, given)
    if asked is None:
        key: Any = connection.execute(statement, given).inserted_primary_key
        return int(key[0])
    number = asked[1].lastrowid
    if number is None:
        raise LookupError("the table does not count its rows")
    return number


def _ask(
    connection: Connection, statement: Statement, given: Mapping[str, Any]
) -> tuple[_Prepared, sqlite3.Cursor] | None:
    """Hands the statement to SQLite; `None` where SQLAlchemy is to run it instead."""
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        return None
    lists = [len(value) for value in given.values() if isinstance(value, (list, tuple))]
    if lists and max(lists) > MOST:
        return None
    shape = (*given, *lists)
    shapes = _KNOWN.setdefault(statement, {})
    if shape not in shapes:
        shapes[shape] = _prepare(statement, given, connection.dialect)
    prepared = shapes[shape]
    if prepared is None:
        return None
    return prepared, hand_over(driver, prepared.sql, prepared.values(given))


def say(connection: Connection, sql: str) -> None:
    """Has SQLite begin something or end it."""
    hand_over(cast("sqlite3.Connection", connection.connection.dbapi_connection), sql, ())


def hand_over(driver: sqlite3.Connection, sql: str, values: Sequence[Any]) -> sqlite3.Cursor:
    try:
        return driver.execute(sql, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(sql, values, error, sqlite3.Error) from error


def _prepare(statement: Statement, given: Mapping[str, Any], dialect: Dialect) -> _Prepared | None:
    """`None` where values are made while the statement runs."""

    def spell_out(element: Any, **_: Any) -> Any:
        # A partial index is chosen by a value, so SQLite would plan anew for each that it is given.
        is_fixed = isinstance(element, BindParameter) and element.key not in given
        return element.render_literal_execute() if is_fixed else None

    spelled_out: Any = replacement_traverse(statement, {}, spell_out)
    compiled: Any = spelled_out.compile(dialect=dialect, column_keys=list(given))
    if isinstance(statement, Insert) and compiled.insert_prefetch:
        return None
    state = compiled.construct_expanded_state(given)
    lists: Mapping[str, Sequence[str]] = state.parameter_expansion
    write = {
        part: place.type.dialect_impl(dialect).bind_processor(dialect)
        for place, name in compiled.bind_names.items()
        for part in lists.get(name, (name,))
    }
    places = tuple((name, write[name]) for name in state.positiontup)
    told = {*given, *(part for parts in lists.values() for part in parts)}
    fixed = {name: value for name, value in state.parameters.items() if name not in told}
    row, read = _columns(statement, dialect) if isinstance(statement, Select) else (None, ())
    return _Prepared(state.statement, places, lists, fixed, row, read)


def _columns(
    statement: AnySelect, dialect: Dialect
) -> tuple[Callable[[Sequence[Any]], AnyRow], tuple[tuple[int, Processor], ...]]:
    columns: Collection[tuple[str, Any]] = statement.selected_columns.items()
    made: Any = namedtuple("Row", [name for name, _ in columns])  # type: ignore[misc]  # noqa: PYI024 - known at run time
    processors = (
        column.type.dialect_impl(dialect).result_processor(dialect, None) for _, column in columns
    )
    read = tuple((place, read) for place, read in enumerate(processors) if read is not None)
    # Without the check of `_make`, which is most of what it costs: SQLite knows how many there are.
    row = partial(tuple.__new__, made)
    return cast("Callable[[Sequence[Any]], AnyRow]", row), read
