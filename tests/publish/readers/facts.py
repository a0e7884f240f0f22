"""A page's facts, a line for each, for comparing them by eye."""

from collections.abc import Iterable
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.page import Page, PageLink, PageMeeting, PageSlot, Problem
from bot.domain.titles import format_venue
from bot.publish.readers.calendars import Usual
from bot.publish.readers.formats import Understood, understand
from storage.enums import MeetingKind

PAGES = Path(__file__).parents[2] / "data" / "pages"
USUAL = Usual(ZoneInfo("Asia/Shanghai"), time(19))


def read(text: str | bytes, name: str = "page.md", term: str | None = "2025 Fall") -> Understood:
    data = text.encode() if isinstance(text, str) else text
    return understand(name, data, term, lambda: USUAL)


def facts_in(text: str | bytes, name: str = "page.md", term: str | None = "2025 Fall") -> list[str]:
    """The facts of a file's only term, without problems."""
    (parsed,) = read(text, name, term).pages
    assert said(parsed.problems) == []
    return facts(parsed.page)


def facts(page: Page) -> list[str]:
    """Oldest first: `2025-09-02 [SOSP'25] Jenga <url> | Ann, Bo (USTC) | slides jenga.pdf`."""
    return [line for meeting in reversed(page.meetings) for line in _meeting(meeting)]


def said(found: Iterable[Problem]) -> list[str]:
    return [f"{one.line}: {one.reason}" for one in found]


def _meeting(meeting: PageMeeting) -> list[str]:
    head = f"{meeting.date}"
    marks = ["special"] if meeting.kind is MeetingKind.SPECIAL else []
    marks += ["cancelled"] if meeting.cancelled else []
    lines = []
    if marks or meeting.links or not meeting.slots:
        title = f": {meeting.title}" if meeting.title else ""
        lines.append(f"{head} {' '.join(marks)}{title}{_links(meeting.links)}")
    return lines + [f"{head} {_slot(slot)}" for slot in meeting.slots]


def _slot(slot: PageSlot) -> str:
    topic = f"{slot.topic}: " if slot.topic else ""
    talk = slot.talk
    if talk is None:
        return f"{topic}open"
    venue = f"[{format_venue(talk.venue, talk.year)}] " if talk.venue else ""
    url = f" <{talk.url}>" if talk.url else ""
    names = ", ".join(
        f"{one.name} ({one.affiliation})" if one.affiliation else one.name
        for one in talk.presenters
    )
    people = f" | {names}" if names else ""
    return f"{topic}{venue}{talk.title}{url}{people}{_links(talk.links)}"


def _links(links: Iterable[PageLink]) -> str:
    return "".join(f" | {link.label or link.kind.value} {link.url}" for link in links)
