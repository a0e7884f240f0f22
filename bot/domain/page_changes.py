"""What people changed in a page by hand, beside what changed in the schedule since it was written.

A three-way look: the page as it was written last (`base`), as it is now, and what the schedule
says. All three are to be tidy (see `bot.publish.markdown`). Each fact is looked at by itself: a
title, a presenter list, a link. Where only one side changed, that side is right; where both did,
or where a page may not decide (it drops a talk that somebody gives), it is a clash.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import TypeVar

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.papers import identity
from bot.domain.titles import format_venue

MAX_SHOWN = 60
"""Characters of a text in a clash's sentence."""

Fact = TypeVar("Fact")


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


def merge(base: Page, page: Page, schedule: Page, *, page_wins: bool = False) -> Merged:
    """Both sides' changes since `base`. With `page_wins` the page decides where they clash."""
    if page.title != base.title:
        told = f"The title is “{_short(page.title)}” on the page, “{_short(schedule.title)}” here."
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


@dataclass(slots=True)
class _Merger:
    page_wins: bool
    clashes: list[str] = field(default_factory=list)

    def merge(self, base: Page, page: Page, schedule: Page) -> Merged:
        requirements = self._fact(
            "The requirements", base.requirements, page.requirements, schedule.requirements
        )
        other = self._fact(
            "The other information",
            base.other_information,
            page.other_information,
            schedule.other_information,
        )
        before, there, here = (
            {one.date: one for one in side.meetings} for side in (base, page, schedule)
        )
        moves = self._moves(before, there, here)
        meetings = self._meetings(before, there, here, moves)
        whole = Page(schedule.title, requirements, other, meetings)
        made = tuple(Move(day, to) for day, to in moves.items() if day in here)
        return Merged(whole, made, tuple(self.clashes))

    def _moves(
        self,
        base: dict[date, PageMeeting],
        page: dict[date, PageMeeting],
        schedule: dict[date, PageMeeting],
    ) -> dict[date, date]:
        """Where meetings are on the page that stand under another date and can be told by their
        talks."""
        gone = [one for day, one in base.items() if day not in page]
        new = [one for day, one in page.items() if day not in base and day not in schedule]
        moves = {}
        for meeting in gone:
            same = [one for one in new if _name(one) == _name(meeting)]
            alike = [one for one in gone if _name(one) == _name(meeting)]
            if len(same) == 1 and len(alike) == 1:
                moves[meeting.date] = same[0].date
        return moves

    def _meetings(
        self,
        base: dict[date, PageMeeting],
        page: dict[date, PageMeeting],
        schedule: dict[date, PageMeeting],
        moves: dict[date, date],
    ) -> tuple[PageMeeting, ...]:
        found: list[PageMeeting | None] = []
        for day in sorted({*base, *page, *schedule} - set(moves.values()), reverse=True):
            here = schedule.get(day)
            if day not in moves:
                found.append(self._meeting(day, base.get(day), page.get(day), here))
            elif here is not None:
                both = self._both(day, base[day], page[moves[day]], here)
                found.append(both._replace(date=moves[day]))
            else:
                self._clash(
                    f"{where(day)} is on {where(moves[day])} on the page, and is not in the "
                    "schedule."
                )
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
            self._clash(f"{where(day)} is not on the page any more.")
            return schedule._replace(cancelled=True) if self.page_wins else schedule
        if page is None or (schedule is None and base is None):
            return page
        if schedule is None:
            self._clash(f"{where(day)} was changed on the page, and is not in the schedule.")
            return None
        return self._both(day, base or PageMeeting(day), page, schedule)

    def _both(
        self, day: date, base: PageMeeting, page: PageMeeting, schedule: PageMeeting
    ) -> PageMeeting:
        kind, title = self._fact(
            f"{where(day)}, kind and title",
            (base.kind, base.title),
            (page.kind, page.title),
            (schedule.kind, schedule.title),
            lambda one: one[1] or one[0].value,
        )
        # Of yes and no, two sides that both changed it have made the same.
        cancelled = schedule.cancelled if page.cancelled == base.cancelled else page.cancelled
        slots = self._slots(day, base.slots, page.slots, schedule.slots)
        links = self._links(where(day), base.links, page.links, schedule.links)
        return PageMeeting(day, slots, kind, title, cancelled, links)

    def _slots(
        self,
        day: date,
        base: tuple[PageSlot, ...],
        page: tuple[PageSlot, ...],
        schedule: tuple[PageSlot, ...],
    ) -> tuple[PageSlot, ...]:
        if len({len(base), len(page), len(schedule)}) == 3:
            self._clash(
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
                self._clash(f"{told}: “{_short(schedule.talk.title)}” is not on the page any more.")
            drops = schedule.talk is None or self.page_wins
            return None if drops else schedule
        if page is None or (schedule is None and base is None):
            return page
        if schedule is None:
            self._clash(f"{told} was changed on the page, and is not in the schedule.")
            return None
        before = base or PageSlot()
        topic = self._fact(f"{told}, heading", before.topic, page.topic, schedule.topic)
        return PageSlot(topic, self._talk(told, before.talk, page.talk, schedule.talk))

    def _talk(
        self, told: str, base: PageTalk | None, page: PageTalk | None, schedule: PageTalk | None
    ) -> PageTalk | None:
        if page in (base, schedule):
            return schedule
        if page is None and schedule is not None:
            self._clash(f"{told}: “{_short(schedule.title)}” is not on the page any more.")
            return None if self.page_wins else schedule
        if page is None or (base is None and schedule is None):
            return page
        if base is None or schedule is None or _is_another(schedule, page):
            said = f"“{_short(schedule.title)}” is" if schedule else "nothing is"
            self._clash(f"{told}: “{_short(page.title)}” is on the page, {said} in the schedule.")
            return page if self.page_wins else schedule
        return self._same_talk(told, base, page, schedule)

    def _same_talk(self, told: str, base: PageTalk, page: PageTalk, schedule: PageTalk) -> PageTalk:
        venue, year = self._fact(
            f"{told}, venue",
            (base.venue, base.year),
            (page.venue, page.year),
            (schedule.venue, schedule.year),
            lambda one: format_venue(*one),
        )
        return PageTalk(
            self._fact(f"{told}, title", base.title, page.title, schedule.title),
            venue,
            year,
            self._fact(f"{told}, link of the paper", base.url, page.url, schedule.url),
            self._fact(
                f"{told}, presenters",
                base.presenters,
                page.presenters,
                schedule.presenters,
                _names,
            ),
            self._links(told, base.links, page.links, schedule.links),
        )

    def _links(
        self,
        told: str,
        base: Iterable[PageLink],
        page: Iterable[PageLink],
        schedule: Iterable[PageLink],
    ) -> tuple[PageLink, ...]:
        """Each link is a fact of its own: both sides may add some and take some away."""
        before, there, here = (
            {(link.kind, link.url): link for link in side} for side in (base, page, schedule)
        )
        kept = {key: link for key, link in here.items() if key in there or key not in before}
        for key, link in there.items():
            if key in kept:
                label = self._fact(
                    f"{told}, name of {link.url}",
                    before[key].label if key in before else None,
                    link.label,
                    kept[key].label,
                )
                kept[key] = kept[key]._replace(label=label)
            elif key not in before:
                kept[key] = link
        return tuple(kept.values())

    def _fact(
        self,
        told: str,
        base: Fact,
        page: Fact,
        schedule: Fact,
        words: Callable[[Fact], str] = lambda fact: str(fact or ""),
    ) -> Fact:
        if page in (base, schedule):
            return schedule
        if schedule == base:
            return page
        shown = [
            f"“{_short(said)}”" if (said := words(one)) else "nothing" for one in (page, schedule)
        ]
        self._clash(f"{told}: {shown[0]} on the page, {shown[1]} in the schedule.")
        return page if self.page_wins else schedule

    def _clash(self, sentence: str) -> None:
        self.clashes.append(sentence)


def _name(meeting: PageMeeting) -> tuple[object, ...]:
    """What a meeting is known by under another date."""
    return meeting.title, *(slot.talk.title if slot.talk else None for slot in meeting.slots)


def _is_another(schedule: PageTalk, page: PageTalk) -> bool:
    """Whether somebody else stands there with another paper: then it is no change of that talk."""
    same = schedule.title == page.title or identity(schedule.url, schedule.title) == identity(
        page.url, page.title
    )
    return not same and _main(schedule.presenters) != _main(page.presenters)


def _main(presenters: tuple[PagePresenter, ...]) -> str | None:
    return presenters[0].name if presenters else None


def _names(presenters: tuple[PagePresenter, ...]) -> str:
    return ", ".join(
        f"{one.name} ({one.affiliation})" if one.affiliation else one.name for one in presenters
    )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= MAX_SHOWN else words[: MAX_SHOWN - 1].rstrip() + "…"
