"""Which slot a member means."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.calendar import local
from bot.domain.claims import Wish, day_behind, names_another_day, read_exchange, read_wish
from bot.domain.dates import Days, find_split, names_another
from bot.domain.patterns import pattern
from bot.domain.views import Actor, FoundTalk, GroupView, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import groups, link_talks, meeting_changes, queries
from storage.enums import LinkKind

# "next" and "tuesday" may as well begin a title.
_IN_FIGURES = pattern(r"\W*(?:\w+\W+)?\d")


def read(
    session: Session,
    group: GroupView,
    words: str,
    now: datetime,
    reader: Callable[[str, date, Sequence[date], Sequence[date]], Wish] = read_wish,
) -> Wish:
    """What the words wish for, as `reader` takes them, on the wall calendar of the group's zone.
    Raises `DomainError` where they name two days, and where they end in one from which the meeting
    was moved."""
    today = local(now, group.zone).date()
    days = queries.days(session, group.id, now, today)
    wish = reader(words, today, *days)
    if names_another_day(wish, today, days.known):
        raise DomainError(Refusal.ONE_DAY)
    if wish.day is None and (behind := day_behind(words, today)):
        _check_not_moved(session, group.id, behind, now)
    return wish


def _no_date(words: str) -> DomainError:
    return DomainError(Refusal.NOT_A_DATE if words.strip() else Refusal.DAY_MISSING)


def day_named(words: str, today: date, days: Days) -> date:
    """The day that the words name anywhere. Raises `DomainError` for no date, and for two."""
    day, rest = find_split(words, today, *days)
    if day is None:
        raise _no_date(words)
    if names_another(rest, day, today, days.known):
        raise DomainError(Refusal.ONE_DAY)
    return day


def meeting_on(session: Session, group_id: int, day: date, now: datetime) -> MeetingView:
    """The group's meeting on this day. Raises `DomainError` when there is none, with where it was
    moved to."""
    meeting = queries.meeting_on(session, group_id, day, now)
    if meeting is None:
        moved = meeting_changes.moved_from(session, group_id, day, now)
        raise DomainError(Refusal.NO_MEETING_THEN, date=day, moved=moved)
    return meeting


def named_among(talks: tuple[FoundTalk, ...], wish: Wish) -> tuple[FoundTalk, ...]:
    """Those of the talks that the date is of, and the slot's number if one of them has it."""
    on_day = tuple(found for found in talks if found.meeting.date == wish.day)
    return tuple(found for found in on_day if found.slot.position == wish.position) or on_day


def own_named(
    session: Session,
    group_id: int,
    talks: tuple[FoundTalk, ...],
    wish: Wish,
    words: str,
    now: datetime,
) -> tuple[FoundTalk, ...]:
    """Like `named_among`, of one's own coming talks: a day without a meeting names none of them.
    Raises `DomainError` for a day from which the meeting was moved, and for one written in figures
    of which the meeting is over or none of one's own."""
    named = named_among(talks, wish)
    if named or wish.day is None:
        return named
    meeting = queries.meeting_on(session, group_id, wish.day, now)
    if meeting is None:
        _check_not_moved(session, group_id, wish.day, now)
    elif talks and _IN_FIGURES.match(words):
        code = Refusal.MEETING_IS_OVER if meeting.begun else Refusal.NOTHING_OF_YOURS
        raise DomainError(code, meeting=meeting)
    return ()


def exchanged(
    session: Session, group: GroupView, talks: tuple[FoundTalk, ...], words: str, now: datetime
) -> tuple[tuple[FoundTalk, ...], str]:
    """Of one's own talks those that are to be given for another one, and the words for that: in
    "jan 13 with jan 20" either day may be one's own."""
    today = local(now, group.zone).date()
    both = read_exchange(words, today, *queries.days(session, group.id, now, today))
    if both is not None:
        (first, its_words), (second, other_words) = both
        for own, wanted in ((first, other_words), (second, its_words)):
            on_day = [one for one in talks if one.meeting.date == own.day]
            if mine := [one for one in on_day if own.position in (None, one.slot.position)]:
                return tuple(mine), wanted
    return talks, words


def _check_not_moved(session: Session, group_id: int, day: date, now: datetime) -> None:
    moved = meeting_changes.moved_from(session, group_id, day, now)
    if moved is not None:
        raise DomainError(Refusal.NO_MEETING_THEN, date=day, moved=moved)


def link_places(
    session: Session, actor: Actor, kind: LinkKind, wish: Wish, now: datetime
) -> tuple[FoundTalk, ...]:
    """The talks that such a link can be for, by what was said. Raises `DomainError` like
    `links.post`."""
    if wish.day is None:
        return link_talks.places(session, actor, kind, now)
    meeting = meeting_on(session, actor.group_id, wish.day, now)
    return link_talks.places_on(actor, kind, meeting, wish.position, now)


def meeting_named(
    session: Session, group_id: int, words: str, now: datetime
) -> tuple[Wish, MeetingView]:
    """What was wished for, and the meeting on the day that the words name. Raises `DomainError`
    for no date, and for one without a meeting."""
    wish = read(session, groups.by_id(session, group_id), words, now)
    if wish.day is None:
        raise _no_date(words)
    return wish, meeting_on(session, group_id, wish.day, now)


def place_named(
    session: Session, group_id: int, words: str, now: datetime
) -> MeetingView | FoundTalk:
    """The meeting that `DATE` names, or with a number its slot. Raises `DomainError` when there is
    none."""
    wish, meeting = meeting_named(session, group_id, words, now)
    if wish.position is None:
        return meeting
    slot = meeting.slot_at(wish.position)
    if slot is None:
        raise DomainError(Refusal.NO_SUCH_SLOT, meeting=meeting)
    return FoundTalk(meeting, slot)


def slot_named(session: Session, group_id: int, words: str, now: datetime) -> FoundTalk:
    """The slot with a talk that `[DATE] [SLOT]` names; without a number the meeting's only one.
    Raises `DomainError` when there is none, or more than one to choose from."""
    place = place_named(session, group_id, words, now)
    if isinstance(place, FoundTalk):
        return place
    talks = [slot for slot in place.slots if slot.talk]
    if len(talks) != 1:
        code = Refusal.WHICH_SLOT if talks else Refusal.OPEN_ALREADY
        raise DomainError(code, meeting=place)
    return FoundTalk(place, talks[0])
