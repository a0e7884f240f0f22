"""The waiting list, and offers of a slot that became free."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor, OfferView
from bot.errors import DomainError, Refusal
from bot.services import claims, members, offers, places, queries, releases, waiting
from storage.enums import MeetingStatus, OfferKind, OfferState
from storage.models import Delivery, Meeting, Member, Offer, Slot, Talk, Wait
from storage.store import Store
from tests import statements
from tests.factories import (
    make_chat,
    make_group,
    make_meeting,
    make_member,
    make_offer,
    make_paper,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
    make_wait,
)

DAY = timedelta(days=1)
LITHOS = "https://arxiv.org/abs/2504.15465"


class Scene:
    """Meetings on 13 and 20 January with one slot each, both Ann's. Ben, Robin and Zoe may wait."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock = session, clock
        self.group = make_group(session, selection_rule=None)
        make_chat(session, self.group)
        self.term = make_term(session, self.group)
        days = (date(2026, 1, 13), date(2026, 1, 20))
        self.first, self.second = (
            make_slot(session, make_meeting(session, self.term, date=day)) for day in days
        )
        self.ann, self.ben, self.robin, self.zoe = (
            self.member(name) for name in ("Ann", "Ben", "Robin", "Zoe")
        )
        for number, slot in enumerate((self.first, self.second)):
            claims.claim(session, self.ann, slot.id, f"Paper {number}", None, clock.now())

    def member(self, name: str, *, reachable: bool = True) -> Actor:
        member = make_member(self.session, self.group, name=name, reachable=reachable)
        return Actor(self.group.id, name, member_id=member.id, telegram_id=member.telegram_id)

    def wait(self, actor: Actor, slot: Slot | None, title: str | None = None) -> places.Place:
        slot_id = slot.id if slot else None
        return places.wait(self.session, actor, slot_id, title, None, self.clock.now())

    def release(self, slot: Slot) -> None:
        releases.release(self.session, self.ann, slot.id, self.clock.now())

    def offered(self, slot: Slot) -> str | None:
        """Who is offered the slot now."""
        found = queries.of_slot(self.session, self.group.id, slot.id, self.clock.now())
        assert found is not None
        return found.slot.held.member.name if found.slot.held else None

    def offer(self, actor: Actor) -> int:
        """The newest offer to this member."""
        mine = select(Offer.id).where(Offer.member_id == actor.member_id).order_by(Offer.id.desc())
        offer_id = self.session.scalars(mine).first()
        assert offer_id is not None
        return offer_id

    def accept(self, actor: Actor, offer_id: int | None = None) -> offers.Accepted:
        number = offer_id or self.offer(actor)
        return offers.accept(self.session, actor, number, self.clock.now())

    def refuse(self, actor: Actor, offer_id: int | None = None) -> None:
        offers.refuse(self.session, actor, offer_id or self.offer(actor), self.clock.now())

    def pass_time(self, time: timedelta) -> int:
        self.clock.move(time)
        return offers.advance(self.session, self.clock.now())

    def waiting(self) -> list[str]:
        rows = select(Member.name).join(Wait, Wait.member_id == Member.id).order_by(Wait.id)
        return list(self.session.scalars(rows))

    def told(self) -> list[tuple[str | None, str]]:
        """Who was told of an offer, and what became of that message."""
        rows = (
            select(Member.name, Delivery.state)
            .outerjoin(Member, Member.id == Delivery.member_id)
            .where(Delivery.offer_id.is_not(None))
            .order_by(Delivery.id)
        )
        return [(name, state.value) for name, state in self.session.execute(rows)]


@contextmanager
def refused(refusal: Refusal) -> Iterator[None]:
    with pytest.raises(DomainError) as caught:
        yield
    assert caught.value.code is refusal


@pytest.fixture
def scene(store: Store, clock: MovableClock) -> Iterator[Scene]:
    with store.writing() as session:
        yield Scene(session, clock)


