"""What people changed in a page by hand, beside what changed in the schedule since it was written.

A three-way look: the page as it was written last (`base`), as it is now, and what the schedule
says. All three are to be tidy (see `bot.publish.markdown`). Each fact is looked at by itself: a
title, a presenter list, a link. Where only one side changed, that side is right; where both did,
or where a page may not decide (it drops a talk that somebody gives), it is a clash.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from bot.domain.page import Page, PageMeeting, PageSlot
from bot.domain.page_facts import Facts, short


@dataclass(frozen=True, slots=True)
class Move:
    """The page has the meeting of `day` on the day `to`."""

    day: date
    to: date


@dataclass(frozen=True, slots=True)
class Merged:
    """The page that has both sides' changes. `clashes` are sentences; in those facts the schedule
    is right, or the page where it was to win. `takable` says whether the page can win at all."""

    page: Page
    moves: tuple[Move, ...] = ()
    clashes: tuple[str, ...] = ()
    takable: bool = True


@dataclass(frozen=True, slots=True)
class Edit:
    """What a page is to become. `seen` is the term as it was when its file was looked at, and
    `schedule` the same in the page's format. `agreed` says that an organizer wants the page's side
    even where somebody took a talk in the chat."""

    term_id: int
    seen: Page
    schedule: Page
    merged: Merged
    agreed: bool = False

    @property
    def known(self) -> dict[date, PageMeeting]:
        """The schedule's meetings by their dates, those that move by their new ones."""
        to = {move.day: move.to for move in self.merged.moves}
        moved = (one._replace(date=to.get(one.date, one.date)) for one in self.schedule.meetings)
        return {one.date: one for one in moved}


def merge(base: Page, page: Page, schedule: Page, *, page_wins: bool = False) -> Merged:
    """Both sides' changes since `base`. With `page_wins` the page decides where they clash."""
    if page.title != base.title:
        told = f"The title is “{short(page.title)}” on the page, “{short(schedule.title)}” here."
        return Merged(schedule, clashes=(told,), takable=False)
    if base.meetings and not page.meetings:
        return Merged(schedule, clashes=("The page has no meetings any more.",), takable=False)
    return _Merger(page_wins=page_wins).merge(base, page, schedule)


def where(day: date, slot: PageSlot | None = None, position: int = 0) -> str:
    """13 January 2026, Topic II"""
    there = f"{day.day} {day:%B %Y}"
    if slot is None:
        return there
    return f"{there}, {slot.topic or f'slot {position}'}"


Days = dict[date, PageMeeting]
"""One side's meetings by their dates."""


