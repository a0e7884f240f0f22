"""What was told and changed, and what to make of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the change in this audit entry."""

    group_id: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class ShowLog:
    group_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class ShowDeliveries:
    """A page of the ledger: what is to come from 0 on, what was due from -1 back."""

    group_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class PostMessage:
    """Post what the draft says at this time, in minutes since 1970; 0 for now."""

    group_id: int
    draft_id: int
    minute: int


@dataclass(frozen=True, slots=True)
class TakeBackMessage:
    """Do not post it after all."""

    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class Arrived:
    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class SendAgain:
    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class TakePage:
    """The page is right, not the schedule, in what this delivery asks about."""

    group_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class KeepSchedule:
    """The schedule is right, not the page."""

    group_id: int
    delivery_id: int
