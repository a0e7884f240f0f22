"""Calendar files: repetitions, zones, and what is left out."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from bot.publish import ical
from bot.publish.paths import Paths
from bot.publish.readers.calendars import Usual, read_calendar
from bot.publish.readers.decode import NoPage, NoTerm
from storage.enums import LinkKind, MeetingKind, MeetingStatus
from tests.publish.archives import archive, link, meeting, slot, talk, term
from tests.publish.readers.facts import PAGES, facts, facts_in, read, said

FILE = (PAGES / "calendar.ics").read_bytes()


def calendar(*events: str) -> str:
    inside = "".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n".replace("\n\n", "\n")


def days(text: str, term: str = "2025 Fall") -> list[date]:
    (parsed,) = read(text, "a.ics", term).pages
    return [meeting.date for meeting in reversed(parsed.page.meetings)]


def test_a_calendar_with_every_fact_of_the_term() -> None:
    (parsed,) = read(FILE, "calendar.ics").pages

    assert facts(parsed.page) == [
        "2025-12-02 open",
        (
            "2025-12-17 Jenga: Effective Memory Management <https://arxiv.org/abs/2503.18292>"
            " | Ann | slides https://x.example/jenga.pdf"
        ),
        "2025-12-23 open",
        "2025-12-26 cancelled",
        "2025-12-26 DiffKV | Bo",
        "2025-12-30 open",
        "2026-01-06 open",
        "2026-01-13 open",
        "2026-01-20 cancelled: Winter break",
        "2026-01-27 open",
        "2026-02-03 open",
    ]
    assert said(parsed.problems) == [
        "14: This line of the description was left out: “Bring questions.”.",
        "39: This event has no date, so it was not taken.",
    ]
    assert said(parsed.notes) == [
        "5: This event repeats without end; it was taken until the end of the term.",
        "5: A page has no place for where it is: “Room 401”.",
        "5: Who was invited to the events was left out.",
        "14: A schedule has no place for “https://zoom.us/j/123”.",
        "14: 1 meeting at 18:00, not at 19:00 as usual. After the import, /move sets that.",
        "22: 1 meeting at 00:30, not at 19:00 as usual. After the import, /move sets that.",
        ("34: 1 event not between 26 July 2025 and 07 February 2026, where the term is: left out."),
    ]
    assert parsed.problems[0].text == "Reading group: Jenga: Effective Memory Management (Ann)"


@pytest.mark.parametrize(
    ("start", "zone", "day"),
    [
        ("DTSTART:20250902T163000Z", "Asia/Shanghai", date(2025, 9, 3)),
        ("DTSTART:20250902T163000Z", "America/New_York", date(2025, 9, 2)),
        ("DTSTART;TZID=America/New_York:20250902T230000", "Europe/Berlin", date(2025, 9, 3)),
        ("DTSTART:20250902T230000", "Asia/Shanghai", date(2025, 9, 2)),
        ("DTSTART;VALUE=DATE:20250902", "America/New_York", date(2025, 9, 2)),
    ],
)
def test_the_day_is_that_of_the_groups_own_zone(start: str, zone: str, day: date) -> None:
    text = calendar(f"UID:a\r\n{start}\r\nSUMMARY:Jenga - Ann")
    usual = Usual(ZoneInfo(zone), time(19))
    (parsed,) = read_calendar(text.encode(), "2025 Fall", None, lambda: usual)
    assert [meeting.date for meeting in parsed.page.meetings] == [day]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("FREQ=WEEKLY;COUNT=5", 5),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20251001T000000Z", 3),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", 4),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", 3),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1;COUNT=3", 3),
        ("FREQ=WEEKLY", 23),
    ],
)
def test_repetitions_that_calendar_programs_offer(rule: str, count: int) -> None:
    text = calendar(f"UID:a\r\nDTSTART:20250902T110000Z\r\nRRULE:{rule}\r\nSUMMARY:Reading group")
    assert len(days(text)) == count


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=WEEKLY;BYHOUR=1,2;BYMINUTE=1,2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=2",
        "FREQ=WEEKLY;COUNT=1000000000",
        "FREQ=YEARLY;BYDAY=53MO",
        "FREQ=YEARLY;INTERVAL=100000000",
    ],
)
def test_a_rule_that_no_meeting_has_is_not_followed(rule: str) -> None:
    text = calendar(f"UID:a\r\nDTSTART:20250902T110000Z\r\nRRULE:{rule}\r\nSUMMARY:Jenga - Ann")
    (parsed,) = read(text, "a.ics").pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann"]
    assert said(parsed.problems) == [
        "3: This event repeats in a way that no meeting does; its first date was taken."
    ]


def test_a_broken_property_is_a_problem_and_the_rest_is_taken() -> None:
    text = calendar("UID:a\r\nDTSTART:20250902T110000Z\r\nRRULE:FREQ=\r\nSUMMARY:Jenga - Ann")
    (parsed,) = read(text, "a.ics").pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann"]
    assert said(parsed.problems) == ["3: RRULE of this event could not be read."]


def test_addresses_and_attachments_are_links_and_what_is_open_says_nothing() -> None:
    text = calendar(
        "UID:a\r\nDTSTART:20250902T110000Z\r\nSUMMARY:Jenga (Ann)\r\nDESCRIPTION:TBD\r\n"
        "URL:https://arxiv.org/abs/2503.18292\r\n"
        "ATTACH:https://x.example/deck.pptx\r\nATTACH:https://zoom.us/j/1"
    )
    (parsed,) = read(text, "a.ics").pages
    assert facts(parsed.page) == [
        (
            "2025-09-02 Jenga <https://arxiv.org/abs/2503.18292> | Ann"
            " | slides https://x.example/deck.pptx"
        )
    ]
    assert "3: A schedule has no place for “https://zoom.us/j/1”." in said(parsed.notes)
    assert parsed.problems == ()


def test_the_name_of_a_series_is_no_paper() -> None:
    text = calendar(
        "UID:a\r\nDTSTART:20250902T110000Z\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\nSUMMARY:OSRG weekly",
        "UID:b\r\nDTSTART:20250909T110000Z\r\nSUMMARY:Jenga (Ann)",
    )
    (parsed,) = read(text, "a.ics").pages
    assert facts(parsed.page) == ["2025-09-02 open", "2025-09-09 Jenga | Ann"]
    assert said(parsed.notes) == ["3: “OSRG weekly” repeats, so it was not taken for a paper."]


def test_a_description_in_html_and_a_character_that_folding_cut_in_two() -> None:
    raw = calendar(
        "UID:a\r\nDTSTART:20250902T110000Z\r\nSUMMARY:Journal club\r\n"
        'DESCRIPTION:Jenga: A Study<br>Speaker: Zoë<br><a href="https://x.example/s.pdf">slides</a>'
    ).encode()
    cut = raw.index("ë".encode()) + 1
    (parsed,) = read(raw[:cut] + b"\r\n " + raw[cut:], "a.ics").pages
    assert facts(parsed.page) == [
        "2025-09-02 Jenga: A Study | Zoë | slides https://x.example/s.pdf"
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "is a calendar that is cut off or broken"),
        ("BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR\n", "is a calendar that is cut off or broken"),
        (calendar(), "has no event within the term"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * 5001, "has more than 5,000 events"),
        (
            calendar(*["UID:a\r\nDTSTART:20250902T110000Z\r\nRRULE:FREQ=WEEKLY"] * 101),
            "has more than 100 repeating events",
        ),
    ],
)
def test_a_calendar_that_cannot_be_taken_says_why(text: str, sentence: str) -> None:
    with pytest.raises(NoPage, match=sentence):
        read(text, "a.ics")


def test_a_calendar_needs_a_term_with_a_year() -> None:
    for name in (None, "Spring"):
        with pytest.raises(NoTerm):
            read(FILE, "calendar.ics", name)
    assert days(FILE.decode(), "2024 Spring") == [date(2024, 3, 5)]


def test_days_outside_every_year_are_refused_and_nothing_raises() -> None:
    text = calendar("UID:a\r\nDTSTART:99991231T235959Z\r\nRRULE:FREQ=DAILY\r\nSUMMARY:x")
    with pytest.raises(NoPage):
        read(text, "a.ics")


def test_the_bots_own_calendar_comes_back_with_what_it_says() -> None:
    diffkv = talk(
        1,
        "DiffKV: Memory, Management",
        "Ann Li",
        "Bo",
        venue="SOSP",
        year=2025,
        url="https://arxiv.org/abs/2412.03131",
        links=(
            link("https://v.example/1"),
            link("https://s.example/1.pdf", LinkKind.SLIDES),
            link("https://c.example/1", LinkKind.OTHER, "code"),
        ),
    )
    special = {"kind": MeetingKind.SPECIAL}
    own = archive(
        term(
            "2025 Fall",
            meeting(date(2026, 2, 3), slot(), slot()),
            meeting(date(2026, 1, 27)),
            meeting(date(2026, 1, 20), slot(diffkv), slot()),
            meeting(date(2026, 1, 13), slot(talk(2, "[Re]thinking · X", "Ann Li")), slot(diffkv)),
            meeting(date(2026, 1, 6), status=MeetingStatus.CANCELLED, title="Winter break"),
            meeting(date(2025, 9, 29), slot(diffkv), title="SOSP Rehearsal", **special),
            meeting(
                date(2025, 9, 16), slot(talk(3, "Kick-off", "Bo")), title="Kick-off", **special
            ),
        )
    )
    data = ical.calendar(own, Paths(own, None))

    fact = (
        "[SOSP'25] DiffKV: Memory, Management <https://arxiv.org/abs/2412.03131> | Ann Li, Bo"
        " | video https://v.example/1 | slides https://s.example/1.pdf"
        " | code https://c.example/1"
    )
    assert facts_in(data, "a.ics") == [
        "2025-09-16 special: Kick-off",
        "2025-09-16 Kick-off | Bo",
        "2025-09-29 special: SOSP Rehearsal",
        f"2025-09-29 {fact}",
        "2026-01-06 cancelled: Winter break",
        "2026-01-13 Topic I: [Re]thinking · X | Ann Li",
        f"2026-01-13 Topic II: {fact}",
        f"2026-01-20 Topic I: {fact}",
        "2026-01-20 Topic II: open",
        "2026-01-27 ",
        "2026-02-03 Topic I: open",
        "2026-02-03 Topic II: open",
    ]
