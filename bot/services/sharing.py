"""Talks that somebody may share in any chat: those of the groups that know their account."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.domain.views import FoundTalk, GroupView
from bot.services import groups, queries

PAGE_SIZE = 20
"""Talks offered at once; a phone asks for more when people scroll."""

FARTHEST = 200
"""How far they may scroll: nobody looks for a talk there, and each page is found anew."""


class Shared(NamedTuple):
    group: GroupView
    found: FoundTalk


class Offered(NamedTuple):
    """A page of talks; `following` is where the next one begins, `None` after the last. For whom no
    group `knows` there is nothing."""

    talks: tuple[Shared, ...]
    following: int | None
    knows: bool


def offered(
    session: Session, telegram_id: int, words: str, now: datetime, offset: int = 0
) -> Offered:
    """What matches the words, newest first, in all groups of this account; without words what is
    to come, soonest first. A title that is nearly the words counts when nothing else does."""
    known = groups.of_account(session, telegram_id)
    most = min(max(offset, 0), FARTHEST) + PAGE_SIZE
    found = [
        Shared(group, one) for group in known for one in _found(session, group, words, now, most)
    ]
    found.sort(key=lambda one: one.found.meeting.starts_at, reverse=bool(words))
    page = tuple(found[most - PAGE_SIZE : most])
    more = len(found) > most and most <= FARTHEST
    return Offered(page, most if more else None, bool(known))


def _found(
    session: Session, group: GroupView, words: str, now: datetime, most: int
) -> tuple[FoundTalk, ...]:
    if not words:
        return queries.coming_talks(session, group.id, now, most)
    found = queries.find(session, group.id, words, now, most)
    return found or queries.alike(session, group.id, words, now)
