"""SELECTs that more than one use case needs, as Core statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam
from sqlalchemy.orm import Session

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


def among(name: str) -> BindParameter[Any]:
    """A place for any number of values in a statement that is made once."""
    return bindparam(name, expanding=True)


def rows_of(session: Session, statement: AnySelect, **given: object) -> Sequence[AnyRow]:
    """The rows of a statement on tables. What the session has not written yet is written before,
    as it is for statements on models."""
    session.flush()
    return session.execute(statement, given).all()
