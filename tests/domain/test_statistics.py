"""Counting talks."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.statistics import GivenTalk, Statistics, Tally, count, recent

TERMS = ("2025 Spring", "2025 Fall")
ANN, BO = (1, "Ann"), (2, "Bo")

talks = st.lists(
    st.builds(
        GivenTalk,
        st.integers(1, 20),
        st.integers(0, 1),
        st.none() | st.integers(1, 9).map(lambda number: (number, "Ann")),
        st.none() | st.sampled_from(["SOSP", "arXiv"]),
        st.booleans(),
    )
)


def test_nothing_is_counted_as_nothing() -> None:
    assert count((), ()) == Statistics(())
    assert Statistics(()).video_percent == 0
    assert Statistics(()).leaders == ()


def test_members_and_venues_are_counted_by_term_those_with_most_first() -> None:
    counted = count(
        [
            GivenTalk(1, 0, ANN, "SOSP", has_video=True),
            GivenTalk(1, 0, BO, "arXiv", has_video=False),
            GivenTalk(2, 1, BO, "arXiv", has_video=True),
            GivenTalk(3, 1, None, None, has_video=False),
        ],
        TERMS,
    )

    assert counted == Statistics(
        TERMS,
        meetings=3,
        talks=4,
        with_video=2,
        members=(Tally("Bo", (1, 1)), Tally("Ann", (1, 0))),
        venues=(Tally("arXiv", (1, 1)), Tally("SOSP", (1, 0))),
    )
    assert counted.video_percent == 50
    assert counted.leaders == (Tally("Bo", (1, 1)),)


def test_two_people_of_one_name_are_two() -> None:
    both = [GivenTalk(1, 0, (number, "Ann"), None, has_video=False) for number in (1, 2)]

    assert count(both, TERMS[:1]).leaders == (Tally("Ann", (1,)), Tally("Ann", (1,)))


@given(talks)
def test_every_talk_with_a_presenter_and_a_venue_is_in_their_tallies(
    given: list[GivenTalk],
) -> None:
    counted = count(given, TERMS)

    assert sum(one.total for one in counted.members) == sum(talk.main is not None for talk in given)
    assert sum(one.total for one in counted.venues) == sum(talk.venue is not None for talk in given)
    assert all(one.total > 0 for one in (*counted.members, *counted.venues))
    assert 0 <= counted.with_video <= counted.talks == len(given)


@given(st.integers(1, 12), st.integers(2, 6))
def test_older_terms_are_taken_together_and_none_is_lost(terms: int, most: int) -> None:
    tally = Tally("Ann", tuple(range(terms)))
    (shown,) = recent([tally], ("",) * terms, most)

    assert (shown.name, shown.total) == ("Ann", tally.total)
    assert len(shown.by_term) == min(terms, most)
    assert shown.by_term[1:] == tally.by_term[terms - len(shown.by_term) + 1 :]
