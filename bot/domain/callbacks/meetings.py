"""A meeting, for organizers."""

from typing import NamedTuple


class CancelMeeting(NamedTuple):
    """Cancel the meeting, as long as it is at this revision."""

    group_id: int
    meeting_id: int
    revision: int


class RestoreMeeting(NamedTuple):
    """Hold the cancelled meeting after all, as long as it is at this revision."""

    group_id: int
    meeting_id: int
    revision: int


class ShowMeeting(NamedTuple):
    """The meeting, with what an organizer can do with it."""

    group_id: int
    meeting_id: int


class AskCancel(NamedTuple):
    """Ask whether to cancel the meeting."""

    group_id: int
    meeting_id: int


class MoveMeeting(NamedTuple):
    """Hold the meeting on this day instead, by its ordinal; for `day` 0, offer some."""

    group_id: int
    meeting_id: int
    day: int


class PlaceMeeting(NamedTuple):
    """Ask where the meeting is; for `usual` 1 it is where the group always meets."""

    group_id: int
    meeting_id: int
    usual: int


class NameMeeting(NamedTuple):
    """Make the meeting one of the special ones, by its place from 1 on, or regular for -1; for
    `choice` 0, offer them."""

    group_id: int
    meeting_id: int
    choice: int


class AddSlot(NamedTuple):
    """One more slot, where there are still so many as were `seen`."""

    group_id: int
    meeting_id: int
    seen: int


class DropSlot(NamedTuple):
    """Be rid of this open slot; for `slot_id` 0, offer those there are."""

    group_id: int
    meeting_id: int
    slot_id: int


class AskNewMeeting(NamedTuple):
    """Ask when one more meeting is."""

    group_id: int
