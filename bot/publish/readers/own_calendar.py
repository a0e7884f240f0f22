"""The bot's own calendar, read back: what `bot.publish.ical` says of a meeting. It tells no
affiliations, no topics of slots that are taken, and no open slots of the past."""

import re
from datetime import date

from bot.domain import topics
from bot.domain.page import PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.titles import parse_venue
from bot.publish import ical
from bot.publish.markdown import marks
from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.presenters import read_names
from bot.publish.markdown.words import one_line
from bot.publish.readers.occurrences import Occurrence
from bot.publish.shown import PAPER
from storage.enums import LinkKind, MeetingKind, Role

_LINK = re.compile(r"(\S.*?): (https?://\S+)")
_VENUE = re.compile(r"\[([^\[\]]+)\] (?=\S)")
_KINDS = {words.capitalize(): kind for kind, words in marks.LINK_WORDS.items()}


def read_meeting(day: date, event: Occurrence) -> PageMeeting:
    group, *blocks = event.text("DESCRIPTION").split("\n\n")
    found = [_slot(event.number, block.split("\n")) for block in blocks if block != ical.ONLINE]
    named = topics.of(len(found))
    slots = tuple(
        PageSlot(slot.topic or topic, slot.talk) for slot, topic in zip(found, named, strict=True)
    )
    cancelled = event.text("STATUS").upper() == "CANCELLED"
    title = _occasion(event, cancelled=cancelled, group=group, slots=slots)
    special = title is not None and not cancelled
    kind = MeetingKind.SPECIAL if special else MeetingKind.REGULAR
    return PageMeeting(day, slots, kind, title, cancelled)


def _occasion(
    event: Occurrence, *, cancelled: bool, group: str, slots: tuple[PageSlot, ...]
) -> str | None:
    """What the summary says before the titles; a special meeting may be called like its talk."""
    summary = one_line(event.text("SUMMARY"))
    if cancelled:
        summary = summary.removeprefix(ical.CANCELLED)
    titles = [slot.talk.title if slot.talk else ical.OPEN_SLOT for slot in slots]
    words = ical.joined(titles) or one_line(group)
    if summary in (words, ical.all_open(group, len(slots))):
        return words if len(slots) == 1 and marks.names_an_occasion(words) else None
    return summary.removesuffix(f": {words}") or None


def _slot(number: int, lines: list[str]) -> PageSlot:
    title, *more = map(one_line, lines)
    if title.endswith(ical.IS_OPEN):
        topic = title.removesuffix(ical.IS_OPEN)
        return PageSlot(topic if topic != ical.A_SLOT else None)
    name, year = None, None
    if venue := _VENUE.match(title):
        name, year = parse_venue(venue[1])
        title = title[venue.end() :]
    names = [line for line in more if not _LINK.fullmatch(line)]
    presenters = tuple(
        PagePresenter(name, Role.SUPPORTER if place else Role.MAIN, affiliation)
        for place, (name, affiliation) in enumerate(
            one for line in names for one in read_names(Line(number, line, line))
        )
    )
    found = [match for line in more if (match := _LINK.fullmatch(line))]
    url = next((match[2] for match in found if match[1] == PAPER), None)
    links = tuple(_link(match[1], match[2]) for match in found if match[2] != url)
    return PageSlot(None, PageTalk(title, name, year, url, presenters, links))


def _link(words: str, url: str) -> PageLink:
    kind = _KINDS.get(words, LinkKind.OTHER)
    return PageLink(kind, url, words if kind is LinkKind.OTHER else None)
