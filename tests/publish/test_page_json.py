import json
from datetime import date

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.publish.page_json import to_json
from storage.enums import LinkKind, MeetingStatus, Role

TALK = PageTalk(
    "缓存",
    "SOSP",
    2025,
    "https://x.example/",
    (PagePresenter("A", Role.MAIN, "USTC"),),
    (PageLink(LinkKind.VIDEO, "https://v.example/"),),
)
PAGE = Page(
    "2025 Fall",
    meetings=(
        PageMeeting(date(2026, 1, 6), (PageSlot("Topic I", TALK),)),
        PageMeeting(date(2026, 1, 13), (PageSlot(),)),
    ),
)


def status_of(meeting: PageMeeting) -> MeetingStatus:
    return MeetingStatus.HELD if meeting.date < date(2026, 1, 10) else MeetingStatus.PLANNED


def test_a_page_is_an_object_with_its_meetings_newest_first() -> None:
    open_slot: dict[str, object] = {
        "topic": None,
        "venue": None,
        "year": None,
        "title": None,
        "url": None,
        "presenters": [],
        "links": [],
    }
    talk = {
        "topic": "Topic I",
        "venue": "SOSP",
        "year": 2025,
        "title": "缓存",
        "url": "https://x.example/",
        "presenters": [{"name": "A", "affiliation": "USTC", "role": "main"}],
        "links": [{"kind": "video", "url": "https://v.example/"}],
    }
    shared = {"kind": "regular", "title": None}
    assert json.loads(to_json("Systems", PAGE, status_of)) == {
        "group": "Systems",
        "term": "2025 Fall",
        "meetings": [
            {"date": "2026-01-13", **shared, "status": "planned", "talks": [open_slot]},
            {"date": "2026-01-06", **shared, "status": "held", "talks": [talk]},
        ],
    }


def test_the_text_is_readable_and_ends_with_one_newline() -> None:
    text = to_json("Systems", PAGE, status_of)
    assert text.startswith('{\n  "group": "Systems",\n  "term": "2025 Fall",\n')
    assert '"title": "缓存"' in text
    assert text.endswith("  ]\n}\n")
