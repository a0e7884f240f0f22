"""What is counted of a group, and what is not."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.domain.statistics import Tally
from bot.errors import DomainError, Refusal
from bot.services.statistics import report
from storage.enums import LinkKind, MeetingStatus
from storage.models import Group, Member, Talk, Term
from storage.store import Store
from tests.factories import (
    WHEN,
    make_group,
    make_link,
    make_meeting,
    make_member,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)

LATER = WHEN + timedelta(days=365)


def _talk(
    session: Session, term: Term, day: date, main: Member | None = None, **values: object
) -> Talk:
    """A talk of a meeting of its own."""
    meeting = make_meeting(session, term, date=day)
    talk = make_talk(session, make_slot(session, meeting), **values)
    if main is not None:
        make_presenter(session, talk, main)
    return talk


def test_given_talks_are_counted_of_all_terms_and_of_one(store: Store) -> None:
    with store.writing() as session:
        group = make_group(session)
        spring = make_term(session, group, title="2025 Spring")
        fall = make_term(session, group, title="2025 Fall")
        ann, bo = (make_member(session, group, name=name) for name in ("Ann", "Bo"))
        _talk(session, fall, date(2025, 9, 16), ann)
        recorded = _talk(session, spring, date(2025, 3, 4), bo, venue="arXiv", year=None)
        _talk(session, fall, date(2025, 9, 23), bo)
        make_link(session, recorded, kind=LinkKind.VIDEO)
        group_id, fall_id = group.id, fall.id

    with store.reading() as session:
        everything = report(session, group_id, WHEN)
        one = report(session, group_id, WHEN, fall_id)

    counted = everything.statistics
    assert counted.terms == ("2025 Spring", "2025 Fall")
    assert (counted.talks, counted.meetings, counted.with_video) == (3, 3, 1)
    assert counted.members == (Tally("Bo", (1, 1)), Tally("Ann", (0, 1)))
    assert counted.venues == (Tally("SOSP", (0, 2)), Tally("arXiv", (1, 0)))
    assert everything.newest == one.newest == (fall_id, "2025 Fall")
    assert one.statistics.members == (Tally("Ann", (1,)), Tally("Bo", (1,)))
    assert (one.statistics.terms, one.term_id) == (("2025 Fall",), fall_id)


def test_a_video_of_the_meeting_is_one_of_each_of_its_talks(store: Store) -> None:
    with store.writing() as session:
        meeting = make_meeting(session, date=date(2026, 1, 6))
        talks = [make_talk(session, make_slot(session, meeting)) for _ in range(2)]
        make_link(session, talks[0], talk_id=None, meeting_id=meeting.id, kind=LinkKind.VIDEO)
        group_id = meeting.group_id

    with store.reading() as session:
        counted = report(session, group_id, WHEN).statistics

    assert (counted.talks, counted.with_video) == (2, 2)


def test_what_is_to_come_was_cancelled_or_is_another_groups_is_not_counted(store: Store) -> None:
    with store.writing() as session:
        term = make_term(session)
        ann = make_member(session, session.get_one(Group, term.group_id), name="Ann")
        _talk(session, term, date(2026, 1, 13), ann)
        cancelled = make_meeting(
            session, term, date=date(2025, 12, 2), status=MeetingStatus.CANCELLED
        )
        make_talk(session, make_slot(session, cancelled))
        make_slot(session, make_meeting(session, term, date=date(2025, 12, 9)))
        _talk(session, make_term(session, make_group(session)), date(2025, 12, 16))
        group_id = term.group_id

    with store.reading() as session:
        found = report(session, group_id, WHEN)
        later = report(session, group_id, LATER)

    assert (found.statistics.talks, found.newest) == (0, None)
    assert later.statistics.members == (Tally("Ann", (1,)),)


def test_an_old_button_for_a_term_without_talks_is_refused(store: Store) -> None:
    with store.writing() as session:
        other = make_term(session, make_group(session))
        _talk(session, other, date(2025, 12, 16))
        group_id, other_id = make_group(session).id, other.id

    with store.reading() as session, pytest.raises(DomainError) as caught:
        report(session, group_id, WHEN, other_id)

    assert caught.value.code is Refusal.OLD_BUTTON


@pytest.mark.parametrize("people", [1, 3])
def test_supporters_do_not_count_as_presenting(store: Store, people: int) -> None:
    with store.writing() as session:
        talk = make_talk(session, make_slot(session, make_meeting(session, date=date(2026, 1, 6))))
        group = session.get_one(Group, talk.group_id)
        for number in range(people):
            make_presenter(session, talk, make_member(session, group, name=f"Member {number}"))
        group_id = group.id

    with store.reading() as session:
        counted = report(session, group_id, WHEN).statistics

    assert (counted.talks, counted.members) == (1, (Tally("Member 0", (1,)),))
