"""What holds of all tables alike, read off the tables themselves."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Column, Enum, ForeignKeyConstraint, Table, func, select, text, update
from sqlalchemy.orm import Session

from storage.base import Base
from storage.models import Group, Meeting, Term
from tests.factories import (
    fill_every_table,
    make_group,
    make_meeting,
    make_slot,
    make_talk,
    make_term,
)
from tests.refusals import REFERENCE, refused_by

TABLES = Base.metadata.sorted_tables
REFERENCES = [
    (table, rule)
    for table in TABLES
    for rule in table.foreign_key_constraints
    if rule.referred_table.name != "groups"
]


def name(table: Table, rule: ForeignKeyConstraint) -> str:
    return f"{table.name}.{rule.column_keys[-1]}"


def point_at(table: Table, rule: ForeignKeyConstraint, row: int, group: int) -> Any:
    """Let those of `group`'s rows that refer to something refer to `row` instead."""
    column = table.c[rule.column_keys[-1]]
    values = {column.name: row}
    return update(table).where(table.c.group_id == group, column.is_not(None)).values(values)


def running(statement: Any) -> Callable[[Session], object]:
    return lambda session: session.execute(statement)


def misspelt(column: Column[Any]) -> Any:
    """Past the library, which would refuse it sooner."""
    return text(f"UPDATE {column.table.name} SET {column.name} = 'nonsense'")


def newest(session: Session, table: Table, group: int) -> int:
    found = select(func.max(table.c.id)).where(table.c.group_id == group)
    return session.execute(found).scalar_one() or 0


def add_rows_nothing_refers_to(session: Session, group: int) -> None:
    """So that no uniqueness stands in the way of referring to each table's newest row."""
    term = session.query(Term).filter_by(group_id=group).one()
    meeting = make_meeting(session, term, date=date(2026, 1, 20))
    make_talk(session, make_slot(session, meeting))
    make_slot(session, meeting)
    make_meeting(session, term, date=date(2026, 1, 27))
    make_term(session, session.get_one(Group, group), title="2026 Spring")


def test_all_references_but_those_to_groups_carry_the_group() -> None:
    carriers = {name(table, rule): rule.column_keys for table, rule in REFERENCES}
    assert carriers == {full: ["group_id", full.partition(".")[2]] for full in carriers}
    assert len(carriers) >= 14


def test_no_row_refers_to_a_row_of_another_group(session: Session) -> None:
    ours, theirs = fill_every_table(session).id, fill_every_table(session).id
    add_rows_nothing_refers_to(session, ours)
    refusals = {
        name(table, rule): refused_by(
            session,
            running(point_at(table, rule, newest(session, rule.referred_table, ours), theirs)),
        )
        for table, rule in REFERENCES
    }
    assert refusals == dict.fromkeys(refusals, REFERENCE)


def test_every_reference_to_a_row_of_the_own_group_is_let_through(session: Session) -> None:
    group = fill_every_table(session).id
    refusals = {
        name(table, rule): refused_by(
            session,
            running(point_at(table, rule, newest(session, rule.referred_table, group), group)),
        )
        for table, rule in REFERENCES
    }
    assert refusals == dict.fromkeys(refusals)


def test_no_row_refers_to_a_row_that_is_not_there(session: Session) -> None:
    group = fill_every_table(session).id
    nowhere = 999_999
    refusals = {
        name(table, rule): refused_by(session, running(point_at(table, rule, nowhere, group)))
        for table, rule in REFERENCES
    }
    assert refusals == dict.fromkeys(refusals, REFERENCE)


def test_no_row_belongs_to_a_group_that_is_not_there(session: Session) -> None:
    fill_every_table(session)
    tables = [table for table in TABLES if "group_id" in table.columns]
    refusals = {
        table.name: refused_by(session, running(update(table).values(group_id=999_999)))
        for table in tables
    }
    assert refusals == dict.fromkeys(refusals, REFERENCE)


def test_what_others_refer_to_cannot_be_deleted(session: Session) -> None:
    fill_every_table(session)
    assert refused_by(session, running(text("DELETE FROM slots"))) == REFERENCE
    assert refused_by(session, running(text("DELETE FROM members"))) == REFERENCE
    assert refused_by(session, running(text("DELETE FROM groups"))) == REFERENCE


def test_a_word_outside_its_set_is_refused_by_the_database_itself(session: Session) -> None:
    fill_every_table(session)
    refusals = {
        f"ck_{column.table.name}_{column.type.name}": refused_by(session, running(misspelt(column)))
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, Enum)
    }
    assert len(refusals) >= 9
    assert refusals == {name: name for name in refusals}


def test_a_stored_word_is_the_word_itself(session: Session) -> None:
    fill_every_table(session)
    assert session.execute(text("SELECT kind, status FROM meetings")).one() == (
        "regular",
        "planned",
    )
    assert session.execute(select(Meeting.revision)).scalar_one() == 1


def test_groups_do_not_share_what_must_be_unique_within_one(session: Session) -> None:
    fill_every_table(session)
    assert refused_by(session, fill_every_table) is None
    assert refused_by(session, make_group) is None
