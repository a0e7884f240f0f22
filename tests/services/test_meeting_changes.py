"""Moving, cancelling and restoring a meeting, on both databases."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.calendar import instant
from bot.domain.views import Actor
from bot.errors import DomainError
from bot.services import announcements, changes, claims, groups, history, meeting_changes, queries
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus, RequestKind, RequestState
from storage.models import AuditEntry, Chat, Delivery, Group, Meeting, Offer, Slot
from storage.store import Store
from tests.factories import (
    as_actor,
    make_chat,
    make_delivery,
    make_group,
    make_meeting,
    make_member,
    make_request,
    make_slot,
    make_term,
    make_view,
    make_wait,
)

DAY_13, DAY_15, DAY_20 = (date(2026, 1, number) for number in (13, 15, 20))
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _organizer(session: Session, timezone: str = "Asia/Shanghai") -> tuple[Actor, int]:
    """An organizer, and the meeting of January 13, 19:00 to 21:00, with one open slot; there is
    another on January 20."""
    group = make_group(session, timezone=timezone)
    make_chat(session, group)
    ada = make_member(session, group, name="Ada", organizer=True)
    term = make_term(session, group)
    meeting = make_meeting(session, term)
    make_slot(session, meeting)
    make_slot(session, make_meeting(session, term, date=DAY_20))
    announcements.plan_meeting(session, groups.by_id(session, group.id), meeting.id, meeting_eve())
    return as_actor(session, ada), meeting.id


def meeting_eve() -> datetime:
    return datetime(2026, 1, 9, 1, tzinfo=UTC)


def _slot(session: Session, meeting_id: int) -> int:
    return session.scalars(select(Slot.id).where(Slot.meeting_id == meeting_id)).one()


def _planned(session: Session) -> list[tuple[str, datetime]]:
    rows = session.execute(
        select(Delivery.key, Delivery.due_at)
        .where(Delivery.state == "planned", Delivery.meeting_id.is_not(None))
        .order_by(Delivery.id)
    )
    return [(key.split(":chat")[0].partition(":")[2], due_at) for key, due_at in rows]


def test_a_moved_meeting_keeps_its_time_of_day_and_its_talks(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        talk = claims.claim(session, ada, _slot(session, meeting_id), "X", None, clock.now())
        moved = meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
    assert (moved.date, moved.starts_at, moved.ends_at) == (
        DAY_15,
        instant(DAY_15, time(19), SHANGHAI),
        instant(DAY_15, time(21), SHANGHAI),
    )
    assert (moved.id, moved.revision, moved.slots) == (meeting_id, 2, (talk.found.slot,))


def test_a_meeting_may_change_its_time_alone(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        moved = meeting_changes.move(session, ada, meeting_id, DAY_13, time(8, 30), clock.now())
        assert moved.starts_at == instant(DAY_13, time(8, 30), SHANGHAI)
        again = meeting_changes.move(session, ada, meeting_id, DAY_13, time(8, 30), clock.now())
        assert again == moved
        assert len(session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.parametrize(
    ("day", "at", "begins"),
    [
        # Berlin: the clock goes from 02:00 to 03:00 on 29 March, back from 03:00 on 25 October.
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 3, 31), None, datetime(2026, 3, 31, 10, tzinfo=UTC)),
        (date(2026, 3, 24), None, datetime(2026, 3, 24, 11, tzinfo=UTC)),
    ],
)
def test_the_time_is_that_of_the_wall_on_the_new_day(
    store: Store, clock: MovableClock, day: date, at: time | None, begins: datetime
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session, "Europe/Berlin")  # there it begins at 12:00
        moved = meeting_changes.move(session, ada, meeting_id, day, at, clock.now())
        assert (moved.starts_at, moved.ends_at - moved.starts_at) == (begins, timedelta(hours=2))


def test_reminders_follow_a_meeting(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
        eve = [instant(date(2026, 1, number), time(19), SHANGHAI) for number in (12, 14)]
        eve.append(instant(DAY_15, time(18, 30), SHANGHAI))
        names = ("announcement", "day_before", "starting_soon")
        kinds = [f"{meeting_id}:rev2:{name}" for name in names]
        assert _planned(session) == list(zip(kinds, eve, strict=True))
        meeting_changes.cancel(session, ada, meeting_id, 2, clock.now())
        assert _planned(session) == []
        meeting_changes.restore(session, ada, meeting_id, 3, clock.now())
        kinds = [f"{meeting_id}:rev4:{name}" for name in names]
        assert _planned(session) == list(zip(kinds, eve, strict=True))


def test_what_was_changed_is_written_down_and_its_slots_are_shown_anew(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        assert changes.touched(session) == frozenset()
        meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
        assert changes.touched(session) == {_slot(session, meeting_id)}
    with store.writing() as session:
        cancelled = meeting_changes.cancel(session, ada, meeting_id, 2, clock.now())
        assert cancelled.is_cancelled
        assert changes.touched(session) == {_slot(session, meeting_id)}
        assert not meeting_changes.restore(session, ada, meeting_id, 3, clock.now()).is_cancelled
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(e.action, e.subject_id, e.before, e.after) for e in entries] == [
            (
                "meeting:move",
                meeting_id,
                {"date": "2026-01-13", "starts_at": "2026-01-13T11:00:00+00:00"},
                {"date": "2026-01-15", "starts_at": "2026-01-15T11:00:00+00:00"},
            ),
            ("meeting:cancel", meeting_id, {"status": "planned"}, {"status": "cancelled"}),
            ("meeting:restore", meeting_id, {"status": "cancelled"}, {"status": "planned"}),
        ]


def test_where_a_meeting_was_moved_to_is_known_by_each_day_it_was_on(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)

        def moved_from(day: int, group_id: int = ada.group_id) -> date | None:
            there = meeting_changes.moved_from(session, group_id, date(2026, 1, day), clock.now())
            return there and there.date

        assert moved_from(13) is None
        meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
        assert (moved_from(13), moved_from(15)) == (DAY_15, None)
        meeting_changes.move(session, ada, meeting_id, date(2026, 1, 16), None, clock.now())
        assert moved_from(13) == moved_from(15) == date(2026, 1, 16)
        assert moved_from(13, make_group(session).id) is None
        change = history.last_change(session, ada, None, clock.now())
        history.undo(session, ada, change.id, clock.now())
        assert (moved_from(13), moved_from(15), moved_from(16)) == (DAY_15, None, DAY_15)


def test_the_announcement_of_a_meeting_without_slots_is_stale_as_well(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        ada, meeting_id = _organizer(session)
        session.execute(delete(Slot).where(Slot.meeting_id == meeting_id))
        chat = session.scalars(select(Chat)).one()
        announced = [
            make_delivery(
                session, chat, meeting_id=id_, kind=DeliveryKind.ANNOUNCEMENT,
                state=DeliveryState.SENT,
            )
            for id_ in session.scalars(select(Meeting.id).order_by(Meeting.id))
        ]  # fmt: skip
        meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
        session.expire_all()
        assert [row.stale for row in announced] == [True, False]


def test_who_waits_is_offered_the_slots_of_a_meeting_as_long_as_it_takes_place(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        make_wait(session, session.get_one(Slot, _slot(session, meeting_id)))

        def offers() -> list[tuple[str, datetime]]:
            found = session.scalars(select(Offer).order_by(Offer.id))
            return [(offer.state.value, offer.expires_at) for offer in found]

        meeting_changes.move(session, ada, meeting_id, date(2026, 1, 10), time(7), clock.now())
        first = ("open", instant(date(2026, 1, 10), time(4), SHANGHAI))
        assert offers() == [first]
        tomorrow = clock.now() + timedelta(days=1)
        meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
        was = ("withdrawn", first[1])
        assert offers() == [was, ("open", tomorrow)]
        meeting_changes.cancel(session, ada, meeting_id, 3, clock.now())
        assert offers() == [was, ("withdrawn", tomorrow)]
        meeting_changes.restore(session, ada, meeting_id, 4, clock.now())
        assert offers() == [was, ("withdrawn", tomorrow), ("open", tomorrow)]


def test_a_paper_may_be_allowed_until_the_meeting_begins_whenever_that_is(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        ann = make_member(session, session.get_one(Group, ada.group_id), name="Ann")
        slot_id = _slot(session, meeting_id)
        bent = make_request(session, ann, slot_id=slot_id)
        other = make_request(session, ann, slot_id=slot_id, kind=RequestKind.HAND_OVER)
        settled = make_request(session, ann, slot_id=slot_id, state=RequestState.DECLINED)
        was = bent.expires_at
        meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
        session.expire_all()
        assert bent.expires_at == instant(DAY_15, time(19), SHANGHAI)
        assert (other.expires_at, settled.expires_at) == (was, was)


@pytest.mark.parametrize(
    ("case", "day", "refusal"),
    [
        ("a member", DAY_15, "organizers_only"),
        ("of another group", DAY_15, "old_button"),
        ("begun", DAY_15, "meeting_is_over"),
        ("cancelled", DAY_15, "meeting_cancelled"),
        ("planned", DAY_20, "day_is_taken"),
        ("planned", date(2026, 1, 8), "day_is_past"),
        ("planned", date(2026, 1, 9), "day_is_past"),
        ("planned", date.min, "day_is_past"),
        ("planned", date(2126, 1, 15), "day_is_far"),
        ("planned", date.max, "day_is_far"),
    ],
)
def test_a_meeting_is_not_moved(
    store: Store, clock: MovableClock, case: str, day: date, refusal: str
) -> None:
    clock.set(datetime(2026, 1, 9, 11, tzinfo=UTC))
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        if case == "a member":
            ada = ada._replace(organizer=False)
        if case == "of another group":
            ada = ada._replace(group=make_view(session))
        if case == "begun":
            clock.set(instant(DAY_13, time(19), SHANGHAI))
        if case == "cancelled":
            meeting_changes.cancel(session, ada, meeting_id, 1, clock.now())
        with pytest.raises(DomainError, match=refusal):
            meeting_changes.move(session, ada, meeting_id, day, None, clock.now())
        assert session.get_one(Meeting, meeting_id).date == DAY_13


def test_a_day_that_is_taken_is_refused_with_the_meeting_on_it(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        session.scalars(select(Meeting).where(Meeting.date == DAY_20)).one().title = "Kick-off"
        with pytest.raises(DomainError) as caught:
            meeting_changes.move(session, ada, meeting_id, DAY_20, None, clock.now())
        assert caught.value.params["meeting"].title == "Kick-off"


def test_another_groups_meeting_is_no_hindrance(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)
        make_meeting(session, make_term(session, make_group(session)), date=DAY_15)
        moved = meeting_changes.move(session, ada, meeting_id, DAY_15, None, clock.now())
        assert queries.meeting_on(session, ada.group_id, DAY_15, clock.now()) == moved


def test_a_meeting_is_cancelled_and_restored_once_and_only_as_it_was_seen(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        ada, meeting_id = _organizer(session)

        def refusal(act: object, actor: Actor, revision: int) -> str:
            with pytest.raises(DomainError) as caught:
                act(session, actor, meeting_id, revision, clock.now())  # type: ignore[operator]
            return caught.value.code.value

        cancel, restore = meeting_changes.cancel, meeting_changes.restore
        member = ada._replace(organizer=False)
        assert refusal(cancel, member, 1) == "organizers_only"
        assert refusal(cancel, ada, 2) == "old_button"
        assert refusal(restore, ada, 1) == "not_cancelled"
        cancel(session, ada, meeting_id, 1, clock.now())
        assert refusal(cancel, ada, 1) == "meeting_cancelled"
        assert refusal(restore, member, 2) == "organizers_only"
        assert refusal(restore, ada, 1) == "old_button"
        clock.set(instant(DAY_13, time(19), SHANGHAI))
        assert refusal(restore, ada, 2) == "meeting_is_over"
        assert session.get_one(Meeting, meeting_id).status is MeetingStatus.CANCELLED
        assert session.get_one(Group, ada.group_id).id == ada.group_id
