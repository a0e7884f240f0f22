"""More slots and fewer: what a meeting has room for, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.errors import DomainError
from bot.services import ledger, meeting_slots
from storage.enums import DeliveryState, DraftKind, OfferState, RequestState
from storage.models import Draft, Member, Offer, Slot, Wait
from storage.store import Store
from tests.factories import make_delivery, make_draft, make_offer, make_request, make_wait
from tests.services.terms_desk import Desk

HOUR = timedelta(hours=1)


def test_slots_are_added_and_dropped_and_the_others_follow_one_another(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        one, two = desk.slot_ids(desk.first)
        desk.claim(two)
        more = meeting_slots.add(session, desk.ada, desk.first, 2, desk.now)
        assert [slot.topic for slot in more.slots] == ["Topic I", "Topic II", "Topic III"]
        # A second tap on the same button.
        assert meeting_slots.add(session, desk.ada, desk.first, 2, desk.now) == more
        less = meeting_slots.drop(session, desk.ada, desk.first, one, desk.now)
        assert desk.slots(desk.first) == [(1, "Topic I"), (2, "Topic II")]
        assert less.slots[0].talk is not None
        assert meeting_slots.drop(session, desk.ada, desk.first, one, desk.now) == less
        assert desk.undo() == "meeting:slots"
        assert desk.slots(desk.first) == [(1, "Topic I"), (2, "Topic II"), (3, "Topic III")]
        assert desk.slot_ids(desk.first)[1] == two
        assert desk.slot_ids(desk.first)[0] != one  # an old button does not mean the new slot
        # The change before names a slot that is another now; the one before that is the claim.
        assert desk.undo() == "talk:claim"


def test_slots_follow_one_another_in_their_order_and_not_as_they_were_made(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        third = meeting_slots.add(session, desk.ada, desk.first, 2, desk.now).slots[2].id
        meeting_slots.drop(session, desk.ada, desk.first, desk.slot_ids(desk.first)[0], desk.now)
        desk.undo()
        newest, second, _ = desk.slot_ids(desk.first)
        assert newest > third
        meeting_slots.drop(session, desk.ada, desk.first, second, desk.now)
        assert desk.slot_ids(desk.first) == [newest, third]
        assert desk.slots(desk.first) == [(1, "Topic I"), (2, "Topic II")]


def test_a_slot_that_was_added_is_taken_back_unless_somebody_has_it(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        meeting_slots.add(session, desk.ada, desk.first, 2, desk.now)
        assert desk.undo() == "meeting:slots"
        assert len(desk.slot_ids(desk.first)) == 2
        added = meeting_slots.add(session, desk.ada, desk.first, 2, desk.now).slots[2].id
        entry = desk.entries()[-1]
        offer = make_offer(session, session.get_one(Slot, added))
        with pytest.raises(DomainError, match="slot_spoken_for") as caught:
            meeting_slots.put_back(session, desk.ada, entry, desk.now)
        assert caught.value.params["found"].slot.id == added
        offer.state = OfferState.DECLINED
        desk.claim(added)
        with pytest.raises(DomainError, match="changed_since"):
            meeting_slots.put_back(session, desk.ada, entry, desk.now)


def test_who_waits_for_any_slot_is_offered_a_new_one(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        slot = session.get_one(Slot, desk.slot_ids(desk.first)[0])
        for meeting in desk.meetings:
            for slot_id in desk.slot_ids(meeting.id):
                desk.claim(slot_id)
        wait = make_wait(session, slot, slot_id=None, term_id=desk.term.id)
        meeting_slots.add(session, desk.ada, desk.first, 2, desk.now)
        (offer,) = session.scalars(select(Offer)).all()
        assert (offer.member_id, offer.state) == (wait.member_id, OfferState.OPEN)


def test_a_slot_that_somebody_has_or_may_get_is_not_dropped(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        taken, offered = desk.slot_ids(desk.first)
        ann = session.get_one(Member, desk.ann.member_id)
        desk.claim(taken)
        offer = make_offer(session, session.get_one(Slot, offered))
        request = make_request(session, ann, slot_id=offered)

        def refused(slot_id: int) -> str:
            with pytest.raises(DomainError) as caught:
                meeting_slots.drop(session, desk.ada, desk.first, slot_id, desk.now)
            return caught.value.code.value

        assert (refused(taken), refused(offered)) == ("slot_taken", "slot_spoken_for")
        request.state = RequestState.DECLINED
        assert refused(offered) == "slot_spoken_for"
        offer.state, request.state = OfferState.DECLINED, RequestState.OPEN
        assert refused(offered) == "slot_spoken_for"
        request.state = RequestState.DECLINED
        # What was asked and offered before, and who waits or began to claim it, is no hindrance.
        make_wait(session, session.get_one(Slot, offered))
        draft = make_draft(session, ann, slot_id=offered)
        make_draft(session, ann, slot_id=offered, kind=DraftKind.PAPER)
        meeting_slots.drop(session, desk.ada, desk.first, offered, desk.now)
        assert desk.slot_ids(desk.first) == [taken]
        assert request.slot_id is None
        for table in (Offer, Wait):
            assert session.scalars(select(table)).all() == []
        # Who is asked for a title gives it, and is asked for which slot.
        assert [(row.id, row.slot_id) for row in session.scalars(select(Draft))] == [
            (draft.id, None)
        ]


def test_a_question_about_a_slot_that_is_gone_is_not_asked_any_more(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        ann = session.get_one(Member, desk.ann.member_id)
        one, other = desk.slot_ids(desk.first)
        requests, told = [], []
        for slots in ({"slot_id": one}, {"other_slot_id": one}, {"slot_id": other}):
            requests.append(make_request(session, ann, expires_at=desk.now + HOUR, **slots))
            told.append(make_delivery(session, member=ann, request_id=requests[-1].id))
        clock.move(HOUR)  # nobody answered
        meeting_slots.drop(session, desk.ada, desk.first, one, desk.now)
        withdrawn, still = RequestState.WITHDRAWN, RequestState.OPEN
        assert [row.state for row in requests] == [withdrawn, withdrawn, still]
        assert [(row.state, row.reason) for row in told] == [
            (DeliveryState.CANCELLED, ledger.CHANGED),
            (DeliveryState.CANCELLED, ledger.CHANGED),
            (DeliveryState.PLANNED, None),
        ]


def test_an_evening_has_room_for_so_many_talks(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        for seen in range(2, meeting_slots.MOST):
            meeting_slots.add(session, desk.ada, desk.first, seen, desk.now)
        with pytest.raises(DomainError, match="slots_enough"):
            meeting_slots.add(session, desk.ada, desk.first, meeting_slots.MOST, desk.now)
