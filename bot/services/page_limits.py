"""How long the texts of a page may be: as long as the tables have room for.

SQLite would take more and PostgreSQL would refuse with words that help nobody.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.page import Page, PageLink, PageMeeting, PageSlot, PageTalk
from bot.errors import OperatorError
from storage.models import Link, Meeting, Member, Slot, Talk, Term

_Text = tuple[str, str | None, InstrumentedAttribute[Any]]
"""What it is, what the page says, and the column that shall keep it."""

MAX_SHOWN = 40
"""Characters of an overlong text that are shown, to find it by."""


def check(page: Page) -> None:
    """Raise `OperatorError` for the first text of the page that cannot be kept."""
    for what, text, column in _texts(page):
        if text is None:
            continue
        most = _room(column)
        if most is not None and len(text) > most:
            raise OperatorError(
                f"{what} “{_short(text)}” has {len(text)} characters; {most} is the most. "
                "Shorten it on the page."
            )
        if "\0" in text:
            raise OperatorError(f"{what} “{_short(text)}” has a zero byte in it. Remove it.")


@cache
def _room(column: InstrumentedAttribute[Any]) -> int | None:
    length: int | None = getattr(column.type, "length", None)
    return length


def _short(text: str) -> str:
    plain = " ".join(text.replace("\0", " ").split())
    return plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 1] + "…"


def _texts(page: Page) -> Iterator[_Text]:
    yield "The term’s title", page.title, Term.title
    yield "The text of requirements", page.requirements, Term.requirements
    yield "The other information", page.other_information, Term.other_information
    for meeting in page.meetings:
        for what, text, column in _of_meeting(meeting):
            yield f"{meeting.date:%d %B %Y}: {what}", text, column


def _of_meeting(meeting: PageMeeting) -> Iterator[_Text]:
    yield "the title", meeting.title, Meeting.title
    yield from _of_links(meeting.links)
    for slot in meeting.slots:
        yield from _of_slot(slot)


def _of_slot(slot: PageSlot) -> Iterator[_Text]:
    yield "the topic", slot.topic, Slot.topic
    if slot.talk is not None:
        yield from _of_talk(slot.talk)


def _of_talk(talk: PageTalk) -> Iterator[_Text]:
    yield "the title", talk.title, Talk.title
    yield "the venue", talk.venue, Talk.venue
    yield "the link", talk.url, Talk.url
    for person in talk.presenters:
        yield "the name", person.name, Member.name
        yield "the affiliation", person.affiliation, Member.affiliation
    yield from _of_links(talk.links)


def _of_links(links: tuple[PageLink, ...]) -> Iterator[_Text]:
    for link in links:
        yield "the link", link.url, Link.url
        yield "the name of a link", link.label, Link.label
