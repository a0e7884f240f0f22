from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import drafts
from storage.enums import DraftKind
from storage.models import Draft, Group
from storage.store import Store
from tests.factories import make_group, make_member


def test_a_draft_is_found_again_as_often_as_it_is_tapped(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann = make_member(session)
        actor = Actor(ann.group_id, ann.name, member_id=ann.id)
        kept = drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
    for _ in range(2):
        with store.writing() as session:
            assert drafts.take_up(session, actor, kept.id, clock.now(), DraftKind.CLAIM) == kept


def test_only_its_member_takes_a_draft_up(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ann = make_member(session)
        group = session.get_one(Group, ann.group_id)
        bo, stranger = make_member(session, group), make_member(session, make_group(session))
        actor = Actor(group.id, ann.name, member_id=ann.id)
        kept = drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
        refused = {
            "another": (Actor(group.id, bo.name, member_id=bo.id), kept.id, DraftKind.CLAIM),
            "anonymous": (Actor(group.id, "An organizer"), kept.id, DraftKind.CLAIM),
            "another group": (
                Actor(stranger.group_id, stranger.name, member_id=stranger.id),
                kept.id,
                DraftKind.CLAIM,
            ),
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
        actor = Actor(ann.group_id, ann.name, member_id=ann.id)
        kept = drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
        clock.move(timedelta(days=days))
        with nullcontext() if not gone else pytest.raises(DomainError, match="draft_gone"):
            assert drafts.take_up(session, actor, kept.id, clock.now(), DraftKind.CLAIM) == kept


def test_keeping_a_draft_clears_away_those_that_are_too_old(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann = make_member(session)
        actor = Actor(ann.group_id, ann.name, member_id=ann.id)
        drafts.keep(session, actor, DraftKind.CLAIM, clock.now(), title="REFRAG")
        clock.move(timedelta(days=8))
        kept = drafts.keep(session, actor, DraftKind.VIDEO, clock.now(), url="https://v.example/1")
        assert session.scalars(select(Draft.id)).all() == [kept.id]


def test_who_writes_as_the_group_itself_keeps_no_draft(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        nobody = Actor(make_group(session).id, "An organizer", organizer=True)
        with pytest.raises(DomainError, match="show_yourself"):
            drafts.keep(session, nobody, DraftKind.CLAIM, clock.now(), title="REFRAG")
