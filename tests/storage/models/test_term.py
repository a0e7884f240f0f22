from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from storage.enums import MeetingStatus
from storage.models import Meeting
from tests.factories import make_group, make_meeting, make_slot, make_term
from tests.refusals import refused_by


def test_a_title_names_one_term_of_a_group(session: Session) -> None:
    group = make_group(session)
    make_term(session, group)
    assert refused_by(session, lambda session: make_term(session, group)) == (
        "uq_terms_group_id_title"
    )


def test_a_group_meets_once_on_a_date_also_across_terms(session: Session) -> None:
    group = make_group(session)
    make_meeting(session, make_term(session, group))
    spring = make_term(session, group, title="2026 Spring")
    refusal = refused_by(session, lambda session: make_meeting(session, spring))
    assert refusal == "uq_meetings_group_id_date"


@pytest.mark.parametrize("length", [timedelta(0), timedelta(seconds=-1)])
def test_a_meeting_ends_after_it_starts(session: Session, length: timedelta) -> None:
    meeting = make_meeting(session)

    def shorten(session: Session) -> None:
        session.get_one(Meeting, meeting.id).ends_at = meeting.starts_at + length

    assert refused_by(session, shorten) == "ck_meetings_ends_after_start"


def test_held_is_never_stored(session: Session) -> None:
    refusal = refused_by(session, lambda session: make_meeting(session, status=MeetingStatus.HELD))
    assert refusal == "ck_meetings_held_is_derived"


def test_a_position_in_a_meeting_is_one_slot(session: Session) -> None:
    slot = make_slot(session)
    meeting = session.get_one(Meeting, slot.meeting_id)
    refusal = refused_by(session, lambda session: make_slot(session, meeting, position=1))
    assert refusal == "uq_slots_meeting_id_position"
