"""What a group shows to the public: its site, calendar, feed of videos, and data for scripts."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.archive import Archive
from bot.publish import ical
from bot.publish.page_json import schedule_json
from bot.publish.paths import Paths


def build(archive: Archive, base_url: str | None, now: datetime) -> Mapping[str, bytes]:
    """The files, each by its path in the group's folder. `base_url` is where that folder is
    served; without it only what needs a whole address is left out.

    The same archive gives the same bytes for as long as the same meeting is the next one. It takes
    time with the number of meetings, so it has no place on the event loop.
    """
    paths = Paths(archive, base_url)
    files = {
        paths.calendar: ical.calendar(archive, paths),
        paths.data: schedule_json(archive, paths).encode(),
    }
    for term in archive.terms:
        for meeting in term.meetings:
            if meeting.ends_at > now and not meeting.is_cancelled:
                files[paths.invitation_of(meeting)] = ical.invitation(archive, meeting, paths)
    return files
