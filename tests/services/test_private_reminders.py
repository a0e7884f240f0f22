"""Who hears of a meeting in private, and who stands in where the bot may not write."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.delivery.messages import compose
from bot.services import (
    announcements,
    deliveries,
    groups,
    identities,
    members,
    notices,
    owed,
    standins,
)
from storage.enums import DeliveryKind, DeliveryState, OfferKind, Role
from storage.models import Delivery, Member, Presenter
from storage.store import Store
from tests.factories import as_actor, make_offer, make_presenter, make_slot, make_talk
from tests.services.owed_scene import BEGINS, DAY, Scene, kinds


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


def test_who_becomes_a_name_of_the_page_is_reminded_of_its_talk_alone(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        scene.ann.telegram_id = None
        cleo = scene.member("Cleo", reachable=True, hears_all=True, organizer=True)
        scene.plan()
        actor = as_actor(session, cleo)
        identities.ask(session, actor, scene.ann.id, clock.now(), in_group=True)
        scene.due_at(BEGINS - 3 * DAY)
        assert sorted(kinds(scene.due_at(BEGINS - DAY))) == [
            (DeliveryKind.DAY_BEFORE, "the group"),
            (DeliveryKind.PREPARE, "Ann"),
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


def test_who_helps_with_one_talk_and_gives_another_is_asked_for_its_slides(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock, video_missing=False)
        cleo = scene.member("Cleo")
        make_presenter(session, scene.talk, cleo)
        second = make_talk(session, make_slot(session, scene.meeting, position=2), title="Prism")
        make_presenter(session, second, cleo, role=Role.MAIN)
        scene.plan()
        scene.due_at(BEGINS)
        taken = scene.due_at(BEGINS + DAY)
        asked = [due.about for due in taken if due.kind is DeliveryKind.SLIDES_MISSING]
        assert [one.member.name for one in asked if one and one.member] == ["Cleo"]


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


@pytest.mark.parametrize(
    ("kind", "told"),
    [(OfferKind.WAITING, [(DeliveryKind.OFFER, "the group")]), (OfferKind.TURN, [])],
)
def test_an_offer_to_whom_the_bot_cannot_write_is_made_in_the_group_and_a_turn_is_not(
    store: Store, clock: MovableClock, kind: OfferKind, told: list[tuple[DeliveryKind, str]]
) -> None:
    with store.writing() as session:
        scene, now = Scene(session, clock), clock.now()
        cleo = scene.member("Cleo", reachable=True)
        slot = make_slot(session, scene.meeting, position=2)
        offer = make_offer(session, slot, cleo, kind=kind, expires_at=now + DAY)
        notices.to_member(session, DeliveryKind.OFFER, cleo.id, now, now + DAY, offer_id=offer.id)
        due = owed.take(session, now)
        assert due is not None
        deliveries.failed(session, due.id, "blocked", now)
        assert kinds(scene.due_at(now)) == told


def test_organizers_hear_at_once_and_once_that_a_presenter_left_the_chat(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock)
        make_presenter(session, scene.talk, scene.member("Cleo"))
        scene.plan()
        now = clock.now()

        def leaves(name: str) -> None:
            who = session.scalars(select(Member).where(Member.name == name)).one()
            standins.leave(session, scene.chat.telegram_id, who.telegram_id or 0, now)
            standins.leave(session, scene.chat.telegram_id, who.telegram_id or 0, now)

        for name in ("Ann", "Cleo"):
            leaves(name)
        taken = scene.due_at(now)
        assert kinds(taken) == [(DeliveryKind.UNREACHABLE, "Ada")]  # Cleo only helps
        text, _ = compose(taken[0], now)
        assert text == (
            "👋 Ann left the group's chat, and was to present on Tue 13 January:\n"
            '💡 [SOSP&#39;25] <a href="https://papers.example/how-to-read">Jenga</a> · to empty '
            "Topic I: <code>/unassign jan 13</code>"
        )
        for when in (BEGINS - DAY, BEGINS + DAY):
            assert (DeliveryKind.UNREACHABLE, "Ada") not in kinds(scene.due_at(when))


def test_nothing_is_told_of_who_left_and_is_back_or_has_nothing_to_present(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock)
        scene.plan()
        place, now = scene.chat.telegram_id, clock.now()
        standins.leave(session, place, scene.ann.telegram_id or 0, now)
        members.set_gone(session, place, scene.ann.telegram_id or 0, gone=False)
        assert kinds(scene.due_at(now)) == []
        standins.leave(session, -place, scene.ann.telegram_id or 0, now)
        standins.leave(session, place, -1, now)
        assert [state for state, _ in scene.ledger(DeliveryKind.UNREACHABLE)] == [
            DeliveryState.CANCELLED
        ]


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
