import json
from datetime import date

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.publish.page_json import schedule_json, to_json
from bot.publish.paths import Paths
from storage.enums import LinkKind, MeetingStatus, Role
from tests.publish.archives import archive, link, meeting, slot, talk, term

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


def test_the_schedule_has_all_terms_each_as_its_page_and_when_and_where() -> None:
    posted = (link("https://v.example/"),)
    kv = talk(1, "缓存", "A", venue="SOSP", year=2025, url="https://x.example/", links=posted)
    fall = meeting(date(2026, 1, 6), slot(kv, "Topic I"), slot(), links=posted)
    spring = meeting(date(2025, 3, 4), place="Library")
    terms = term("2025 Fall", fall, id=2), term("2025 Spring", spring, id=1)
    known = archive(*terms, authors={1: ("Zhang <Wei>", "李")})
    content = json.loads(schedule_json(known, Paths(known, None)))

    assert (content["group"], content["timezone"]) == ("Systems reading group", "Asia/Shanghai")
    assert [(one["term"], one["page"], len(one["meetings"])) for one in content["terms"]] == [
        ("2025 Fall", "2025-fall/index.html", 1),
        ("2025 Spring", "2025-spring/index.html", 1),
    ]
    told = content["terms"][0]["meetings"][0]
    assert (told["starts_at"], told["ends_at"], told["place"]) == (
        "2026-01-06T19:00:00+08:00",
        "2026-01-06T21:00:00+08:00",
        "Room 204",
    )
    assert content["terms"][1]["meetings"][0]["place"] == "Library"
    assert told["links"] == [{"kind": "video", "url": "https://v.example/"}]
    assert [one.pop("authors") for one in told["talks"]] == [["Zhang <Wei>", "李"], []]
    assert [one.pop("page") for one in told["talks"]] == ["2025-fall/2026-01-06-缓存.html", None]
    plain = Page("2025 Fall", meetings=(PageMeeting(date(2026, 1, 6), PAGE.meetings[0].slots),))
    expected = json.loads(to_json("", plain, status_of))["meetings"][0]["talks"][0]
    assert told["talks"][0] == expected | {
        "presenters": [{"name": "A", "affiliation": None, "role": "main"}]
    }


def test_the_schedule_tells_nothing_that_is_only_for_members() -> None:
    known = archive(term("2025 Fall", meeting(date(2026, 1, 6))))

    assert "secret" not in schedule_json(known, Paths(known, None))
