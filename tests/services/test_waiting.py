"""The waiting list, and offers of a slot that became free."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.delivery.messages import compose
from bot.domain.views import OfferView
from bot.errors import Refusal
from bot.services import (
    assignments,
    claims,
    groups,
    members,
    offers,
    owed,
    queries,
    standins,
    waiting,
)
from storage.enums import DeliveryState, MeetingStatus, OfferKind, OfferState
from storage.models import Chat, Delivery, Meeting, Member, Talk
from storage.store import Store
from tests import statements
from tests.factories import (
    make_meeting,
    make_member,
    make_offer,
    make_paper,
    make_presenter,
    make_slot,
    make_talk,
    make_wait,
)
from tests.services.waiting_scene import DAY, Scene, refused


@pytest.fixture
def scene(store: Store, clock: MovableClock) -> Iterator[Scene]:
    with store.writing() as session:
        yield Scene(session, clock)


def test_what_is_kept_for_somebody_who_leaves_the_chat_is_the_next_ones_at_once(
    scene: Scene,
) -> None:
    scene.wait(scene.ben, scene.first)
    scene.wait(scene.robin, scene.first)
    scene.release(scene.first)
    chat = scene.session.scalars(select(Chat.telegram_id)).one()
    scene.clock.move(timedelta(minutes=1))
    standins.leave(scene.session, chat, scene.zoe.telegram_id or 0, scene.clock.now())
    assert (scene.pass_time(timedelta(minutes=1)), scene.offered(scene.first)) == (0, "Ben")
    standins.leave(scene.session, chat, scene.ben.telegram_id or 0, scene.clock.now())

    assert scene.pass_time(timedelta(seconds=10)) == 1
    assert scene.offered(scene.first) == "Robin"


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


def test_who_left_the_chat_is_offered_nothing_and_keeps_their_place(scene: Scene) -> None:
    for actor in (scene.ben, scene.robin):
        scene.wait(actor, scene.first)
    scene.session.get_one(Member, scene.ben.member_id).gone = True
    scene.release(scene.first)

    assert scene.offered(scene.first) == "Robin"
    assert scene.waiting() == ["Ben", "Robin"]
    scene.session.get_one(Member, scene.ben.member_id).gone = False
    scene.refuse(scene.robin)
    assert scene.offered(scene.first) == "Ben"


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


def test_who_read_that_a_slot_is_kept_for_them_hears_that_an_organizer_gave_it_away(
    scene: Scene,
) -> None:
    now, chief = scene.clock.now(), scene.ann._replace(organizer=True)
    for slot in (scene.first, scene.second):
        scene.wait(scene.ben, slot)
        scene.release(slot)
    told = select(Delivery).where(Delivery.offer_id.is_not(None)).order_by(Delivery.id)
    read = scene.session.scalars(told).first()
    assert read is not None
    read.state = DeliveryState.SENT
    for slot in (scene.first, scene.second):
        zoe = scene.zoe.member_id or 0
        assignments.assign(scene.session, chief, slot.id, zoe, None, None, now)

    assert scene.told() == [("Ben", "sent"), ("Ben", "cancelled"), ("Ben", "planned")]
    clock_at = now + timedelta(minutes=1)
    taken = []
    while (due := owed.take(scene.session, clock_at)) is not None:
        taken.append(compose(due, clock_at))
    ((text, buttons),) = [one for one in taken if "Ben" in one[0]]
    assert "Tue 13 January was kept for you, but Zoe has it now." in text
    assert buttons == ()
    assert scene.waiting() == ["Ben", "Ben"]


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
    group = groups.by_id(scene.session, scene.group.id)
    scene.ben, scene.zoe = (one._replace(group=group) for one in (scene.ben, scene.zoe))
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


def test_the_length_of_the_list_does_not_make_an_offer_dearer(scene: Scene) -> None:
    costs = []
    for number in range(200):
        make_wait(
            scene.session,
            scene.first,
            make_member(scene.session, scene.group, name=f"Member {number}"),
        )
    scene.release(scene.first)
    for pause in (*[DAY / 5] * 5, DAY):
        with statements.noted() as said:
            scene.pass_time(pause)
        costs.append(len(said))

    assert scene.offered(scene.first) == "Member 2"
    assert costs[:4] == [2, 2, 2, 2]
    assert max(costs) <= 25
