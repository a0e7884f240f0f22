"""Questions that nobody can answer any more, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import RequestView
from bot.errors import DomainError
from bot.services import (
    bookings,
    changes,
    claims,
    decisions,
    edits,
    handovers,
    identities,
    lapses,
    releases,
    requests,
    supporters,
    swaps,
)
from bot.services.requests import Asked
from storage.enums import DeliveryKind, RequestKind, RequestState
from storage.models import Delivery, Member, Request
from storage.store import Store
from tests.factories import make_chat, make_member
from tests.services.presenters_scene import Scene, id_of

MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)

Change = Callable[[Session, Scene, datetime], object]


class Asking:
    """Ann, whom the bot may write to, asks Bo to change places and Cy to take her talk over, and
    the organizers about a paper for the open slot and about hers."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock, self.on = session, clock, Scene(session)
        self.chat = make_chat(session, self.on.group)
        session.get_one(Member, id_of(self.on.ann)).reachable = True
        on, now = self.on, clock.now()
        self.asked = {
            "swap": swaps.ask(session, on.ann, on.first, on.second, now, in_group=True),
            "handover": handovers.ask(session, on.ann, on.first, id_of(on.cy), now, in_group=True),
        }
        for name, slot_id in (("paper", on.open.id), ("own paper", on.first)):
            paper = Asked(RequestKind.BEND, slot_id=slot_id, title="Jenga")
            self.asked[name] = requests.ask(session, on.ann, paper, now, now + WEEK, in_group=True)
        session.get_one(Request, self.asked["swap"].id).message_id = 5

    def lapsed(self) -> list[str]:
        """Which of the questions lapse a minute later."""
        names = {asked.id: name for name, asked in self.asked.items()}
        self.clock.move(MINUTE)
        self.session.flush()
        return [names[one.request.id] for one in lapses.look(self.session, self.clock.now())]

    def told(self) -> list[str]:
        """Of which questions Ann is told what became."""
        names = {asked.id: name for name, asked in self.asked.items()}
        rows = self.session.scalars(
            select(Delivery.request_id)
            .where(Delivery.kind == DeliveryKind.ANSWER, Delivery.member_id == id_of(self.on.ann))
            .order_by(Delivery.id)
        )
        return [names[number or 0] for number in rows]


def _leaves(session: Session, on: Scene, _: datetime) -> None:
    for one in (on.bo, on.cy):
        session.get_one(Member, id_of(one)).gone = True


def _is_handed_over(session: Session, on: Scene, now: datetime) -> None:
    supporters.support(session, on.cy, on.first, now)
    supporters.promote(session, on.ann, on.first, id_of(on.cy), now)


