"""Places on the waiting list: taken, kept, and given up."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.errors import Refusal
from bot.services import changes, claims, places, queries, waiting
from storage.enums import MeetingStatus
from storage.models import Meeting
from storage.store import Store
from tests.factories import make_meeting, make_slot
from tests.services.waiting_scene import DAY, LITHOS, Scene, refused


@pytest.fixture
def scene(store: Store, clock: MovableClock) -> Iterator[Scene]:
    with store.writing() as session:
        yield Scene(session, clock)


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
            actor = Actor(actor.group, "An organizer", organizer=True)
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


def test_a_place_says_what_is_kept_for_whoever_has_it_until_that_ends(scene: Scene) -> None:
    def kept(actor: Actor) -> list[int | None]:
        mine = places.places(scene.session, actor, scene.clock.now())
        return [one.offered.slot.id if one.offered else None for one in mine]

    scene.wait(scene.ben, None)
    scene.wait(scene.ben, scene.first)
    scene.wait(scene.robin, scene.second)
    scene.wait(scene.zoe, scene.second)
    assert kept(scene.ben) == [None, None]
    scene.release(scene.second)
    assert (kept(scene.ben), kept(scene.robin)) == ([scene.second.id, None], [None])
    scene.refuse(scene.ben)
    assert (kept(scene.ben), kept(scene.robin)) == ([None, None], [scene.second.id])
    scene.clock.move(waiting.HELD_FOR)  # before the tick that ends it
    assert kept(scene.robin) == [None]


def test_what_shows_a_slot_is_out_of_date_once_who_was_offered_it_waits_no_more(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        place = scene.wait(scene.ben, scene.first)
        scene.release(scene.first)
        offered = scene.first.id
    with store.writing() as session:
        places.leave(session, scene.ben, place.id, clock.now())
        assert changes.touched(session) == {offered}


def test_who_leaves_the_terms_list_takes_nothing_from_others(scene: Scene) -> None:
    place = scene.wait(scene.ben, None)
    scene.wait(scene.robin, None)
    for slot in (scene.first, scene.second):
        scene.release(slot)
    places.leave(scene.session, scene.ben, place.id, scene.clock.now())

    assert scene.offered(scene.second) == "Robin"
    assert scene.offered(scene.first) is None


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
    scene.release(scene.second)
    choice = places.choice(scene.session, scene.robin, scene.clock.now())
    assert [found.slot.id for found in choice.others] == [scene.first.id]


def test_meetings_without_a_talk_hide_none_that_has_one(scene: Scene) -> None:
    early = scene.clock.now() - 30 * DAY
    for number in range(1, queries.PAGE_SIZE + 1):
        day = (early + number * DAY).date()
        make_slot(scene.session, make_meeting(scene.session, scene.term, date=day))
    choice = places.choice(scene.session, scene.ben, early)
    assert [found.slot.id for found in choice.others] == [scene.first.id, scene.second.id]
