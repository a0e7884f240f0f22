"""Questions about the schedule, on both databases."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.services import queries
from storage.enums import MeetingStatus, Role
from storage.models import Group, Meeting, Talk
from storage.store import Store
from tests import statements
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

FIRST = date(2025, 9, 16)


def _term(session: Session, weeks: int, group: Group | None = None) -> Group:
    """A meeting on each of so many Tuesdays from September 16 on: one talk, one open slot."""
    group = group or make_group(session)
    term, member = make_term(session, group), make_member(session, group, name="Ann Bo")
    for week in range(weeks):
        meeting = make_meeting(session, term, date=FIRST + timedelta(weeks=week))
        talk = make_talk(session, make_slot(session, meeting), title=f"Paper {week}")
        make_presenter(session, talk, member)
        make_link(session, talk)
        make_slot(session, meeting)
    return group


@pytest.mark.parametrize("weeks", [0, 1, 3, 4, 8, 17, 18, 30])
def test_paging_shows_every_meeting_once_and_in_order(
    store: Store, clock: MovableClock, weeks: int
) -> None:
    with store.writing() as session:
        group = _term(session, weeks)
        pages = {}
        for step in (1, -1):
            offset = 0 if step > 0 else -1
            while True:
                page = queries.schedule(session, group.id, clock.now(), offset)
                pages[offset] = page
                if not (page.later if step > 0 else page.earlier):
                    break
                offset += step
    shown = [meeting.date for offset in sorted(pages) for meeting in pages[offset].meetings]
    assert shown == [FIRST + timedelta(weeks=week) for week in range(weeks)]
    assert all(len(page.meetings) <= queries.PAGE_SIZE for page in pages.values())
    assert all(pages[offset].earlier for offset in pages if offset - 1 in pages and offset != 0)


def test_the_first_page_begins_with_the_next_meeting(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        group = _term(session, 20)
        page = queries.schedule(session, group.id, clock.now())
        assert page.meetings[0].date == date(2026, 1, 13)
        assert (page.earlier, page.later) == (True, False)


@pytest.mark.parametrize("weeks", [17, 18, 21, 25])
def test_the_page_with_a_day_has_the_first_meeting_from_it_on(
    store: Store, clock: MovableClock, weeks: int
) -> None:
    """Seventeen meetings are over."""
    with store.writing() as session:
        group = _term(session, weeks)
        days = [FIRST + timedelta(weeks=week) for week in range(weeks)]
        for day in days:
            for asked in (day, day - timedelta(days=3)):
                offset = queries.page_with(session, group.id, asked, clock.now())
                page = queries.schedule(session, group.id, clock.now(), offset)
                assert day in [meeting.date for meeting in page.meetings]
        beyond = queries.page_with(session, group.id, date(2027, 1, 1), clock.now())
        last = queries.schedule(session, group.id, clock.now(), beyond)
        assert [meeting.date for meeting in last.meetings][-1:] == (days[-1:] if weeks > 17 else [])


def test_next_is_the_first_meeting_that_is_neither_over_nor_cancelled(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        term = make_term(session)
        for day, status in ((6, "planned"), (13, "cancelled"), (20, "planned"), (27, "planned")):
            make_meeting(session, term, date=date(2026, 1, day), status=MeetingStatus(status))
        found = queries.next_meeting(session, term.group_id, clock.now())
        assert found is not None
        assert found.date == date(2026, 1, 20)
        during = found.ends_at - timedelta(seconds=1)
        begun = found._replace(begun=True)
        assert queries.next_meeting(session, term.group_id, during) == begun
        after = queries.next_meeting(session, term.group_id, found.ends_at)
        assert after is not None
        assert after.date == date(2026, 1, 27)


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("diffkv", {"DiffKV: 100% of a_b"}),
        ("DIFFKV", {"DiffKV: 100% of a_b"}),
        ("100%", {"DiffKV: 100% of a_b"}),
        ("0%0", set()),
        ("a_b", {"DiffKV: 100% of a_b"}),
        ("a_", {"DiffKV: 100% of a_b"}),
        ("_", {"DiffKV: 100% of a_b"}),
        ("o'brien", {'Quotes "and" O\'Brien\\ here!'}),
        ('"and"', {'Quotes "and" O\'Brien\\ here!'}),
        ("brien\\", {'Quotes "and" O\'Brien\\ here!'}),
        ("here!", {'Quotes "and" O\'Brien\\ here!'}),
        ("' OR 1=1 --", set()),
        ("sosp", {"DiffKV: 100% of a_b"}),
        ("SOSP'25", {"DiffKV: 100% of a_b"}),
        ("[sosp'25]", {"DiffKV: 100% of a_b"}),
        ("SOSP'24", set()),
        ("sosp 2025", {"DiffKV: 100% of a_b"}),
        ("ann cache", {"缓存 Cache"}),
        ("ÉLODIE", {"缓存 Cache"}),
        ("élodie", {"缓存 Cache"}),
        ("Élodie", {"缓存 Cache"}),
        ("缓存", {"缓存 Cache"}),
        ("ann diffkv", set()),
        ("", set()),
        ("   ", set()),
    ],
)
def test_find_looks_for_each_word_in_title_presenters_and_venue(
    store: Store, clock: MovableClock, words: str, titles: set[str]
) -> None:
    with store.writing() as session:
        meeting = make_meeting(session)
        group = session.get_one(Group, meeting.group_id)
        for title, venue, name in (
            ("DiffKV: 100% of a_b", "SOSP", "Bo"),
            ('Quotes "and" O\'Brien\\ here!', None, "Chi"),
            ("缓存 Cache", "arXiv", "Ann Élodie"),
        ):
            talk = make_talk(
                session,
                make_slot(session, meeting),
                title=title,
                venue=venue,
                year=2025 if venue == "SOSP" else None,
            )
            make_presenter(session, talk, make_member(session, group, name=name))
        found = queries.find(session, group.id, words, clock.now())
    assert {one.talk.title for one in found} == titles


def test_find_names_the_newest_first_and_one_more_than_it_shows(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group = _term(session, 15)
        found = queries.find(session, group.id, "paper", clock.now())
    assert [one.talk.title for one in found] == [f"Paper {week}" for week in range(14, 3, -1)]
    assert len(found) == queries.MOST_FOUND + 1


def test_find_looks_in_every_year_of_the_schedule(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        group = _term(session, 70)
        rare = make_member(session, group, name="Rare")
        talks = session.scalars(select(Talk).order_by(Talk.id)).all()
        for week in (0, 1, 69):
            make_presenter(session, talks[week], rare)
        talks[0].title = "Ancient"
        talks[1].venue, talks[1].year = "OSDI", 2004
        found = {
            words: [
                (one.meeting.date - FIRST).days // 7
                for one in queries.find(session, group.id, words, clock.now())
            ]
            for words in ("ancient", "Rare", "rare ancient", "OSDI'04", "2004", "Ann", "nowhere")
        }
    assert found == {
        "ancient": [0],
        "Rare": [69, 1, 0],
        "rare ancient": [0],
        "OSDI'04": [1],
        "2004": [1],
        "Ann": list(range(69, 58, -1)),
        "nowhere": [],
    }


def test_each_page_says_whether_there_is_more(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        group = _term(session, 3)
        ends = list(session.scalars(select(Meeting.ends_at).order_by(Meeting.date)))

        def page(now: datetime, offset: int) -> tuple[list[int], bool, bool]:
            found = queries.schedule(session, group.id, now, offset)
            assert found.offset == offset
            weeks = [(one.date - FIRST).days // 7 for one in found.meetings]
            return weeks, found.earlier, found.later

        before = ends[0] - timedelta(days=7)
        assert page(before, 0) == ([0, 1, 2], False, False)
        assert page(before, -1) == ([], False, True)
        # A meeting is over at the moment of its end.
        assert page(ends[1], 0) == ([2], True, False)
        assert page(ends[1], -1) == ([0, 1], False, True)
        assert page(ends[2], 0) == ([], True, False)
        assert page(ends[2], -1) == ([0, 1, 2], False, False)


def test_of_many_talks_one_more_is_found_than_an_answer_shows(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        group = make_group(session)
        meeting = make_meeting(session, make_term(session, group))
        ann = make_member(session, group, telegram_id=77)
        for position in range(queries.MOST_FOUND + 3, 0, -1):
            slot = make_slot(session, meeting, position=position)
            make_presenter(session, make_talk(session, slot), ann)
        now, title = clock.now(), "How to read a paper"
        for found in (
            queries.coming_talks(session, group.id, now, queries.MOST_FOUND),
            queries.alike(session, group.id, title, now),
            queries.talks_of(session, group.id, 77, now),
            queries.find(session, group.id, title, now),
        ):
            positions = [one.slot.position for one in found]
            assert positions == list(range(1, queries.MOST_FOUND + 2))


def test_the_talks_of_an_account_are_those_that_it_has_in_the_group(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        first, second = (make_group(session) for _ in range(2))
        for group in (first, second):
            slot = make_slot(session, make_meeting(session, make_term(session, group)))
            talk = make_talk(session, slot, title=f"Of {group.id}")
            make_presenter(session, talk, make_member(session, group, telegram_id=77))
        for group in (first, second):
            (found,) = queries.talks_of(session, group.id, 77, clock.now())
            assert found.talk.title == f"Of {group.id}"


def test_a_date_without_a_year_means_none_long_ago(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        term = make_term(session)
        near = date(2026, 1, 13)
        days = [near + years * queries.SOME_YEARS for years in (-1, 0, 1)]
        for day in (days[0] - timedelta(days=1), *days, days[2] + timedelta(days=1)):
            make_meeting(session, term, date=day)
        now = clock.now()
        assert queries.days(session, term.group_id, now, near).known == tuple(days)
        assert len(queries.days(session, term.group_id, now).known) == 5


def test_ahead_are_the_meetings_that_take_place_and_have_not_begun(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        term = make_term(session)
        for day, status in ((6, "planned"), (13, "cancelled"), (20, "planned"), (27, "planned")):
            make_meeting(session, term, date=date(2026, 1, day), status=MeetingStatus(status))
        begun = queries.meeting_on(session, term.group_id, date(2026, 1, 20), clock.now())
        assert begun is not None
        before = queries.days(session, term.group_id, begun.starts_at - timedelta(minutes=1))
        after = queries.days(session, term.group_id, begun.starts_at)
    assert [one.day for one in before.known] == [6, 13, 20, 27] == [one.day for one in after.known]
    assert [one.day for one in before.ahead] == [20, 27]
    assert [one.day for one in after.ahead] == [27]


def test_mine_are_the_talks_of_an_account_also_as_a_supporter(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        group = make_group(session)
        meeting = make_meeting(session, make_term(session, group))
        ann, bo = make_member(session, group), make_member(session, group)
        mine, ours, theirs = (
            make_talk(session, make_slot(session, meeting), title=title)
            for title in ("mine", "ours", "theirs")
        )
        make_presenter(session, mine, ann)
        make_presenter(session, ours, bo)
        make_presenter(session, ours, ann)
        make_presenter(session, theirs, bo)
        assert ann.telegram_id is not None
        found = queries.talks_of(session, group.id, ann.telegram_id, clock.now())
    assert [one.talk.title for one in found] == ["mine", "ours"]
    assert [p.role for p in found[1].talk.presenters] == [Role.MAIN, Role.SUPPORTER]


def test_open_are_the_coming_meetings_with_a_free_slot(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        term = make_term(session)
        for day, status, taken, free in (
            (6, "planned", 0, 1),
            (13, "planned", 1, 1),
            (20, "planned", 2, 0),
            (27, "cancelled", 0, 2),
            (28, "planned", 0, 2),
        ):
            meeting = make_meeting(
                session, term, date=date(2026, 1, day), status=MeetingStatus(status)
            )
            for _ in range(taken):
                make_talk(session, make_slot(session, meeting))
            for _ in range(free):
                make_slot(session, meeting)
        found = queries.open_meetings(session, term.group_id, clock.now())
        once_the_first_begins = queries.open_meetings(session, term.group_id, found[0].starts_at)
    shown = {one.date.day: [slot.position for slot in one.open_slots] for one in found}
    assert shown == {13: [2], 28: [1, 2]}
    assert [one.date.day for one in once_the_first_begins] == [28]


def test_of_a_long_term_the_next_open_meetings_are_enough_for_one_answer(
    sqlite_store: Store, clock: MovableClock
) -> None:
    most = 2 * queries.PAGE_SIZE
    with sqlite_store.writing() as session:
        group = _term(session, most + 2)
        before = clock.now() - timedelta(days=365)
        found = queries.open_meetings(session, group.id, before)
    assert [one.date for one in found] == [FIRST + timedelta(weeks=week) for week in range(most)]


def test_a_question_sees_nothing_of_another_group(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        other, mine = _term(session, 20), make_group(session)
        slot = queries.open_meetings(session, other.id, clock.now())[0].open_slots[0]
        now = clock.now()
        assert queries.next_meeting(session, mine.id, now) is None
        assert queries.schedule(session, mine.id, now).meetings == ()
        assert queries.find(session, mine.id, "paper", now) == ()
        assert queries.open_meetings(session, mine.id, now) == ()
        assert queries.of_slot(session, mine.id, slot.id, now) is None
        assert queries.days(session, mine.id, now) == ((), ())
        assert queries.of_slot(session, other.id, slot.id, now) is not None


def _statements(session: Session, group_id: int, clock: MovableClock) -> list[int]:
    now, counts = clock.now(), []
    account = queries.find(session, group_id, "paper", now)[0].talk.presenters[0].telegram_id or 0
    for ask in (
        lambda: queries.next_meeting(session, group_id, now),
        lambda: queries.schedule(session, group_id, now),
        lambda: queries.schedule(session, group_id, now, -1),
        lambda: queries.open_meetings(session, group_id, now),
        lambda: queries.find(session, group_id, "paper", now),
        lambda: queries.talks_of(session, group_id, account, now),
        lambda: queries.days(session, group_id, now).known,
        lambda: queries.all_meetings(session, group_id, _term_id(session, group_id), now),
    ):
        with statements.noted() as said:
            assert ask()
        counts.append(len(said))
    return counts


def _term_id(session: Session, group_id: int) -> int:
    return session.query(Meeting.term_id).filter_by(group_id=group_id).limit(1).scalar() or 0


def test_a_longer_schedule_costs_no_more_statements(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        short = _term(session, 3)
        long = _term(session, 60, make_group(session))
        clock.move(timedelta(days=-110))  # into the second week of both
        few = _statements(session, short.id, clock)
        many = _statements(session, long.id, clock)
        assert all(long <= short for short, long in zip(few, many, strict=True))
        assert max(few) <= 6


def test_a_name_that_another_groups_member_has_as_well_finds_own_talks_only(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        found = []
        for _ in range(2):
            group = make_group(session)
            talk = make_talk(
                session, make_slot(session, make_meeting(session, make_term(session, group)))
            )
            make_presenter(session, talk, make_member(session, group, name="Robin Éluard"))
            found.append((group.id, talk.id))
        for group_id, talk_id in found:
            for word in ("robin", "ÉLUARD", "éluard", "SOSP'25", "2025", "sosp"):
                talks = queries.find(session, group_id, word, clock.now())
                assert [one.talk.id for one in talks] == [talk_id]
            for word in ("2024", "SOSP'24", "OSDI'25", "99"):
                assert queries.find(session, group_id, word, clock.now()) == ()
