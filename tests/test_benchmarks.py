"""What `make bench` times still works; how long it takes is nobody's business here."""

import gc

import pytest
from sqlalchemy import text

from benchmarks import claims, growth, pages, scenes
from bot.clock import MovableClock
from storage.store import Store


@pytest.mark.parametrize("command", growth.MARKS)
def test_every_command_that_is_timed_works_in_a_long_schedule(
    sqlite_store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(growth, "MEETINGS", 100)
    monkeypatch.setattr(growth, "GROUPS", 5)
    monkeypatch.setattr(growth, "TERM", 4)
    monkeypatch.setattr(growth, "AHEAD", 2)
    with sqlite_store.writing() as session:
        group = scenes.add_group(session, 1, 4, ahead=2, now=clock.now(), taken=False)
        scenes.add_people(session, group, growth.ACCOUNT, 1)
        growth.fill(session)

    growth.commands(sqlite_store, clock.now(), 0)[command]()


def test_pages_are_read_written_stored_and_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ROUNDS", {2: 1, 3: 1})
    monkeypatch.setattr(pages, "SMALL", 2)
    monkeypatch.setattr(pages, "LARGE", 3)
    monkeypatch.setattr(gc, "collect", lambda: 0)  # of all that the tests before left behind

    assert len(list(pages.rows())) == 12


WRITTEN = text(
    """SELECT (SELECT count(*) FROM talks) AS talks,
        (SELECT count(*) FROM audit_entries) AS entries,
        (SELECT count(*) FROM deliveries) AS deliveries,
        (SELECT count(*) FROM talk_titles_docsize) AS in_index"""
)


def test_bare_sqlite_writes_the_rows_of_the_claims_and_indexes_as_many_titles() -> None:
    with scenes.database() as (_, ours), scenes.database() as (_, bare):
        wanted = claims._wanted(ours)
        assert claims._wanted(bare) == wanted
        claims._write_all(bare.url, claims._written_by_all(ours, wanted))
        with ours.reading() as session, bare.reading() as beside:
            written = session.execute(WRITTEN).one()
            assert beside.execute(WRITTEN).one() == written
    assert (written.talks, written.in_index) == (claims.CLAIMS, 256)
