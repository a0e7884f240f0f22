"""A page into the schedule and back, on both databases."""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.views import GroupView
from bot.errors import OperatorError
from bot.publish.markdown import parse
from bot.services import claims, groups, imports, members, terms
from bot.services.groups import NewGroup
from bot.services.import_talks import Imported
from storage.base import Base
from storage.enums import ChatKind, DeliveryState, LinkKind, MeetingKind, Role, Weekday
from storage.models import AuditEntry, Chat, Delivery, Meeting, Member, Paper, Slot, Term, Wait
from storage.store import Store

NEW = NewGroup("Systems", "Asia/Shanghai", Weekday.TUESDAY, time(19), 120)
ARXIV = "https://arxiv.org/abs/2509.01092"
REFRAG = PageTalk(
    "REFRAG: Rethinking RAG",
    "arXiv",
    None,
    ARXIV,
    (PagePresenter("Ann Bo", Role.MAIN, "USTC"), PagePresenter("Bo Chi", Role.SUPPORTER)),
    (PageLink(LinkKind.SLIDES, "https://s.example/1.pdf"),),
)
CHI = (PagePresenter("Chi", Role.MAIN),)
MEETING = PageMeeting(date(2026, 1, 13), (PageSlot("Topic I", REFRAG), PageSlot("Topic II", None)))
REHEARSAL = PageMeeting(
    date(2025, 9, 29),
    (PageSlot(None, PageTalk("Mantle", presenters=CHI)),),
    MeetingKind.SPECIAL,
    "SOSP Rehearsal",
    links=(PageLink(LinkKind.OTHER, "https://c.example/1", "code"),),
)
HOLIDAY = PageMeeting(date(2026, 2, 17), title="Spring Festival", cancelled=True)
PAGE = Page("2025 Fall", "At least 45 minutes.", "Welcome.", (HOLIDAY, MEETING, REHEARSAL))


def _with(talk: PageTalk | None = REFRAG, **meeting: Any) -> Page:
    """The page with another first talk, or another meeting of January 13."""
    changed = MEETING._replace(slots=(PageSlot("Topic I", talk), MEETING.slots[1]))
    return PAGE._replace(meetings=(HOLIDAY, changed._replace(**meeting), REHEARSAL))


@pytest.fixture
def group(store: Store, clock: MovableClock) -> GroupView:
    """A group with its chat, in which PAGE was imported."""
    with store.writing() as session:
        made, _ = groups.create(session, NEW, clock.now())
        session.add(
            Chat(group_id=made.id, telegram_id=-1, kind=ChatKind.SUPERGROUP, title="Systems")
        )
        session.flush()
        view = groups.by_id(session, made.id)
        imports.import_page(session, view, PAGE, clock.now())
        return view


def _import(store: Store, group: GroupView, page: Page, clock: MovableClock) -> Imported:
    with store.writing() as session:
        return imports.import_page(session, group, page, clock.now())


def _page(store: Store, group: GroupView, clock: MovableClock) -> Page | None:
    with store.reading() as session:
        term = terms.named(session, group, "2025 Fall", clock.now())
        return terms.as_page(term) if term else None


def _rows(session: Session) -> dict[str, list[Any]]:
    return {
        table.name: sorted(map(repr, session.execute(select(table))))
        for table in Base.metadata.sorted_tables
    }


