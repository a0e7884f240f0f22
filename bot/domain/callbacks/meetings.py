"""A meeting, for organizers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """Cancel the meeting, as long as it is at this revision."""

    group_id: int
    meeting_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class RestoreMeeting:
    """Hold the cancelled meeting after all, as long as it is at this revision."""

    group_id: int
    meeting_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class ShowMeeting:
    """The meeting, with what an organizer can do with it."""

    group_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True)
class AskCancel:
    """Ask whether to cancel the meeting."""

    group_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """Hold the meeting on this day instead, by its ordinal; for `day` 0, offer some."""

    group_id: int
    meeting_id: int
    day: int


@dataclass(frozen=True, slots=True)
class PlaceMeeting:
    """Ask where the meeting is; for `usual` 1 it is where the group always meets."""

    group_id: int
    meeting_id: int
    usual: int


@dataclass(frozen=True, slots=True)
class NameMeeting:
    """Make the meeting one of the special ones, by its place from 1 on, or regular for -1; for
    `choice` 0, offer them."""

    group_id: int
    meeting_id: int
    choice: int


@dataclass(frozen=True, slots=True)
class AddSlot:
    """One more slot, where there are still so many as were `seen`."""

    group_id: int
    meeting_id: int
    seen: int


@dataclass(frozen=True, slots=True)
class DropSlot:
    """Be rid of this open slot; for `slot_id` 0, offer those there are."""

    group_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class AskNewMeeting:
    """Ask when one more meeting is."""

    group_id: int
