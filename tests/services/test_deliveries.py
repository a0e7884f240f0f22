"""What became of messages, and what organizers are told of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.services import deliveries, ledger
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus
from storage.models import Chat, Delivery, Group, Member
from storage.store import Store
from tests.factories import make_chat, make_delivery, make_group, make_meeting, make_member

MINUTE = timedelta(minutes=1)


def _being_sent(session: Session, to: Chat | Member, **values: Any) -> Delivery:
    row: dict[str, Any] = {
        "kind": DeliveryKind.OPEN_SLOTS,
        "state": DeliveryState.SENDING,
        "attempts": 1,
    } | values
    if isinstance(to, Chat):
        return make_delivery(session, to, **row)
    return make_delivery(session, member=to, **row)


def _told(session: Session, kind: DeliveryKind) -> list[tuple[int | None, str, int | None]]:
    rows = session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id))
    return [(row.member_id, row.key, row.about_id) for row in rows]


def test_organizers_hear_once_that_a_chat_takes_no_messages(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        chat = make_chat(session)
        ada = make_member(
            session, session.get_one(Group, chat.group_id), organizer=True, reachable=True
        )
        now = clock.now()
        first, second = (_being_sent(session, chat) for _ in range(2))
        deliveries.failed(session, first.id, "🦉" * 300, now)
        assert chat.trouble == "🦉" * ledger.MAX_REASON
        deliveries.failed(session, second.id, "another", now + MINUTE)
        assert chat.trouble == "🦉" * ledger.MAX_REASON
        question = [(ada.id, f"about:{first.id}:trouble:member:{ada.id}", first.id)]
        assert _told(session, DeliveryKind.TROUBLE) == question
        told = session.scalars(select(Delivery).where(Delivery.about_id == first.id)).one()
        assert (told.group_id, told.due_at) == (chat.group_id, now)
        assert told.expires_at == now + timedelta(days=7)
        assert (first.state, second.state) == (DeliveryState.PLANNED,) * 2
        assert first.try_at > now
        assert second.reason == "another"

        first.state = DeliveryState.SENDING
        deliveries.sent(session, first.id, 5, now, "picture")
        assert (first.state, first.message_id, first.card) == (DeliveryState.SENT, 5, "picture")
        assert chat.trouble is None


def test_where_the_bot_may_write_to_no_organizer_nobody_hears_of_it(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        chat = make_chat(session)
        deliveries.failed(session, _being_sent(session, chat).id, "refused", clock.now())
        deliveries.uncertain(session, _being_sent(session, chat).id, "timeout", clock.now())
        assert chat.trouble == "refused"
        assert session.query(Delivery).count() == 2


def test_who_is_out_of_reach_is_so_in_every_group(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        here, there, other = (
            make_member(session, make_group(session), telegram_id=account, reachable=True)
            for account in (77, 77, 78)
        )
        refused = _being_sent(session, here)
        deliveries.failed(session, refused.id, "blocked", clock.now(), unreachable=False)
        session.refresh(there)
        assert (refused.state, refused.reason) == (DeliveryState.FAILED, "blocked")
        assert there.reachable
        deliveries.failed(session, _being_sent(session, here).id, "blocked", clock.now())
        for row in (here, there, other):
            session.refresh(row)
        assert [row.reachable for row in (here, there, other)] == [False, False, True]


@pytest.mark.parametrize(
    ("pause", "state", "minutes"),
    [
        (timedelta(minutes=9), DeliveryState.PLANNED, 9),
        (timedelta(minutes=10), DeliveryState.EXPIRED, 10),
        (None, DeliveryState.PLANNED, None),
        (timedelta(0), DeliveryState.PLANNED, None),
    ],
)
def test_what_was_not_sent_is_tried_again_while_it_is_of_use(
    sqlite_store: Store,
    clock: MovableClock,
    pause: timedelta | None,
    state: DeliveryState,
    minutes: int | None,
) -> None:
    with sqlite_store.writing() as session:
        now = clock.now()
        row = _being_sent(session, make_chat(session), due_at=now, expires_at=now + 10 * MINUTE)
        deliveries.put_off(session, row.id, "try later", now, pause)
        assert (row.state, row.reason, row.changed_at) == (state, "try later", now)
        assert row.try_at > now
        if minutes is not None:
            assert row.try_at == now + minutes * MINUTE


def test_what_was_not_sent_and_is_changed_meanwhile_is_not_tried_again(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        meeting = make_meeting(session, status=MeetingStatus.CANCELLED)
        chat = make_chat(session, session.get_one(Group, meeting.group_id))
        row = _being_sent(session, chat, meeting_id=meeting.id)
        now = clock.now()
        deliveries.put_off(session, row.id, "try later", now)
        assert (row.state, row.reason, row.changed_at) == (
            DeliveryState.CANCELLED, ledger.CHANGED, now,
        )  # fmt: skip


@pytest.mark.parametrize(("minutes", "told"), [(9, 0), (10, 1)])
def test_organizers_hear_what_held_up_a_message_that_comes_late(
    sqlite_store: Store, clock: MovableClock, minutes: int, told: int
) -> None:
    with sqlite_store.writing() as session:
        chat, now = make_chat(session), clock.now()
        group = session.get_one(Group, chat.group_id)
        ada = make_member(session, group, organizer=True, reachable=True)
        for to in (chat, ada):  # in private nobody wonders
            row = _being_sent(session, to, due_at=now - minutes * MINUTE)
            deliveries.sent(session, row.id, 5, now, held_up="Telegram is silent")
        found = session.scalars(select(Delivery.text).where(Delivery.about_id.is_not(None)))
        assert found.all() == ["Telegram is silent"] * told


def test_what_a_dead_process_left_is_asked_about(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        chat = make_chat(session)
        group = session.get_one(Group, chat.group_id)
        ada = make_member(session, group, organizer=True, reachable=True)
        now = clock.now()
        to_chat, to_ada = _being_sent(session, chat, attempts=2), _being_sent(session, ada)
        done = _being_sent(session, chat, state=DeliveryState.SENT)
        assert deliveries.recover(session, now) == 2
        assert deliveries.recover(session, now) == 0
        states = [row.state for row in (to_chat, to_ada, done)]
        assert states == [DeliveryState.UNCERTAIN, DeliveryState.PLANNED, DeliveryState.SENT]
        assert to_chat.reason == "nobody noted whether it arrived"
        key = f"delivery:{to_chat.id}:try2:uncertain:member:{ada.id}"
        assert _told(session, DeliveryKind.UNCERTAIN) == [(ada.id, key, to_chat.id)]
        told = session.scalars(select(Delivery).where(Delivery.about_id == to_chat.id)).one()
        assert told.expires_at == now + timedelta(days=7)
