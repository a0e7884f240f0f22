"""A term's page as data: what an import understood and what an export writes.

It holds what the page says and nothing else: no ids, no instants, no accounts. Two pages are
equal when they state the same facts in the same order.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from storage.enums import LinkKind, MeetingKind, PageChoice, Role


class PagePresenter(NamedTuple):
    name: str
    role: Role
    affiliation: str | None = None

    @property
    def in_full(self) -> str:
        """Mingxuan Liu (Northwestern Polytechnical University)"""
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name


class PageLink(NamedTuple):
    """`label` is what the page calls a link of kind `OTHER`; the other kinds have none."""

    kind: LinkKind
    url: str
    label: str | None = None


class PageTalk(NamedTuple):
    """`presenters` has the main presenter first. `year` is the venue's, in four digits."""

    title: str
    venue: str | None = None
    year: int | None = None
    url: str | None = None
    presenters: tuple[PagePresenter, ...] = ()
    links: tuple[PageLink, ...] = ()


class PageSlot(NamedTuple):
    """One place for a talk. `topic` is its heading, `None` where the page has none;
    `talk` is `None` while the slot is open."""

    topic: str | None = None
    talk: PageTalk | None = None


class PageMeeting(NamedTuple):
    """One date. `title` names a special meeting, or what a cancelled one gave way to."""

    date: date
    slots: tuple[PageSlot, ...] = ()
    kind: MeetingKind = MeetingKind.REGULAR
    title: str | None = None
    cancelled: bool = False
    links: tuple[PageLink, ...] = ()


class Page(NamedTuple):
    """A term's page: its title ("2025 Fall"), two texts in Markdown, and its meetings,
    newest first."""

    title: str
    requirements: str = ""
    other_information: str = ""
    meetings: tuple[PageMeeting, ...] = ()


class Problem(NamedTuple):
    """Something on a page that could not be placed: the line (from 1), its text, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """`problems` are what was not understood. `notes` are of pages in other formats: what a
    schedule has no place for, and how something was understood that is not written out. `text` is
    what was read, where that is a page in the group's own format."""

    page: Page
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    text: str = field(default="", compare=False, repr=False)


class TermState(NamedTuple):
    """A term's page as the schedule has it now, and what is known of its file, as in
    `storage.models.TermPage`; `written` is `None` before the first time. `past` are the days of its
    meetings that have begun."""

    term_id: int
    page: Page
    written: str | None = None
    writing: str | None = None
    conflict: str | None = None
    choice: PageChoice | None = None
    past: frozenset[date] = frozenset()
