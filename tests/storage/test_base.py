from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, select
from sqlalchemy.exc import StatementError

from storage.base import Base, UTCDateTime
from storage.models import Group
from storage.store import Store
from tests.factories import make_group

INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - Hypothesis adds the zone itself
    max_value=datetime(9998, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from(
        [
            UTC,
            ZoneInfo("Asia/Shanghai"),
            ZoneInfo("America/New_York"),
            timezone(timedelta(hours=-7)),
        ]
    ),
)

# The store is the same for all examples: each overwrites one row.
one_store = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def group_store(store: Store) -> Store:
    with store.writing() as session:
        make_group(session)
    return store


@one_store
@given(instant=INSTANTS)
def test_an_instant_comes_back_equal_and_in_utc(group_store: Store, instant: datetime) -> None:
    with group_store.writing() as session:
        session.scalars(select(Group)).one().created_at = instant
    with group_store.reading() as session:
        stored = session.scalars(select(Group.created_at)).one()
    # Between zones, == ignores `fold`; in UTC nothing is ambiguous.
    assert stored == instant.astimezone(UTC)
    assert stored.tzinfo is UTC


@one_store
@given(earlier=INSTANTS, later=INSTANTS)
def test_the_database_orders_instants_as_time_does(
    group_store: Store, earlier: datetime, later: datetime
) -> None:
    with group_store.writing() as session:
        session.scalars(select(Group)).one().created_at = earlier
    with group_store.reading() as session:
        found = session.scalars(select(Group.name).where(Group.created_at < later)).all()
    assert bool(found) == (earlier.astimezone(UTC) < later.astimezone(UTC))


class NoOffset(tzinfo):
    """A zone that does not know its offset: a value with it is still naive."""

    def utcoffset(self, dt: datetime | None) -> None:
        return None

    def dst(self, dt: datetime | None) -> None:
        return None

    def tzname(self, dt: datetime | None) -> str:
        return "nowhere"


@pytest.mark.parametrize("zone", [None, NoOffset()])
def test_a_naive_instant_is_refused_and_nothing_is_stored(
    store: Store, zone: tzinfo | None
) -> None:
    with (
        pytest.raises(StatementError, match="this one is naive"),
        store.writing() as session,
    ):
        make_group(session, created_at=datetime(2026, 1, 9, 1, tzinfo=zone))
    with store.reading() as session:
        assert session.scalars(select(Group)).all() == []


def test_every_column_with_an_instant_keeps_its_zone() -> None:
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    assert sum(isinstance(column.type, UTCDateTime) for column in columns) >= 10
    assert [str(column) for column in columns if isinstance(column.type, DateTime)] == []


def test_every_constraint_and_index_has_a_name() -> None:
    tables = Base.metadata.tables.values()
    nameless = [table.name for table in tables for rule in table.constraints if rule.name is None]
    nameless += [table.name for table in tables for index in table.indexes if index.name is None]
    assert nameless == []


def test_every_table_but_the_lease_and_public_facts_belongs_to_a_group() -> None:
    without = {
        table.name for table in Base.metadata.tables.values() if "group_id" not in table.columns
    }
    assert without == {"groups", "leases", "lookups"}
