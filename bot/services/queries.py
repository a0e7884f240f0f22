"""Questions about the schedule. All are reads, with a number of statements that does not
depend on how long the schedule is."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from bot.domain import likeness, titles
from bot.domain.dates import Days
from bot.domain.views import FoundTalk, MeetingView, ScheduleView
from bot.services.meetings import load, views
from storage.enums import MeetingStatus
from storage.models import Meeting, Member, Presenter, Slot, Talk
from storage.queries import schedule as rows
from storage.queries import search

PAGE_SIZE = 4
"""Meetings in one message of `/schedule`: what a phone shows without much scrolling."""

MOST_FOUND = 10
"""Talks in one answer to `/find` and `/mine`."""

MOST_COMPARED = 250
"""Talks whose titles are compared one by one: four years of a group that reads two papers a week in
term."""

LONGEST_MEETING = timedelta(days=1)
"""The settings allow twelve hours."""

SOME_YEARS = timedelta(days=5 * 365)
"""How far from today a date without a year may be meant."""

_A_TO_Z = str.maketrans(ascii_uppercase, ascii_lowercase)
_SIGNS = re.compile("[%_/]")


def next_meeting(session: Session, group_id: int, now: datetime) -> MeetingView | None:
    """The first meeting that is not over and not cancelled."""
    found = load(
        session,
        group_id,
        now,
        *_not_over(now),
        Meeting.status == MeetingStatus.PLANNED,
        limit=1,
    )
    return found[0] if found else None


def schedule(session: Session, group_id: int, now: datetime, offset: int = 0) -> ScheduleView:
    """`PAGE_SIZE` meetings from the `offset`-th page on: 0 begins with the next meeting, -1 is
    the page before it."""
    ahead = offset >= 0
    skip = PAGE_SIZE * (offset if ahead else -offset - 1)
    found = load(
        session,
        group_id,
        now,
        *(_not_over(now) if ahead else (Meeting.ends_at <= now,)),
        newest_first=not ahead,
        skip=skip,
        limit=PAGE_SIZE + 1,
    )
    more = len(found) > PAGE_SIZE
    shown = found[:PAGE_SIZE]
    if ahead:
        earlier = offset > 0 or _exists(session, group_id, Meeting.ends_at <= now)
        return ScheduleView(tuple(shown), offset, earlier, later=more)
    later = offset < -1 or _exists(session, group_id, *_not_over(now))
    return ScheduleView(tuple(reversed(shown)), offset, earlier=more, later=later)


def page_with(session: Session, group_id: int, day: date, now: datetime) -> int:
    """The page of `schedule` that has the first meeting from this day on; the last page where
    there is none."""
    if over := _number(session, group_id, Meeting.date >= day, Meeting.ends_at <= now):
        return -1 - (over - 1) // PAGE_SIZE
    before = _number(session, group_id, Meeting.date < day, *_not_over(now))
    last = max(0, _number(session, group_id, *_not_over(now)) - 1)
    return min(before, last) // PAGE_SIZE


def meeting_on(session: Session, group_id: int, day: date, now: datetime) -> MeetingView | None:
    found = views(session, rows.on_day(session, group_id, day), now)
    return found[0] if found else None


def meeting(session: Session, group_id: int, meeting_id: int, now: datetime) -> MeetingView | None:
    found = views(session, rows.of_meeting(session, group_id, meeting_id), now)
    return found[0] if found else None


def days(session: Session, group_id: int, now: datetime, near: date | None = None) -> Days:
    """When all the group's meetings are, or those some years around a day, so that "jan 13" can
    mean one of them."""
    first, last = (near - SOME_YEARS, near + SOME_YEARS) if near else (date.min, date.max)
    found = rows.dates(session, group_id, first, last, now)
    return Days(tuple([row.date for row in found]), tuple([row.date for row in found if row.ahead]))


def coming_meetings(
    session: Session, group_id: int, now: datetime, *conditions: ColumnElement[bool], most: int
) -> tuple[MeetingView, ...]:
    """The next meetings that begin and take place and meet all `conditions`, soonest first."""
    return load(
        session,
        group_id,
        now,
        Meeting.starts_at > now,
        Meeting.status == MeetingStatus.PLANNED,
        *conditions,
        limit=most,
    )


def open_meetings(session: Session, group_id: int, now: datetime) -> tuple[MeetingView, ...]:
    """The coming meetings that have an open slot, soonest first."""
    is_open = exists().where(
        Slot.meeting_id == Meeting.id, ~exists().where(Talk.slot_id == Slot.id).correlate(Slot)
    )
    return coming_meetings(session, group_id, now, is_open.correlate(Meeting), most=2 * PAGE_SIZE)


def find(
    session: Session, group_id: int, words: str, now: datetime, most: int = MOST_FOUND
) -> tuple[FoundTalk, ...]:
    """Talks in which each of the words is part of the title, the venue or a presenter's name,
    newest first; at most `most` and one more, which tells that there are others."""
    # The longest is in the fewest talks, so it is asked for first.
    asked = [
        _asked(number, word)
        for number, word in enumerate(sorted(words.split(), key=len, reverse=True))
    ]
    if not asked:
        return ()
    shapes = [shape for shape, _ in asked]
    values = {name: value for _, given in asked for name, value in given.items()}
    slot_ids = search.slots(session, group_id, shapes, values, most + 1)
    return _in_slots(session, group_id, slot_ids, now)


def alike(session: Session, group_id: int, title: str, now: datetime) -> tuple[FoundTalk, ...]:
    """Talks whose title is nearly this one, of the `MOST_COMPARED` newest, newest first; bounded
    like `find`."""
    titled = search.newest_titles(session, group_id, MOST_COMPARED)
    near = likeness.nearest_titles(title, [row.title for row in titled])[: MOST_FOUND + 1]
    return _in_slots(session, group_id, [titled[number].id for number in near], now)


def coming_talks(
    session: Session, group_id: int, now: datetime, most: int
) -> tuple[FoundTalk, ...]:
    """The talks of the next meetings, soonest first; bounded like `find`."""
    meetings = load(
        session,
        group_id,
        now,
        *_not_over(now),
        Meeting.status == MeetingStatus.PLANNED,
        limit=most + 1,
    )
    talks = [FoundTalk(one, slot) for one in meetings for slot in one.slots if slot.talk]
    return tuple(talks[: most + 1])


def talks_of(
    session: Session, group_id: int, telegram_id: int, now: datetime
) -> tuple[FoundTalk, ...]:
    """The talks that this account gives or supports, newest first; bounded like `find`."""
    gives = exists().where(
        Presenter.talk_id == Talk.id,
        Presenter.member_id == Member.id,
        Member.telegram_id == telegram_id,
    )
    slot_ids = session.scalars(
        select(Slot.id)
        .join(Talk, Talk.slot_id == Slot.id)
        .join(Meeting, Meeting.id == Slot.meeting_id)
        .where(Talk.group_id == group_id, gives.correlate(Talk))
        .order_by(Meeting.date.desc(), Slot.position)
        .limit(MOST_FOUND + 1)
    ).all()
    return _in_slots(session, group_id, slot_ids, now)


def of_slot(session: Session, group_id: int, slot_id: int, now: datetime) -> FoundTalk | None:
    """A slot of this group, open or not, with its meeting."""
    found = views(session, rows.of_slot(session, group_id, slot_id), now)
    if not found:
        return None
    return next(FoundTalk(found[0], slot) for slot in found[0].slots if slot.id == slot_id)


def all_meetings(
    session: Session, group_id: int, term_id: int, now: datetime
) -> tuple[MeetingView, ...]:
    """A whole term, newest first, as the page has it."""
    return load(session, group_id, now, Meeting.term_id == term_id, newest_first=True)


def _asked(number: int, word: str) -> tuple[search.Word, dict[str, Any]]:
    """What is asked of a statement with the word at this place, and its values."""
    venue, year = titles.parse_venue(word)
    spelled = _spelled(word)
    values: dict[str, Any] = {f"word_{number}_{place}": one for place, one in enumerate(spelled)}
    of_venue: list[str] = []
    if venue is not None and year is not None:  # "SOSP'25", as the answers write it
        of_venue = _spelled(venue)
    elif re.fullmatch("(?:19|20)[0-9]{2}", word):
        year = int(word)
    if year is not None:
        values[f"year_{number}"] = year
    values |= {f"venue_{number}_{place}": one for place, one in enumerate(of_venue)}
    escaped = any("/" in pattern for pattern in (*spelled, *of_venue))
    return search.Word(len(spelled), len(of_venue), year is not None, escaped), values


def _spelled(word: str) -> list[str]:
    """Patterns of whatever has `word` in it. A database surely folds only A to Z, so of other
    letters the usual spellings are tried."""
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    plain = {spelling.translate(_A_TO_Z) for spelling in spellings}
    return ["%" + _SIGNS.sub(r"/\g<0>", spelling) + "%" for spelling in sorted(plain)]


def _in_slots(
    session: Session, group_id: int, slot_ids: Sequence[int], now: datetime
) -> tuple[FoundTalk, ...]:
    if not slot_ids:
        return ()
    by_slot = {
        slot.id: FoundTalk(found, slot)
        for found in views(session, rows.of_slots(session, group_id, slot_ids), now)
        for slot in found.slots
    }
    return tuple(by_slot[slot_id] for slot_id in slot_ids)


def _not_over(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The index is on the start, so the years before are not looked through."""
    return Meeting.starts_at > now - LONGEST_MEETING, Meeting.ends_at > now


def _number(session: Session, group_id: int, *conditions: ColumnElement[bool]) -> int:
    there = select(func.count()).select_from(Meeting)
    return session.scalar(there.where(Meeting.group_id == group_id, *conditions)) or 0


def _exists(session: Session, group_id: int, *conditions: ColumnElement[bool]) -> bool:
    there = select(exists().where(Meeting.group_id == group_id, *conditions))
    return session.scalar(there) or False
