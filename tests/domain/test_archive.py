"""What a group's archive knows of itself."""

from datetime import date, timedelta
from uuid import UUID

from storage.enums import MeetingStatus
from tests.publish.archives import FOUNDED, GROUP, archive, meeting, term

FALL = meeting(date(2025, 12, 16))
JAN_6, JAN_13, JAN_20 = (meeting(date(2026, 1, day)) for day in (6, 13, 20))


def test_the_next_meeting_is_the_first_that_is_not_over_and_takes_place() -> None:
    off = JAN_6._replace(status=MeetingStatus.CANCELLED)
    known = archive(term("2026 Spring", JAN_20, JAN_13, off), term("2025 Fall", FALL))

    assert known.next_meeting(FALL.starts_at) == FALL
    assert known.next_meeting(FALL.ends_at - timedelta(seconds=1)) == FALL
    assert known.next_meeting(FALL.ends_at) == JAN_13
    assert known.next_meeting(JAN_20.ends_at) is None


def test_the_current_term_has_the_next_meeting_or_is_the_newest() -> None:
    spring, fall = term("2026 Spring", JAN_13, JAN_6), term("2025 Fall", FALL)

    assert archive(spring, fall).current(FALL.starts_at) == fall
    assert archive(spring, fall).current(JAN_6.starts_at) == spring
    assert archive(spring, fall).current(JAN_13.ends_at) == spring
    assert archive().current(JAN_6.starts_at) is None


def test_a_meeting_without_a_place_of_its_own_is_where_the_group_always_meets() -> None:
    assert archive().place_of(JAN_6) == "Room 204"
    assert archive().place_of(JAN_6._replace(place="Library")) == "Library"


def test_what_others_know_the_groups_things_by_never_changes_and_is_no_other_groups() -> None:
    known = archive()

    assert known.identity("meeting 41") == UUID("8ab8d368-fa5a-5627-b2b6-b16882c0bc4f")
    others = (
        known.identity("meeting 42"),
        archive(group=GROUP._replace(id=2)).identity("meeting 41"),
        known._replace(founded_at=FOUNDED + timedelta(seconds=1)).identity("meeting 41"),
    )
    assert known.identity("meeting 41") not in others
