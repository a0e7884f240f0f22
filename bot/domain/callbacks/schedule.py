"""What is on, and about what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShowSchedule:
    group_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class ShowStats:
    """The statistics of one term, or of all for `term_id` 0."""

    group_id: int
    term_id: int


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """A chapter of `/help`, by its place."""

    group_id: int
    place: int


@dataclass(frozen=True, slots=True)
class ChooseGroup:
    group_id: int
