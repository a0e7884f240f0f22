"""SQLite as SQLAlchemy speaks it, but for what it would put together anew each time."""

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from storage.prepared import say


class Direct(SQLiteDialect_pysqlite):
    """A savepoint has a name of its own, so SQLAlchemy knows none of their statements from before:
    setting one and letting it go cost more than half of the statements of a claim."""

    supports_statement_cache = True

    def do_savepoint(self, connection: Connection, name: str) -> None:
        say(connection, f"SAVEPOINT {name}")

    def do_rollback_to_savepoint(self, connection: Connection, name: str) -> None:
        say(connection, f"ROLLBACK TO SAVEPOINT {name}")

    def do_release_savepoint(self, connection: Connection, name: str) -> None:
        say(connection, f"RELEASE SAVEPOINT {name}")
