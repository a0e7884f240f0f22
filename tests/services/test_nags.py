"""Slides, a video and a summary are asked for until they are there."""

from datetime import timedelta

from bot.clock import MovableClock
from bot.services import nags
from storage.enums import DeliveryKind, DeliveryState, LinkKind
from storage.store import Store
from tests.factories import make_link
from tests.services.owed_scene import BEGINS, DAY, Scene, kinds


def test_slides_video_and_summary_are_asked_for_until_they_are_there(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        for days in (-3, -1):
            scene.due_at(BEGINS + days * DAY)
        scene.due_at(BEGINS - timedelta(minutes=30))
        both = [(DeliveryKind.SLIDES_MISSING, "Ann"), (DeliveryKind.VIDEO_MISSING, "Ada")]
        for days in (1, 3):
            assert sorted(kinds(scene.due_at(BEGINS + days * DAY))) == both
            assert scene.due_at(BEGINS + days * DAY + timedelta(hours=5)) == []
        for kind in (LinkKind.SLIDES, LinkKind.VIDEO):
            make_link(session, scene.talk, kind=kind)
        assert kinds(scene.due_at(BEGINS + 7 * DAY)) == [(DeliveryKind.VIDEO_MISSING, "Ada")]
        make_link(session, scene.talk, kind=LinkKind.SUMMARY)
        assert scene.due_at(BEGINS + 14 * DAY) == []
        assert scene.meeting.nag_at is None


def test_five_times_are_enough(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        asked = []
        for days in range(1, 100):
            taken = scene.due_at(BEGINS + days * DAY)
            asked += [days for due in taken if due.kind is DeliveryKind.SLIDES_MISSING]
        assert asked == [1, 3, 7, 14, 28]


def test_slides_that_came_while_the_message_waited_need_no_message(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock, video_missing=False)
        scene.plan()
        now = clock.set(BEGINS + DAY)
        nags.look(session, now)
        make_link(session, scene.talk, kind=LinkKind.SLIDES)
        assert scene.due_at(now) == []
        assert scene.ledger(DeliveryKind.SLIDES_MISSING) == [
            (DeliveryState.SKIPPED, "the slides are there")
        ]


def test_a_video_and_a_summary_that_came_while_the_message_waited_need_no_message(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock, slides_missing=False)
        scene.plan()
        now = clock.set(BEGINS + DAY)
        nags.look(session, now)
        for kind in (LinkKind.VIDEO, LinkKind.SUMMARY):
            make_link(session, scene.talk, kind=kind)
        assert scene.due_at(now) == []
        assert scene.ledger(DeliveryKind.VIDEO_MISSING) == [
            (DeliveryState.SKIPPED, "video and summary are there")
        ]


def test_a_month_of_absence_leaves_one_question_for_slides(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        taken = scene.due_at(BEGINS + 30 * DAY)
        assert (DeliveryKind.SLIDES_MISSING, "Ann") in kinds(taken)
        assert len(scene.ledger(DeliveryKind.SLIDES_MISSING)) == 1
