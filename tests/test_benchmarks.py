"""What `make bench` times still works; how long it takes is nobody's business here."""

import pytest

from benchmarks import growth, pages, scenes
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

    assert len(list(pages.rows())) == 12
