"""What a group and its members choose."""

from typing import NamedTuple


class SetRule(NamedTuple):
    """Switch the selection rule on or off."""

    group_id: int
    on: int


class SetSupporters(NamedTuple):
    group_id: int
    most: int


class SetFillDays(NamedTuple):
    """Fill open slots by turn so many days before a meeting; 0 for never."""

    group_id: int
    days: int


class ShowReminder(NamedTuple):
    """The choices for one of the group's messages, by its place; the whole page for -1."""

    group_id: int
    place: int


class SetReminder(NamedTuple):
    """One of the choices, by its place."""

    group_id: int
    place: int
    choice: int


class SetHearing(NamedTuple):
    """What a member hears in private, so many `hours` before: the sum of `OWN`, `EVERY` and
    `MUTED`."""

    group_id: int
    wants: int
    hours: int


OWN, EVERY, MUTED = 1, 2, 4


class ShowHosts(NamedTuple):
    group_id: int


class RemoveHost(NamedTuple):
    """Ask again before a link to the site of this number is posted."""

    group_id: int
    number: int
