"""Slides, videos and summaries."""

from typing import NamedTuple


class PostLink(NamedTuple):
    """Put the draft's link beside one slot of the meeting, or beside all for `slot_id` 0."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


class KnowHost(NamedTuple):
    """Post like `PostLink`, and ask no more about the link's site."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


class KeepFile(NamedTuple):
    """The draft's file holds the slides of the talk in this slot."""

    group_id: int
    draft_id: int
    meeting_id: int
    slot_id: int


class GiveSlides(NamedTuple):
    """Send the slides of the talk in this slot."""

    group_id: int
    slot_id: int
