"""The calendar feed, as two independent libraries read it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar as OtherCalendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as OtherEvent
from icalendar import Calendar

from bot.domain.archive import Archive
from bot.publish import ical
from bot.publish.markdown.words import one_line
from bot.publish.paths import Paths
from storage.enums import LinkKind, MeetingKind, MeetingStatus
from tests.publish.archives import CHANGED, GROUP, archive, link, meeting, slot, talk, term

BASE = "https://reading.example/group"
DAY = date(2026, 1, 13)
DIFFKV = talk(
    1,
    "DiffKV: Differentiated Memory, Management; for LLMs \\ 缓存",
    "Chengru Yang",
    "Jiawei Yi",
    venue="SOSP",
    year=2025,
    url="https://arxiv.org/pdf/2412.03131",
    links=(
        link("./slides/x.pdf", LinkKind.SLIDES),
        link("./slides/", LinkKind.SLIDES),
        link("https://v.example/1"),
        link("javascript:alert(1)"),
    ),
)


def _feed(known: Archive, base_url: str | None = BASE) -> bytes:
    return ical.calendar(known, Paths(known, base_url))


def _read(content: bytes) -> Any:
    """By icalendar, whose types say only that a property may be any of thirty."""
    return Calendar.from_ical(content)


def _one(content: bytes) -> Any:
    (event,) = _read(content).walk("VEVENT")
    return event


def _by_the_other(content: bytes) -> OtherCalendar:
    return IcsCalendarStream.calendar_from_ics(content.decode())


def _one_by_the_other(content: bytes) -> OtherEvent:
    (event,) = _by_the_other(content).events
    return event


def test_two_libraries_read_a_meeting_alike() -> None:
    content = _feed(archive(term("2025 Fall", meeting(DAY, slot(DIFFKV), slot()))))
    one, other = _one(content), _one_by_the_other(content)
    summary = f"{DIFFKV.title} · open slot"
    description = f"""\
Systems reading group

