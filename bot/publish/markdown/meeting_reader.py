"""One meeting of the page, line by line."""

from dataclasses import dataclass, field
from datetime import date

from bot.domain.page import PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.titles import parse_venue
from bot.publish.markdown import marks
from bot.publish.markdown.page_lines import Line, is_literal
from bot.publish.markdown.page_links import (
    BETWEEN_LINKS,
    announces_links,
    bare_links,
    is_folder,
    is_placeholder,
    is_sign,
    is_usable,
    names_kind,
    read_link,
    starts_with_sign,
)
from bot.publish.markdown.presenters import read_names
from bot.publish.markdown.problems import Problems
from bot.publish.markdown.words import one_line
from storage.enums import LinkKind, MeetingKind, Role

_BEFORE_SIGNS = " \t-–•"


@dataclass(slots=True)
class _Slot:
    number: int
    topic: str | None
    title: str | None = None
    venue: str | None = None
    year: int | None = None
    url: str | None = None
    occasion: bool = False
    presenters: list[PagePresenter] = field(default_factory=list)
    links: list[PageLink] = field(default_factory=list)

    def built(self) -> PageSlot:
        if self.title is None:
            return PageSlot(self.topic)
        talk = PageTalk(
            self.title, self.venue, self.year, self.url, tuple(self.presenters), tuple(self.links)
        )
        return PageSlot(self.topic, talk)