class _Merger(Facts):
    """Looks at two pages meeting by meeting and slot by slot."""

    def merge(self, base: Page, page: Page, schedule: Page) -> Merged:
        requirements = self.fact(
            "The requirements", base.requirements, page.requirements, schedule.requirements
        )
        other = self.fact(
            "The other information",
            base.other_information,
            page.other_information,
            schedule.other_information,
        )
        before, there, here = (
            {one.date: one for one in side.meetings} for side in (base, page, schedule)
        )
        moved = _moves(before, here, there)
        before, there = _follow(before, moved), _follow(there, moved)
        moves = _moves(before, there, here)
        twice = {day: was for was, day in moved.items() if day in moves}
        meetings = self._meetings(before, there, here, moves, twice)
        whole = Page(schedule.title, requirements, other, meetings)
        made = tuple(
            Move(day, to)
            for day, to in moves.items()
            if day in here and (self.page_wins or day not in twice)
        )
        return Merged(whole, made, tuple(self.clashes))

    def _meetings(
        self,
        base: Days,
        page: Days,
        schedule: Days,
        moves: dict[date, date],
        twice: dict[date, date],
    ) -> tuple[PageMeeting, ...]:
        """`moves` are those on the page. A meeting that moved in the schedule as well is one of
        `twice`, with the day on which it was before."""
        found: list[PageMeeting | None] = []
        for day in sorted({*base, *page, *schedule} - set(moves.values()), reverse=True):
            here, to = schedule.get(day), moves.get(day)
            if to is None:
                found.append(self._meeting(day, base.get(day), page.get(day), here))
                continue
            if here is None:
                self.clash(
                    f"{where(day)} is on {where(to)} on the page, and is not in the schedule."
                )
                continue
            both = self._both(day, base[day], page[to], here)
            if day in twice:
                there = f"on {where(to)} on the page, on {where(day)} in the schedule"
                self.clash(f"{where(twice[day])} is {there}.")
            stays = day in twice and not self.page_wins
            found.append(both if stays else both._replace(date=to))
        kept = (meeting for meeting in found if meeting is not None)
        return tuple(sorted(kept, key=lambda meeting: meeting.date, reverse=True))

    def _meeting(
        self,
        day: date,
        base: PageMeeting | None,
        page: PageMeeting | None,
        schedule: PageMeeting | None,
    ) -> PageMeeting | None:
        if page in (base, schedule):
            return schedule
        if page is None and schedule is not None:
            self.clash(f"{where(day)} is not on the page any more.")
            return schedule._replace(cancelled=True) if self.page_wins else schedule
        if page is None or (schedule is None and base is None):
            return page
        if schedule is None:
            self.clash(f"{where(day)} was changed on the page, and is not in the schedule.")
            return None
        return self._both(day, base or PageMeeting(day), page, schedule)

    def _both(
        self, day: date, base: PageMeeting, page: PageMeeting, schedule: PageMeeting
    ) -> PageMeeting:
        kind, title = self.fact(
            f"{where(day)}, kind and title",
            (base.kind, base.title),
            (page.kind, page.title),
            (schedule.kind, schedule.title),
            lambda one: one[1] or one[0].value,
        )
        # Of yes and no, two sides that both changed it have made the same.
        cancelled = schedule.cancelled if page.cancelled == base.cancelled else page.cancelled
        slots = self._slots(day, base.slots, page.slots, schedule.slots)
        links = self.links(where(day), base.links, page.links, schedule.links)
        return PageMeeting(day, slots, kind, title, cancelled, links)

    def _slots(
        self,
        day: date,
        base: tuple[PageSlot, ...],
        page: tuple[PageSlot, ...],
        schedule: tuple[PageSlot, ...],
    ) -> tuple[PageSlot, ...]:
        if len({len(base), len(page), len(schedule)}) == 3:
            self.clash(
                f"{where(day)} has {len(page)} talks on the page, {len(schedule)} in the schedule."
            )
            return page if self.page_wins else schedule
        slots = []
        sides = zip_longest(base, page, schedule)
        for number, (before, there, here) in enumerate(sides, 1):
            told = where(day, here or there or before, number)
            slots.append(self._slot(told, before, there, here))
        return tuple(slot for slot in slots if slot is not None)

    def _slot(
        self, told: str, base: PageSlot | None, page: PageSlot | None, schedule: PageSlot | None
    ) -> PageSlot | None:
        if page in (base, schedule):
            return schedule
        if page is None and schedule is not None:
            if schedule.talk is not None:
                self.clash(f"{told}: “{short(schedule.talk.title)}” is not on the page any more.")
            drops = schedule.talk is None or self.page_wins
            return None if drops else schedule
        if page is None or (schedule is None and base is None):
            return page
        if schedule is None:
            self.clash(f"{told} was changed on the page, and is not in the schedule.")
            return None
        before = base or PageSlot()
        topic = self.fact(f"{told}, heading", before.topic, page.topic, schedule.topic)
        return PageSlot(topic, self.talk(told, before.talk, page.talk, schedule.talk))


def _moves(base: Days, side: Days, other: Days) -> dict[date, date]:
    """Where meetings are on this side that stand under another date than before, and under none of
    the other side's, and can be told by their talks, be it those that the other side has by now."""
    gone = [one for day, one in base.items() if day not in side]
    new = [one for day, one in side.items() if day not in base and day not in other]
    moves = {}
    for meeting in gone:
        known = _name(meeting), _name(other.get(meeting.date, meeting))
        same = [one for one in new if _name(one) in known]
        alike = [one for one in gone if _name(one) == _name(meeting)]
        if len(same) == 1 and len(alike) == 1:
            moves[meeting.date] = same[0].date
    many = Counter(moves.values())
    return {day: to for day, to in moves.items() if many[to] == 1}


def _follow(side: Days, moves: dict[date, date]) -> Days:
    """The same with each meeting under the date to which it moved elsewhere."""
    there = (one._replace(date=moves.get(day, day)) for day, one in side.items())
    return {one.date: one for one in there}


def _name(meeting: PageMeeting) -> tuple[object, ...]:
    """What a meeting is known by under another date."""
    return meeting.title, *(slot.talk.title if slot.talk else None for slot in meeting.slots)
