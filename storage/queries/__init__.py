"""What more than one use case asks of the database or puts into it, as Core statements."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import BindParameter, Delete, Insert, Row, Select, Table, Update, bindparam
from sqlalchemy.orm import Session

from storage.base import Base

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


def table(model: type[Base]) -> Table:
    """Where a model's rows are: for statements that are about no objects."""
    return cast("Table", model.__table__)


def among(name: str) -> BindParameter[Any]:
    """A place for any number of values in a statement that is made once."""
    return bindparam(name, expanding=True)


def rows_of(session: Session, statement: AnySelect, **given: object) -> Sequence[AnyRow]:
    """The rows of a statement on tables. What the session has not written yet is written before,
    as it is for statements on models."""
    session.flush()
    return session.connection().execute(statement, given).all()


def new_row(session: Session, statement: Insert, **given: object) -> int:
    """Puts one row into a table; its id."""
    session.flush()
    key: Any = session.connection().execute(statement, given).inserted_primary_key
    return int(key[0])


def change_rows(session: Session, statement: Update | Delete, **given: object) -> None:
    """Changes rows of a table. What was loaded of them into the session stays as it was."""
    session.flush()
    session.connection().execute(statement, given)
