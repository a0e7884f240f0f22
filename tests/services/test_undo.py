"""What stands in the way of taking a change back, and what does not."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.errors import DomainError
from bot.services import (
    assignments,
    bookings,
    changes,
    claims,
    decisions,
    history,
    identities,
    links,
    slots,
    supporters,
    swaps,
)
from bot.services.audit import Action
from storage.enums import LinkKind, Role
from storage.models import AuditEntry, Delivery, Member, Talk
from storage.store import Store
from tests.factories import make_presenter
from tests.services.terms_desk import Desk

SLIDES = "https://slides.example/1.pdf"


def _swap(session: Session, desk: Desk) -> tuple[int, int]:
    """Ann's talk of January 13 and Ada's of January 20 change places. Returns the two slots."""
    first, second = (desk.slot_ids(meeting.id)[0] for meeting in desk.meetings)
    desk.claim(first)
    claims.claim(session, desk.ada, second, "Jenga", None, desk.now)
    asked = swaps.ask(session, desk.ann, first, second, desk.now, in_group=True)
    decisions.agree(session, desk.ada, asked.id, desk.now)
    return first, second


def test_a_swap_stays_once_one_of_its_meetings_was_held(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        pair = _swap(session, desk)
        swap = history.last_change(session, desk.ada, None, desk.now)
        clock.set(desk.meetings[0].starts_at - timedelta(seconds=1))
        assert history.last_change(session, desk.ada, None, desk.now) == swap
        clock.set(desk.meetings[0].starts_at)
        before = slots.contents(session, pair)
        with pytest.raises(DomainError, match="swap_stands"):
            history.undo(session, desk.ada, swap.id, desk.now)
        # What came before cannot be taken back without it.
        with pytest.raises(DomainError, match="swap_stands"):
            history.last_change(session, desk.ada, None, desk.now)
        assert slots.contents(session, pair) == before


def test_what_cannot_be_taken_back_hides_no_older_change_that_can(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        other = desk.slot_ids(desk.first)[1]
        claims.claim(session, desk.ada, other, "Mantle", None, desk.now)
        _swap(session, desk)
        clock.set(desk.meetings[0].starts_at)
        last = history.last_change(session, desk.ada, None, desk.now)
        assert last.found is not None
        assert (last.action, last.found.slot.id) == ("talk:claim", other)


def test_few_changes_are_tried(
    sqlite_store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_TRIED", 3)
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        claims.claim(session, desk.ada, desk.slot_ids(desk.first)[1], "Mantle", None, desk.now)
        _swap(session, desk)
        clock.set(desk.meetings[0].starts_at)
        with pytest.raises(DomainError, match="swap_stands"):
            history.last_change(session, desk.ada, None, desk.now)


def test_looking_for_the_last_change_changes_nothing(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        _swap(session, desk)
    with store.writing() as session:
        counts = [len(session.scalars(select(table.id)).all()) for table in (AuditEntry, Delivery)]
        history.last_change(session, desk.ada, None, desk.now)
        assert changes.touched(session) == frozenset()
        after = [len(session.scalars(select(table.id)).all()) for table in (AuditEntry, Delivery)]
        assert after == counts


def test_a_name_that_is_somebodys_account_by_now_does_not_stand_in_the_way(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        (slot, _), ada = desk.slot_ids(desk.first), desk.ada
        name_id = assignments.new_member(session, ada, "Ada Lin")
        assignments.assign(session, ada, slot, name_id, "LithOS", None, desk.now)
        assignments.unassign(session, ada, slot, desk.now)
        identities.ask(session, ada, name_id, desk.now, in_group=True)
        assert desk.undo() == "talk:unassign"
        there = slots.contents(session, [slot])[str(slot)]
        assert slots.main_of(there) == ada.member_id
        assert {one.main for one in history.page(session, ada, 0, desk.now)[0] if one.found} == {
            "Ada Lin"
        }
        assert desk.undo() == "talk:assign"
        assert slots.contents(session, [slot]) == {str(slot): None}


@pytest.mark.parametrize("name_presents", [True, False])
def test_who_was_in_one_talk_under_two_names_is_in_it_once_and_that_can_be_taken_back(
    store: Store, clock: MovableClock, name_presents: bool
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        (slot, _), ada = desk.slot_ids(desk.first), desk.ada
        name_id = assignments.new_member(session, ada, "Ann Li")
        main = name_id if name_presents else desk.ann.member_id or 0
        assignments.assign(session, ada, slot, main, "LithOS", None, desk.now)
        if name_presents:
            supporters.support(session, desk.ann, slot, desk.now)
        else:
            there = bookings.need(session, ada.group_id, slot, desk.now).talk
            with changes.talk_change(session, ada, Action.TALK_SUPPORTERS, [slot], desk.now):
                make_presenter(
                    session,
                    session.get_one(Talk, there.id),
                    session.get_one(Member, name_id),
                    role=Role.SUPPORTER,
                    position=2,
                )
        identities.ask(session, desk.ann._replace(organizer=True), name_id, desk.now, in_group=True)
        state = slots.contents(session, [slot])[str(slot)]
        assert slots.parts(state) == {(desk.ann.member_id, "main")}
        assert desk.undo() == "talk:assign"
        assert slots.contents(session, [slot]) == {str(slot): None}


def test_a_link_is_taken_back_from_a_talk_that_was_away_and_came_back(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        (slot, _), ada = desk.slot_ids(desk.first), desk.ada
        desk.claim(slot)
        links.post(session, ada, LinkKind.SLIDES, desk.first, slot, SLIDES, desk.now)
        assignments.unassign(session, ada, slot, desk.now)
        done = [desk.undo() for _ in range(3)]
        assert done == ["talk:unassign", "link:post", "talk:claim"]
        assert changes.touched(session) == {slot}
