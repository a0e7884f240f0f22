"""SQLite takes a text of any length and a number of any size, whatever the column says. PostgreSQL
does not, and a bot that was tried on the one alone would fail on the other."""

import sqlite3
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Column, Enum, Integer, String
from sqlalchemy.types import TypeDecorator

from storage import models  # noqa: F401 - the tables register themselves
from storage.base import Base

TOO_LARGE = "larger than its column"


def hold_sizes(connection: sqlite3.Connection) -> None:
    """From now on this connection refuses what does not fit its column."""
    for statement in _triggers():
        connection.execute(statement)


@cache
def _triggers() -> tuple[str, ...]:
    return tuple(
        f"CREATE TEMP TRIGGER {table.name}_{column.name}_{act} BEFORE {act} ON main.{table.name} "
        f"WHEN {excess} "
        f"BEGIN SELECT RAISE(ABORT, '{table.name}.{column.name} is {TOO_LARGE}'); END"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for excess in _excess(column)
        for act in ("INSERT", "UPDATE")
    )


def _excess(column: Column[object]) -> Iterator[str]:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, String) and not isinstance(kind, Enum) and kind.length is not None:
        yield f"length(NEW.{column.name}) > {kind.length}"
    if type(kind) is Integer:
        yield f"NEW.{column.name} NOT BETWEEN -2147483648 AND 2147483647"