def test_a_freed_slot_goes_down_the_list_until_somebody_takes_it(scene: Scene) -> None:
    for actor in (scene.ben, scene.robin, scene.zoe):
        scene.wait(actor, scene.first)
    scene.release(scene.first)

    assert scene.offered(scene.first) == "Ben"
    scene.refuse(scene.ben)
    assert scene.offered(scene.first) == "Robin"
    assert scene.pass_time(DAY - timedelta(seconds=1)) == 0
    assert scene.pass_time(timedelta(seconds=1)) == 1
    assert scene.offered(scene.first) == "Zoe"
    assert scene.accept(scene.zoe).found.talk.is_given_by(scene.zoe.member_id)

    assert scene.waiting() == []
    assert scene.told() == [("Ben", "cancelled"), ("Robin", "cancelled"), ("Zoe", "cancelled")]


def test_a_slot_that_nobody_wants_any_more_is_open_to_all(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first)
    scene.release(scene.first)
    scene.pass_time(DAY)

    assert scene.offered(scene.first) is None
    now = scene.clock.now()
    assert claims.claim(scene.session, scene.robin, scene.first.id, "Mine", None, now).new


def test_a_held_slot_is_nobody_elses_to_claim(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first)
    scene.release(scene.first)

    with refused(Refusal.SLOT_HELD):
        claims.claim(scene.session, scene.robin, scene.first.id, "Mine", None, scene.clock.now())
    assert scene.offered(scene.first) == "Ben"


def test_who_a_slot_is_held_for_is_told_with_it(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first, "LithOS")
    scene.release(scene.first)
    now = scene.clock.now()
    found = queries.of_slot(scene.session, scene.group.id, scene.first.id, now)

    assert found is not None
    ben = members.view(scene.session.get_one(Member, scene.ben.member_id))
    assert ben.reachable
    offer_id = scene.offer(scene.ben)
    assert found.slot.held == OfferView(offer_id, OfferKind.WAITING, ben, now + DAY, "LithOS")


def test_who_is_offered_a_slot_may_claim_it_by_command_as_well(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first)
    scene.release(scene.first)
    claims.claim(scene.session, scene.ben, scene.first.id, "Mine", None, scene.clock.now())

    assert scene.waiting() == []
    assert scene.accept(scene.ben).found.talk.title == "Mine"


def test_the_slot_is_booked_with_the_paper_that_its_member_waited_with(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first, "[SOSP'25] LithOS")
    scene.release(scene.first)
    talk = scene.accept(scene.ben).found.talk

    assert (talk.title, talk.venue, talk.year) == ("LithOS", "SOSP", 2025)


@pytest.mark.parametrize("was_there", [False, True])
def test_a_paper_that_the_rule_does_not_have_there_is_asked_about(
    scene: Scene, was_there: bool
) -> None:
    if was_there:
        before = make_meeting(scene.session, scene.term, date=date(2026, 1, 6))
        paper = make_paper(scene.session, scene.group, title="LithOS")
        slot = make_slot(scene.session, before)
        make_talk(scene.session, slot, title="LithOS", paper_id=paper.id)
    scene.group.selection_rule = "SOSP/OSDI + arXiv"
    other = make_slot(scene.session, scene.session.get_one(Meeting, scene.first.meeting_id))
    make_slot(scene.session, scene.session.get_one(Meeting, scene.first.meeting_id))
    now = scene.clock.now()
    claims.claim(scene.session, scene.zoe, other.id, "[arXiv] REFRAG", None, now)
    scene.wait(scene.ben, scene.first, "[arXiv] LithOS")
    scene.release(scene.first)
    done = scene.accept(scene.ben)

    assert done.found.talk.is_given_by(scene.ben.member_id)
    assert not done.named
    assert done.asked is not None
    assert done.asked.title == "[arXiv] LithOS"


@pytest.mark.parametrize("hours", [27, 10, 4])
def test_an_offer_ends_three_hours_before_the_meeting(scene: Scene, hours: int) -> None:
    starts_at = scene.session.get_one(Meeting, scene.first.meeting_id).starts_at
    scene.wait(scene.ben, scene.first)
    scene.wait(scene.robin, scene.first)
    scene.clock.set(starts_at - timedelta(hours=hours))
    scene.release(scene.first)

    assert scene.offered(scene.first) == "Ben"
    scene.clock.set(starts_at - timedelta(hours=3))
    offers.advance(scene.session, scene.clock.now())
    assert scene.offered(scene.first) is None
    with refused(Refusal.OFFER_ENDED):
        scene.accept(scene.ben)


