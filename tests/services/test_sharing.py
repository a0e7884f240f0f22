"""What is offered to whom for sharing."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.services import queries
from bot.services.sharing import PAGE_SIZE, Offered, offered
from storage.models import Term
from storage.store import Store
from tests.factories import (
    WHEN,
    make_group,
    make_meeting,
    make_member,
    make_slot,
    make_talk,
    make_term,
)

ANN, BEN, STRANGER = 11, 12, 13


def _meeting(session: Session, term: Term, day: date, *titles: str) -> None:
    meeting = make_meeting(session, term, date=day)
    for title in titles:
        make_talk(session, make_slot(session, meeting), title=title)


@pytest.fixture(name="there")
def _there(store: Store) -> Store:
    """Two groups with a past and a coming talk each; Ann is in both, Ben in the second."""
    with store.writing() as session:
        for name, members in (("Systems", (ANN,)), ("Theory", (ANN, BEN))):
            group = make_group(session, name=name)
            for account in members:
                make_member(session, group, telegram_id=account)
            week = 0 if name == "Systems" else 1
            past, coming = (day + timedelta(weeks=week) for day in PAST_AND_COMING)
            term = make_term(session, group)
            _meeting(session, term, past, f"DiffKV in {name}")
            _meeting(session, term, coming, f"Jenga in {name}", f"Mantle in {name}")
    return store


PAST_AND_COMING = (date(2025, 12, 2), date(2026, 1, 13))


def _asked(store: Store, account: int, words: str, offset: int = 0) -> Offered:
    with store.reading() as session:
        return offered(session, account, words, WHEN, offset)


def _titles(found: Offered) -> list[str]:
    return [one.found.talk.title for one in found.talks]


def test_talks_of_all_ones_groups_are_found_the_newest_first(there: Store) -> None:
    found = _asked(there, ANN, "diffkv")

    assert _titles(found) == ["DiffKV in Theory", "DiffKV in Systems"]
    assert [one.group.name for one in found.talks] == ["Theory", "Systems"]
    assert found.following is None


def test_talks_of_other_peoples_groups_are_not(there: Store) -> None:
    assert _titles(_asked(there, BEN, "in")) == [
        "Jenga in Theory",
        "Mantle in Theory",
        "DiffKV in Theory",
    ]


@pytest.mark.parametrize("words", ["", "diffkv", "DiffKV in Systems"])
def test_a_stranger_is_offered_nothing(there: Store, words: str) -> None:
    assert _asked(there, STRANGER, words) == Offered((), None, knows=False)


def test_without_words_the_coming_talks_are_offered_soonest_first(there: Store) -> None:
    assert _titles(_asked(there, ANN, "")) == [
        "Jenga in Systems",
        "Mantle in Systems",
        "Jenga in Theory",
        "Mantle in Theory",
    ]


def test_a_title_with_a_wrong_letter_is_found_when_nothing_else_is(there: Store) -> None:
    assert _titles(_asked(there, BEN, "Mantel in Theory")) == ["Mantle in Theory"]
    assert _asked(there, BEN, "no such paper") == Offered((), None, knows=True)


def test_more_than_a_page_is_offered_page_by_page_and_each_talk_once(store: Store) -> None:
    with store.writing() as session:
        group = make_group(session)
        make_member(session, group, telegram_id=ANN)
        term = make_term(session, group)
        for week in range(2 * PAGE_SIZE + 5):
            meeting = make_meeting(session, term, date=date(2024, 1, 2) + timedelta(weeks=week))
            make_talk(session, make_slot(session, meeting))

    pages = [_asked(store, ANN, "read")]
    while (following := pages[-1].following) is not None:
        pages.append(_asked(store, ANN, "read", following))

    assert [len(page.talks) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 5]
    assert len({one.found.talk.id for page in pages for one in page.talks}) == 2 * PAGE_SIZE + 5


@pytest.mark.parametrize("offset", [-5, 0, 10**9])
def test_an_offset_from_nowhere_is_bounded(there: Store, offset: int) -> None:
    assert len(_asked(there, ANN, "in", offset).talks) in (0, 6)


def test_a_mistyped_title_is_looked_for_among_the_newest_talks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COMPARED", 2)
    with store.writing() as session:
        group = make_group(session)
        make_member(session, group, telegram_id=ANN)
        term = make_term(session, group)
        for year in (2022, 2024, 2023):
            _meeting(session, term, date(year, 1, 2), "Mantle in Theory")

    found = _asked(store, ANN, "Mantel in Theory")

    assert [one.found.meeting.date.year for one in found.talks] == [2024, 2023]
