"""What a term comes to: how far it is, and what it was when it is over."""

from collections import Counter
from collections.abc import Iterable

from bot.domain.views import MeetingView, TalkView, TermSum
from storage.enums import LinkKind, MeetingStatus

MOST_NAMED = 3
"""Presenters with the most talks; with those who have as many as the last of them, if they are
not all too `MANY`."""

MANY = 8


def summed_up(meetings: Iterable[MeetingView]) -> TermSum:
    ordered = sorted(meetings, key=lambda one: one.starts_at)
    # A meeting that is on now is no more to come.
    planned = [one for one in ordered if one.status is MeetingStatus.PLANNED and not one.begun]
    held = [one for one in ordered if one.begun and not one.is_cancelled]
    given = [talk for one in held for talk in _talks(one)]
    missing = tuple(one for one in held if one.lacking(LinkKind.VIDEO))
    lacking = sum(len(one.lacking(LinkKind.VIDEO)) for one in missing)
    return TermSum(
        held=len(held),
        coming=len(planned),
        cancelled=sum(one.is_cancelled for one in ordered),
        next=planned[0] if planned else None,
        open_slots=sum(len(one.open_slots) for one in planned),
        talks=len(given),
        presenters=_with_the_most(given),
        venues=_counted(talk.venue for talk in given if talk.venue),
        videos=len(given) - lacking,
        missing=missing,
    )


def _talks(meeting: MeetingView) -> list[TalkView]:
    return [slot.talk for slot in meeting.slots if slot.talk is not None]


def _with_the_most(talks: Iterable[TalkView]) -> tuple[tuple[str, int], ...]:
    names = {talk.main.member_id: talk.main.name for talk in talks if talk.main is not None}
    by_member = Counter(talk.main.member_id for talk in talks if talk.main is not None)
    ordered = sorted(by_member.items(), key=lambda one: (-one[1], names[one[0]].casefold()))
    least = min((count for _, count in ordered[:MOST_NAMED]), default=0)
    # A single talk is nothing special.
    most = [(names[member], count) for member, count in ordered if count >= max(least, 2)]
    return tuple(most[:MANY])


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(words).items(), key=lambda one: (-one[1], one[0].casefold())))
