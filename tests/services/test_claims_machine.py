"""Everything that can happen to the talks of a term, in any order, held against a simple model on
both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import instant
from bot.domain.views import Actor
from bot.services import (
    assignments,
    claims,
    decisions,
    edits,
    handovers,
    history,
    meeting_changes,
    offers,
    places,
    queries,
    releases,
    requests,
    supporters,
    swaps,
)
from storage.enums import OfferState
from storage.models import AuditEntry, Offer, Wait
from storage.store import Store
from tests.services.claims_desk import ORGANIZER, PEOPLE, SLOTS_OF, Desk

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = tuple(date(2026, 1, number) for number in (8, 10, 12, 13, 14, 20, 27))
PAUSES = tuple(timedelta(hours=hours) for hours in (2, 25, 80))

MEMBERS_DO = (
    *("claim", "claim", "claim_again", "release", "edit"),
    *("support", "support_by_a_button", "remove", "promote"),
    *("ask_to_swap", "ask_to_take_over", "agree", "agree", "decline", "withdraw"),
    *("wait", "wait", "accept", "refuse", "leave"),
)
ORGANIZERS_DO = ("assign", "unassign", "undo", "undo", "move", "cancel", "restore")


def _claimed(session: Session, actor: Actor, slot_id: int, *args: Any) -> claims.Claimed:
    """What a claim answers is what the schedule shows from then on."""
    done = claims.claim(session, actor, slot_id, *args)
    assert done.found == queries.of_slot(session, actor.group_id, slot_id, args[-1])
    return done


@dataclass(frozen=True, slots=True)
class Hand:
    """What was drawn for one step: who does it to whom, and which of the things that are there is
    picked. Mostly the right person does something to a talk that is there; a `stray` hand does it
    to anything."""

    who: int
    whom: int
    pick: int
    other: int
    stray: bool
    title: str


def hands(who: st.SearchStrategy[int]) -> st.SearchStrategy[Hand]:
    return st.builds(
        Hand,
        who=who,
        whom=people,
        pick=picks,
        other=picks,
        stray=st.sampled_from((False, False, False, True)),
        title=st.sampled_from(("LithOS", "REFRAG")),
    )


people = st.integers(0, PEOPLE - 1)
organizers = st.sampled_from((ORGANIZER, ORGANIZER, ORGANIZER, 1))
picks = st.integers(0, 11)


class Claims(Desk):
    """Every step asks the model first what will come of it. There are few rules, since Hypothesis
    leaves out half of them in each run, and most steps make sense only after others."""

    @rule(does=st.sampled_from(MEMBERS_DO), hand=hands(people))
    def a_member(self, does: str, hand: Hand) -> None:
        getattr(self, does)(hand)

    @rule(does=st.sampled_from(ORGANIZERS_DO), hand=hands(organizers))
    def an_organizer(self, does: str, hand: Hand) -> None:
        getattr(self, does)(hand)

    @rule(pause=st.sampled_from(PAUSES), ticks=st.booleans())
    def time_goes_by(self, pause: timedelta, ticks: bool) -> None:
        self.model.now += pause
        self.checked = False
        if ticks:
            self.model.tick()
            with self.store.writing() as session:
                offers.advance(session, self.model.now)
            self._put_down_by_turn()

    def _put_down_by_turn(self) -> None:
        """Whose turn it is is tested elsewhere; here the model takes what the bot decided."""
        filled = select(AuditEntry.subject_id, AuditEntry.after).where(
            AuditEntry.id > self.last_entry, AuditEntry.action == "talk:fill"
        )
        for slot_id, after in self._rows(filled, AuditEntry):
            main = self.numbers[after["slots"][str(slot_id)]["presenters"][0][0]]
            assert self.model.fill(self.slots.index(slot_id), main) is None

    def _slot(self, hand: Hand, pick: int, *, open_: bool = False) -> int:
        talks = self.model.talks
        fit = [slot for slot, talk in talks.items() if hand.stray or open_ == (talk is None)]
        return (fit or list(talks))[pick % len(fit or talks)]

    def _own(self, hand: Hand) -> tuple[int, int]:
        """A talk's slot, and its main presenter."""
        slot = self._slot(hand, hand.pick)
        talk = self.model.talks[slot]
        return slot, talk["main"] if talk and not hand.stray else hand.who

    def claim(self, hand: Hand) -> None:
        slot = self._slot(hand, hand.pick, open_=True)
        expected = self.model.claim(hand.who, slot, hand.title)
        self._do(expected, _claimed, hand.who, self.slots[slot], hand.title, None)

    def claim_again(self, hand: Hand) -> None:
        slot, who = self._own(hand)
        expected = self.model.claim(who, slot, hand.title)
        self._do(expected, _claimed, who, self.slots[slot], hand.title, None)

    def release(self, hand: Hand) -> None:
        slot, who = self._own(hand)
        self._do(self.model.release(who, slot), releases.release, who, self.slots[slot])

    def edit(self, hand: Hand) -> None:
        slot, who = self._own(hand)
        expected = self.model.edit(who, slot, hand.title)
        self._do(expected, edits.edit, who, self.slots[slot], hand.title, None)

    def support(self, hand: Hand) -> None:
        slot = self._slot(hand, hand.pick)
        expected = self.model.support(hand.who, slot, None)
        self._do(expected, supporters.support, hand.who, self.slots[slot])

    def support_by_a_button(self, hand: Hand) -> None:
        key = sorted(self.buttons)[hand.pick % len(self.buttons)]
        slot, talk_id = self.buttons[key]
        expected = self.model.support(hand.who, slot, key)
        self._do(expected, supporters.support, hand.who, self.slots[slot], talk_id=talk_id)

    def remove(self, hand: Hand) -> None:
        slot, who = self._own(hand)
        expected = self.model.remove(who, slot, hand.whom)
        self._do(expected, supporters.remove, who, self.slots[slot], self._id(hand.whom))

    def promote(self, hand: Hand) -> None:
        slot, who = self._own(hand)
        expected = self.model.promote(who, slot, hand.whom)
        self._do(expected, supporters.promote, who, self.slots[slot], self._id(hand.whom))

    def ask_to_swap(self, hand: Hand) -> None:
        (slot, who), other = self._own(hand), self._slot(hand, hand.other)
        expected, asked = self.model.ask_to_swap(who, slot, other)
        pair = self.slots[slot], self.slots[other]
        view = self._do(expected, swaps.ask, who, *pair, in_group=True)
        if view:
            self.model.keep(view.id, asked)

    def ask_to_take_over(self, hand: Hand) -> None:
        slot, who = self._own(hand)
        expected, asked = self.model.ask_to_take_over(who, slot, hand.whom)
        args = self.slots[slot], self._id(hand.whom)
        view = self._do(expected, handovers.ask, who, *args, in_group=True)
        if view:
            self.model.keep(view.id, asked)

    def agree(self, hand: Hand) -> None:
        self._answer(hand, decisions.agree, agreed=True)

    def decline(self, hand: Hand) -> None:
        self._answer(hand, decisions.decline, agreed=False)

    def _answer(self, hand: Hand, does: Callable[..., Any], *, agreed: bool) -> None:
        for number in self._request(hand):
            who = hand.who if hand.stray else self.model.requests[number]["whom"]
            self._do(self.model.answer(who, number, agreed=agreed), does, who, number)

    def withdraw(self, hand: Hand) -> None:
        for number in self._request(hand):
            who = hand.who if hand.stray else self.model.requests[number]["who"]
            self._do(self.model.withdraw(who, number), requests.withdraw, who, number)

    def _request(self, hand: Hand) -> list[int]:
        asked = self.model.requests
        numbers = [number for number in asked if hand.stray or asked[number]["open"]]
        return [numbers[hand.pick % len(numbers)]] if numbers else []

    def wait(self, hand: Hand) -> None:
        slot = self._slot(hand, hand.pick)
        expected = self.model.wait(hand.who, slot)
        self._do(expected, places.wait, hand.who, self.slots[slot], None, None)

    def leave(self, hand: Hand) -> None:
        waits = self._rows(select(Wait.id, Wait.slot_id, Wait.member_id), Wait)
        if waits:
            wait_id, slot_id, member_id = waits[hand.pick % len(waits)]
            whose = self.numbers[member_id]
            who = hand.who if hand.stray else whose
            expected = self.model.leave(who, self.slots.index(slot_id), whose)
            self._do(expected, places.leave, who, wait_id)

    def accept(self, hand: Hand) -> None:
        for offer in self._offer(hand):
            slot, whose = self.slots.index(offer.slot_id), self.numbers[offer.member_id]
            who = hand.who if hand.stray else whose
            expected = self.model.accept(who, slot, whose, ended=self._ended(offer))
            self._do(expected, offers.accept, who, offer.id)

    def refuse(self, hand: Hand) -> None:
        for offer in self._offer(hand):
            slot, whose = self.slots.index(offer.slot_id), self.numbers[offer.member_id]
            who = hand.who if hand.stray else whose
            if offer.state is OfferState.DECLINED and who == whose:
                expected = None  # a second tap
            else:
                expected = self.model.refuse(who, slot, whose, ended=self._ended(offer))
            self._do(expected, offers.refuse, who, offer.id)
            self._put_down_by_turn()

    def _offer(self, hand: Hand) -> list[Any]:
        columns = (Offer.id, Offer.slot_id, Offer.member_id, Offer.state, Offer.expires_at)
        made = self._rows(select(*columns), Offer)
        made = [row for row in made if hand.stray or row.state is OfferState.OPEN]
        return [made[hand.pick % len(made)]] if made else []

    def _ended(self, offer: Any) -> bool:
        return offer.state is not OfferState.OPEN or offer.expires_at <= self.model.now

    def assign(self, hand: Hand) -> None:
        slot = self._slot(hand, hand.pick, open_=True)
        expected = self.model.assign(hand.who, slot, hand.whom, hand.title)
        args = self.slots[slot], self._id(hand.whom), hand.title, None
        self._do(expected, assignments.assign, hand.who, *args)

    def unassign(self, hand: Hand) -> None:
        slot = self._slot(hand, hand.pick)
        expected = self.model.unassign(hand.who, slot)
        self._do(expected, assignments.unassign, hand.who, self.slots[slot])

    def undo(self, hand: Hand) -> None:
        number = max(0, len(self.entries) - 1 - hand.pick // 4)
        self._do(self.model.undo(hand.who, number), history.undo, hand.who, self.entries[number])

    def move(self, hand: Hand) -> None:
        number, day = hand.pick % len(SLOTS_OF), DAYS[hand.other % len(DAYS)]
        expected = self.model.move(hand.who, number, instant(day, time(19), ZONE))
        self._do(expected, meeting_changes.move, hand.who, self.meetings[number], day, None)

    def cancel(self, hand: Hand) -> None:
        self._change_meeting(hand, self.model.cancel, meeting_changes.cancel)

    def restore(self, hand: Hand) -> None:
        self._change_meeting(hand, self.model.restore, meeting_changes.restore)

    def _change_meeting(
        self, hand: Hand, says: Callable[..., str | None], does: Callable[..., Any]
    ) -> None:
        number = hand.pick % len(SLOTS_OF)
        revision = self.model.meetings[number]["revision"] - hand.stray
        expected = says(hand.who, number, revision)
        self._do(expected, does, hand.who, self.meetings[number], revision)


def test_whatever_happens_the_schedule_is_what_it_should_be(store: Store) -> None:
    class OnThisStore(Claims):
        pass

    OnThisStore.store = store
    quick = store.url.get_backend_name() == "sqlite"
    run_state_machine_as_test(
        OnThisStore,
        settings=settings(
            max_examples=15 if quick else 7,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