CHANGES: dict[str, tuple[Change, list[str], list[str]]] = {
    "nothing": (lambda *_: None, [], []),
    "hers is given back": (
        lambda session, on, now: releases.release(session, on.ann, on.first, now),
        ["swap", "handover", "own paper"],
        [],
    ),
    "hers is somebody else's": (_is_handed_over, ["swap", "handover", "own paper"], []),
    "the other's is given back": (
        lambda session, on, now: releases.release(session, on.bo, on.second, now),
        ["swap"],
        ["swap"],
    ),
    "the slot is taken": (
        lambda session, on, now: claims.claim(session, on.cy, on.open.id, "Mine", None, now),
        ["paper"],
        ["paper"],
    ),
    "whoever is asked leaves": (_leaves, ["swap", "handover"], ["swap", "handover"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_cannot_be_agreed_to_any_more_lapses_and_the_asker_hears_what_they_do_not_know(
    store: Store, clock: MovableClock, change: str
) -> None:
    make, lapsed, told = CHANGES[change]
    with store.writing() as session:
        here = Asking(session, clock)
        make(session, here.on, clock.now())
        assert here.lapsed() == lapsed
        assert here.told() == told
        assert here.lapsed() == []


def test_what_nobody_answers_in_time_lapses(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        here = Asking(session, clock)
        clock.move(min(asked.expires_at for asked in here.asked.values()) - clock.now() - MINUTE)
        assert here.lapsed()
        clock.move(WEEK)
        here.lapsed()
        assert set(here.told()) == set(here.asked)
        states = session.scalars(select(Request.state)).all()
        assert set(states) == {RequestState.WITHDRAWN}


def test_a_question_of_this_moment_stands_and_who_asked_may_have_left(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Asking(session, clock)
        releases.release(session, here.on.bo, here.on.second, clock.now())
        assert lapses.look(session, clock.now()) == ()
        session.get_one(Member, id_of(here.on.ann)).gone = True
        assert here.lapsed() == ["swap"]
        assert here.told() == []


def test_a_lapsed_question_names_its_messages_and_is_not_one_that_was_taken_back(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Asking(session, clock)
        on, own = here.on, here.asked["own paper"]
        taken_back = requests.withdraw(session, on.ann, own.id, clock.now())
        releases.release(session, on.bo, on.second, clock.now())
        clock.move(MINUTE)
        session.flush()
        (one,) = lapses.look(session, clock.now())
        assert one.copies == ((here.chat.telegram_id, 5),)
        assert (one.request.lapsed, taken_back.lapsed) == (True, False)
        assert one.request.is_askers_talk


def test_who_a_name_is_may_be_asked_anew(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        name = make_member(session, on.group, name="Di Da", telegram_id=None)
        asked = identities.ask(session, on.ann, name.id, clock.now(), in_group=True)
        clock.move(identities.ANSWER_WITHIN)
        (lapsed,) = lapses.look(session, clock.now())
        again = identities.ask(session, on.ann, name.id, clock.now(), in_group=True)
        assert isinstance(asked, RequestView)
        assert isinstance(again, RequestView)
        assert (lapsed.request.id, lapsed.request.name) == (asked.id, "Di Da")
        assert again.state is RequestState.OPEN


def test_what_the_asker_has_put_differently_since_is_taken_back_and_nobody_hears_of_it(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        here = Asking(session, clock)
        on, before = here.on, here.asked
        clock.move(MINUTE)
        now = clock.now()
        handovers.ask(session, on.ann, on.first, id_of(on.bo), now, in_group=True)
        edits.edit(session, on.ann, on.first, "[SOSP'25] Mantle", None, now)
        clock.move(MINUTE)
        for name, who in (("handover", on.cy), ("own paper", on.ann._replace(organizer=True))):
            with pytest.raises(DomainError, match="request_settled"):
                decisions.agree(session, who, before[name].id, clock.now())
        found = lapses.look(session, clock.now())
        assert {(one.request.id, one.request.lapsed) for one in found} == {
            (before["handover"].id, False),
            (before["own paper"].id, False),
        }
        assert here.told() == []
        assert lapses.look(session, clock.now()) == ()


def test_agreeing_to_a_paper_ends_no_other_question(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        here = Asking(session, clock)
        clock.move(MINUTE)
        own = here.asked["own paper"]
        decisions.agree(session, here.on.ann._replace(organizer=True), own.id, clock.now())
        assert here.lapsed() == []
        assert bookings.need(session, here.on.group.id, here.on.first, clock.now()).talk.title == (
            "Jenga"
        )


def test_who_asks_for_a_name_hears_that_it_is_somebody_elses_by_now(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        on = Scene(session)
        session.get_one(Member, id_of(on.ann)).reachable = True
        name = make_member(session, on.group, name="Di Da", telegram_id=None)
        asked = [
            identities.ask(session, who, name.id, clock.now(), in_group=True)
            for who in (on.ann, on.bo)
        ]
        clock.move(MINUTE)
        chief = on.cy._replace(organizer=True)
        assert isinstance(asked[1], RequestView)
        assert not asked[1].name_taken
        decisions.agree(session, chief, asked[1].id, clock.now())
        (lapsed,) = lapses.look(session, clock.now())
        assert (lapsed.request.asker.id, lapsed.request.name) == (on.ann.member_id, "Di Da")
        assert lapsed.request.name_taken
        told = select(Delivery.member_id).where(Delivery.request_id == lapsed.request.id)
        assert on.ann.member_id in session.scalars(told).all()


def test_what_shows_a_talk_is_out_of_date_once_its_presenter_has_another_name(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        on = Scene(session)
        name = make_member(session, on.group, name="Di Da", telegram_id=None).id
        first = on.first
    with store.writing() as session:
        organizer = on.ann._replace(organizer=True)
        identities.ask(session, organizer, name, clock.now(), in_group=True)
        assert changes.touched(session) == {first}
