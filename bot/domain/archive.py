"""All that a group's site, calendar and feeds tell: its terms, and when what was changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from bot.domain.views import GroupView, MeetingView

_GROUPS = UUID("5145de1b-bd26-4c20-bfb4-57e98baa5710")


class ArchivedTerm(NamedTuple):
    """`requirements` and `other_information` are in Markdown; `meetings` has the newest first."""

    id: int
    title: str
    requirements: str
    other_information: str
    meetings: tuple[MeetingView, ...]

    @property
    def past(self) -> frozenset[date]:
        """The days of its meetings that have begun."""
        return frozenset(meeting.date for meeting in self.meetings if meeting.begun)


class Archive(NamedTuple):
    """A group with its terms, newest first. `founded_at` is when the bot came to know the group:
    with the group's id, no other bot's group has the same. `changed_at` says when each meeting, by
    its id, was last changed in any way; `posted_at` when an address was first posted in the chat.
    Links that came with a page have no such time. `authors` are those of a talk's paper, by the
    talk's id, where a catalogue told them."""

    group: GroupView
    founded_at: datetime
    terms: tuple[ArchivedTerm, ...]
    changed_at: Mapping[int, datetime]
    posted_at: Mapping[str, datetime]
    authors: Mapping[int, tuple[str, ...]]

    def current(self, now: datetime) -> ArchivedTerm | None:
        """The term of the next meeting, or else the newest; `None` while there is none."""
        following = self.next_meeting(now)
        return next(
            (term for term in self.terms if following in term.meetings),
            next(iter(self.terms), None),
        )

    def next_meeting(self, now: datetime) -> MeetingView | None:
        """The first meeting that is not over and not cancelled."""
        coming = [
            meeting
            for term in self.terms
            for meeting in term.meetings
            if meeting.ends_at > now and not meeting.is_cancelled
        ]
        return min(coming, key=lambda meeting: meeting.starts_at, default=None)

    def place_of(self, meeting: MeetingView) -> str | None:
        return meeting.place or self.group.place

    def identity(self, what: str) -> UUID:
        """What calendars and feed readers know something of the group by ("meeting 41"): always the
        same, and that of no other group's."""
        return uuid5(_GROUPS, f"{what} of group {self.group.id} of {self.founded_at.isoformat()}")
