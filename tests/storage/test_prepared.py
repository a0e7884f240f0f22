"""Statements take a shorter way to SQLite than through SQLAlchemy; what comes of it is the same."""

import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Time,
    bindparam,
    create_engine,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.pool import StaticPool

from storage import prepared
from storage.base import UTCDateTime, word
from storage.enums import DeliveryState
from storage.prepared import MOST, AnySelect, change, put, rows
from storage.queries import among

TABLE = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True),
    Column("state", word(DeliveryState, "state")),
    Column("at", UTCDateTime),
    Column("day", Date),
    Column("hour", Time),
    Column("sure", Boolean),
    Column("said", JSON),
)
MADE = Table(
    "made",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("attempts", Integer, default=7),
)
ALL = select(TABLE)
SAME = select(TABLE).where(*(TABLE.c[name] == bindparam(f"of_{name}") for name in ("at", "state")))
AMONG = (
    select(TABLE.c.id, TABLE.c.id.label("again"))
    .where(TABLE.c.id.in_(among("ids")), TABLE.c.state == DeliveryState.SENT)
    .order_by(TABLE.c.id.desc())
    .limit(5)
)
NEW, NEWLY_MADE = insert(TABLE), insert(MADE)
CALLED = update(TABLE).where(TABLE.c.id.in_(among("ids"))).values(name=bindparam("to_name"))

INSTANTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - the zone comes with the next argument
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
TEXTS = st.text(st.characters(codec="utf-8"))
THINGS = st.fixed_dictionaries(
    {},
    optional={
        "state": st.none() | st.sampled_from(DeliveryState),
        "at": st.none() | INSTANTS,
        "day": st.none() | st.dates(),
        "hour": st.none() | st.times(),
        "sure": st.none() | st.booleans(),
        "said": st.none() | st.lists(TEXTS) | st.dictionaries(TEXTS, st.integers(-9, 9)),
    },
)


@pytest.fixture(name="engine", scope="module")
def _engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    TABLE.metadata.create_all(engine)
    MADE.metadata.create_all(engine)
    yield engine
    engine.dispose()


@given(THINGS)
def test_what_is_put_in_and_found_is_what_sqlalchemy_puts_in_and_finds(
    engine: Engine, thing: dict[str, Any]
) -> None:
    with engine.connect() as connection:
        number = put(connection, NEW, thing)
        connection.execute(NEW, thing)

        found = rows(connection, ALL, {})
        assert [row.id for row in found] == [number, number + 1]
        assert [tuple(row) for row in found] == [tuple(row) for row in connection.execute(ALL)]
        assert found[0][1:] == found[1][1:]
        asked = {"of_at": thing.get("at"), "of_state": thing.get("state")}
        assert rows(connection, SAME, asked) == connection.execute(SAME, asked).all()


@given(st.lists(st.integers(0, 20), unique=True))
def test_as_many_values_may_be_asked_for_as_there_are(engine: Engine, ids: list[int]) -> None:
    with engine.connect() as connection:
        for number in range(12):
            put(connection, NEW, {"id": number, "state": DeliveryState.SENT})

        found = rows(connection, AMONG, {"ids": ids})

        wanted = sorted((number for number in ids if number < 12), reverse=True)[:5]
        assert [(row.id, row.again) for row in found] == [(one, one) for one in wanted]


@pytest.mark.parametrize("ids", [(), (1,), (1, 2, 3), tuple(range(MOST + 1))])
def test_all_that_are_meant_are_changed_and_no_others(engine: Engine, ids: tuple[int, ...]) -> None:
    with engine.connect() as connection:
        for number in range(MOST + 3):
            put(connection, NEW, {"id": number})

        if len(ids) > 1:
            with pytest.raises(IntegrityError, match="UNIQUE"):
                change(connection, CALLED, {"ids": ids, "to_name": "a"})
        else:
            change(connection, CALLED, {"ids": ids, "to_name": "a"})
            found = rows(connection, ALL, {})
            assert [row.id for row in found if row.name == "a"] == list(ids)


def test_what_the_table_makes_by_itself_is_made(engine: Engine) -> None:
    with engine.connect() as connection:
        assert put(connection, NEWLY_MADE, {"id": 5}) == 5
        assert connection.execute(select(MADE)).all() == [(5, 7)]


def test_what_is_wrong_is_told_as_by_sqlalchemy(engine: Engine) -> None:
    with engine.connect() as connection:
        put(connection, NEW, {"name": "a"})
        with pytest.raises(SQLAlchemyError, match="type 'set' is not supported"):
            put(connection, NEW, {"name": {1}})
        with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: things\.name"):
            put(connection, NEW, {"name": "a"})
        with pytest.raises((ValueError, StatementError), match="naive"):
            put(connection, NEW, {"at": datetime(2026, 1, 6)})  # noqa: DTZ001 - on purpose
        assert [row.name for row in rows(connection, ALL, {})] == ["a"]


def test_a_statement_that_is_no_more_is_forgotten(engine: Engine) -> None:
    with engine.connect() as connection:
        before = len(prepared._KNOWN)
        for name in string.ascii_letters:
            rows(connection, select(TABLE).where(TABLE.c.name == name), {})
        assert len(prepared._KNOWN) <= before + 1


def test_a_fixed_value_stands_in_the_statement_so_that_it_is_planned_once(engine: Engine) -> None:
    asked: AnySelect = select(TABLE.c.id).where(TABLE.c.state == DeliveryState.SENT)
    with engine.connect() as connection:
        rows(connection, asked, {})
        (known,) = prepared._KNOWN[asked].values()
        assert known is not None
        assert "state = 'sent'" in known.sql
        assert known.places == ()
