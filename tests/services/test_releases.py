"""Giving a slot back, on both databases."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import claims, owed, releases
from storage.models import AuditEntry, Group, Link, Meeting, Member, Presenter, Talk
from storage.store import Store
from tests.factories import (
    as_actor,
    make_chat,
    make_group,
    make_link,
    make_meeting,
    make_member,
    make_slot,
)


def _claimed(session: Session, clock: MovableClock) -> tuple[Actor, int]:
    """Ann, and the slot of the talk that she gives."""
    slot = make_slot(session, make_meeting(session))
    member = make_member(session, session.get_one(Group, slot.group_id), name="Ann Bo")
    ann = as_actor(session, member)
    claims.claim(session, ann, slot.id, "REFRAG", None, clock.now())
    return ann, slot.id


def test_a_talk_given_back_leaves_its_slot_open_for_others(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann, slot_id = _claimed(session, clock)
        make_link(session, session.scalars(select(Talk)).one())
        assert ann.telegram_id is not None
        offered = releases.releasable(session, ann.group_id, ann.telegram_id, clock.now())
        given_back = releases.release(session, ann, slot_id, clock.now())
        assert (given_back,) == offered
        assert [session.scalar(select(func.count(row.id))) for row in (Talk, Presenter, Link)] == [
            0,
            0,
            0,
        ]
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.after) == ("talk:release", {"slots": {str(slot_id): None}})
        assert entry.before is not None
        state = entry.before["slots"][str(slot_id)]
        assert state["presenters"] == [[ann.member_id, "main", None]]
        assert [kind for kind, _, _ in state["links"]] == ["slides"]
        assert claims.claim(session, ann, slot_id, "Another paper", None, clock.now()).new


def test_organizers_hear_of_a_talk_that_is_given_back_shortly_before_its_meeting(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann, slot_id = _claimed(session, clock)
        group = session.get_one(Group, ann.group_id)
        make_member(session, group, name="Ada", organizer=True, reachable=True)
        clock.set(session.scalars(select(Meeting.starts_at)).one() - releases.NEAR)
        releases.release(session, ann, slot_id, clock.now())
        told = owed.take(session, clock.now())
        assert told is not None
        assert told.member is not None
        assert told.change is not None
        assert told.change.found is not None
        heard = (told.member.name, told.change.action, told.change.found.slot.id)
        assert heard == ("Ada", "talk:release", slot_id)


@pytest.mark.parametrize("alone", [True, False])
def test_an_organizer_who_gives_a_talk_back_does_not_hear_of_it(
    sqlite_store: Store, clock: MovableClock, alone: bool
) -> None:
    with sqlite_store.writing() as session:
        ann, slot_id = _claimed(session, clock)
        member = session.get_one(Member, ann.member_id)
        member.organizer = member.reachable = True
        group = session.get_one(Group, ann.group_id)
        make_chat(session, group)
        if not alone:
            make_member(session, group, name="Ada", organizer=True, reachable=True)
        clock.set(session.scalars(select(Meeting.starts_at)).one() - releases.NEAR)
        releases.release(session, ann, slot_id, clock.now())
        told = owed.take(session, clock.now())
        assert (told.member.name if told and told.member else None) == (None if alone else "Ada")


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("twice", Refusal.OPEN_ALREADY),
        ("another group", Refusal.OPEN_ALREADY),
        ("not mine", Refusal.NOT_YOUR_TALK),
        ("begun", Refusal.MEETING_IS_OVER),
        ("anonymous", Refusal.SHOW_YOURSELF),
    ],
)
def test_a_slot_is_not_given_back(
    store: Store, clock: MovableClock, case: str, refusal: Refusal
) -> None:
    with store.writing() as session:
        ann, slot_id = _claimed(session, clock)
        group = session.get_one(Group, ann.group_id)
        bo, stranger = make_member(session, group), make_member(session, make_group(session))
        actors = {
            "not mine": as_actor(session, bo),
            "another group": as_actor(session, stranger),
            "anonymous": Actor(ann.group, "An organizer", organizer=True),
        }
        if case == "twice":
            releases.release(session, ann, slot_id, clock.now())
        if case == "begun":
            clock.set(session.scalars(select(Meeting.starts_at)).one())
        with pytest.raises(DomainError) as caught:
            releases.release(session, actors.get(case, ann), slot_id, clock.now())
        assert caught.value.code is refusal
        assert session.scalar(select(func.count(Talk.id))) == (0 if case == "twice" else 1)


def test_no_talk_has_the_id_of_one_that_was_given_back(store: Store, clock: MovableClock) -> None:
    # Buttons and questions name a talk by its id, and must not act on another one.
    with store.writing() as session:
        ann, slot_id = _claimed(session, clock)
        first = session.scalars(select(Talk.id)).one()
        releases.release(session, ann, slot_id, clock.now())
        claims.claim(session, ann, slot_id, "Another paper", None, clock.now())
        assert session.scalars(select(Talk.id)).one() > first


def test_a_button_gives_back_the_talk_that_it_was_made_for_and_no_later_one(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ann, slot_id = _claimed(session, clock)
        first = session.scalars(select(Talk.id)).one()
        releases.release(session, ann, slot_id, clock.now(), talk_id=first)
        claims.claim(session, ann, slot_id, "Another paper", None, clock.now())
        with pytest.raises(DomainError, match=Refusal.OLD_BUTTON):
            releases.release(session, ann, slot_id, clock.now(), talk_id=first)
        assert session.scalars(select(Talk.title)).one() == "Another paper"
