"""Slides, videos and summaries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostLink:
    """Put the draft's link beside one slot of the meeting, or beside all for `slot_id` 0."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class KnowHost:
    """Post like `PostLink`, and ask no more about the link's site."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class KeepFile:
    """The draft's file holds the slides of the talk in this slot."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


@dataclass(frozen=True, slots=True)
class GiveSlides:
    """Send the slides of the talk in this slot."""

    group_id: int
    slot_id: int
