"""Who presented how often, and from which venues, over the terms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", int, str)


class GivenTalk(NamedTuple):
    """A talk of a meeting that was held. `term` is its place among the terms, oldest first; `main`
    the id and the name of the main presenter, `None` for nobody."""

    meeting_id: int
    term: int
    main: tuple[int, str] | None
    venue: str | None
    has_video: bool


class Tally(NamedTuple):
    """How many talks a member gave or a venue had, in each of the terms."""

    name: str
    by_term: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.by_term)


class Statistics(NamedTuple):
    """`terms` are titles, oldest first. Members and venues with most talks come first; a talk
    without presenter or venue is in no tally."""

    terms: tuple[str, ...]
    meetings: int = 0
    talks: int = 0
    with_video: int = 0
    members: tuple[Tally, ...] = ()
    venues: tuple[Tally, ...] = ()

    @property
    def video_percent(self) -> int:
        return round(100 * self.with_video / self.talks) if self.talks else 0

    @property
    def leaders(self) -> tuple[Tally, ...]:
        """Those who presented most, who may be several."""
        return tuple(one for one in self.members if one.total == self.members[0].total)


def count(talks: Sequence[GivenTalk], terms: tuple[str, ...]) -> Statistics:
    """Main talks count, as they do for whose turn it is."""
    # The same name may be two people.
    names = {talk.main[0]: talk.main[1] for talk in talks if talk.main}
    members = _tallies(((talk.main[0], talk.term) for talk in talks if talk.main), len(terms))
    venues = _tallies(((talk.venue, talk.term) for talk in talks if talk.venue), len(terms))
    return Statistics(
        terms,
        len({talk.meeting_id for talk in talks}),
        len(talks),
        sum(talk.has_video for talk in talks),
        _most_first(Tally(names[member_id], by_term) for member_id, by_term in members.items()),
        _most_first(Tally(venue, by_term) for venue, by_term in venues.items()),
    )


def _tallies(counted: Iterable[tuple[Key, int]], terms: int) -> dict[Key, tuple[int, ...]]:
    found: dict[Key, Counter[int]] = defaultdict(Counter)
    for key, term in counted:
        found[key][term] += 1
    return {key: tuple(of[term] for term in range(terms)) for key, of in found.items()}


def _most_first(tallies: Iterable[Tally]) -> tuple[Tally, ...]:
    return tuple(sorted(tallies, key=lambda one: (-one.total, one.name)))


def recent(tallies: Sequence[Tally], terms: tuple[str, ...], most: int) -> tuple[Tally, ...]:
    """The tallies with all but the last `most - 1` terms taken together in the first place."""
    early = len(terms) - most + 1
    if early <= 1:
        return tuple(tallies)
    return tuple(
        Tally(one.name, (sum(one.by_term[:early]), *one.by_term[early:])) for one in tallies
    )
