"""A talk, from its claim to its release."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Book:
    """Take this slot for the paper in the draft."""

    group_id: int
    draft_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class Take:
    """Take this open slot; the paper is named later. `below` is 1 where the button's message stays
    as it is and the answer comes below it."""

    group_id: int
    slot_id: int
    below: int


@dataclass(frozen=True, slots=True)
class Sure:
    """Book the draft although its paper was there before."""

    group_id: int
    draft_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class NeverMind:
    """Forget the draft."""

    group_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Ask for another title or link for the talk in this slot."""

    group_id: int
    slot_id: int
    talk_id: int


@dataclass(frozen=True, slots=True)
class Support:
    """Join the talk in this slot as a supporter."""

    group_id: int
    slot_id: int
    talk_id: int


@dataclass(frozen=True, slots=True)
class ShowTalk:
    """Show what its presenter can do with the talk in this slot."""

    group_id: int
    slot_id: int
    talk_id: int


@dataclass(frozen=True, slots=True)
class ShowSupporters:
    group_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class RemoveSupporter:
    group_id: int
    slot_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class MakeMain:
    """Let this supporter and the main presenter change roles."""

    group_id: int
    slot_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class SwapWith:
    """Ask for this other slot in exchange; for `other_id` 0, offer those there are."""

    group_id: int
    slot_id: int
    other_id: int


@dataclass(frozen=True, slots=True)
class HandOverTo:
    """Ask this member to take the talk over; for `member_id` 0, offer those there are."""

    group_id: int
    slot_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class Release:
    """Give this slot back."""

    group_id: int
    slot_id: int
