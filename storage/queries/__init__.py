"""What more than one use case asks of the database or puts into it, as Core statements."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    insert,
)
from sqlalchemy.orm import Session

from storage import prepared
from storage.base import Base
from storage.prepared import AnyRow, AnySelect

_CONNECTION = "connection"

PART = 500
"""Values that one statement is given; databases take some ten thousand at most."""

Model = TypeVar("Model", bound=Base)
Value = TypeVar("Value")


def table(model: type[Base]) -> Table:
    """Where a model's rows are: for statements that are about no objects."""
    return cast("Table", model.__table__)


def among(name: str) -> BindParameter[Any]:
    """A place for any number of values in a statement that is made once."""
    return bindparam(name, expanding=True)


def rows_of(session: Session, statement: AnySelect, **given: object) -> Sequence[AnyRow]:
    """The rows of a statement on tables. What the session has not written yet is written before,
    as it is for statements on models."""
    return prepared.rows(_connection(session), statement, given)


def new_row(session: Session, statement: Insert, **given: object) -> int:
    """Puts one row into a table; its id."""
    return prepared.put(_connection(session), statement, given)


def change_rows(session: Session, statement: Update | Delete, **given: object) -> None:
    """Changes rows of a table. What was loaded of them into the session stays as it was."""
    prepared.change(_connection(session), statement, given)


def _connection(session: Session) -> Connection:
    """Where the session's transaction takes place, once what it has not written yet is written."""
    session.flush()
    known: tuple[object, Connection] | None = session.info.get(_CONNECTION)
    if known is None or known[0] is not session.get_transaction():
        # Finding it costs the session more than many a statement costs SQLite.
        connection = session.connection()
        known = session.info[_CONNECTION] = session.get_transaction(), connection
    return known[1]


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values, as many at a time as one statement takes."""
    for start in range(0, len(values), PART):
        yield values[start : start + PART]


def models_among(
    session: Session, statement: Select[Model], ids: Sequence[int], **given: object
) -> list[Model]:
    """What a statement on models finds among these `ids`."""
    return [
        model
        for part in in_parts(ids)
        for model in session.scalars(statement, {"ids": part, **given})
    ]


def new_rows(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], *key: str
) -> dict[Any, int]:
    """Put rows into a model's table, with a few statements. Returns their ids, by the columns that
    are their `key`: by its value, or by a tuple where there are several."""
    if not rows:
        return {}
    session.flush()
    into, named = table(model), itemgetter(*key)
    connection = session.connection()
    if connection.dialect.insert_returning:
        # In any order: a database need not keep the one in which rows were given.
        statement = insert(into).returning(into.c.id, *(into.c[column] for column in key))
        return {named(row): row["id"] for row in connection.execute(statement, rows).mappings()}
    # SQLite before 3.35
    return {named(row): new_row(session, insert(into), **row) for row in rows}
