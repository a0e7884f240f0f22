"""What is on, and about what."""

from typing import NamedTuple


class ShowSchedule(NamedTuple):
    group_id: int
    offset: int


class ShowStats(NamedTuple):
    """The statistics of one term, or of all for `term_id` 0."""

    group_id: int
    term_id: int


class ShowHelp(NamedTuple):
    """A chapter of `/help`, by its place."""

    group_id: int
    place: int


class ChooseGroup(NamedTuple):
    group_id: int
