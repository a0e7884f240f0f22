"""What the database is asked while something is done, whichever way it takes to the driver."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import Engine, event

from storage import prepared


@contextmanager
def noted() -> Iterator[list[tuple[str, Any]]]:
    """The statements of all databases meanwhile, with what they are given; one that is given many
    rows counts once."""
    said: list[tuple[str, Any]] = []
    hand_over = prepared.hand_over

    def note(_connection: object, _cursor: object, sql: str, given: Any, *_rest: object) -> None:
        said.append((sql, given))

    def note_too(driver: sqlite3.Connection, sql: str, given: list[Any]) -> sqlite3.Cursor:
        said.append((sql, given))
        return hand_over(driver, sql, given)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with mock.patch.object(prepared, "hand_over", note_too):
            yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)