def test_a_slot_given_back_in_the_last_three_hours_is_offered_to_nobody(scene: Scene) -> None:
    starts_at = scene.session.get_one(Meeting, scene.first.meeting_id).starts_at
    scene.wait(scene.ben, scene.first)
    scene.clock.set(starts_at - timedelta(hours=3))
    scene.release(scene.first)

    assert scene.offered(scene.first) is None


def test_an_answer_counts_once_and_only_from_whom_was_asked(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first)
    scene.release(scene.first)
    offer_id = scene.offer(scene.ben)
    for answer in (scene.accept, scene.refuse):
        with refused(Refusal.SOMEBODY_ELSES_BUTTON):
            answer(scene.robin, offer_id)
        with refused(Refusal.OLD_BUTTON):
            answer(scene.ben, 10**6)
    once = scene.accept(scene.ben)

    assert scene.accept(scene.ben) == once
    with refused(Refusal.OFFER_ENDED):
        scene.refuse(scene.ben)
    assert scene.session.scalars(select(Talk.slot_id)).all().count(scene.first.id) == 1


def test_a_no_said_twice_gets_the_same_answer(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first)
    scene.wait(scene.robin, scene.first)
    scene.release(scene.first)
    offer_id = scene.offer(scene.ben)
    scene.refuse(scene.ben, offer_id)
    scene.refuse(scene.ben, offer_id)

    assert scene.offered(scene.first) == "Robin"
    with refused(Refusal.OFFER_ENDED):
        scene.accept(scene.ben, offer_id)


