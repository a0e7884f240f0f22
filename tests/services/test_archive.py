"""What a group shows to the public, on both databases."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.archive import Archive
from bot.services import archive
from storage.enums import LinkKind, MeetingStatus
from storage.models import Group, Meeting
from storage.store import Store
from tests.factories import (
    TUESDAY,
    WHEN,
    make_audit_entry,
    make_group,
    make_link,
    make_meeting,
    make_member,
    make_paper,
    make_slot,
    make_talk,
    make_term,
)

DAY = timedelta(days=1)


def _load(session: Session, group: Group, clock: MovableClock) -> Archive:
    return archive.load(session, group.id, clock.now())


def test_an_archive_has_all_terms_and_their_meetings_newest_first(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group = make_group(session)
        spring = make_term(session, group, title="2025 Spring", last_date=date(2025, 6, 24))
        fall = make_term(session, group, requirements="45 minutes", other_information="Welcome")
        for term, day in ((spring, date(2025, 3, 4)), (fall, TUESDAY - 7 * DAY), (fall, TUESDAY)):
            make_slot(session, make_meeting(session, term, date=day, place="Library"))
        make_meeting(session, make_term(session))  # another group's
        found = _load(session, group, clock)

    assert found.group.name == "Systems reading group"
    assert found.founded_at == WHEN
    assert [(term.title, [m.date for m in term.meetings]) for term in found.terms] == [
        ("2025 Fall", [TUESDAY, TUESDAY - 7 * DAY]),
        ("2025 Spring", [date(2025, 3, 4)]),
    ]
    assert (found.terms[0].requirements, found.terms[0].other_information) == (
        "45 minutes",
        "Welcome",
    )
    assert len(found.terms[0].meetings[0].slots) == 1
    assert found.terms[0].meetings[0].place == "Library"


def test_a_group_without_a_term_has_an_empty_archive(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        found = _load(session, make_group(session), clock)

    assert found.terms == ()
    assert found.current(clock.now()) is None
    assert found.next_meeting(clock.now()) is None


def _changed(session: Session, meeting: Meeting, clock: MovableClock) -> datetime:
    group = session.get_one(Group, meeting.group_id)
    return _load(session, group, clock).changed_at[meeting.id]


def test_a_meeting_was_changed_when_it_its_slots_its_links_or_its_page_were(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group = make_group(session)
        member = make_member(session, group)
        term = make_term(session, group)
        meeting = make_meeting(session, term)
        slot = make_slot(session, meeting)
        other = make_slot(session, make_meeting(session, term, date=TUESDAY + 7 * DAY))
        talk = make_talk(session, slot)
        assert _changed(session, meeting, clock) == WHEN

        for days, action, subject_id, after in (
            (1, "page:import", term.id, {}),
            (2, "talk:claim", slot.id, {"slots": {str(slot.id): None}}),
            (3, "talk:swap", other.id, {"slots": {str(other.id): None, str(slot.id): None}}),
            (4, "link:post", talk.id, {"kind": "video", "url": "https://v.example/1"}),
            (5, "meeting:move", meeting.id, {}),
        ):
            at = WHEN + days * DAY
            make_audit_entry(
                session, member, at=at, action=action, subject_id=subject_id, after=after
            )
            assert _changed(session, meeting, clock) == at
        make_audit_entry(
            session,
            member,
            at=WHEN + 6 * DAY,
            action="talk:claim",
            subject_id=other.id,
            after={"slots": {str(other.id): None}},
        )
        assert _changed(session, meeting, clock) == WHEN + 5 * DAY


def test_a_video_was_posted_when_its_address_was_said_first(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group = make_group(session)
        member = make_member(session, group)
        talk = make_talk(
            session, make_slot(session, make_meeting(session, make_term(session, group)))
        )
        make_link(session, talk, kind=LinkKind.VIDEO, url="https://v.example/1")
        make_link(session, talk, kind=LinkKind.VIDEO, url="https://v.example/imported")
        for days in (2, 3):
            make_audit_entry(
                session,
                member,
                at=WHEN + days * DAY,
                action="link:post",
                subject_id=talk.id,
                after={"kind": "video", "url": "https://v.example/1"},
            )
        found = _load(session, group, clock)

    assert found.posted_at == {"https://v.example/1": WHEN + 2 * DAY}


def test_the_current_term_is_that_of_the_next_meeting(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        group = make_group(session)
        planned = make_term(session, group, title="2026 Spring", last_date=date(2026, 6, 30))
        running = make_term(session, group)
        make_meeting(session, running, date=TUESDAY, status=MeetingStatus.CANCELLED)
        following = make_meeting(session, running, date=TUESDAY + 7 * DAY)
        last = make_meeting(session, planned, date=date(2026, 3, 3))
        found = _load(session, group, clock)
        running_id, planned_id, over = following.id, last.id, following.ends_at
        later = datetime(2026, 7, 1, tzinfo=UTC)

    def of(now: datetime) -> tuple[str | None, int | None]:
        term, meeting = found.current(now), found.next_meeting(now)
        return term.title if term else None, meeting.id if meeting else None

    assert of(clock.now()) == ("2025 Fall", running_id)
    assert of(over) == ("2026 Spring", planned_id)
    assert of(later) == ("2026 Spring", None)


def test_who_wrote_a_talks_paper_is_known_where_a_catalogue_told_it(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group = make_group(session)
        meeting = make_meeting(session, make_term(session, group))
        told = make_paper(session, group, authors=["Ada", "李"])
        talk = make_talk(session, make_slot(session, meeting), paper_id=told.id)
        unknown = make_paper(session, group)
        make_talk(session, make_slot(session, meeting, position=2), paper_id=unknown.id)
        found, talk_id = _load(session, group, clock), talk.id

    assert found.authors == {talk_id: ("Ada", "李")}
