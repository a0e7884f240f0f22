"""What is in the database, group by group, to see what an update changed."""

import sqlite3
from collections import Counter
from typing import Any, Final

from storage.base import Base

Rows = dict[tuple[str, Any], tuple[Any, ...]]
"""Whole rows by table and id."""

LEARNT: Final = {"members": ("organizer", "gone", "reachable", "in_private")}
"""What the bot learns of people from Telegram when they write, whatever becomes of their wish."""


class Watch:
    """Reads on a connection of its own, on which SQLite says whether another one wrote."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path)
        self._seen = self._version()
        self.columns = {
            table.name: [
                column.name
                for column in table.columns
                if column.name not in LEARNT.get(table.name, ())
            ]
            for table in Base.metadata.sorted_tables
            if table.name == "groups" or "group_id" in table.columns
        }

    def close(self) -> None:
        self._connection.close()

    def has_changed(self) -> bool:
        """Whether anything was written since this was asked last."""
        before, self._seen = self._seen, self._version()
        return self._seen != before

    def rows(self, group_id: int) -> Rows:
        """All that belongs to this group, but for what is `LEARNT`."""
        found: Rows = {}
        for table, columns in self.columns.items():
            of_group = "id" if table == "groups" else "group_id"
            key = "id" if "id" in columns else columns[0]
            query = f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {of_group} = ?"
            for row in self._connection.execute(query, (group_id,)):
                found[table, row[0]] = row[1:]
        return found

    def of(self, query: str, *values: Any) -> Any:
        """The first column of the first row of this query. Raises `LookupError` without one."""
        row = self._connection.execute(query, values).fetchone()
        if row is None:
            raise LookupError(query)
        return row[0]

    def deeds(self) -> Counter[str]:
        """How often each was done that the audit log knows."""
        query = "SELECT action, count(*) FROM audit_entries GROUP BY action"
        return Counter(dict(self._connection.execute(query)))

    def _version(self) -> int:
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version


def difference(before: Rows, after: Rows) -> list[tuple[str, Any]]:
    """Table and id of the rows that came, went, or are not what they were."""
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
