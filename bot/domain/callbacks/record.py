"""What was told and changed, and what to make of it."""

from typing import NamedTuple


class Undo(NamedTuple):
    """Take back the change in this audit entry."""

    group_id: int
    entry_id: int


class ShowLog(NamedTuple):
    group_id: int
    offset: int


class ShowDeliveries(NamedTuple):
    """A page of the ledger: what is to come from 0 on, what was due from -1 back."""

    group_id: int
    offset: int


class PostMessage(NamedTuple):
    """Post what the draft says at this time, in minutes since 1970; 0 for now."""

    group_id: int
    draft_id: int
    minute: int


class TakeBackMessage(NamedTuple):
    """Do not post it after all."""

    group_id: int
    delivery_id: int


class Arrived(NamedTuple):
    group_id: int
    delivery_id: int


class SendAgain(NamedTuple):
    group_id: int
    delivery_id: int


class TakePage(NamedTuple):
    """The page is right, not the schedule, in what this delivery asks about."""

    group_id: int
    delivery_id: int


class KeepSchedule(NamedTuple):
    """The schedule is right, not the page."""

    group_id: int
    delivery_id: int
