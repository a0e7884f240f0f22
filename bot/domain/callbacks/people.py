"""Who is who, who waits, and who agrees."""

from typing import NamedTuple


class Identify(NamedTuple):
    """Say that one is the member of this name."""

    group_id: int
    name_id: int


class AssignTo(NamedTuple):
    """Give the draft's slot to this member; for `member_id` 0, to a new one of the draft's name."""

    group_id: int
    draft_id: int
    member_id: int


class WaitFor(NamedTuple):
    """Join the slot's waiting list, or the term's for `slot_id` 0."""

    group_id: int
    slot_id: int


class StopWaiting(NamedTuple):
    """Leave a waiting list."""

    group_id: int
    wait_id: int


class Agree(NamedTuple):
    """Yes to a request."""

    group_id: int
    request_id: int


class Decline(NamedTuple):
    """No to a request."""

    group_id: int
    request_id: int


class Withdraw(NamedTuple):
    """The asker takes a request back."""

    group_id: int
    request_id: int


class AcceptOffer(NamedTuple):
    group_id: int
    offer_id: int


class RefuseOffer(NamedTuple):
    group_id: int
    offer_id: int
