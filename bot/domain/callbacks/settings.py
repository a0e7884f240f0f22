"""What a group and its members choose."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetRule:
    """Switch the selection rule on or off."""

    group_id: int
    on: int


@dataclass(frozen=True, slots=True)
class SetSupporters:
    group_id: int
    most: int


@dataclass(frozen=True, slots=True)
class SetFillDays:
    """Fill open slots by turn so many days before a meeting; 0 for never."""

    group_id: int
    days: int


@dataclass(frozen=True, slots=True)
class ShowReminder:
    """The choices for one of the group's messages, by its place; the whole page for -1."""

    group_id: int
    place: int


@dataclass(frozen=True, slots=True)
class SetReminder:
    """One of the choices, by its place."""

    group_id: int
    place: int
    choice: int


@dataclass(frozen=True, slots=True)
class SetHearing:
    """What a member hears in private, so many `hours` before: the sum of `OWN`, `EVERY` and
    `MUTED`."""

    group_id: int
    wants: int
    hours: int


OWN, EVERY, MUTED = 1, 2, 4


@dataclass(frozen=True, slots=True)
class ShowHosts:
    group_id: int


@dataclass(frozen=True, slots=True)
class RemoveHost:
    """Ask again before a link to the site of this number is posted."""

    group_id: int
    number: int
