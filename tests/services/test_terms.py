"""A term as its page, on both databases; importing one is in test_imports.py."""

from datetime import date

from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.services import groups, terms
from storage.enums import LinkKind, MeetingKind, MeetingStatus, Role
from storage.models import Group, Term
from storage.store import Store
from tests.factories import (
    make_group,
    make_link,
    make_meeting,
    make_member,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)


def _page(session: Session, term: Term, clock: MovableClock) -> Page:
    return terms.page_of(session, term, clock.now())


def test_terms_are_named_by_their_last_date_and_then_newest_first(store: Store) -> None:
    with store.writing() as session:
        group = make_group(session)
        for title, last in (
            ("without a date", None),
            ("2025 Spring", date(2025, 6, 24)),
            ("2025 Fall", date(2026, 1, 20)),
            ("2025 Fall, second track", date(2026, 1, 20)),
            ("2024 Fall", date(2025, 1, 7)),
            ("without one either", None),
        ):
            make_term(session, group, title=title, last_date=last)
        make_term(session, title="of another group")
        assert terms.titles(session, group.id) == (
            "2025 Fall, second track",
            "2025 Fall",
            "2025 Spring",
            "2024 Fall",
            "without one either",
            "without a date",
        )


def test_a_group_without_terms_names_none(store: Store) -> None:
    with store.writing() as session:
        make_term(session)
        assert terms.titles(session, make_group(session).id) == ()


def test_a_term_without_meetings_is_a_page_of_its_texts(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        term = make_term(session)
        assert _page(session, term, clock) == Page(
            "2025 Fall", "One paper from SOSP or OSDI and one from arXiv.", "Everybody is welcome."
        )


def test_a_page_has_its_own_groups_and_terms_meetings_newest_first(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        term = make_term(session)
        group = session.get_one(Group, term.group_id)
        for day in (date(2026, 1, 6), date(2026, 1, 20), date(2025, 9, 16), date(2026, 1, 13)):
            make_meeting(session, term, date=day)
        make_meeting(session, make_term(session, group, title="2026 Spring"), date=date(2026, 3, 3))
        make_meeting(session, make_term(session), date=date(2026, 1, 27))
        page = _page(session, term, clock)
    assert page is not None
    assert page.meetings == (
        PageMeeting(date(2026, 1, 20)),
        PageMeeting(date(2026, 1, 13)),
        PageMeeting(date(2026, 1, 6)),
        PageMeeting(date(2025, 9, 16)),
    )


def test_a_title_that_only_another_group_has_is_no_page(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        make_term(session, title="2025 Fall")
        mine = make_term(session, title="2026 Spring")
        group = groups.by_id(session, mine.group_id)
        assert terms.named(session, group, "2025 Fall", clock.now()) is None
        assert terms.named(session, group, "2026 spring", clock.now()) is None


def test_a_meeting_is_told_with_all_that_hangs_on_it(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        term = make_term(session)
        group = session.get_one(Group, term.group_id)
        meeting = make_meeting(session, term, kind=MeetingKind.SPECIAL, title="Rehearsal")
        make_link(session, talk_id=None, meeting_id=meeting.id, group_id=group.id, label="call")
        talk = make_talk(session, make_slot(session, meeting), title="REFRAG")
        make_slot(session, meeting, topic=None)
        ann, bo, chi = (make_member(session, group, name=name) for name in ("Ann", "Bo", "Chi"))
        make_presenter(session, talk, bo, role=Role.SUPPORTER, affiliation="USTC")
        make_presenter(session, talk, chi, role=Role.SUPPORTER)
        make_presenter(session, talk, ann, role=Role.MAIN)
        for kind, url in ((LinkKind.VIDEO, "https://v.example"), (LinkKind.SLIDES, "https://s.ex")):
            make_link(session, talk, kind=kind, url=url)
        page = _page(session, term, clock)
    assert page is not None
    refrag = PageTalk(
        "REFRAG",
        "SOSP",
        2025,
        "https://papers.example/how-to-read",
        (
            PagePresenter("Ann", Role.MAIN),
            PagePresenter("Bo", Role.SUPPORTER, "USTC"),
            PagePresenter("Chi", Role.SUPPORTER),
        ),
        (
            PageLink(LinkKind.VIDEO, "https://v.example"),
            PageLink(LinkKind.SLIDES, "https://s.ex"),
        ),
    )
    assert page.meetings == (
        PageMeeting(
            date(2026, 1, 13),
            (PageSlot("Topic I", refrag), PageSlot(None)),
            MeetingKind.SPECIAL,
            "Rehearsal",
            links=(PageLink(LinkKind.SLIDES, "https://slides.example/how-to-read.pdf", "call"),),
        ),
    )


def test_a_cancelled_meeting_stays_on_the_page_with_its_open_slots(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        term = make_term(session)
        make_slot(
            session,
            make_meeting(session, term, status=MeetingStatus.CANCELLED, title="New Year"),
        )
        page = _page(session, term, clock)
    assert page is not None
    assert page.meetings == (
        PageMeeting(date(2026, 1, 13), (PageSlot("Topic I"),), title="New Year", cancelled=True),
    )


def test_the_page_does_not_change_as_time_passes(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        term = make_term(session)
        meeting = make_meeting(session, term)
        make_slot(session, meeting)
        before = _page(session, term, clock)
        clock.set(meeting.ends_at)
        assert before is not None
        assert len(before.meetings) == 1
        assert _page(session, term, clock) == before