def test_an_offer_outlives_a_restart(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.wait(scene.ben, scene.first)
        scene.release(scene.first)
        ben, offer_id = scene.ben, scene.offer(scene.ben)
    clock.move(DAY / 2)
    with store.writing() as session:
        assert offers.advance(session, clock.now()) <= 1  # of turns, which nobody is asked about
        assert offers.accept(session, ben, offer_id, clock.now()).found.talk.main is not None


def test_whoever_waits_for_any_slot_is_offered_one_at_a_time(scene: Scene) -> None:
    later = make_meeting(scene.session, scene.term, date=date(2026, 1, 27))
    make_talk(scene.session, make_slot(scene.session, later))
    scene.wait(scene.ben, None)
    scene.release(scene.first)
    scene.release(scene.second)

    assert (scene.offered(scene.first), scene.offered(scene.second)) == ("Ben", None)
    scene.refuse(scene.ben)
    assert (scene.offered(scene.first), scene.offered(scene.second)) == (None, "Ben")
    assert scene.waiting() == ["Ben"]
    scene.accept(scene.ben)
    assert scene.waiting() == []


def test_after_a_no_the_next_free_slot_is_that_of_the_next_meeting_that_takes_place(
    scene: Scene,
) -> None:
    scene.wait(scene.ben, None)
    scene.release(scene.first)
    cancelled, later = (
        make_slot(scene.session, make_meeting(scene.session, scene.term, date=day, status=status))
        for day, status in (
            (date(2026, 1, 15), MeetingStatus.CANCELLED),
            (date(2026, 1, 27), MeetingStatus.PLANNED),
        )
    )
    free = make_slot(scene.session, scene.session.get_one(Meeting, scene.second.meeting_id))
    robin = scene.session.get_one(Member, scene.robin.member_id)
    make_offer(scene.session, free, robin, state=OfferState.DECLINED)
    scene.refuse(scene.ben)

    assert [scene.offered(slot) for slot in (cancelled, free, later)] == [None, "Ben", None]


def test_two_free_slots_go_to_the_first_two_of_the_terms_list(scene: Scene) -> None:
    scene.wait(scene.ben, None)
    scene.wait(scene.robin, None)
    scene.release(scene.first)
    scene.release(scene.second)

    assert (scene.offered(scene.first), scene.offered(scene.second)) == ("Ben", "Robin")


def test_the_lists_of_a_slot_and_of_its_term_are_one_line(scene: Scene) -> None:
    scene.wait(scene.zoe, scene.second)
    scene.wait(scene.robin, None)
    assert scene.wait(scene.ben, scene.first).number == 2
    scene.release(scene.first)

    assert scene.offered(scene.first) == "Robin"


def test_who_takes_another_slot_of_the_term_waits_for_none_of_it(scene: Scene) -> None:
    scene.wait(scene.ben, None)
    scene.wait(scene.ben, scene.second)
    third = make_slot(scene.session, scene.session.get_one(Meeting, scene.first.meeting_id))
    claims.claim(scene.session, scene.ben, third.id, "Mine", None, scene.clock.now())

    mine = places.places(scene.session, scene.ben, scene.clock.now())
    assert [place.found.slot.id for place in mine if place.found] == [scene.second.id]


def test_waiting_twice_keeps_the_place_and_takes_the_new_paper(scene: Scene) -> None:
    first = scene.wait(scene.ben, scene.first)
    scene.wait(scene.robin, scene.first)

    again = scene.wait(scene.ben, scene.first, "LithOS")
    assert (again.id, again.number, again.title) == (first.id, 1, "LithOS")
    assert scene.wait(scene.ben, scene.first).title == "LithOS"
    assert scene.waiting() == ["Ben", "Robin"]


def test_who_waits_with_a_link_to_nothing_known_is_asked_for_the_title(scene: Scene) -> None:
    with refused(Refusal.TITLE_MISSING):
        places.wait(scene.session, scene.ben, scene.first.id, None, LITHOS, scene.clock.now())
    with refused(Refusal.LINK_IS_NO_LINK):
        places.wait(scene.session, scene.ben, None, "A", "ftp://x", scene.clock.now())
    assert scene.waiting() == []


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("open", Refusal.SLOT_IS_FREE),
        ("open, any", Refusal.SLOT_IS_FREE),
        ("offered to me", Refusal.SLOT_IS_FREE),
        ("mine", Refusal.SLOT_IS_YOURS),
        ("cancelled", Refusal.MEETING_CANCELLED),
        ("begun", Refusal.MEETING_IS_OVER),
        ("nothing planned", Refusal.NOTHING_TO_WAIT_FOR),
        ("another group", Refusal.NO_SUCH_SLOT),
        ("anonymous", Refusal.SHOW_YOURSELF),
    ],
)
def test_there_is_nothing_to_wait_for(scene: Scene, case: str, refusal: Refusal) -> None:
    actor, slot = scene.ben, None if case in ("open, any", "nothing planned") else scene.first
    meeting = scene.session.get_one(Meeting, scene.first.meeting_id)
    match case:
        case "open" | "open, any":
            scene.release(scene.first)
        case "offered to me":
            scene.wait(scene.ben, scene.first)
            scene.release(scene.first)
        case "mine":
            actor = scene.ann
        case "cancelled":
            meeting.status = MeetingStatus.CANCELLED
        case "begun":
            scene.clock.set(meeting.starts_at)
        case "nothing planned":
            scene.clock.move(100 * DAY)
        case "another group":
            slot = make_slot(scene.session)
        case "anonymous":
            actor = Actor(scene.group.id, "An organizer", organizer=True)
    before = scene.waiting()
    with refused(refusal):
        scene.wait(actor, slot)
    assert scene.waiting() == before


def test_who_leaves_the_list_gives_up_what_they_are_offered(scene: Scene) -> None:
    place = scene.wait(scene.ben, scene.first)
    scene.wait(scene.robin, scene.first)
    scene.release(scene.first)
    now = scene.clock.now()
    with refused(Refusal.SOMEBODY_ELSES_BUTTON):
        places.leave(scene.session, scene.robin, place.id, now)
    left = places.leave(scene.session, scene.ben, place.id, now)

    assert left.found is not None
    assert scene.offered(scene.first) == "Robin"
    assert scene.waiting() == ["Robin"]
    with refused(Refusal.NOT_WAITING):
        places.leave(scene.session, scene.ben, place.id, now)