def test_a_page_comes_back_as_it_went_in(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    assert _page(store, group, clock) == PAGE
    with store.reading() as session:
        assert terms.titles(session, group.id) == ("2025 Fall",)
        assert terms.named(session, group, "2024 Fall", clock.now()) is None


def test_the_groups_real_page_comes_back_as_it_went_in(store: Store, clock: MovableClock) -> None:
    text = (Path(__file__).parents[1] / "data" / "2025-fall.md").read_text("utf-8")
    page = parse(text).page
    with store.writing() as session:
        made, _ = groups.create(session, NEW, clock.now())
        done = imports.import_page(session, made, page, clock.now())
        assert (done.added_meetings, done.added_talks, done.kept) == (15, 25, [])
        term = terms.named(session, made, page.title, clock.now())
        assert term is not None
        assert terms.as_page(term) == page
        assert not imports.import_page(session, made, page, clock.now()).changed


def test_who_waits_for_a_slot_that_the_page_gives_them_waits_no_more(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    with store.writing() as session:
        slot = session.scalars(select(Slot).where(Slot.topic == "Topic II")).one()
        term_id = session.get_one(Meeting, slot.meeting_id).term_id
        for name, target in (
            ("Ann Bo", {"slot_id": slot.id}),
            ("Bo Chi", {"slot_id": slot.id}),
            ("Chi", {"term_id": term_id}),
        ):
            member_id = session.scalars(select(Member.id).where(Member.name == name)).one()
            session.add(Wait(group_id=group.id, member_id=member_id, since=clock.now(), **target))
    late = PageMeeting(date(2026, 3, 3), (PageSlot(None, PageTalk("Late", presenters=CHI)),))
    talk = PageTalk("LithOS", presenters=(PagePresenter("Ann Bo", Role.MAIN),))
    page = _with(slots=(MEETING.slots[0], PageSlot("Topic II", talk)))
    _import(store, group, page._replace(meetings=(late, *page.meetings)), clock)
    with store.reading() as session:
        waiting = session.scalars(select(Member.name).join(Wait, Wait.member_id == Member.id))
        assert waiting.all() == ["Bo Chi"]


def test_of_a_paper_that_the_page_has_twice_the_later_meeting_says_what_it_is_called(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    again = REFRAG._replace(title="REFRAG, revised", venue=None)
    later = MEETING._replace(date=date(2026, 1, 20), slots=(PageSlot("Topic I", again),))
    _import(store, group, PAGE._replace(meetings=(HOLIDAY, later, MEETING, REHEARSAL)), clock)
    with store.reading() as session:
        paper = session.scalars(select(Paper).where(Paper.url == ARXIV)).one()
        assert (paper.title, paper.venue) == ("REFRAG, revised", "arXiv")


def test_what_the_schedule_keeps_is_told_in_the_order_of_the_dates(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    _claim(store, group, clock)
    other = Page("2026 Spring", meetings=(MEETING._replace(date=date(2026, 1, 6)),))
    _import(store, group, other, clock)
    spirit = PageSlot("Topic I", PageTalk("Spirit"))
    taken = _with(slots=(spirit,)).meetings[1]
    early = MEETING._replace(date=date(2026, 1, 6))
    page = PAGE._replace(meetings=(HOLIDAY, taken, early, REHEARSAL))
    assert _import(store, group, page, clock).kept == [
        "06 January 2026 belongs to another term already.",
        "13 January 2026, Topic I has “REFRAG: Rethinking RAG”; the page says “Spirit”.",
        "13 January 2026, Topic II has “LithOS”; the page has no such slot.",
    ]


def test_importing_twice_changes_no_row(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    with store.reading() as session:
        before = _rows(session)
    assert _import(store, group, PAGE, clock) == Imported()
    with store.reading() as session:
        assert _rows(session) == before


def test_an_import_is_written_down(store: Store, clock: MovableClock, group: GroupView) -> None:
    with store.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.after) == (
            "page:import",
            {"term": "2025 Fall", "meetings": 3, "talks": 2},
        )


@pytest.mark.parametrize(
    "talk",
    [
        REFRAG._replace(title="REFRAG: Rethinking RAG based Decoding"),
        REFRAG._replace(venue="SOSP", year=2025),
        REFRAG._replace(url="https://arxiv.org/pdf/2509.01092v2"),
        REFRAG._replace(url="https://dl.example/refrag"),
        REFRAG._replace(presenters=REFRAG.presenters[::-1][:1]),
        REFRAG._replace(
            presenters=(PagePresenter("Chi", Role.MAIN, "MIT"), *REFRAG.presenters[1:])
        ),
        REFRAG._replace(links=(*REFRAG.links, PageLink(LinkKind.VIDEO, "https://v.example"))),
    ],
)
def test_a_correction_of_a_talk_is_taken(
    store: Store, clock: MovableClock, group: GroupView, talk: PageTalk
) -> None:
    done = _import(store, group, _with(talk), clock)
    assert (done.changed_talks, done.added_talks, done.kept) == (1, 0, [])
    assert _page(store, group, clock) == _with(talk)
    assert not _import(store, group, _with(talk), clock).changed


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (PAGE._replace(requirements="Fifty minutes."), Imported(changed_term=True)),
        (_with(title="Thesis defence", kind=MeetingKind.SPECIAL), Imported(changed_meetings=1)),
        (_with(slots=(*MEETING.slots, PageSlot("Topic III"))), Imported(changed_meetings=1)),
        (_with(slots=MEETING.slots[:1]), Imported(changed_meetings=1)),
        (_with(slots=(PageSlot("Paper", REFRAG), MEETING.slots[1])), Imported(changed_meetings=1)),
        (_with(cancelled=True), Imported(changed_meetings=1)),
    ],
)
def test_a_correction_of_the_term_or_a_meeting_is_taken_and_counted(
    store: Store, clock: MovableClock, group: GroupView, page: Page, expected: Imported
) -> None:
    done = _import(store, group, page, clock)
    assert done.changed
    assert done == expected
    assert _page(store, group, clock) == page


def test_what_a_link_is_called_is_corrected(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    named = REHEARSAL._replace(links=(REHEARSAL.links[0]._replace(label="source"),))
    page = PAGE._replace(meetings=(HOLIDAY, MEETING, named))
    assert _import(store, group, page, clock).changed_meetings == 1
    assert _page(store, group, clock) == page


def test_what_the_page_leaves_out_is_not_taken_away(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    bare = REFRAG._replace(venue=None, url=None, links=())
    assert not _import(store, group, _with(bare), clock).changed
    assert not _import(store, group, _with(None), clock).changed
    assert _page(store, group, clock) == PAGE


def _claim(store: Store, group: GroupView, clock: MovableClock) -> None:
    """Dan takes Topic II of January 13 in the chat."""
    with store.writing() as session:
        dan = members.meet(session, group, 77, "Dan", organizer=None)
        slot = session.scalars(select(Slot).where(Slot.topic == "Topic II")).one()
        claims.claim(session, dan, slot.id, "LithOS", "https://x.example/lithos", clock.now())


LITHOS = PageTalk("LithOS", None, None, "https://x.example/lithos")


@pytest.mark.parametrize(
    ("slots", "kept"),
    [
        (MEETING.slots, []),
        (
            (MEETING.slots[0], PageSlot("Topic II", LITHOS._replace(presenters=REFRAG.presenters))),
            ["13 January 2026, Topic II: Dan took the talk; the page does not say."],
        ),
        (
            (MEETING.slots[0], PageSlot("Topic II", LITHOS)),
            ["13 January 2026, Topic II: Dan took the talk; the page does not say."],
        ),
        (
            (MEETING.slots[0], PageSlot("Topic II", PageTalk("Spirit"))),
            ["13 January 2026, Topic II has “LithOS”; the page says “Spirit”."],
        ),
        (
            MEETING.slots[:1],
            ["13 January 2026, Topic II has “LithOS”; the page has no such slot."],
        ),
    ],
)
def test_the_page_never_takes_away_what_was_claimed_in_the_chat(
    store: Store,
    clock: MovableClock,
    group: GroupView,
    slots: tuple[PageSlot, ...],
    kept: list[str],
) -> None:
    _claim(store, group, clock)
    expected = _page(store, group, clock)
    assert _import(store, group, _with(slots=slots), clock) == Imported(kept=kept)
    assert _page(store, group, clock) == expected


def test_a_page_may_name_a_supporter_beside_who_claimed(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    _claim(store, group, clock)
    people = (PagePresenter("Dan", Role.MAIN), PagePresenter("Eve", Role.SUPPORTER))
    page = _with(slots=(MEETING.slots[0], PageSlot("Topic II", LITHOS._replace(presenters=people))))
    assert _import(store, group, page, clock).changed_talks == 1
    assert _page(store, group, clock) == page


def test_somebody_who_stands_on_the_page_twice_gives_the_talk_once(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    twice = REFRAG._replace(
        presenters=(*REFRAG.presenters, PagePresenter("Ann Bo", Role.SUPPORTER))
    )
    assert not _import(store, group, _with(twice), clock).changed
    assert _page(store, group, clock) == PAGE


def test_a_meeting_that_left_the_page_and_one_of_another_term_are_kept_and_told(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    shorter = PAGE._replace(meetings=(HOLIDAY, REHEARSAL))
    assert _import(store, group, shorter, clock).kept == [
        "13 January 2026 is not on the page; to be rid of it, list it there as cancelled."
    ]
    other = Page("2026 Spring", meetings=(MEETING,))
    assert _import(store, group, other, clock).kept == [
        "13 January 2026 belongs to another term already."
    ]
    assert _page(store, group, clock) == PAGE


def _ledger(store: Store) -> list[tuple[str, DeliveryState]]:
    with store.reading() as session:
        rows = session.execute(
            select(Delivery.key, Delivery.state)
            .where(Delivery.meeting_id.is_not(None), Delivery.chat_id.is_not(None))
            .order_by(Delivery.id)
        )
        return [(key.split(":", 2)[2].partition(":chat")[0], state) for key, state in rows]


def test_a_meeting_cancelled_on_the_page_is_not_announced_and_a_restored_one_is_anew(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    planned, gone = DeliveryState.PLANNED, DeliveryState.CANCELLED
    names = ("announcement", "day_before", "starting_soon")
    first = [(f"rev1:{name}", planned) for name in names]
    assert _ledger(store) == first
    _import(store, group, _with(cancelled=True), clock)
    assert _ledger(store) == [(key, gone) for key, _ in first]
    _import(store, group, PAGE, clock)
    assert _ledger(store) == [
        *((key, gone) for key, _ in first),
        *((f"rev3:{name}", planned) for name in names),
    ]


@pytest.mark.parametrize(
    ("page", "what", "shown", "length", "most"),
    [
        (_with(REFRAG._replace(title="x" * 501)), "title", "x" * 39, 501, 500),
        (_with(REFRAG._replace(venue="v" * 51)), "venue", "v" * 39, 51, 50),
        (
            _with(REFRAG._replace(presenters=(PagePresenter("y" * 201, Role.MAIN),))),
            "name",
            "y" * 39,
            201,
            200,
        ),
        (
            _with(REFRAG._replace(url="https://x.example/" + "z" * 2000)),
            "link",
            "https://x.example/" + "z" * 21,
            2018,
            2000,
        ),
        (_with(title="m" * 501), "title", "m" * 39, 501, 500),
    ],
)
def test_what_does_not_fit_the_tables_is_refused_in_a_sentence(
    store: Store,
    clock: MovableClock,
    group: GroupView,
    page: Page,
    what: str,
    shown: str,
    length: int,
    most: int,
) -> None:
    with pytest.raises(OperatorError) as caught:
        _import(store, group, page, clock)
    assert str(caught.value) == (
        f"13 January 2026: the {what} “{shown}…” has {length} characters; {most} is the most. "
        "Shorten it on the page."
    )
    assert _page(store, group, clock) == PAGE


def test_a_zero_byte_is_refused_in_a_sentence(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    for page, what in (
        (PAGE._replace(requirements="nothing\0"), "The text of requirements"),
        (PAGE._replace(other_information="nothing\0"), "The other information"),
    ):
        with pytest.raises(OperatorError) as caught:
            _import(store, group, page, clock)
        assert str(caught.value) == f"{what} “nothing” has a zero byte in it. Remove it."


def test_the_longest_texts_that_fit_are_kept(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    people = (PagePresenter("n" * 200, Role.MAIN, "a" * 200),)
    talk = PageTalk("é" * 500, "v" * 50, 2025, "https://x.example/" + "u" * 1982, people)
    page = _with(slots=(MEETING.slots[0], PageSlot("t" * 100, talk)))
    assert _import(store, group, page, clock).added_talks == 1
    assert _page(store, group, clock) == page


def test_terms_are_named_newest_first(store: Store, clock: MovableClock, group: GroupView) -> None:
    _import(store, group, Page("Empty"), clock)
    _import(store, group, Page("2026", meetings=(PageMeeting(date(2026, 3, 3)),)), clock)
    with store.reading() as session:
        assert terms.titles(session, group.id) == ("2026", "2025 Fall", "Empty")
        assert session.scalar(select(func.count(AuditEntry.id))) == 4


def test_a_term_reaches_as_far_as_its_pages_did(
    store: Store, clock: MovableClock, group: GroupView
) -> None:
    def span() -> tuple[date | None, date | None]:
        with store.reading() as session:
            row = session.scalars(select(Term)).one()
            return row.first_date, row.last_date

    whole = date(2025, 9, 29), date(2026, 2, 17)
    assert span() == whole
    _import(store, group, PAGE._replace(meetings=(MEETING,)), clock)
    assert span() == whole
    _import(store, group, PAGE._replace(meetings=()), clock)
    assert span() == whole
