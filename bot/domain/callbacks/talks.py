"""A talk, from its claim to its release."""

from typing import NamedTuple


class Book(NamedTuple):
    """Take this slot for the paper in the draft."""

    group_id: int
    draft_id: int
    slot_id: int


class Take(NamedTuple):
    """Take this open slot; the paper is named later. `below` is 1 where the button's message stays
    as it is and the answer comes below it."""

    group_id: int
    slot_id: int
    below: int


class Sure(NamedTuple):
    """Book the draft although its paper was there before."""

    group_id: int
    draft_id: int
    slot_id: int


class NeverMind(NamedTuple):
    """Forget the draft."""

    group_id: int
    draft_id: int


class Edit(NamedTuple):
    """Ask for another title or link for the talk in this slot."""

    group_id: int
    slot_id: int
    talk_id: int


class Support(NamedTuple):
    """Join the talk in this slot as a supporter."""

    group_id: int
    slot_id: int
    talk_id: int


class ShowTalk(NamedTuple):
    """Show what its presenter can do with the talk in this slot."""

    group_id: int
    slot_id: int
    talk_id: int


class ShowSupporters(NamedTuple):
    group_id: int
    slot_id: int


class RemoveSupporter(NamedTuple):
    group_id: int
    slot_id: int
    member_id: int


class MakeMain(NamedTuple):
    """Let this supporter and the main presenter change roles."""

    group_id: int
    slot_id: int
    member_id: int


class SwapWith(NamedTuple):
    """Ask for this other slot in exchange; for `other_id` 0, offer those there are."""

    group_id: int
    slot_id: int
    other_id: int


class HandOverTo(NamedTuple):
    """Ask this member to take the talk over; for `member_id` 0, offer those there are."""

    group_id: int
    slot_id: int
    member_id: int


class Release(NamedTuple):
    """Give this slot back, as long as it has this talk."""

    group_id: int
    slot_id: int
    talk_id: int