[SOSP'25] {DIFFKV.title}
Chengru Yang, Jiawei Yi
Paper: https://arxiv.org/pdf/2412.03131
Slides: https://reading.example/group/slides/x.pdf
Video: https://v.example/1

A slot is open: claim it in the group's chat.

The link to join online is in the group's chat."""

    assert (str(one["summary"]), other.summary) == (summary, summary)
    assert (str(one["description"]), other.description) == (description, description)
    assert (str(one["location"]), other.location) == ("Room 204", "Room 204")
    begins = datetime(2026, 1, 13, 11, tzinfo=UTC)
    assert (one.start, other.dtstart) == (begins, begins)
    assert (one.end, other.dtend) == (begins + timedelta(hours=2),) * 2
    assert one["dtstamp"].dt == one["last-modified"].dt == other.dtstamp == CHANGED
    assert str(one["url"]) == str(other.url) == f"{BASE}/2025-fall/index.html#d2026-01-13"
    assert str(one["uid"]) == other.uid
    assert (str(one["status"]), other.status) == ("CONFIRMED", "CONFIRMED")


def test_a_meeting_without_a_talk_says_whose_it_is() -> None:
    def summary(many: int, **values: Any) -> str:
        coming = meeting(DAY, *(slot() for _ in range(many)), **values)
        return str(_one(_feed(archive(term("2025 Fall", coming))))["summary"])

    assert summary(1) == "Systems reading group: 1 open slot"
    assert summary(2) == "Systems reading group: 2 open slots"
    assert summary(0) == "Systems reading group"
    special = {"kind": MeetingKind.SPECIAL, "title": "Rehearsal"}
    assert summary(2, **special) == "Rehearsal: open slot · open slot"


def test_the_feed_has_all_meetings_and_says_its_name_and_how_often_to_ask() -> None:
    fall = term("2025 Fall", meeting(DAY), meeting(DAY - timedelta(7)), id=2)
    spring = term("2025 Spring", meeting(date(2025, 3, 4)), id=1)
    content = _feed(archive(fall, spring))

    read, other = _read(content), _by_the_other(content)
    assert str(read["name"]) == str(read["x-wr-calname"]) == "Systems reading group"
    assert read["refresh-interval"].dt == timedelta(hours=1)
    assert str(read["source"]) == f"{BASE}/schedule.ics"
    assert len(read.walk("VEVENT")) == len(other.events) == 3
    assert len({event.uid for event in other.events}) == 3
    assert "method" not in read  # whoever sees one asks for an organizer as well


def test_the_link_to_join_is_nobody_elses_business() -> None:
    assert "secret" in (GROUP.online_url or "")
    elsewhere = meeting(DAY - timedelta(7), online_url="https://meet.example/secret-too")
    content = _feed(archive(term("2025 Fall", meeting(DAY, slot(DIFFKV)), elsewhere)))

    assert b"secret" not in content.replace(b"\r\n ", b"")


def test_a_meeting_may_be_somewhere_else_than_usual() -> None:
    found = meeting(DAY, place="Library")

    assert str(_one(_feed(archive(term("2025 Fall", found))))["location"]) == "Library"


def test_a_move_keeps_the_uid_and_raises_the_sequence() -> None:
    before = meeting(DAY, slot(DIFFKV), id=41)
    later = DAY + timedelta(2)
    after = meeting(later, slot(DIFFKV), id=41)._replace(revision=2)
    was, now = (_one(_feed(archive(term("2025 Fall", one)))) for one in (before, after))

    assert now["uid"] == was["uid"]
    assert (was["sequence"], now["sequence"]) == (0, 1)
    assert now.start == was.start + timedelta(2)


def test_meetings_of_other_groups_and_other_bots_have_other_uids() -> None:
    one = meeting(DAY, id=1)
    known = archive(term("2025 Fall", one))
    others = [
        known._replace(group=GROUP._replace(id=2)),
        known._replace(founded_at=known.founded_at + timedelta(microseconds=1)),
    ]

    assert len({ical.uid(archive, one) for archive in (known, *others)}) == 3


def test_a_cancelled_meeting_is_there_as_cancelled_and_blocks_no_time() -> None:
    gone = meeting(
        DAY, slot(DIFFKV), slot(), status=MeetingStatus.CANCELLED, title="New Year", revision=3
    )
    content = _feed(archive(term("2025 Fall", gone)))
    one, other = _one(content), _one_by_the_other(content)

    assert (str(one["status"]), other.status) == ("CANCELLED", "CANCELLED")
    assert str(one["summary"]) == f"Cancelled: New Year: {DIFFKV.title}"
    assert str(one["transp"]) == "TRANSPARENT"
    assert one["sequence"] == 2
    assert "claim" not in str(one["description"])


@pytest.mark.parametrize(
    ("found", "summary"),
    [
        (meeting(DAY), "Systems reading group"),
        (meeting(DAY, kind=MeetingKind.SPECIAL, title="Kick-off meeting"), "Kick-off meeting"),
        (
            meeting(DAY, slot(talk(1, "Kick-off")), kind=MeetingKind.SPECIAL, title="Kick-off"),
            "Kick-off",
        ),
        (
            meeting(DAY, slot(talk(1, "Mantle")), kind=MeetingKind.SPECIAL, title="Rehearsal"),
            "Rehearsal: Mantle",
        ),
        (meeting(DAY, slot(), status=MeetingStatus.HELD, begun=True), "Systems reading group"),
    ],
)
def test_a_meeting_is_called_by_what_happens_in_it(found: object, summary: str) -> None:
    known = archive(term("2025 Fall", found))  # type: ignore[arg-type]

    assert str(_one(_feed(known))["summary"]) == summary


def test_without_an_address_there_are_no_links_into_the_site() -> None:
    content = _feed(archive(term("2025 Fall", meeting(DAY, slot(DIFFKV)))), base_url=None)
    event = _one(content)

    assert "url" not in event
    assert "source" not in _read(content)
    assert "Slides" not in str(event["description"])
    assert "Video: https://v.example/1" in str(event["description"])


def test_an_invitation_is_the_same_event_alone() -> None:
    found = meeting(DAY, slot(DIFFKV))
    known = archive(term("2025 Fall", found, meeting(DAY - timedelta(7))))
    alone = _one(ical.invitation(known, found, Paths(known, BASE)))
    listed = {event["uid"]: event for event in _read(_feed(known)).walk("VEVENT")}

    assert alone.to_ical() == listed[alone["uid"]].to_ical()


HOSTILE = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\r\n\t\0\x0b\x0c\x1b\x85\u2028\u2029\\,;:\"'缓🙎"),
    ),
    max_size=300,
)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_nothing_that_people_write_breaks_the_calendar(
    title: str, name: str, place: str, topic: str
) -> None:
    group = GROUP._replace(name=name, place=place)
    found = meeting(DAY, slot(talk(1, title, name)), slot(None, topic))
    content = _feed(archive(term("2025 Fall", found), group=group))

    assert _feed(archive(term("2025 Fall", found), group=group)) == content
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no character is cut in two
    unfolded = content.decode().replace("\r\n ", "").split("\r\n")
    assert [line for line in unfolded if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    one, other = _one(content), _one_by_the_other(content)
    assert str(one["summary"]) == other.summary
    assert str(one["description"]) == other.description
    assert str(one["summary"]) == f"{one_line(title)} · open slot"
