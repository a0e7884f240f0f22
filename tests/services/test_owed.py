"""What is due is told, or says why not; and who cannot be reached is named in the group."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor, OwedMessage, RequestView
from bot.services import (
    announcements,
    deliveries,
    groups,
    history,
    ledger,
    members,
    nags,
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
    Role,
)
from storage.models import Delivery, Member, Presenter
from storage.store import Store
from tests.factories import (
    make_audit_entry,
    make_chat,
    make_group,
    make_link,
    make_meeting,
    make_member,
    make_offer,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)

BEGINS = datetime(2026, 1, 13, 11, tzinfo=UTC)
DAY = timedelta(days=1)


class Scene:
    """A group whose Ann presents on January 13, with an organizer whom the bot may write to."""

    def __init__(self, session: Session, clock: MovableClock, **of_group: Any) -> None:
        self.session, self.clock = session, clock
        self.group = make_group(session, **of_group)
        self.chat = make_chat(session, self.group)
        self.ada = self.member("Ada", organizer=True, reachable=True)
        self.ann = self.member("Ann", reachable=True)
        self.term = make_term(session, self.group)
        self.meeting = make_meeting(session, self.term)
        self.slot = make_slot(session, self.meeting, topic="Topic I")
        self.talk = make_talk(session, self.slot, title="Jenga")
        make_presenter(session, self.talk, self.ann, role=Role.MAIN)

    def member(self, name: str, **values: Any) -> Member:
        return make_member(self.session, self.group, name=name, **values)

    def plan(self) -> None:
        group = groups.by_id(self.session, self.group.id)
        announcements.plan_meeting(self.session, group, self.meeting.id, self.clock.now())

    def due_at(self, when: datetime) -> list[OwedMessage]:
        """What is to be sent then, each noted as sent."""
        self.clock.set(when)
        nags.look(self.session, when)
        ledger.expire(self.session, when)
        taken: list[OwedMessage] = []
        while (due := owed.take(self.session, when)) is not None:
            deliveries.sent(self.session, due.id, len(taken) + 1, when)
            taken.append(due)
        self.session.flush()
        return taken

    def ledger(self, kind: DeliveryKind) -> list[tuple[DeliveryState, str | None]]:
        rows = self.session.scalars(
            select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)
        )
        return [(row.state, row.reason) for row in rows]


def kinds(taken: list[OwedMessage]) -> list[tuple[DeliveryKind, str]]:
    return [(due.kind, due.member.name if due.member else "the group") for due in taken]


def test_the_day_before_presenters_and_whoever_wants_are_told_in_private(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.member("Ben", reachable=True, hears_all=True)
        scene.member("Cleo", reachable=True)
        scene.plan()
        scene.due_at(BEGINS - 3 * DAY)
        assert sorted(kinds(scene.due_at(BEGINS - DAY))) == [
            (DeliveryKind.DAY_BEFORE, "the group"),
            (DeliveryKind.PREPARE, "Ann"),
            (DeliveryKind.REMINDER, "Ben"),
        ]


@pytest.mark.parametrize("choice", [{"muted": True}, {"hears_own": False}])
def test_who_does_not_want_to_hear_is_not_told(
    store: Store, clock: MovableClock, choice: dict[str, bool]
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        for name, value in choice.items():
            setattr(scene.ann, name, value)
        scene.plan()
        assert scene.ledger(DeliveryKind.PREPARE) == []


def test_who_mutes_the_bot_after_the_message_was_planned_is_spared_it(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        scene.ann.muted = True
        scene.due_at(BEGINS - DAY)
        assert scene.ledger(DeliveryKind.PREPARE) == [(DeliveryState.SKIPPED, "Ann muted the bot")]


def test_a_member_chooses_how_long_before(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.ann.remind_hours = 3
        scene.plan()
        scene.due_at(BEGINS - DAY)
        taken = scene.due_at(BEGINS - timedelta(hours=3))
        assert kinds(taken) == [(DeliveryKind.PREPARE, "Ann")]


def test_a_presenter_who_never_pressed_start_is_named_by_the_group_and_organizers_hear_it_once(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.ann.reachable = False
        scene.plan()
        scene.due_at(BEGINS - 3 * DAY)
        taken = scene.due_at(BEGINS - DAY)
        assert sorted(kinds(taken)) == [
            (DeliveryKind.DAY_BEFORE, "the group"),
            (DeliveryKind.UNREACHABLE, "Ada"),
        ]
        assert scene.ledger(DeliveryKind.PREPARE) == [
            (DeliveryState.SKIPPED, "the bot may not write to Ann")
        ]
        make_presenter(session, scene.talk, scene.member("Cleo"))
        slides = (DeliveryKind.SLIDES_MISSING, "the group")
        assert kinds(scene.due_at(BEGINS + DAY)).count(slides) == 1  # not for who helps
        assert len(scene.ledger(DeliveryKind.UNREACHABLE)) == 2  # of each of the two


def test_a_presenter_who_blocked_the_bot_is_named_in_the_group_after_its_own_reminder(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        scene.due_at(BEGINS - 3 * DAY)
        now = clock.set(BEGINS - DAY)
        sent = {}
        while (due := owed.take(session, now)) is not None:
            sent[due.kind, due.member is None] = due
            if due.member is not None and due.member.name == "Ann":
                continue
            deliveries.sent(session, due.id, 1, now)
        deliveries.failed(session, sent[DeliveryKind.PREPARE, False].id, "blocked", now)
        taken = scene.due_at(now)
        assert sorted(kinds(taken)) == [
            (DeliveryKind.PREPARE, "the group"),
            (DeliveryKind.UNREACHABLE, "Ada"),
        ]
        standing_in = next(due for due in taken if due.kind is DeliveryKind.PREPARE)
        assert standing_in.about is not None
        assert standing_in.about.member is not None
        assert standing_in.about.member.name == "Ann"
        assert standing_in.meeting is not None
        assert standing_in.meeting == standing_in.about.meeting
        assert not scene.ann.reachable


def test_who_cannot_be_told_days_before_is_not_left_to_the_reminder_of_the_day_before(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock, announcement_days=None)
        scene.ann.reachable, scene.ann.remind_hours = False, 72
        scene.plan()
        assert sorted(kinds(scene.due_at(BEGINS - 3 * DAY))) == [
            (DeliveryKind.PREPARE, "the group"),
            (DeliveryKind.UNREACHABLE, "Ada"),
        ]


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


def test_a_talk_that_changes_hands_moves_the_private_reminder(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        ben = scene.member("Ben", reachable=True)
        _give(session, scene, ben)
        assert _prepared(session) == {"Ann": DeliveryState.CANCELLED, "Ben": DeliveryState.PLANNED}
        _give(session, scene, scene.ann)
        assert _prepared(session) == {"Ann": DeliveryState.PLANNED, "Ben": DeliveryState.CANCELLED}


def _give(session: Session, scene: Scene, member: Member) -> None:
    session.query(Presenter).filter(Presenter.talk_id == scene.talk.id).delete()
    make_presenter(session, scene.talk, member, role=Role.MAIN)
    group = groups.by_id(session, scene.group.id)
    announcements.plan_slots(session, group, [scene.slot.id], scene.clock.now())


def _prepared(session: Session) -> dict[str, DeliveryState]:
    rows = session.execute(
        select(Member.name, Delivery.state)
        .join(Delivery, Delivery.member_id == Member.id)
        .where(Delivery.kind == DeliveryKind.PREPARE)
    )
    return {row.name: row.state for row in rows}


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


def test_a_message_carries_what_it_is_about(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock)
        now = clock.now()
        bo = scene.member("Bo", reachable=True)
        other, free = (make_slot(session, scene.meeting) for _ in range(2))
        make_presenter(session, make_talk(session, other, title="LithOS"), bo)
        ann = Actor(scene.group.id, "Ann", member_id=scene.ann.id)
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
