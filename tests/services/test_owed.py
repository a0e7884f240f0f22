"""What is due is told, or says why not; and who cannot be reached is named in the group."""

from datetime import UTC, datetime

import pytest

from bot.clock import MovableClock
from bot.domain.views import RequestView
from bot.services import (
    announcements,
    groups,
    history,
    ledger,
    members,
    news,
    notices,
    offers,
    owed,
    queries,
    swaps,
    weeks,
)
from bot.services.ledger import Promise
from storage.enums import (
    DeliveryKind,
    DeliveryState,
    LinkKind,
    MeetingStatus,
    RequestKind,
    RequestState,
)
from storage.models import Delivery
from storage.store import Store
from tests.factories import (
    as_actor,
    make_audit_entry,
    make_group,
    make_link,
    make_meeting,
    make_member,
    make_offer,
    make_presenter,
    make_slot,
    make_talk,
)
from tests.services.owed_scene import BEGINS, DAY, Scene, kinds


def test_open_slots_are_called_out_each_week_while_there_are_any(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        view = groups.by_id(session, scene.group.id)
        weeks.plan(session, view, clock.now())
        friday = datetime(2026, 1, 9, 11, tzinfo=UTC)
        assert kinds(scene.due_at(friday)) == []
        assert scene.ledger(DeliveryKind.OPEN_SLOTS)[0] == (
            DeliveryState.SKIPPED,
            "no slot of the coming four weeks is open",
        )
        later = make_meeting(
            session, scene.term, date=(BEGINS + 14 * DAY).date(), starts_at=BEGINS + 14 * DAY,
            ends_at=BEGINS + 15 * DAY,
        )  # fmt: skip
        make_slot(session, later)
        announcements.look(session, friday + 7 * DAY)
        taken = scene.due_at(friday + 7 * DAY)
        assert kinds(taken) == [(DeliveryKind.OPEN_SLOTS, "the group")]
        assert [meeting.id for meeting in taken[0].meetings] == [later.id]


@pytest.mark.parametrize("status", list(MeetingStatus)[:2])
def test_a_week_of_the_term_without_a_meeting_is_told_and_one_with_a_meeting_is_not(
    store: Store, clock: MovableClock, status: MeetingStatus
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock, open_slots_day=None)
        first, last = BEGINS - 7 * DAY, BEGINS + 7 * DAY
        for starts_at in (first, last):
            make_meeting(
                session, scene.term, date=starts_at.date(), starts_at=starts_at,
                ends_at=starts_at + DAY,
            )  # fmt: skip
        scene.meeting.status = status
        session.flush()
        weeks.plan(session, groups.by_id(session, scene.group.id), clock.now())
        taken = scene.due_at(BEGINS - 3 * DAY)
        cancelled = status is MeetingStatus.CANCELLED
        assert kinds(taken) == [(DeliveryKind.NO_MEETING, "the group")] * cancelled
        for due in taken:
            assert [meeting.starts_at for meeting in due.meetings] == [last]


def test_a_row_that_cannot_be_told_does_not_keep_the_others_waiting(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("nothing is there")

    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        promise = Promise(
            "poison", DeliveryKind.CHANGES, clock.now(), BEGINS, chat_id=scene.chat.id
        )
        ledger.owe(session, scene.group.id, promise, clock.now())
        monkeypatch.setattr(news, "of", lambda *_: (1,))
        monkeypatch.setitem(owed.__dict__, "_told", broken)
        assert scene.due_at(BEGINS - 3 * DAY) == []
        assert scene.ledger(DeliveryKind.CHANGES) == [(DeliveryState.FAILED, owed.UNWORDABLE)]
        monkeypatch.undo()
        assert kinds(scene.due_at(BEGINS - DAY))[0][0] is not DeliveryKind.CHANGES


def test_a_chat_that_is_busy_is_passed_over(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        now = clock.set(BEGINS - 3 * DAY)
        assert owed.take(session, now, {scene.chat.telegram_id}) is None
        assert owed.take(session, now, {1}) is not None


@pytest.mark.parametrize("busy", ["Ann", "the group", "somebody elsewhere"])
def test_who_is_busy_waits_and_nobody_else_does(
    store: Store, clock: MovableClock, busy: str
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.member("Ben", reachable=True, hears_all=True)
        scene.plan()
        scene.due_at(BEGINS - 3 * DAY)
        now = clock.set(BEGINS - DAY)
        ids = {"Ann": scene.ann.telegram_id, "the group": scene.chat.telegram_id}
        waits = {ids.get(busy) or 1}
        taken = []
        while (due := owed.take(session, now, waits)) is not None:
            taken.append(due)
        all_due = {
            (DeliveryKind.PREPARE, "Ann"),
            (DeliveryKind.REMINDER, "Ben"),
            (DeliveryKind.DAY_BEFORE, "the group"),
        }
        assert set(kinds(taken)) == {one for one in all_due if one[1] != busy}
        assert set(kinds(taken + scene.due_at(now))) == all_due


@pytest.mark.parametrize("meanwhile", ["nothing", "other slides", "cancelled", "sent", "too early"])
def test_a_message_that_was_set_aside_is_taken_up_as_it_was_or_left_as_it_is(
    sqlite_store: Store, clock: MovableClock, meanwhile: str
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock, announcement_days=None)
        scene.plan()
        now = clock.set(BEGINS - DAY)
        ledger.hold_up(session, "Telegram is silent", now)
        due = owed.take(session, now, {scene.ann.telegram_id or 0})
        assert due is not None
        assert due.reason == "Telegram is silent"
        owed.set_aside(session, due.id)
        row = session.get_one(Delivery, due.id)
        assert (row.state, row.attempts) == (DeliveryState.PLANNED, 0)
        session.flush()
        if meanwhile == "other slides":
            make_link(session, scene.talk, kind=LinkKind.SLIDES)
        elif meanwhile == "cancelled":
            scene.meeting.status = MeetingStatus.CANCELLED
        elif meanwhile == "sent":
            row.state = DeliveryState.SENT
        elif meanwhile == "too early":
            row.try_at = now + DAY
        there = (row.state, row.attempts, row.reason)

        assert owed.take_up(session, due, now) == (meanwhile == "nothing")

        became = {
            "nothing": (DeliveryState.SENDING, 1, None),
            "cancelled": (DeliveryState.CANCELLED, 1, ledger.CHANGED),
        }
        assert (row.state, row.attempts, row.reason) == became.get(meanwhile, there)


def test_after_the_last_meeting_a_week_without_one_says_nothing_of_a_next(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock, open_slots_day=None)
        last = make_meeting(session, scene.term, date=(BEGINS + 7 * DAY).date())
        make_meeting(session, scene.term, date=(BEGINS - 7 * DAY).date())
        scene.meeting.status = MeetingStatus.CANCELLED
        session.flush()
        weeks.plan(session, groups.by_id(session, scene.group.id), clock.now())
        last.status = MeetingStatus.CANCELLED
        (due,) = scene.due_at(BEGINS - 3 * DAY)
        assert (due.kind, due.meetings) == (DeliveryKind.NO_MEETING, ())
        assert due.day == scene.meeting.date


def test_the_weeks_of_groups_are_planned_as_their_time_comes(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        now = clock.now()
        announcements.look(session, now)
        assert scene.group.weeks_planned_to is None  # nobody set it up yet
        weeks.plan(session, groups.by_id(session, scene.group.id), now)
        session.refresh(scene.group)
        assert scene.group.weeks_planned_to == now + 7 * DAY
        announcements.look(session, now + 7 * DAY)
        session.refresh(scene.group)
        assert scene.group.weeks_planned_to == now + 14 * DAY


def test_who_is_in_several_groups_is_told_of_which_a_message_is(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock)

        def several() -> bool:
            now, ann = clock.now(), scene.ann
            entry = make_audit_entry(session, ann, subject_id=scene.slot.id)
            notices.to_member(
                session, DeliveryKind.CHANGE, ann.id, now, now + DAY, audit_id=entry.id
            )
            (told,) = scene.due_at(now)
            return told.several

        assert not several()
        make_member(session, make_group(session), telegram_id=scene.ann.telegram_id)
        clock.move(DAY)
        assert several()


def test_a_message_carries_what_it_is_about(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock)
        now = clock.now()
        bo = scene.member("Bo", reachable=True)
        other, free = (make_slot(session, scene.meeting) for _ in range(2))
        make_presenter(session, make_talk(session, other, title="LithOS"), bo)
        ann = as_actor(session, scene.ann)
        asked = swaps.ask(session, ann, scene.slot.id, other.id, now, in_group=False)
        offer = make_offer(session, free, bo, title="Jenga", expires_at=now + DAY)
        entry = make_audit_entry(session, bo, subject_id=other.id)
        notices.to_member(session, DeliveryKind.OFFER, bo.id, now, now + DAY, offer_id=offer.id)
        notices.to_member(session, DeliveryKind.CHANGE, bo.id, now, now + DAY, audit_id=entry.id)

        told = {one.kind: one for one in scene.due_at(now)}

        group_id, whole = scene.group.id, members.view(bo)
        mine, theirs = (
            queries.of_slot(session, group_id, one.id, now) for one in (scene.slot, other)
        )
        assert told[DeliveryKind.REQUEST].request == RequestView(
            asked.id,
            RequestKind.SWAP,
            RequestState.OPEN,
            members.view(scene.ann),
            whole,
            mine,
            theirs,
            None,
            None,
            None,
            scene.meeting.starts_at,
        )
        assert told[DeliveryKind.OFFER].offer == offers.view(session, offer)
        assert told[DeliveryKind.OFFER].found == queries.of_slot(session, group_id, free.id, now)
        change = told[DeliveryKind.CHANGE].change
        assert change == history.change(session, group_id, entry.id, now)
        assert change is not None
        assert (change.found, change.main) == (theirs, None)
        assert {one.member for one in told.values()} == {whole}
        assert {one.group for one in told.values()} == {groups.by_id(session, group_id)}
        assert {(one.due_at, one.attempts, one.meeting) for one in told.values()} == {
            (now, 1, None)
        }
