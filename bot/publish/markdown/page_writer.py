"""The group's page, written from data."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.titles import format_venue
from bot.publish.markdown import marks
from bot.publish.markdown.page_links import write_link
from bot.publish.markdown.page_tidy import tidy
from bot.publish.markdown.words import (
    escape,
    escape_heading,
    escape_literally,
    escape_name,
    escape_url,
    written,
)
from storage.enums import MeetingKind


def write(page: Page, past: Collection[date] = ()) -> str:
    """`tidy(page)` in the page's own format: UTF-8, newest meeting first, one newline at the end.

    Every title and name survives. Where Markdown, or this page's signs, would make something else
    of it, it is escaped; a line that looks like mojibake is spelled in character references. On the
    days that are `past` nobody can take a slot any more, so none is called open.
    """
    page = tidy(page)
    blocks = [_heading(1, page.title)]
    for heading, text in (
        (marks.REQUIREMENTS, page.requirements),
        (marks.OTHER_INFORMATION, page.other_information),
    ):
        if text:
            blocks += [_heading(2, heading), text]
    blocks.append(_heading(2, marks.SCHEDULE))
    for place, meeting in enumerate(page.meetings):
        if place:
            blocks.append(marks.BREAK)
        blocks += _meeting(meeting, page.title, past)
    return "\n\n".join(blocks) + "\n"


def _heading(depth: int, words: str) -> str:
    return written("#" * depth + " ", escape_heading(words)).rstrip()


def _meeting(meeting: PageMeeting, term: str, past: Collection[date]) -> Iterator[str]:
    empty = marks.NO_TALK if meeting.cancelled or meeting.date in past else marks.OPEN
    yield _heading(3, marks.date_heading(meeting.date, term))
    items = [*_specials(meeting), *_links(meeting.links)]
    topic: str | None = None
    for slot in meeting.slots:
        if slot.topic is not None or topic is not None:
            if items:
                yield "\n".join(items)
            yield _heading(4, slot.topic or "")
            items = []
        topic = slot.topic
        regular = meeting.kind is MeetingKind.REGULAR
        items += _slot(slot, empty, literal=regular and _reads_as_special(meeting))
    if items:
        yield "\n".join(items)


def _reads_as_special(meeting: PageMeeting) -> bool:
    """Whether a reader takes the meeting for a special one by its only paper's title."""
    talk = meeting.slots[0].talk if len(meeting.slots) == 1 else None
    return (
        talk is not None
        and meeting.slots[0].topic is None
        and talk.venue is None
        and talk.url is None
        and not meeting.cancelled
        and marks.names_an_occasion(talk.title)
        and re.match(r"[A-Za-z0-9]", talk.title) is not None
    )


def _speaks_for_itself(meeting: PageMeeting) -> bool:
    """Whether it is special, and its only paper says so: the page has one line for both."""
    if meeting.kind is not MeetingKind.SPECIAL or not _reads_as_special(meeting):
        return False
    talk = meeting.slots[0].talk
    return talk is not None and talk.title == meeting.title


def _specials(meeting: PageMeeting) -> Iterator[str]:
    special = meeting.kind is MeetingKind.SPECIAL
    title = meeting.title or ""
    if special and not _speaks_for_itself(meeting):
        hidden = marks.CANCELLED_WORDS.match(title)
        words = escape_literally(title) if hidden else escape(title)
        yield _item(marks.SPECIAL, words or marks.UNNAMED)
    if meeting.cancelled:
        named = f": {escape(title)}" if title and not special else ""
        yield _item(marks.SPECIAL, marks.CANCELLED + named)


def _slot(slot: PageSlot, empty: str, *, literal: bool) -> Iterator[str]:
    talk = slot.talk
    if talk is None:
        yield _item(marks.PAPER, empty)
        return
    yield _item(marks.PAPER, _paper(talk, literal=literal))
    if talk.presenters:
        yield _item(marks.PRESENTERS, ", ".join(map(_presenter, talk.presenters)))
    yield from _links(talk.links)


def _paper(talk: PageTalk, *, literal: bool) -> str:
    literal = literal or marks.OPEN_WORDS.fullmatch(talk.title) is not None
    title = escape_literally(talk.title) if literal else escape(talk.title)
    if talk.url:
        title = f"[{title}]({escape_url(talk.url)})"
    venue = format_venue(talk.venue, talk.year)
    return f"[{escape(venue)}] {title}" if venue else title


def _presenter(presenter: PagePresenter) -> str:
    name = escape_name(presenter.name)
    if presenter.affiliation is None:
        return name
    return f"{name} ({escape_name(presenter.affiliation)})"


def _links(links: Iterable[PageLink]) -> Iterator[str]:
    line = ", ".join(map(write_link, links))
    if line:
        yield written("- ", line)


def _item(sign: str, words: str) -> str:
    return written(f"- {sign} ", words)
