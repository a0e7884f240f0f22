"""Posting a video, on both databases."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import links, queries
from storage.enums import LinkKind, MeetingStatus
from storage.models import AuditEntry, Link, Term
from storage.store import Store
from tests.factories import make_group, make_link, make_meeting, make_slot, make_talk, make_term

VIDEO = "https://video.example/watch?v=1"


def _held(
    session: Session, clock: MovableClock, day: int = 6, talks: int = 2, term: Term | None = None
) -> MeetingView:
    """A meeting of that day in January with so many talks and one open slot."""
    row = make_meeting(session, term or make_term(session), date=date(2026, 1, day))
    for number in range(talks):
        make_talk(session, make_slot(session, row), title=f"Talk {number}")
    make_slot(session, row)
    found = queries.meeting(session, row.group_id, row.id, clock.now())
    assert found is not None
    return found


def _group_of(session: Session) -> int:
    return session.scalars(select(Term.group_id)).one()


def _slots(meeting: MeetingView) -> frozenset[int]:
    return frozenset(slot.id for slot in meeting.slots)


def test_one_video_goes_beside_both_talks_and_only_once(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)
        posted = links.post_video(
            session, organizer, meeting.id, _slots(meeting), VIDEO, clock.now()
        )
        assert posted.new
        assert [found.talk.title for found in posted.talks] == ["Talk 0", "Talk 1"]
        assert all(found.talk.has(LinkKind.VIDEO) for found in posted.talks)
        again = links.post_video(
            session, organizer, meeting.id, _slots(meeting), VIDEO, clock.now()
        )
        assert (again.new, again.talks) == (False, posted.talks)
        assert session.scalar(select(func.count(Link.id))) == 2
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(one.action, one.actor_name, one.after) for one in entries] == [
            ("link:post", "Ann Bo", {"kind": "video", "url": VIDEO})
        ] * 2


def test_one_slot_alone_can_get_its_video(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        meeting = _held(session, clock)
        organizer = Actor(_group_of(session), "Ann Bo", organizer=True)
        only = frozenset({meeting.slots[1].id})
        posted = links.post_video(session, organizer, meeting.id, only, VIDEO, clock.now())
        assert [slot.talk.has(LinkKind.VIDEO) for slot in posted.meeting.slots if slot.talk] == [
            False,
            True,
        ]


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("no organizer", Refusal.ORGANIZERS_ONLY),
        ("no link", Refusal.LINK_IS_NO_LINK),
        ("not begun", Refusal.NOT_YET_HELD),
        ("open slot", Refusal.NO_TALK_THERE),
        ("other group", Refusal.NO_SUCH_SLOT),
    ],
)
def test_a_video_is_refused(store: Store, clock: MovableClock, case: str, refusal: Refusal) -> None:
    with store.writing() as session:
        meeting = _held(session, clock, day=13 if case == "not begun" else 6)
        group_id = _group_of(session)
        if case == "other group":
            group_id = make_group(session).id
        actor = Actor(group_id, "Ann Bo", organizer=case != "no organizer")
        slots = frozenset({meeting.slots[2].id}) if case == "open slot" else _slots(meeting)
        url = "ftp://video.example" if case == "no link" else VIDEO
        with pytest.raises(DomainError) as caught:
            links.post_video(session, actor, meeting.id, slots, url, clock.now())
        assert caught.value.code is refusal
        assert session.scalar(select(func.count(Link.id))) == 0


def test_the_last_meeting_that_lacks_a_video_is_found_however_long_ago(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        term = make_term(session)
        lacking = _held(session, clock, day=1, term=term)
        for day in (2, 3, 4, 5, 6):
            row = make_meeting(session, term, date=date(2026, 1, day))
            make_link(session, make_talk(session, make_slot(session, row)), kind=LinkKind.VIDEO)
        _held(session, clock, day=13, term=term)
        cancelled = make_meeting(
            session, term, date=date(2026, 1, 7), status=MeetingStatus.CANCELLED
        )
        make_talk(session, make_slot(session, cancelled))
        assert links.lacking_video(session, term.group_id, clock.now()) == lacking


def test_slides_are_no_video_and_no_talk_needs_none(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        term = make_term(session)
        _held(session, clock, day=5, talks=0, term=term)
        assert links.lacking_video(session, term.group_id, clock.now()) is None
        row = make_meeting(session, term)
        make_link(session, make_talk(session, make_slot(session, row)), kind=LinkKind.SLIDES)
        found = links.lacking_video(session, term.group_id, row.starts_at)
        assert found is not None
        assert found.id == row.id
