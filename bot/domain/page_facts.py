"""A fact on which a page and the schedule may differ: a title, a presenter list, a link."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.page import PageLink, PagePresenter, PageTalk
from bot.domain.papers import identity
from bot.domain.titles import format_venue

MAX_SHOWN = 60
"""Characters of a text in a clash's sentence."""

Fact = TypeVar("Fact")


@dataclass(slots=True)
class Facts:
    """Looks at each fact by itself: what it was, what the page says and what the schedule says.
    Where both changed it that is one of the `clashes`, which are sentences, and the schedule is
    right, or the page with `page_wins`."""

    page_wins: bool
    clashes: list[str] = field(default_factory=list)

    def fact(
        self,
        told: str,
        base: Fact,
        page: Fact,
        schedule: Fact,
        words: Callable[[Fact], str] = lambda fact: str(fact or ""),
    ) -> Fact:
        """What is right; `told` names the fact in a clash's sentence, and `words` are its value."""
        if page in (base, schedule):
            return schedule
        if schedule == base:
            return page
        shown = [
            f"“{short(said)}”" if (said := words(one)) else "nothing" for one in (page, schedule)
        ]
        self.clash(f"{told}: {shown[0]} on the page, {shown[1]} in the schedule.")
        return page if self.page_wins else schedule

    def talk(
        self, told: str, base: PageTalk | None, page: PageTalk | None, schedule: PageTalk | None
    ) -> PageTalk | None:
        if page in (base, schedule):
            return schedule
        if page is None and schedule is not None:
            self.clash(f"{told}: “{short(schedule.title)}” is not on the page any more.")
            return None if self.page_wins else schedule
        if page is None or (base is None and schedule is None):
            return page
        if base is None or schedule is None or _is_another(schedule, page):
            said = f"“{short(schedule.title)}” is" if schedule else "nothing is"
            self.clash(f"{told}: “{short(page.title)}” is on the page, {said} in the schedule.")
            return page if self.page_wins else schedule
        return self._same_talk(told, base, page, schedule)

    def _same_talk(self, told: str, base: PageTalk, page: PageTalk, schedule: PageTalk) -> PageTalk:
        venue, year = self.fact(
            f"{told}, venue",
            (base.venue, base.year),
            (page.venue, page.year),
            (schedule.venue, schedule.year),
            lambda one: format_venue(*one),
        )
        return PageTalk(
            self.fact(f"{told}, title", base.title, page.title, schedule.title),
            venue,
            year,
            self.fact(f"{told}, link of the paper", base.url, page.url, schedule.url),
            self.fact(
                f"{told}, presenters",
                base.presenters,
                page.presenters,
                schedule.presenters,
                _names,
            ),
            self.links(told, base.links, page.links, schedule.links),
        )

    def links(
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
                label = self.fact(
                    f"{told}, name of {link.url}",
                    before[key].label if key in before else None,
                    link.label,
                    kept[key].label,
                )
                kept[key] = kept[key]._replace(label=label)
            elif key not in before:
                kept[key] = link
        return tuple(kept.values())

    def clash(self, sentence: str) -> None:
        self.clashes.append(sentence)


def _is_another(schedule: PageTalk, page: PageTalk) -> bool:
    """Whether somebody else stands there with another paper: then it is no change of that talk."""
    same = schedule.title == page.title or identity(schedule.url, schedule.title) == identity(
        page.url, page.title
    )
    return not same and _main(schedule.presenters) != _main(page.presenters)


def _main(presenters: tuple[PagePresenter, ...]) -> str | None:
    return presenters[0].name if presenters else None


def _names(presenters: tuple[PagePresenter, ...]) -> str:
    return ", ".join(one.in_full for one in presenters)


def short(text: str) -> str:
    """The text in one line, cut where it is longer than a sentence can show."""
    words = " ".join(text.split())
    return words if len(words) <= MAX_SHOWN else words[: MAX_SHOWN - 1].rstrip() + "…"
