"""What changed is told to the group once, with what was and what is."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor, NewsView, OwedMessage
from bot.services import (
    announcements,
    assignments,
    deliveries,
    gathering,
    groups,
    history,
    meeting_changes,
    new_meetings,
    news,
    owed,
    posts,
)
from storage.enums import DeliveryKind, DeliveryState, MeetingKind, MeetingStatus
from storage.models import Delivery
from storage.store import Store
from tests.factories import make_actor, make_chat, make_group, make_meeting, make_slot, make_term

BEGINS = datetime(2026, 1, 13, 11, tzinfo=UTC)
DAY = timedelta(days=1)


class Desk:
    """Ada organizes; the meeting of January 13 has an open slot."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock = session, clock
        self.group = make_group(session, open_slots_day=None, no_meeting=False)
        self.chat = make_chat(session, self.group)
        self.ada = make_actor(session, self.group, "Ada", organizer=True)
        self.ann = make_actor(session, self.group, "Ann")
        self.ben = make_actor(session, self.group, "Ben")
        self.meeting = make_meeting(session, make_term(session, self.group))
        self.slot = make_slot(session, self.meeting, topic="Topic I")
        view = groups.by_id(session, self.group.id)
        announcements.plan_meeting(session, view, self.meeting.id, clock.now())

    def assign(self, member: Actor) -> None:
        assignments.assign(
            self.session, self.ada, self.slot.id, member.member_id or 0, "Jenga", None, self.now
        )

    def move(self, day: date) -> None:
        meeting_changes.move(self.session, self.ada, self.meeting.id, day, None, self.now)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def taken(self, kind: DeliveryKind) -> list[OwedMessage]:
        """What of this kind is due now; all that is due is noted as sent."""
        found = []
        while (due := owed.take(self.session, self.now)) is not None:
            deliveries.sent(self.session, due.id, due.id, self.now)
            found.append(due)
        self.session.flush()
        return [due for due in found if due.kind is kind]

    def told(self, after: timedelta = gathering.SETTLING) -> list[tuple[NewsView, ...]]:
        self.clock.move(after)
        return [due.news for due in self.taken(DeliveryKind.CHANGES)]


