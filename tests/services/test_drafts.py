from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.domain.views import Actor, DraftView
from bot.errors import DomainError, Refusal
from bot.services import drafts
from storage.enums import DraftKind
from storage.models import Draft, Group
from storage.store import Store
from tests.factories import as_actor, make_actor, make_group, make_member, make_slot, make_view


def test_a_draft_is_found_again_as_often_as_it_is_tapped(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann = make_member(session)
        actor = as_actor(session, ann)
        kept = drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
    for _ in range(2):
        with store.writing() as session:
            assert drafts.take_up(session, actor, kept.id, clock.now(), DraftKind.CLAIM) == kept


def test_only_its_member_takes_a_draft_up(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann = make_member(session)
        group = session.get_one(Group, ann.group_id)
        bo, stranger = make_member(session, group), make_member(session, make_group(session))
        actor = as_actor(session, ann)
        kept = drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
        refused = {
            "another": (as_actor(session, bo), kept.id, DraftKind.CLAIM),
            "anonymous": (Actor(actor.group, "An organizer"), kept.id, DraftKind.CLAIM),
            "another group": (as_actor(session, stranger), kept.id, DraftKind.CLAIM),
            "another kind": (actor, kept.id, DraftKind.VIDEO),
            "gone": (actor, kept.id + 1, DraftKind.CLAIM),
        }
        answers = {}
        for case, (who, draft_id, kind) in refused.items():
            with pytest.raises(DomainError) as caught:
                drafts.take_up(session, who, draft_id, clock.now(), kind)
            answers[case] = caught.value.code
    assert answers == {
        "another": Refusal.SOMEBODY_ELSES_BUTTON,
        "anonymous": Refusal.SOMEBODY_ELSES_BUTTON,
        "another group": Refusal.DRAFT_GONE,
        "another kind": Refusal.DRAFT_GONE,
        "gone": Refusal.DRAFT_GONE,
    }


@pytest.mark.parametrize(("days", "gone"), [(7, False), (7.01, True)])
def test_a_draft_is_forgotten_after_a_week(
    store: Store, clock: MovableClock, days: float, gone: bool
) -> None:
    with store.writing() as session:
        ann = make_member(session)
        actor = as_actor(session, ann)
        kept = drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
        clock.move(timedelta(days=days))
        with nullcontext() if not gone else pytest.raises(DomainError, match="draft_gone"):
            assert drafts.take_up(session, actor, kept.id, clock.now(), DraftKind.CLAIM) == kept


def test_keeping_a_draft_clears_away_those_that_are_too_old(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann = make_member(session)
        actor = as_actor(session, ann)
        drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
        clock.move(timedelta(days=8))
        kept = drafts.keep(session, actor, DraftKind.VIDEO, clock.now(), url="https://v.example/1")
        assert session.scalars(select(Draft.id)).all() == [kept.id]


def test_who_writes_as_the_group_itself_keeps_no_draft(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        nobody = Actor(make_view(session), "An organizer", organizer=True)
        with pytest.raises(DomainError, match="show_yourself"):
            drafts.keep(session, nobody, DraftKind.CLAIM, clock.now(), title="REFRAG")


def test_a_draft_remembers_all_that_was_said(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        slot = make_slot(session)
        group = session.get_one(Group, slot.group_id)
        ann = make_actor(session, group, "Ann")
        said = {"title": "Jenga", "url": "u", "slot_id": slot.id, "text": "t", "plan": {"step": 1}}
        kept = drafts.keep(session, ann, DraftKind.VIDEO, clock.now(), **said)  # type: ignore[arg-type]
        assert kept == DraftView(
            kept.id, ann.member_id or 0, DraftKind.VIDEO, "Jenga", "u", slot.id, "t", {"step": 1}
        )
        session.expire_all()
        drafts.replan(session, kept.id, {"step": 2})
        again = drafts.take_up(session, ann, kept.id, clock.now(), DraftKind.CLAIM, DraftKind.VIDEO)
        assert again == kept._replace(plan={"step": 2})


def test_a_reply_finds_the_draft_that_its_message_asked_for(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        group = make_group(session)
        ann, bo = (make_actor(session, group, name) for name in ("Ann", "Bo"))
        older, newer, elsewhere, silent = (
            drafts.keep(session, ann, DraftKind.CLAIM, clock.now(), title=title)
            for title in ("older", "newer", "elsewhere", "silent")
        )
        for draft in (newer, older):
            drafts.asked_in(session, draft.id, -5, 7)
        drafts.asked_in(session, elsewhere.id, -6, 7)
        session.expire_all()

        def answered(who: Actor, chat: int, message: int) -> DraftView | None:
            return drafts.answered(session, who, chat, message, clock.now())

        assert answered(ann, -5, 7) == newer
        assert answered(ann, -6, 7) == elsewhere
        assert (answered(bo, -5, 7), answered(ann, -5, 8), answered(ann, -7, 7)) == (None,) * 3
        stranger = ann._replace(group=make_view(session))
        assert answered(stranger, -5, 7) is None

        clock.move(drafts.KEPT_FOR)
        assert answered(ann, -5, 7) == newer
        for who, chat, message in ((bo, -5, 7), (stranger, -5, 7), (ann, -5, 8), (ann, -7, 7)):
            drafts.ask_no_more(session, who, chat, message)
        assert session.query(Draft).count() == 4
        drafts.ask_no_more(session, ann, -5, 7)
        assert set(session.scalars(select(Draft.title))) == {"elsewhere", "silent"}
        assert silent.title == "silent"
        clock.move(timedelta(seconds=1))
        assert answered(ann, -6, 7) is None


def test_only_its_member_forgets_a_draft(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        group = make_group(session)
        ann, bo = (make_actor(session, group, name) for name in ("Ann", "Bo"))
        kept = drafts.keep(session, ann, DraftKind.CLAIM, clock.now(), title="Jenga")
        drafts.forget(session, ann._replace(group=make_view(session)), kept.id)
        with pytest.raises(DomainError, match="somebody_elses_button"):
            drafts.forget(session, bo, kept.id)
        assert session.query(Draft).count() == 1
        for _twice in range(2):
            drafts.forget(session, ann, kept.id)
            session.flush()
        assert session.query(Draft).count() == 0