def test_who_leaves_the_terms_list_takes_nothing_from_others(scene: Scene) -> None:
    place = scene.wait(scene.ben, None)
    scene.wait(scene.robin, None)
    for slot in (scene.first, scene.second):
        scene.release(slot)
    places.leave(scene.session, scene.ben, place.id, scene.clock.now())

    assert scene.offered(scene.second) == "Robin"
    assert scene.offered(scene.first) is None


@pytest.mark.parametrize("there", [True, False])
def test_who_presents_that_day_already_is_offered_no_second_talk(scene: Scene, there: bool) -> None:
    day = scene.session.get_one(Meeting, scene.first.meeting_id)
    before = make_meeting(scene.session, scene.term, date=date(2026, 1, 6))
    make_talk(scene.session, make_slot(scene.session, day))  # somebody's
    talk = make_talk(scene.session, make_slot(scene.session, day if there else before))
    make_presenter(scene.session, talk, scene.session.get_one(Member, scene.ben.member_id))
    scene.wait(scene.ben, None)
    scene.release(scene.first)

    assert scene.offered(scene.first) == (None if there else "Ben")


def test_who_let_an_offer_pass_is_asked_again_after_waiting_anew(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first)
    scene.release(scene.first)
    scene.refuse(scene.ben)
    scene.clock.move(timedelta(minutes=1))
    claims.claim(scene.session, scene.ann, scene.first.id, "Again", None, scene.clock.now())
    scene.wait(scene.ben, scene.first)
    scene.release(scene.first)

    assert scene.offered(scene.first) == "Ben"


def test_the_choice_is_of_what_somebody_else_has(scene: Scene) -> None:
    choice = places.choice(scene.session, scene.ann, scene.clock.now())
    assert (choice.places, choice.others) == ((), ())
    scene.wait(scene.ben, scene.first)
    choice = places.choice(scene.session, scene.ben, scene.clock.now())
    assert [found.slot.id for found in choice.others] == [scene.second.id]
    assert [place.number for place in choice.places] == [1]
    assert not choice.whole_term


def test_a_cancelled_meeting_takes_its_offers_back_and_a_restored_one_makes_them_anew(
    scene: Scene,
) -> None:
    scene.wait(scene.ben, scene.first)
    scene.release(scene.first)
    meeting = scene.session.get_one(Meeting, scene.first.meeting_id)
    meeting.status = MeetingStatus.CANCELLED
    now = scene.clock.now()
    waiting.withdraw(scene.session, scene.first.id, now)
    assert scene.offered(scene.first) is None
    meeting.status = MeetingStatus.PLANNED
    waiting.freed(scene.session, scene.group.id, scene.first.id, now)

    assert scene.offered(scene.first) == "Ben"


def test_a_slot_that_a_page_filled_meanwhile_is_offered_to_nobody_else(scene: Scene) -> None:
    scene.wait(scene.ben, scene.first)
    scene.wait(scene.robin, scene.first)
    scene.release(scene.first)
    make_talk(scene.session, scene.first)

    assert scene.pass_time(DAY) == 1
    assert [name for name, _ in scene.told()] == ["Ben"]


def test_who_cannot_be_written_to_is_told_in_the_groups_chat(scene: Scene) -> None:
    quiet = scene.member("Quiet", reachable=False)
    scene.wait(quiet, scene.first)
    scene.release(scene.first)

    assert scene.told() == [(None, "planned")]


def _statements(session: Session, use: Callable[[], object]) -> int:
    with statements.noted() as said:
        use()
    return len(said)


def test_the_length_of_the_list_does_not_make_an_offer_dearer(scene: Scene) -> None:
    costs = []
    for number in range(200):
        make_wait(
            scene.session,
            scene.first,
            make_member(scene.session, scene.group, name=f"Member {number}"),
        )
    scene.release(scene.first)
    for _ in range(5):
        scene.clock.move(DAY / 5)
        costs.append(
            _statements(scene.session, lambda: offers.advance(scene.session, scene.clock.now()))
        )
    scene.clock.move(DAY)
    costs.append(
        _statements(scene.session, lambda: offers.advance(scene.session, scene.clock.now()))
    )

    assert scene.offered(scene.first) == "Member 2"
    assert costs[:4] == [2, 2, 2, 2]
    assert max(costs) <= 25
