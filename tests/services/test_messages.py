"""What an organizer tells the group, and the ledger as they see it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.calendar import FARTHEST
from bot.domain.views import Actor, DeliveryView
from bot.errors import DomainError, Refusal
from bot.services import announcements, deliveries, groups, messages, outbox, owed
from storage.enums import DeliveryKind, DeliveryState
from storage.models import AuditEntry, Chat, Delivery, Group
from storage.store import Store
from tests.factories import (
    make_actor,
    make_chat,
    make_delivery,
    make_group,
    make_meeting,
    make_member,
    make_term,
)

LATER = datetime(2026, 1, 11, 10, tzinfo=UTC)


def _organizer(session: Session, name: str = "Ada", *, chat: bool = True) -> Actor:
    group = make_group(session)
    if chat:
        make_chat(session, group)
    return make_actor(session, group, name, organizer=True)


def test_a_message_is_owed_at_its_time_once_however_often_it_is_tapped(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada = _organizer(session)
        draft_id = messages.keep(session, ada, "Room 401\nis closed", clock.now())
        for at in (LATER, None):
            posted = messages.post(session, ada, draft_id, at, clock.now())
            assert (posted.due_at, posted.state) == (LATER, DeliveryState.PLANNED)
        assert owed.take(session, clock.now()) is None
        due = owed.take(session, LATER)
        assert due is not None
        assert (due.kind, due.text) == (DeliveryKind.MESSAGE, "Room 401\nis closed")
        actions = session.scalars(select(AuditEntry.action)).all()
        assert actions == ["message:post"]


def test_a_message_can_be_taken_back_until_it_is_sent(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ada = _organizer(session)
        draft_id = messages.keep(session, ada, "Cake", clock.now())
        posted = messages.post(session, ada, draft_id, LATER, clock.now())
        for _ in range(2):
            taken = messages.take_back(session, ada, posted.delivery_id, clock.now())
            assert taken.state is DeliveryState.CANCELLED
        assert owed.take(session, LATER) is None
        again = messages.keep(session, ada, "Tea", clock.now())
        posted = messages.post(session, ada, again, None, clock.now())
        due = owed.take(session, clock.now())
        assert due is not None
        deliveries.sent(session, due.id, 5, clock.now())
        late = messages.take_back(session, ada, posted.delivery_id, clock.now())
        assert late.state is DeliveryState.SENT


def test_who_may_not_and_what_will_not_do_is_refused(store: Store, clock: MovableClock) -> None:
    now = clock.now()
    with store.writing() as session:
        ada = _organizer(session)
        group = groups.by_id(session, ada.group_id)
        ann = make_actor(session, session.get_one(Group, group.id), "Ann")
        with pytest.raises(DomainError, match=Refusal.ORGANIZERS_ONLY):
            messages.keep(session, ann, "Hello", now)
        with pytest.raises(DomainError, match=Refusal.MESSAGE_TOO_LONG):
            messages.keep(session, ada, "x" * 3001, now)
        draft_id = messages.keep(session, ada, "Hello", now)
        with pytest.raises(DomainError, match=Refusal.ORGANIZERS_ONLY):
            messages.post(session, ann, draft_id, None, now)
        for at in (now - timedelta(minutes=1), now + FARTHEST + timedelta(minutes=1)):
            with pytest.raises(DomainError, match=Refusal.OLD_BUTTON):
                messages.post(session, ada, draft_id, at, now)
        stranger = _organizer(session, "Eve")
        with pytest.raises(DomainError, match=Refusal.DRAFT_GONE):
            messages.post(session, stranger, draft_id, None, now)
        posted = messages.post(session, ada, draft_id, None, now)
        with pytest.raises(DomainError, match=Refusal.OLD_BUTTON):
            messages.take_back(session, stranger, posted.delivery_id, now)
        with pytest.raises(DomainError, match=Refusal.OLD_BUTTON):
            messages.take_back(session, ada, 10_000, now)


def test_a_group_without_a_chat_has_nobody_to_tell(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ada = _organizer(session, chat=False)
        draft_id = messages.keep(session, ada, "Hello", clock.now())
        with pytest.raises(DomainError, match=Refusal.NO_GROUP):
            messages.post(session, ada, draft_id, None, clock.now())


def test_the_ledger_is_paged_from_now_in_both_directions(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ada = _organizer(session)
        chat = session.scalars(select(Chat)).one()
        now = clock.now()
        for hours in (*range(-20, 0), *range(10, 0, -1)):
            due_at = now + timedelta(hours=hours)
            state = DeliveryState.SENT if hours < 0 else DeliveryState.PLANNED
            make_delivery(session, chat, due_at=due_at, state=state, message_id=7)

        def hours_on(offset: int) -> tuple[list[float], bool]:
            shown, more = outbox.page(session, ada, offset, now)
            return [(one.due_at - now).total_seconds() / 3600 for one in shown], more

        assert hours_on(0) == ([*range(1, 9)], True)
        assert hours_on(1) == ([9, 10], False)
        assert hours_on(-1) == ([*range(-1, -9, -1)], True)
        assert hours_on(-3) == ([-17, -18, -19, -20], False)
        (shown, *_), _ = outbox.page(session, ada, -1, now)
        number = str(chat.telegram_id).removeprefix("-100")
        assert shown.link == f"https://t.me/c/{number}/7"


def test_the_ledger_says_to_whom_and_shows_no_other_groups(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada = _organizer(session)
        eve = _organizer(session, "Eve")
        group = session.get_one(Group, ada.group_id)
        robin = make_member(session, group, name="Robin", reachable=True, hears_all=True)
        make_meeting(session, make_term(session, group))
        announcements.plan_group(session, groups.by_id(session, group.id), clock.now())
        shown, _ = outbox.page(session, ada, 0, clock.now())
        told = {(one.kind, one.member_name) for one in shown}
        assert (DeliveryKind.REMINDER, "Robin") in told
        assert (DeliveryKind.ANNOUNCEMENT, None) in told
        assert {one.meeting_date for one in shown if one.member_name == robin.name} != {None}
        assert outbox.page(session, eve, 0, clock.now()) == ((), False)
        ann = make_actor(session, group, "Ann")
        with pytest.raises(DomainError, match=Refusal.ORGANIZERS_ONLY):
            outbox.page(session, ann, 0, clock.now())
        assert session.scalars(select(Delivery.group_id).distinct()).all() == [group.id]


def test_a_row_of_the_ledger_is_shown_whole(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        ada = _organizer(session)
        group = session.get_one(Group, ada.group_id)
        robin = make_member(session, group, name="Robin")
        meeting = make_meeting(session, make_term(session, group))
        now = clock.now()
        row = make_delivery(
            session,
            member=robin,
            meeting=meeting,
            due_at=now,
            changed_at=now + timedelta(hours=1),
            state=DeliveryState.SKIPPED,
            reason="Robin muted the bot",
            attempts=2,
        )
        late = make_delivery(session, member=robin, due_at=now + timedelta(hours=1))
        (shown,), more = outbox.page(session, ada, -1, now)
        assert shown == DeliveryView(
            row.id,
            DeliveryKind.DAY_BEFORE,
            DeliveryState.SKIPPED,
            now,
            now + timedelta(hours=1),
            "Robin muted the bot",
            2,
            "Robin",
            meeting.date,
            None,
        )
        assert not more
        assert [one.id for one in outbox.page(session, ada, 0, now)[0]] == [late.id]


def test_a_message_may_be_two_years_ahead_and_is_written_down(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        ada = _organizer(session)
        now = clock.now()
        far = now + FARTHEST
        draft_id = messages.keep(session, ada, "x" * messages.MAX_LENGTH, now)
        posted = messages.post(session, ada, draft_id, far, now)
        assert (posted.due_at, posted.state) == (far, DeliveryState.PLANNED)
        assert messages.post(session, ada, draft_id, now, now) == posted
        row = session.scalars(select(Delivery)).one()
        assert (row.id, row.expires_at) == (posted.delivery_id, far + timedelta(days=1))
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject_id, entry.at, entry.after) == (
            "message:post",
            row.id,
            now,
            {"text": "x" * 200, "due_at": far.isoformat()},
        )
        taken = messages.take_back(session, ada, row.id, now)
        assert taken.state is DeliveryState.CANCELLED
        assert row.reason == "Ada took it back"
        assert messages.take_back(session, ada, row.id, now) == taken
        posting, taking = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        assert (taking.action, taking.subject_id) == ("message:take_back", row.id)
        assert taking.before == posting.after
