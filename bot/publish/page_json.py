"""The schedule as JSON, for web pages and scripts; docs/schedule-json.md says what is in it."""

import json
from collections.abc import Callable
from typing import Any

from bot.domain.archive import Archive, ArchivedTerm
from bot.domain.calendar import local
from bot.domain.page import Page, PageLink, PageMeeting, PageSlot
from bot.domain.views import LinkView, MeetingView, SlotView
from bot.publish.paths import Paths
from storage.enums import MeetingStatus


def to_json(group_name: str, page: Page, status_of: Callable[[PageMeeting], MeetingStatus]) -> str:
    """The page as an object, newest meeting first, in UTF-8 with one newline at the end.

    Dates are ISO 8601. An open slot is a talk whose `title` is `null`. `status_of` says whether a
    meeting is planned, cancelled or held, which depends on the time of asking.
    """
    meetings = sorted(page.meetings, key=lambda meeting: meeting.date, reverse=True)
    return _written(
        {
            "group": group_name,
            "term": page.title,
            "meetings": [_meeting(meeting, status_of(meeting)) for meeting in meetings],
        }
    )


def schedule_json(archive: Archive, paths: Paths) -> str:
    """All terms, newest first, each as in `to_json`. Meetings tell in addition when, to the minute,
    and where they are, and talks who wrote their papers; paths of pages are relative to the group's
    folder."""
    return _written(
        {
            "group": archive.group.name,
            "timezone": archive.group.timezone,
            "terms": [_term(archive, term, paths) for term in archive.terms],
        }
    )


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _term(archive: Archive, term: ArchivedTerm, paths: Paths) -> dict[str, Any]:
    return {
        "term": term.title,
        "page": paths.of_term(term.id),
        "meetings": [_known_meeting(archive, meeting, paths) for meeting in term.meetings],
    }


def _known_meeting(archive: Archive, meeting: MeetingView, paths: Paths) -> dict[str, Any]:
    zone = archive.group.zone
    told = _meeting(meeting, meeting.status)
    for talk, slot in zip(told["talks"], meeting.slots, strict=True):
        talk["authors"] = list(archive.authors.get(slot.talk.id, ())) if slot.talk else []
        talk["page"] = paths.of_talk(slot.talk.id) if slot.talk else None
    return told | {
        "starts_at": local(meeting.starts_at, zone).isoformat(),
        "ends_at": local(meeting.ends_at, zone).isoformat(),
        "place": archive.place_of(meeting),
        "links": [_link(link) for link in meeting.links],
    }


def _meeting(meeting: PageMeeting | MeetingView, status: MeetingStatus) -> dict[str, Any]:
    return {
        "date": meeting.date.isoformat(),
        "kind": meeting.kind.value,
        "title": meeting.title,
        "status": status.value,
        "talks": [_talk(slot) for slot in meeting.slots],
    }


def _talk(slot: PageSlot | SlotView) -> dict[str, Any]:
    talk = slot.talk
    return {
        "topic": slot.topic,
        "venue": talk.venue if talk else None,
        "year": talk.year if talk else None,
        "title": talk.title if talk else None,
        "url": talk.url if talk else None,
        "presenters": [
            {"name": one.name, "affiliation": one.affiliation, "role": one.role.value}
            for one in (talk.presenters if talk else ())
        ],
        "links": [_link(link) for link in (talk.links if talk else ())],
    }


def _link(link: PageLink | LinkView) -> dict[str, str]:
    return {"kind": link.kind.value, "url": link.url}
