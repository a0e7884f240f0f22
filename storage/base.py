"""What all tables share: names for constraints, instants in UTC, and the tie to a group."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    DateTime,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    Index,
    MetaData,
    TextClause,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase

# Unnamed constraints cannot be changed by a later migration on SQLite.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused on the way in; what comes out is aware and in UTC.

    SQLite keeps no zone even for `DateTime(timezone=True)`, so the type sees to it.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant needs its zone; this one is naive")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the library's signature
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word(enum: type[StrEnum], name: str) -> Enum:
    """A column type for one of `enum`'s words, as text under a CHECK named `name`."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


def same_group(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to a row of `table` that must belong to the same group as this one."""
    return ForeignKeyConstraint(["group_id", column], [f"{table}.group_id", f"{table}.id"])


def some_of(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """An index of those rows alone for which `where` holds, in SQLite's words. On PostgreSQL it is
    the same, by the migrations, which make it: to name that here would load PostgreSQL's dialect,
    2 MB, wherever the bot runs on SQLite."""
    return Index(name, *columns, unique=unique, sqlite_where=where)


ONCE = {"sqlite_autoincrement": True}
"""For tables whose rows are deleted while buttons and questions still name them. SQLite otherwise
gives the last row's id again, and an old button would act on something else."""


def within_group() -> UniqueConstraint:
    """What `same_group` refers to."""
    return UniqueConstraint("group_id", "id")
