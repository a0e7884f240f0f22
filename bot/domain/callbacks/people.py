"""Who is who, who waits, and who agrees."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identify:
    """Say that one is the member of this name."""

    group_id: int
    name_id: int


@dataclass(frozen=True, slots=True)
class AssignTo:
    """Give the draft's slot to this member; for `member_id` 0, to a new one of the draft's name."""

    group_id: int
    draft_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Join the slot's waiting list, or the term's for `slot_id` 0."""

    group_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class StopWaiting:
    """Leave a waiting list."""

    group_id: int
    wait_id: int


@dataclass(frozen=True, slots=True)
class Agree:
    """Yes to a request."""

    group_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class Decline:
    """No to a request."""

    group_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The asker takes a request back."""

    group_id: int
    request_id: int


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    group_id: int
    offer_id: int


@dataclass(frozen=True, slots=True)
class RefuseOffer:
    group_id: int
    offer_id: int
