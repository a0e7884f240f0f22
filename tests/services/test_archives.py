"""Terms of the past: they are remembered, and nobody hears of them."""

from datetime import date, timedelta

from sqlalchemy import func, select

from bot.clock import MovableClock
from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.services import announcements, groups, imports, nags, offers, owed
from storage.enums import LinkKind, Role
from storage.models import Delivery, Meeting, Offer, Paper, Talk
from storage.store import Store
from tests.factories import make_chat, make_group, make_member

ANN = PagePresenter("Ann", Role.MAIN)
REFRAG = PageTalk(
    "REFRAG: Rethinking RAG based Decoding", url="https://arxiv.org/abs/2509.01092",
    presenters=(ANN,), links=(PageLink(LinkKind.SLIDES, "s/refrag.pdf"),),
)  # fmt: skip
OLD = Page(
    "2024 Fall",
    meetings=(
        PageMeeting(date(2024, 11, 12), (PageSlot(None, REFRAG), PageSlot())),
        PageMeeting(date(2024, 11, 5), (PageSlot(None, REFRAG._replace(title="Raft", url=None)),)),
    ),
)
LATER = Page(
    "2025 Spring",
    meetings=(
        PageMeeting(
            date(2025, 3, 4),
            (PageSlot(None, REFRAG._replace(url="https://arxiv.org/pdf/2509.01092v2")),),
        ),
    ),
)


def _import(store: Store, clock: MovableClock) -> list[bool]:
    with store.writing() as session:
        (group,) = groups.all_groups(session)
        return [
            imports.import_page(session, group, page, clock.now()).changed for page in (OLD, LATER)
        ]


def test_an_archive_sets_nothing_in_motion(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        group = make_group(session)
        make_chat(session, group=group)
        # Whoever presented then hears all there is to hear.
        make_member(session, group=group, name="Ann", telegram_id=5, hears_all=True)
    assert _import(store, clock) == [True, True]

    for _ in range(30):
        clock.move(timedelta(days=1))
        with store.writing() as session:
            nags.look(session, clock.now())
            announcements.look(session, clock.now())
            offers.advance(session, clock.now())
            assert owed.take(session, clock.now()) is None
    with store.reading() as session:
        assert session.scalar(select(func.count(Delivery.id))) == 0
        assert session.scalar(select(func.count(Offer.id))) == 0
        marked = Meeting.nag_at.is_not(None) | Meeting.turns_at.is_not(None)
        assert session.scalars(select(Meeting.id).where(marked)).all() == []


def test_a_paper_of_two_terms_is_one_paper_and_a_second_import_changes_nothing(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        make_group(session)
    assert _import(store, clock) == [True, True]
    assert _import(store, clock) == [False, False]

    with store.reading() as session:
        papers = session.execute(
            select(Paper.identity, func.count(Talk.id))
            .join(Talk, Talk.paper_id == Paper.id)
            .group_by(Paper.identity)
            .order_by(Paper.identity)
        ).all()
    assert [tuple(row) for row in papers] == [("arxiv:2509.01092", 2), ("title:raft", 1)]
