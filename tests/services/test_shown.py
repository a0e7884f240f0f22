"""Which messages show a slot or ask a question, and who may answer them."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor, MemberView, OfferView, RequestView
from bot.errors import DomainError, Refusal
from bot.services import groups, notices, offers, queries, requests, slots
from storage.enums import DeliveryKind, DeliveryState, OfferKind, RequestKind, RequestState
from storage.models import Delivery, Group, Member, Request, Slot, Talk, Term
from storage.store import Store
from tests.factories import (
    make_actor,
    make_chat,
    make_delivery,
    make_group,
    make_meeting,
    make_member,
    make_offer,
    make_paper,
    make_presenter,
    make_request,
    make_slot,
    make_talk,
    make_term,
)

DAY = timedelta(days=1)


def test_a_slot_is_shown_by_one_message_at_a_time(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        meeting = make_meeting(session)
        first, second, third = (make_slot(session, meeting) for _ in range(3))
        assert slots.show_in(session, first.id, 5) is None
        assert slots.show_in(session, second.id, 6) is None
        assert slots.show_in(session, first.id, 5) is None
        assert slots.show_in(session, first.id, 7) == 5
        asked = [first.id, third.id]
        assert slots.shown(session, asked) == ((meeting.group_id, first.id, 7),)
        assert slots.shown(session, [second.id]) == ((meeting.group_id, second.id, 6),)
        assert slots.with_cards(session, asked) == (first.id,)
        assert slots.with_cards(session, []) == ()


def _shown_slot(session: Session, term: Term, day: int, message_id: int, **talk: Any) -> Slot:
    slot = make_slot(session, make_meeting(session, term, date=date(2026, 1, day)))
    slot.message_id = message_id
    make_talk(session, slot, **talk)
    return slot


def _present(session: Session, slot: Slot, *people: Actor) -> None:
    """The first presents, the others support."""
    talk = session.query(Talk).filter_by(slot_id=slot.id).one()
    for actor in people:
        make_presenter(session, talk, session.get_one(Member, actor.member_id))


def test_a_reply_to_a_card_names_the_paper_of_whom_presents_there(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        group, other = make_group(session), make_group(session)
        term, elsewhere = make_term(session, group), make_term(session, other)
        ann, bo = (make_actor(session, group, name) for name in ("Ann", "Bo"))
        unnamed = _shown_slot(session, term, 13, 5)
        _present(session, unnamed, ann, bo)
        _present(session, _shown_slot(session, term, 20, 6), bo)
        _present(session, _shown_slot(session, elsewhere, 13, 7), make_actor(session, other, "Di"))
        named = _shown_slot(session, term, 27, 8, paper_id=make_paper(session, group).id)
        _present(session, named, ann)

        def waits(actor: Actor, number: int, *, link: bool = False) -> int | None:
            return slots.waits_for_paper(session, actor, number, private=False, link=link)

        assert waits(ann, 5) == unnamed.id
        assert waits(bo, 5) is None
        assert [waits(ann, number) for number in (6, 7, 8)] == [None] * 3
        assert [waits(ann, number, link=True) for number in (5, 7, 8)] == [unnamed.id, None, None]
        session.query(Talk).filter_by(slot_id=named.id).one().url = None
        session.flush()
        assert (waits(ann, 8), waits(ann, 8, link=True)) == (None, named.id)


def test_a_reply_to_what_reminds_a_presenter_names_the_paper_of_that_meeting(
    sqlite_store: Store,
) -> None:
    with sqlite_store.writing() as session:
        group = make_group(session)
        term = make_term(session, group)
        ann, bo = (make_actor(session, group, name) for name in ("Ann", "Bo"))
        slot = _shown_slot(session, term, 13, 5)
        _present(session, slot, ann, bo)
        for number, actor in ((7, ann), (8, bo)):
            make_delivery(
                session,
                member=session.get_one(Member, actor.member_id),
                kind=DeliveryKind.PREPARE,
                meeting_id=slot.meeting_id,
                message_id=number,
                state=DeliveryState.SENT,
            )

        def waits(actor: Actor, number: int) -> int | None:
            return slots.waits_for_paper(session, actor, number, private=True, link=False)

        assert waits(ann, 7) == slot.id
        assert (waits(ann, 5), waits(ann, 8), waits(bo, 7), waits(bo, 8)) == (None,) * 4


def test_every_message_that_asks_a_question_is_found(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        chat = make_chat(session, telegram_id=-1005)
        group = session.get_one(Group, chat.group_id)
        ada = make_member(session, group, telegram_id=77)
        request, other = make_request(session, ada), make_request(session, ada)
        about: dict[str, Any] = {
            "kind": DeliveryKind.REQUEST,
            "state": DeliveryState.SENT,
            "request_id": request.id,
            "message_id": 7,
        }
        make_delivery(session, member=ada, **about)
        make_delivery(session, chat, **{**about, "message_id": 8, "kind": DeliveryKind.OFFER})
        make_delivery(session, member=ada, **{**about, "message_id": None})
        make_delivery(session, member=ada, **{**about, "kind": DeliveryKind.ANSWER})
        make_delivery(session, member=ada, **{**about, "request_id": other.id, "message_id": 9})
        asked = ((77, 7), (-1005, 8))
        assert notices.copies(session, request_id=request.id) == asked

        view = groups.by_id(session, group.id)
        assert requests.copies(session, view, request.id) == asked
        requests.shown_in(session, request.id, 4)
        session.expire_all()
        assert requests.copies(session, view, request.id) == ((-1005, 4), *asked)
        assert requests.copies(session, view, other.id) == ((77, 9),)


def test_where_a_group_has_no_chat_nothing_is_shown_there(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        request = make_request(session, message_id=4)
        group = groups.by_id(session, request.group_id)
        assert requests.copies(session, group, request.id) == ()


def test_who_asked_takes_the_question_back(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        group = make_group(session)
        ann, bo = (make_actor(session, group, name) for name in ("Ann", "Bo"))
        ada = make_member(session, group, organizer=True, reachable=True)
        slot = make_slot(session, make_meeting(session, make_term(session, group)))
        asked = requests.Asked(
            RequestKind.BEND, slot_id=slot.id, title="Jenga", url="https://jenga.example"
        )
        now = clock.now()
        put = requests.ask(session, ann, asked, now, now + DAY, in_group=True)
        assert put == RequestView(
            put.id,
            RequestKind.BEND,
            RequestState.OPEN,
            MemberView(ann.member_id or 0, "Ann", ann.telegram_id),
            None,
            queries.of_slot(session, group.id, slot.id, now),
            None,
            "Jenga",
            "Jenga",
            "https://jenga.example",
            now + DAY,
        )
        with pytest.raises(DomainError) as caught:
            requests.withdraw(session, bo, put.id, now)
        assert caught.value.code is Refusal.SOMEBODY_ELSES_BUTTON

        told = session.query(Delivery).one()
        assert (told.member_id, told.state) == (ada.id, DeliveryState.PLANNED)
        taken = requests.withdraw(session, ann, put.id, now)
        assert taken == put._replace(state=RequestState.WITHDRAWN)
        session.refresh(told)
        assert (told.state, told.reason) == (DeliveryState.CANCELLED, notices.SETTLED)
        assert session.get_one(Request, put.id).state is RequestState.WITHDRAWN
        with pytest.raises(DomainError, match="request_settled"):
            requests.withdraw(session, ann, put.id, now)


def test_an_offer_is_shown_with_the_paper_that_was_waited_with(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        slot = make_slot(session)
        group = session.get_one(Group, slot.group_id)
        ann = make_member(session, group, name="Ann", reachable=True)
        ends = clock.now() + DAY
        offer = make_offer(
            session, slot, ann, kind=OfferKind.TURN, title="Jenga", url="u", expires_at=ends
        )
        who = MemberView(ann.id, "Ann", ann.telegram_id, reachable=True)
        assert offers.view(session, offer) == OfferView(
            offer.id, OfferKind.TURN, who, ends, "Jenga", "u"
        )
