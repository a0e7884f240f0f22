"""A term's page as JSON, for web pages and scripts."""

import json
from collections.abc import Callable

from bot.domain.page import Page, PageMeeting, PageSlot
from storage.enums import MeetingStatus


def to_json(group_name: str, page: Page, status_of: Callable[[PageMeeting], MeetingStatus]) -> str:
    """The page as an object, newest meeting first, in UTF-8 with one newline at the end.

    Dates are ISO 8601. An open slot is a talk whose `title` is `null`. `status_of` says whether a
    meeting is planned, cancelled or held, which depends on the time of asking.
    """
    meetings = sorted(page.meetings, key=lambda meeting: meeting.date, reverse=True)
    content = {
        "group": group_name,
        "term": page.title,
        "meetings": [_meeting(meeting, status_of(meeting)) for meeting in meetings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _meeting(meeting: PageMeeting, status: MeetingStatus) -> dict[str, object]:
    return {
        "date": meeting.date.isoformat(),
        "kind": meeting.kind.value,
        "title": meeting.title,
        "status": status.value,
        "talks": [_talk(slot) for slot in meeting.slots],
    }


def _talk(slot: PageSlot) -> dict[str, object]:
    talk = slot.talk
    presenters = talk.presenters if talk else ()
    links = talk.links if talk else ()
    return {
        "topic": slot.topic,
        "venue": talk.venue if talk else None,
        "year": talk.year if talk else None,
        "title": talk.title if talk else None,
        "url": talk.url if talk else None,
        "presenters": [
            {"name": one.name, "affiliation": one.affiliation, "role": one.role.value}
            for one in presenters
        ],
        "links": [{"kind": link.kind.value, "url": link.url} for link in links],
    }
