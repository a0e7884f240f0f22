"""What a group shows to the public: its site, calendar, feed of videos, and data for scripts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.resources import files

from bot.domain.archive import Archive
from bot.publish import atom, ical
from bot.publish.page_json import schedule_json
from bot.publish.paths import Paths
from bot.publish.site.pages import Pages


def build(archive: Archive, base_url: str | None, now: datetime) -> Mapping[str, bytes]:
    """The files, each by its path in the group's folder. `base_url` is where that folder is
    served; without it only what needs a whole address is left out.

    The same archive gives the same bytes for as long as the same meeting is the next one. It takes
    time with the number of meetings, so it has no place on the event loop.
    """
    paths = Paths(archive, base_url)
    return {
        **_static(),
        **{path: page.encode() for path, page in _pages(archive, paths, now)},
        **dict(_invitations(archive, paths, now)),
        paths.calendar: ical.calendar(archive, paths),
        paths.videos: atom.videos(archive, paths),
        paths.data: schedule_json(archive, paths).encode(),
    }


def _static() -> dict[str, bytes]:
    folder = files("bot.publish.site") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _pages(archive: Archive, paths: Paths, now: datetime) -> Iterator[tuple[str, str]]:
    pages = Pages(archive, paths, now)
    yield paths.index, pages.index(archive.current(now))
    yield paths.archive, pages.archive()
    for term in archive.terms:
        yield paths.of_term(term.id), pages.term(term)
        for meeting in term.meetings:
            for slot in meeting.slots:
                if slot.talk is not None:
                    yield paths.of_talk(slot.talk.id), pages.talk(term, meeting, slot)


def _invitations(archive: Archive, paths: Paths, now: datetime) -> Iterator[tuple[str, bytes]]:
    for term in archive.terms:
        for meeting in term.meetings:
            if meeting.ends_at > now and not meeting.is_cancelled:
                yield paths.invitation_of(meeting), ical.invitation(archive, meeting, paths)
