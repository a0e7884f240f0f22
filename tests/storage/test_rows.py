"""Many rows at once, on both databases."""

import pytest
from sqlalchemy import select

from storage.models import Member
from storage.queries import new_rows
from storage.store import Store
from tests.factories import make_group


@pytest.mark.parametrize("returning", [True, False])
def test_new_rows_are_known_by_their_key_also_where_an_insert_returns_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, returning: bool
) -> None:
    with store.writing() as session:
        group_id = make_group(session).id
        if not returning:
            monkeypatch.setattr(session.connection().dialect, "insert_returning", False)
        names = [f"Member {number}" for number in range(40, 0, -1)]
        rows = [{"group_id": group_id, "name": name} for name in names]
        ids = new_rows(session, Member, rows, "name")
        pairs = new_rows(session, Member, [{**rows[0], "name": "Zoe"}], "group_id", "name")
    with store.reading() as session:
        there = session.execute(select(Member.name, Member.id)).all()
        assert {name: member_id for name, member_id in there if name != "Zoe"} == ids
        assert list(pairs) == [(group_id, "Zoe")]
        assert new_rows(session, Member, [], "name") == {}
