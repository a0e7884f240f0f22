"""A search beside its definition, on both databases: what it skips to be quick it must not miss."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import MovableClock
from bot.domain.titles import parse_venue
from bot.services import queries
from storage.models import Group
from storage.queries import trigrams
from storage.queries.search import NEWEST
from storage.store import Store
from tests import statements
from tests.factories import (
    make_group,
    make_meeting,
    make_member,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)

FIRST = date(2024, 1, 2)
SIGNS = "abAB9%_/\\'[]存"
"""Of no two letters here only one database knows that they are the same but for their case."""
NAMES = ("Ab", "BA 存", "a'9", "b_/", "Zoe")
VENUES = ("A", "aB", "B%", "存 9", "[a", None)
YEARS = (1999, 2024, 2025, None)

ODD_SIGNS = "aAIiİıßsSẞeÉé\u0301\u0307存储\"'*^(:-%_/\\"
"""Of which databases do not agree what is the same but for its case."""
ODD_TITLES = tuple(
    "".join(Random(seed).choices(ODD_SIGNS + " ", k=3 + seed % 10)) for seed in range(NEWEST + 100)
)
ODD_WORDS = st.text(ODD_SIGNS, min_size=1, max_size=5) | st.builds(
    lambda title, begin, spell: spell(title[begin : begin + 5]),
    st.sampled_from(ODD_TITLES),
    st.integers(0, 5),
    st.sampled_from([str, str.upper, str.lower]),
)

WORDS = st.text(SIGNS, min_size=1, max_size=3) | st.sampled_from(
    ["1999", "2024", "2025", "A'24", "b'25", "[存'99]", "zoe", "O", "nowhere"]
)


@dataclass(frozen=True)
class Held:
    """A talk as it was put in."""

    talk_id: int
    title: str
    venue: str | None
    year: int | None
    names: tuple[str, ...]

    def has(self, word: str) -> bool:
        texts = (self.title, self.venue or "", *self.names)
        return any(word.lower() in text.lower() for text in texts) or self._is_of(word)

    def _is_of(self, word: str) -> bool:
        venue, year = parse_venue(word)
        if venue and year:
            return self.year == year and venue.lower() in (self.venue or "").lower()
        return re.fullmatch("[12][0-9]{3}", word) is not None and self.year == int(word)


@dataclass(frozen=True)
class Schedule:
    store: Store
    group_id: int
    talks: tuple[Held, ...]
    """Newest first."""


@pytest.fixture(name="schedule")
def _schedule(store: Store) -> Schedule:
    """More meetings than are looked at first, with one or two talks each, beside a group that has
    a talk with all of the signs."""
    draw = Random(6)
    talks: list[Held] = []
    with store.writing() as session:
        make_talk(session, title=SIGNS + "Zoe", venue="A", year=2024)
        group = make_group(session)
        term = make_term(session, group)
        people = [make_member(session, group, name=name) for name in NAMES]
        for week in range(NEWEST + 10):
            meeting = make_meeting(session, term, date=FIRST + timedelta(weeks=week))
            of_meeting = []
            for _ in range(draw.randint(1, 2)):
                title = "".join(draw.choices(SIGNS + " ", k=draw.randint(1, 8)))
                venue, year = draw.choice(VENUES), draw.choice(YEARS)
                givers = draw.sample(people[:4], draw.randint(0, 2)) if week else [people[4]]
                slot = make_slot(session, meeting)
                talk = make_talk(session, slot, title=title, venue=venue, year=year)
                for person in givers:
                    make_presenter(session, talk, person)
                names = tuple(person.name for person in givers)
                of_meeting.append(Held(talk.id, title, venue, year, names))
            talks = [*of_meeting, *talks]
            if week == NEWEST:  # most titles are in the index, the newest not yet
                make_talk(session, id=10_000)
        return Schedule(store, group.id, tuple(talks))


@given(words=st.lists(WORDS, min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_found_are_the_newest_talks_that_have_each_of_the_words(
    schedule: Schedule, clock: MovableClock, words: list[str]
) -> None:
    with schedule.store.reading() as session:
        found = queries.find(session, schedule.group_id, " ".join(words), clock.now())
    having = [held.talk_id for held in schedule.talks if all(held.has(word) for word in words)]
    assert [one.talk.id for one in found] == having[: queries.MOST_FOUND + 1]


@pytest.fixture(name="odd_group")
def _odd_group(sqlite_store: Store) -> int:
    """The id of a group with older talks than are looked at first, all but a few in the index."""
    with sqlite_store.writing() as session:
        term = make_term(session)
        for week, title in enumerate(ODD_TITLES):
            meeting = make_meeting(session, term, date=FIRST + timedelta(weeks=week))
            make_talk(session, make_slot(session, meeting), title=title, venue=None, year=None)
            if week == 90:
                make_talk(session, id=10_000)
        return term.group_id


@given(words=st.lists(ODD_WORDS, min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_index_of_titles_changes_no_answer(
    sqlite_store: Store, odd_group: int, clock: MovableClock, words: list[str]
) -> None:
    with sqlite_store.reading() as session, pytest.MonkeyPatch.context() as patch:
        asked = " ".join(words)
        found = queries.find(session, odd_group, asked, clock.now())
        patch.setattr(trigrams, "are_few", lambda *_: False)
        assert found == queries.find(session, odd_group, asked, clock.now())


def test_a_word_that_is_nowhere_takes_four_statements(
    sqlite_store: Store, odd_group: int, clock: MovableClock
) -> None:
    with sqlite_store.reading() as session, statements.noted() as said:
        assert queries.find(session, odd_group, "nowhere zork", clock.now()) == ()
    assert len([sql for sql, _ in said if "FROM" in sql]) == 4


@pytest.mark.parametrize("meetings", [1, NEWEST, NEWEST + 1])
def test_the_oldest_talk_of_a_schedule_is_found(
    store: Store, clock: MovableClock, meetings: int
) -> None:
    with store.writing() as session:
        term = make_term(session)
        group = session.get_one(Group, term.group_id)
        oldest, *_ = (
            make_meeting(session, term, date=FIRST + timedelta(weeks=week))
            for week in range(meetings)
        )
        talk = make_talk(session, make_slot(session, oldest), title="On Doors", venue="Old Hall")
        make_presenter(session, talk, make_member(session, group, name="Zoe"))
        for word in ("doors", "hall", "zoe"):
            (found,) = queries.find(session, group.id, word, clock.now())
            assert found.talk.id == talk.id


def test_no_venue_of_a_group_hides_another(store: Store, clock: MovableClock) -> None:
    venues = (None, "", "1st", "ACM", "arXiv", "Ärzte", "SOSP", "sosp", "~", "存", None, "ACM")
    with store.writing() as session:
        make_talk(session, venue="Elsewhere")
        meeting = make_meeting(session)
        for venue in venues:
            make_talk(session, make_slot(session, meeting), title="", venue=venue)
        for word in ("1s", "acm", "XIV", "Ärz", "sosp", "~", "存", "elsewhere"):
            found = queries.find(session, meeting.group_id, word, clock.now())
            having = [venue for venue in venues if venue and word.lower() in venue.lower()]
            assert [one.talk.venue for one in found] == having