def test_several_changes_within_minutes_become_one_message_with_old_and_new(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.move(date(2026, 1, 14))
        clock.move(timedelta(minutes=1))
        desk.assign(desk.ann)
        desk.move(date(2026, 1, 15))
        ((told,),) = desk.told()
        assert (told.was_at, told.meeting.starts_at) == (BEGINS, BEGINS + 2 * DAY)
        assert [(one.before, one.slot.position) for one in told.reassigned] == [(None, 1)]
        assert desk.told() == []


def test_what_happens_in_another_group_cuts_no_message_short(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk, other = Desk(session, clock), Desk(session, clock)
        desk.move(date(2026, 1, 14))
        other.move(date(2026, 1, 15))
        desk.assign(desk.ann)
        clock.move(gathering.SETTLING)
        changes = [due.news for due in desk.taken(DeliveryKind.CHANGES)]
        told = [(one.meeting.id, len(one.reassigned)) for (one,) in changes]
        assert told == [(desk.meeting.id, 1), (other.meeting.id, 0)]


def test_what_a_meeting_is_called_is_news_only_when_that_was_changed(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        desk.meeting.kind, desk.meeting.title = MeetingKind.SPECIAL, "Guest talk"
        desk.meeting.place = "Room 301"
        session.flush()
        desk.move(date(2026, 1, 14))
        ((told,),) = desk.told()
        assert (told.was_at, told.renamed, told.elsewhere, told.new) == (
            BEGINS,
            False,
            False,
            False,
        )


def test_a_meeting_that_is_gone_is_news_until_it_would_begin(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        day = date(2026, 1, 20)
        begins = new_meetings.add(session, desk.ada, day, None, None, desk.now).starts_at
        assert [len(told) for told in desk.told()] == [1]
        change = history.last_change(session, desk.ada, None, desk.now)
        history.undo(session, desk.ada, change.id, desk.now)
        is_planned = Delivery.state == DeliveryState.PLANNED, Delivery.audit_id.is_not(None)
        row = session.scalars(select(Delivery).where(*is_planned)).one()
        assert len(news.of(session, row, begins - timedelta(minutes=1))) == 1
        assert news.of(session, row, begins) == ()


def test_what_was_changed_back_in_time_is_not_told(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.move(date(2026, 1, 14))
        desk.move(date(2026, 1, 13))
        assert desk.told() == []
        row = session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.CHANGES)).one()
        assert (row.state, row.reason) == (DeliveryState.SKIPPED, "it was changed back, or is over")


def test_a_change_after_the_message_is_a_message_of_its_own(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.assign(desk.ann)
        ((first,),) = desk.told()
        assert first.reassigned[0].before is None
        assignments.unassign(session, desk.ada, desk.slot.id, desk.now)
        desk.assign(desk.ben)
        ((second,),) = desk.told()
        assert second.reassigned[0].before == "Ann"
        slot = second.meeting.slots[0]
        assert slot.talk is not None
        assert slot.talk.main is not None
        assert slot.talk.main.name == "Ben"


def test_cancelling_and_restoring_are_told(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        meeting_changes.cancel(session, desk.ada, desk.meeting.id, 1, desk.now)
        ((told,),) = desk.told()
        assert told.status_was is MeetingStatus.PLANNED
        assert told.meeting.is_cancelled
        meeting_changes.restore(session, desk.ada, desk.meeting.id, 2, desk.now)
        ((told,),) = desk.told()
        assert (told.status_was, told.meeting.status) == (
            MeetingStatus.CANCELLED,
            MeetingStatus.PLANNED,
        )


def test_who_presents_is_no_news_of_a_meeting_that_does_not_take_place(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.assign(desk.ann)
        meeting_changes.cancel(session, desk.ada, desk.meeting.id, 1, desk.now)
        ((told,),) = desk.told()
        assert (told.status_was, told.reassigned) == (MeetingStatus.PLANNED, ())
        assignments.unassign(session, desk.ada, desk.slot.id, desk.now)
        assert desk.told() == []


def test_an_undone_assignment_is_told_as_open_again(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.assign(desk.ann)
        desk.told()
        last = history.last_change(session, desk.ada, None, desk.now)
        history.undo(session, desk.ada, last.id, desk.now)
        ((told,),) = desk.told()
        assert [(one.before, one.slot.talk) for one in told.reassigned] == [("Ann", None)]


def test_changes_at_night_are_told_in_the_morning(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        clock.set(datetime(2026, 1, 9, 15, tzinfo=UTC))  # 23:00 there
        desk = Desk(session, clock)
        desk.move(date(2026, 1, 14))
        assert desk.told() == []
        clock.set(datetime(2026, 1, 10, tzinfo=UTC))
        assert len(desk.told(timedelta(0))) == 1


def test_a_moved_meeting_that_was_announced_is_not_announced_at_once_again(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        clock.set(BEGINS - 3 * DAY)
        assert len(desk.taken(DeliveryKind.ANNOUNCEMENT)) == 1
        clock.set(BEGINS - 2 * DAY)
        desk.move(date(2026, 1, 14))
        assert desk.taken(DeliveryKind.ANNOUNCEMENT) == []
        assert len(desk.told()) == 1
        clock.set(BEGINS)
        assert len(desk.taken(DeliveryKind.DAY_BEFORE)) == 1


def test_a_meeting_that_moves_far_is_announced_and_recalled_anew(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        for days, kind in ((3, DeliveryKind.ANNOUNCEMENT), (1, DeliveryKind.DAY_BEFORE)):
            clock.set(BEGINS - days * DAY)
            assert len(desk.taken(kind)) == 1
        desk.move(date(2026, 1, 20))
        assert len(desk.told()) == 1
        later = BEGINS + 7 * DAY
        clock.set(later - 3 * DAY)
        # Planned anew at the moment it is due, as after an update of the bot, it stays due.
        announcements.plan_group(session, groups.by_id(session, desk.group.id), desk.now)
        assert len(desk.taken(DeliveryKind.ANNOUNCEMENT)) == 1
        clock.set(later - DAY)
        assert len(desk.taken(DeliveryKind.DAY_BEFORE)) == 1


def test_the_announcement_is_stale_once_what_it_shows_has_changed(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        clock.set(BEGINS - 3 * DAY)
        desk.taken(DeliveryKind.ANNOUNCEMENT)
        assert posts.stale(session) == ()
        desk.assign(desk.ann)
        session.expire_all()
        (delivery_id,) = posts.stale(session)
        post = posts.as_it_is(session, delivery_id, desk.now)
        assert post is not None
        assert post.message_id == delivery_id  # the desk numbers its messages so
        assignments.unassign(session, desk.ada, desk.slot.id, desk.now)
        posts.fresh(session, delivery_id, post, desk.now)
        session.flush()
        assert posts.stale(session) == (delivery_id,)  # it changed while it was edited
        post = posts.as_it_is(session, delivery_id, desk.now)
        posts.fresh(session, delivery_id, post, desk.now)
        session.flush()
        assert posts.stale(session) == ()
        assert posts.as_it_is(session, delivery_id, desk.meeting.ends_at) is None
        row = session.get_one(Delivery, delivery_id)
        row.meeting_id = None  # it is gone
        assert posts.as_it_is(session, delivery_id, desk.now) is None
        row.meeting_id, row.message_id = desk.meeting.id, None
        assert posts.as_it_is(session, delivery_id, desk.now) is None


def test_the_chat_remembers_what_is_pinned(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        assert posts.pinned(session, desk.group.id, 5) is None
        assert posts.pinned(session, desk.group.id, 5) is None
        assert posts.pinned(session, desk.group.id, 9) == 5
