"""Which constraint refused, in the same words for SQLite and PostgreSQL."""

from collections.abc import Callable
from typing import Any

from psycopg.errors import IntegrityError as PostgreSQLRefusal
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.base import Base

REFERENCE = "a reference"


def refused_by(session: Session, change: Callable[[Session], object]) -> str | None:
    """The name of the constraint that refuses `change`, which is undone in any case; `None` if
    nothing refuses. For references it is `REFERENCE`: SQLite does not name those."""
    point = session.begin_nested()
    try:
        change(session)
        session.flush()
    except IntegrityError as error:
        return _name(error)
    else:
        return None
    finally:
        point.rollback()


def _name(error: IntegrityError) -> str:
    if isinstance(error.orig, PostgreSQLRefusal):
        name = error.orig.diag.constraint_name or str(error.orig)
        return REFERENCE if name.startswith("fk_") else name
    kind, _, what = str(error.orig).partition(" constraint failed")
    what = what.removeprefix(": ")
    if kind == "FOREIGN KEY":
        return REFERENCE
    return _unique_names()[what] if kind == "UNIQUE" else what


def _unique_names() -> dict[str, str]:
    """The names of unique constraints and indexes by the columns that SQLite complains of."""
    names: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        kinds = (UniqueConstraint, PrimaryKeyConstraint)
        rules: list[Any] = [rule for rule in table.constraints if isinstance(rule, kinds)]
        for rule in [*rules, *(index for index in table.indexes if index.unique)]:
            columns = ", ".join(f"{table.name}.{column.name}" for column in rule.columns)
            names[columns] = str(rule.name)
    return names
