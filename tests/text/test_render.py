"""The main messages, word for word as they were read and approved, and the filters."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.views import ChangeView, FoundTalk, ScheduleView, SlotView
from bot.errors import DomainError, Refusal
from bot.text.render import (
    clock,
    day,
    full_day,
    how_far,
    render,
    render_refusal,
    short_day,
    slot_name,
    venue,
)
from storage.enums import MeetingStatus
from tests.text.samples import TEMPLATES, Term

TOMORROW, TODAY = date(2026, 1, 12), date(2026, 1, 13)


def _approved() -> dict[str, str]:
    text = (Path(__file__).parent / "approved.txt").read_text("utf-8")
    parts = (part.partition("\n") for part in text.removeprefix("=== ").split("\n=== "))
    return {title: message.rstrip("\n") for title, _, message in parts}


APPROVED = _approved()


@pytest.mark.parametrize("title", [title for title in APPROVED if title[-1].isdecimal()])
def test_a_message_reads_as_approved(title: str) -> None:
    name, _, number = title.partition(" ")
    assert render(name, **TEMPLATES[name](Term())[int(number)]) == APPROVED[title]


@pytest.mark.parametrize(
    ("title", "today", "late"),
    [("day_before tomorrow", TOMORROW, False), ("day_before today, late", TODAY, True)],
)
def test_the_reminder_reads_as_approved(title: str, today: date, late: bool) -> None:
    term = Term()
    text = render("day_before", group=term.group, meeting=term.next, today=today, late=late)
    assert text == APPROVED[title]


def test_a_kick_off_is_named_once() -> None:
    given = {**TEMPLATES["meeting"](Term())[2]}
    meeting = given["meeting"]
    lines = render("meeting", **given).split("\n")
    assert [line for line in lines if "Mantle" in line] == ["💡 Mantle"]
    kickoff = render("meeting", **{**given, "meeting": meeting._replace(title="Mantle")})
    assert [line for line in kickoff.split("\n") if "Mantle" in line] == ["✨ Mantle"]


@pytest.mark.parametrize("over", [True, False])
def test_a_slot_that_nobody_can_take_any_more_is_not_called_open(over: bool) -> None:
    term, status = Term(), MeetingStatus.PLANNED if over else MeetingStatus.CANCELLED
    for coming in (term.next, term.waited_for):
        meeting = coming._replace(begun=over, status=status)
        found = FoundTalk(meeting, meeting.slots[1])
        shown = ScheduleView((meeting,), -1, earlier=False, later=True)
        for text in (
            render("meeting", group=term.group, meeting=meeting, today=TODAY),
            render("schedule", group=term.group, schedule=shown),
            render("slot", group=term.group, found=found),
        ):
            assert "no talk" in text.lower()
            assert not re.search("open|offered|⭕|⏳", text.lower())


def test_a_refusal_is_told_with_what_it_was_about() -> None:
    error = DomainError(Refusal.SLOT_TAKEN, found=Term().found)
    assert render_refusal(error) == (
        "Ann Bo has Topic I on Tue 13 January. /open shows what is still free."
    )


def test_dates_are_written_for_people_and_as_they_are_typed() -> None:
    tuesday = date(2026, 1, 13)
    assert (day(tuesday), full_day(tuesday), short_day(tuesday)) == (
        "Tue 13 January",
        "Tue 13 January 2026",
        "jan 13",
    )


def test_the_time_is_that_of_the_room() -> None:
    moment = datetime(2026, 3, 29, 17, tzinfo=UTC)
    assert (clock(moment, ZoneInfo("Europe/Berlin")), clock(moment, ZoneInfo("UTC"))) == (
        "19:00",
        "17:00",
    )


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "today"), (1, "tomorrow"), (2, "in 2 days"), (-1, "yesterday"), (-2, "2 days ago")],
)
def test_how_far_away_a_day_is(days: int, expected: str) -> None:
    assert how_far(date(2026, 1, 13 + days), TODAY) == expected


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("SOSP", 2025, "SOSP'25"),
        ("SOSP", 2001, "SOSP'01"),
        ("SOSP", 1967, "SOSP 1967"),
        ("arXiv", None, "arXiv"),
        (None, None, ""),
    ],
)
def test_a_venue_is_written_as_on_the_page(
    name: str | None, year: int | None, expected: str
) -> None:
    assert venue(name, year) == expected


@pytest.mark.parametrize(
    ("position", "topic", "expected"),
    [(2, "Topic II", "Topic II"), (1, None, "Talk"), (2, None, "Talk 2")],
)
def test_a_slot_without_a_heading_has_a_name(
    position: int, topic: str | None, expected: str
) -> None:
    assert slot_name(SlotView(1, position, topic, None)) == expected


def test_a_meeting_that_was_taken_back_is_told_by_its_day() -> None:
    term = Term()
    at = datetime(2026, 1, 9, 2, 30, tzinfo=UTC)
    row = [16, "2026-01-27", "2026-01-27T11:00:00+00:00", "planned"]
    for action, before, after, told in (
        ("meeting:create", {}, {"meetings": [row]}, "added the meeting of Tue 27 January, 19:00"),
        ("meeting:undo", {"meetings": [row]}, {}, "took back a change of the meeting of Tue 27"),
        ("meeting:undo", {}, {"starts_at": row[2]}, "took back a change of the meeting of Tue 27"),
        ("meeting:cancel", {"status": "planned"}, {}, "cancelled a meeting that is gone"),
    ):
        change = ChangeView(1, action, "Ann", at, None, None, None, before, after)
        assert told in render("commit", change=change, zone=term.group.zone)


def test_within_a_sentence_a_slot_without_a_heading_is_no_proper_name() -> None:
    term = Term()
    alone = FoundTalk(term.next, SlotView(9, 1, None, term.found.slot.talk))
    at = datetime(2026, 1, 9, 2, 30, tzinfo=UTC)
    for action, told in (
        ("talk:claim", "Ann claimed the slot of Tue 13 January: “REFRAG”"),
        ("link:post", "Ann posted a video of the talk of Tue 13 January"),
    ):
        change = ChangeView(1, action, "Ann", at, alone, "REFRAG", None, {}, {"kind": "video"})
        assert render("commit", change=change, zone=term.group.zone) == told
    taken = render_refusal(DomainError(Refusal.SLOT_TAKEN, found=alone))
    assert taken.startswith("Ann Bo has the slot on Tue 13 January.")
