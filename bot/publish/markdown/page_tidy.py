"""A page as its format can hold it.

What `tidy` changes: white space is folded, characters that cannot be shown are dropped, mojibake
in the two texts is repaired and their headings are kept below the page's own; meetings stand
newest first, one a date; the main presenter stands first; links that lead nowhere are dropped,
as are labels of known links, years without a venue, and a title that a regular meeting has.
"""

import re
from collections.abc import Iterable

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.titles import format_venue, parse_venue
from bot.publish.markdown import marks
from bot.publish.markdown.page_lines import tokens_of
from bot.publish.markdown.page_links import is_usable, tidy_link
from bot.publish.markdown.words import lines_of, one_line, text_block
from storage.enums import MeetingKind, Role


def tidy(page: Page) -> Page:
    """`page` as `write` writes it and `parse` reads it back; a tidy page comes back unchanged."""
    meetings = {meeting.date: _meeting(meeting) for meeting in reversed(page.meetings)}
    return Page(
        one_line(page.title),
        _text(page.requirements),
        _text(page.other_information),
        tuple(meetings[day] for day in sorted(meetings, reverse=True)),
    )


def _text(text: str) -> str:
    lines = text_block(lines_of(text)).split("\n")
    for token in tokens_of(lines):
        if token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2"):
            start = token.map[0] if token.map else 0
            lines[start] = re.sub("#{1,2}", "###", lines[start], count=1)
    return text_block([*lines, *_open_fence(lines)])


def _open_fence(lines: list[str]) -> list[str]:
    """The line that ends a block of code which `lines` leave open."""
    tokens = tokens_of([*lines, "", "## After"])
    if tokens[-1].type == "heading_close":
        return []
    return [token.markup for token in tokens[-1:] if token.type == "fence"]


def _meeting(meeting: PageMeeting) -> PageMeeting:
    named = meeting.kind is MeetingKind.SPECIAL or meeting.cancelled
    return PageMeeting(
        meeting.date,
        tuple(_slot(slot) for slot in meeting.slots),
        meeting.kind,
        (one_line(meeting.title or "") or None) if named else None,
        meeting.cancelled,
        _links(meeting.links),
    )


def _slot(slot: PageSlot) -> PageSlot:
    topic = one_line(slot.topic or "") or None
    return PageSlot(topic, _talk(slot.talk) if slot.talk else None)


def _talk(talk: PageTalk) -> PageTalk:
    title = one_line(talk.title) or marks.UNTITLED
    venue, year = _venue(talk.venue, talk.year)
    url = talk.url if talk.url and is_usable(talk.url) else None
    return PageTalk(
        title, venue, year, url, tuple(_presenters(talk.presenters)), _links(talk.links)
    )


def _venue(venue: str | None, year: int | None) -> tuple[str | None, int | None]:
    in_century = year if year is not None and 1900 <= year < 2100 else None
    return parse_venue(format_venue(one_line(venue or ""), in_century))


def _presenters(presenters: Iterable[PagePresenter]) -> Iterable[PagePresenter]:
    named = [one for one in presenters if one_line(one.name)]
    for place, one in enumerate(sorted(named, key=lambda one: one.role is not Role.MAIN)):
        role = Role.SUPPORTER if place else Role.MAIN
        yield PagePresenter(one_line(one.name), role, one_line(one.affiliation or "") or None)


def _links(links: Iterable[PageLink]) -> tuple[PageLink, ...]:
    return tuple(link for link in map(tidy_link, links) if link is not None)
