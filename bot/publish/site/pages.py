"""The pages of the site, each from its template. Whatever people wrote escapes itself."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.domain.archive import Archive, ArchivedTerm
from bot.domain.calendar import Usual, usual
from bot.domain.titles import format_venue
from bot.domain.views import MeetingView, SlotView, TalkView
from bot.publish import paths as places
from bot.publish import shown
from bot.publish.markdown.words import one_line
from bot.publish.paths import Paths
from bot.publish.site.hrefs import href, to_path
from bot.publish.site.markdown_text import to_html
from bot.text import render
from storage.enums import MeetingKind


def _in_one_line(value: object) -> object:
    """As in a message of the chat, and without characters that no page may hold."""
    value = render.in_one_line(value)
    return one_line(value) if type(value) is str and not value.isprintable() else value


MOST_AUTHORS = 8
"""Names of a paper's authors on its page; of more the first are shown."""


def _occasion(meeting: MeetingView) -> str | None:
    """What the meeting is called, unless one of its talks is called so already: a kick-off."""
    named = meeting.is_cancelled or meeting.kind is MeetingKind.SPECIAL
    titles = {slot.talk.title for slot in meeting.slots if slot.talk}
    return meeting.title if named and meeting.title not in titles else None


_environment = render.environment("bot.publish.site", _in_one_line)
_environment.filters.update(
    {
        "links": shown.links,
        "links_of": shown.links_of,
        "anchor": places.anchor,
        "occasion": _occasion,
    }
)


class Pages:
    """All pages of one archive, each written for where it stands."""

    def __init__(self, archive: Archive, paths: Paths, now: datetime) -> None:
        self._archive, self._paths = archive, paths
        self._next = archive.next_meeting(now)

    def index(self, term: ArchivedTerm | None) -> str:
        """The current term, with the next meeting on top."""
        return self._page(
            "index",
            self._paths.index,
            term=term,
            following=self._next,
            usual=self._usual(term),
            choices=_choices(term.meetings if term else ()),
        )

    def _usual(self, term: ArchivedTerm | None) -> Usual:
        group = self._archive.group
        meetings = term.meetings if term else ()
        begin = (one.starts_at for one in meetings if one.kind is MeetingKind.REGULAR)
        return usual(Usual(group.weekday, group.start_time), begin, group.zone)

    def term(self, term: ArchivedTerm) -> str:
        path = self._paths.of_term(term.id)
        return self._page("term", path, term=term, choices=_choices(term.meetings))

    def talk(self, term: ArchivedTerm, meeting: MeetingView, slot: SlotView) -> str:
        if slot.talk is None:
            raise ValueError("an open slot has no page")
        path, authors = self._paths.of_talk(slot.talk.id), self._archive.authors.get(slot.talk.id)
        params = {"term": term, "meeting": meeting, "slot": slot, "talk": slot.talk}
        return self._page("talk", path, **params, authors=authors, most_authors=MOST_AUTHORS)

    def archive(self) -> str:
        meetings = [meeting for term in self._archive.terms for meeting in term.meetings]
        return self._page("archive", self._paths.archive, choices=_choices(meetings))

    def _page(self, template: str, path: str, **params: Any) -> str:
        root = "../" * path.count("/")
        return _environment.get_template(f"{template}.html").render(
            **params,
            group=self._archive.group,
            zone=self._archive.group.zone,
            terms=self._archive.terms,
            place_of=self._archive.place_of,
            next_id=self._next.id if self._next else None,
            paths=self._paths,
            address=self._paths.address(path),
            root=root,
            to=lambda target: to_path(target, root),
            href=lambda url: href(url, root),
            markdown=lambda text: to_html(text, root),
        )


def _choices(meetings: Iterable[MeetingView]) -> dict[str, list[str]]:
    """What the list can be narrowed to: venues, those of most talks first, and presenters."""
    talks = list(_talks(meetings))
    venues = Counter(format_venue(talk.venue, talk.year) for talk in talks if talk.venue)
    people = {one.name for talk in talks for one in talk.presenters}
    return {
        "venues": sorted(venues, key=lambda venue: (-venues[venue], venue)),
        "people": sorted(people, key=str.casefold),
    }


def _talks(meetings: Iterable[MeetingView]) -> Iterator[TalkView]:
    for meeting in meetings:
        for slot in meeting.slots:
            if slot.talk is not None:
                yield slot.talk