class MeetingReader:
    """Takes a meeting's headings and lines in turn; what it cannot place becomes a problem."""

    def __init__(self, day: date, problems: Problems) -> None:
        self._day = day
        self._problems = problems
        self._kind = MeetingKind.REGULAR
        self._title: str | None = None
        self._cancelled = False
        self._marked = False
        self._links: list[PageLink] = []
        self._slots: list[_Slot] = []
        self._topic: str | None = None
        self._empty_topic: int | None = None

    def topic(self, heading: Line) -> None:
        self._close_topic()
        self._topic = one_line(heading.text) or None
        if self._topic:
            self._empty_topic = heading.number

    def line(self, line: Line) -> None:
        # "-💡", without a blank, is no item of a list to Markdown.
        line = line.after(len(line.mask) - len(line.mask.lstrip(_BEFORE_SIGNS)))
        for link in line.links:
            if link.hover is not None:
                self._problems.add(line.number, "The words in quotes in a link were left out.")
        sign, rest = _signed(line)
        if sign == marks.PAPER:
            self._paper(rest)
        elif sign == marks.PRESENTERS:
            self._presenters(rest)
        elif sign == marks.SPECIAL:
            self._special(rest)
        elif not line.links and (bare := bare_links(line.text)):
            self._place(line.number, bare)
        elif starts_with_sign(line.mask) or announces_links(line):
            self._link_line(line)
        elif line.text:
            self._problems.add(
                line.number, "This line is no paper, presenter, link or special meeting."
            )

    def built(self) -> PageMeeting:
        self._close_topic()
        for slot in self._slots:
            if slot.title is not None and not slot.presenters:
                self._problems.add(slot.number, "This talk has no presenter.")
        only = self._slots[0] if len(self._slots) == 1 else None
        if only and only.occasion and only.topic is None and not self._marked:
            self._kind, self._title = MeetingKind.SPECIAL, only.title
        return PageMeeting(
            self._day,
            tuple(slot.built() for slot in self._slots),
            self._kind,
            self._title,
            self._cancelled,
            tuple(self._links),
        )

    def _close_topic(self) -> None:
        if self._empty_topic is not None:
            self._problems.add(
                self._empty_topic,
                f"This topic has no paper. If it is free, write “{marks.PAPER} {marks.OPEN}”.",
            )
        self._empty_topic = None

    def _paper(self, rest: Line) -> None:
        slot = _Slot(rest.number, self._topic)
        self._slots.append(slot)
        self._empty_topic = None
        if not rest.links and marks.OPEN_WORDS.fullmatch(rest.mask.strip()):
            return
        venue = marks.VENUE.match(rest.mask)
        if venue and rest.text[venue.end() :].strip():
            name = one_line(rest.text[slice(*venue.span(1))])
            slot.venue, slot.year = parse_venue(name)
            rest = rest.after(venue.end())
        slot.title, slot.url = self._titled(rest)
        slot.occasion = (
            slot.venue is None
            and slot.url is None
            and marks.names_an_occasion(slot.title)
            and not is_literal(rest)
        )

    def _titled(self, rest: Line) -> tuple[str, str | None]:
        title, url = one_line(rest.text), None
        if rest.links:
            first, *more = rest.links
            beside = rest.text[: first.start] + rest.text[first.end :]
            if more or one_line(beside):
                self._problems.add(rest.number, "Only the paper's first link was taken.")
            title = one_line(rest.text[first.start : first.end])
            url = self._address(rest.number, first.url) if first.url else None
        if not title:
            self._problems.add(rest.number, "This paper has no title.")
        return title or marks.UNTITLED, url

    def _presenters(self, rest: Line) -> None:
        if rest.links:
            self._problems.add(rest.number, "Links on presenters were left out.")
        slot = self._current()
        if slot is None or slot.title is None:
            self._problems.add(rest.number, "There is no paper above these presenters.")
            return
        for name, affiliation in read_names(rest):
            role = Role.SUPPORTER if slot.presenters else Role.MAIN
            slot.presenters.append(PagePresenter(name, role, affiliation))

    def _special(self, rest: Line) -> None:
        self._marked = True
        if rest.links:
            self._problems.add(rest.number, "The link on this line was left out.")
        title = marks.read_cancelled(rest.text, rest.mask)
        if title is not None:
            self._cancelled = True
        else:
            self._kind = MeetingKind.SPECIAL
            title = "" if marks.UNNAMED_WORDS.fullmatch(rest.mask.strip()) else rest.text
        if one_line(title) and self._title:
            self._problems.add(rest.number, "This meeting has a title already.")
        else:
            self._title = one_line(title) or self._title

    def _link_line(self, line: Line) -> None:
        position = 0
        links = []
        for link in line.links:
            label = line.text[link.start : link.end]
            between = line.text[position : link.start].strip(BETWEEN_LINKS)
            if is_sign(between):
                label = f"{between} {label}"
            elif names_kind(between):
                label = between
            elif between:
                self._problems.add(line.number, "The words between the links were left out.")
            found = read_link(label, link.url)
            if self._leads_somewhere(line.number, found):
                links.append(found)
            position = link.end
        if line.text[position:].strip(BETWEEN_LINKS):
            self._problems.add(line.number, "The words after the links were left out.")
        self._place(line.number, links)

    def _leads_somewhere(self, number: int, link: PageLink) -> bool:
        if link.kind is LinkKind.SLIDES and is_folder(link.url):
            self._problems.add(
                number, "The slides are not there yet: the link leads to a folder, not to a file."
            )
            return False
        if is_placeholder(link.url):
            self._problems.add(number, "This link leads nowhere yet.")
            return False
        return self._address(number, link.url) is not None

    def _place(self, number: int, links: list[PageLink]) -> None:
        slot = self._current()
        if slot is not None and slot.title is not None:
            slot.links += links
        elif not self._slots and self._topic is None:
            self._links += links
        elif links:
            self._problems.add(number, "There is no paper above these links.")

    def _current(self) -> _Slot | None:
        return self._slots[-1] if self._slots and self._empty_topic is None else None

    def _address(self, number: int, url: str) -> str | None:
        if is_usable(url):
            return url
        self._problems.add(number, "This link is no web address.")
        return None


def _signed(line: Line) -> tuple[str | None, Line]:
    """The sign that `line` begins with, and what follows it."""
    sign, end = None, 0
    for known in (marks.PAPER, marks.SPECIAL):
        if line.mask.startswith(known):
            sign, end = known, len(known)
    if match := marks.PERSON.match(line.mask):
        sign, end = marks.PRESENTERS, match.end()
    if sign is None:
        return None, line
    rest = line.after(end)
    return sign, rest.after(len(rest.text) - len(rest.text.removeprefix("\ufe0f").lstrip()))
