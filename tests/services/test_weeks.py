"""What a week owes a group of its own: open slots called out, and that there is no meeting."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.services import groups, weeks
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus, Weekday
from storage.models import Delivery, Group
from storage.store import Store
from tests.factories import make_chat, make_delivery, make_group, make_meeting, make_term

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 1, 13)
WEEK = timedelta(days=7)


class Scene:
    """A group that meets on Tuesdays at 19:00. Its term has a meeting on January 6 and on January
    20, and none between; it is Friday, January 9, at 9:00."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock = session, clock
        self.group = make_group(session, open_slots_day=None)
        self.chat = make_chat(session, self.group)
        self.term = make_term(session, self.group)
        self.before, self.after = (
            make_meeting(session, self.term, date=day) for day in (TUESDAY - WEEK, TUESDAY + WEEK)
        )

    def plan(self) -> list[Delivery]:
        """What is planned, in order of time."""
        self.session.flush()
        view = groups.by_id(self.session, self.group.id)
        weeks.plan(self.session, view, self.clock.now())
        self.session.expire_all()
        planned = select(Delivery).where(Delivery.state == DeliveryState.PLANNED)
        return list(self.session.scalars(planned.order_by(Delivery.due_at)))

    def told(self) -> list[str]:
        """When each of it is due, by the clock on the group's wall."""
        return [f"{row.due_at.astimezone(SHANGHAI):%a %d %H:%M}" for row in self.plan()]


@pytest.fixture
def scene(sqlite_store: Store, clock: MovableClock) -> Iterator[Scene]:
    with sqlite_store.writing() as session:
        yield Scene(session, clock)


@pytest.mark.parametrize(
    ("days", "at", "told"),
    [
        (None, None, ["Sat 10 19:00"]),  # three days before, as it would be by default
        (2, None, ["Sun 11 19:00"]),
        (2, time(23), ["Mon 12 08:00"]),  # at night nobody is told anything
        (4, time(9, 1), ["Fri 09 09:01"]),
        (4, time(9), []),  # this moment it is too late
        (5, time(23), []),  # that was at eight this morning
        (7, None, []),
    ],
)
def test_that_there_is_no_meeting_is_told_when_it_would_have_been_announced(
    scene: Scene, days: int | None, at: time | None, told: list[str]
) -> None:
    scene.group.announcement_days, scene.group.tell_at = days, at

    assert scene.told() == told


def test_what_the_night_put_off_is_planned_in_the_morning_too(scene: Scene) -> None:
    scene.group.announcement_days, scene.group.tell_at = 5, time(23)
    scene.clock.set(datetime(2026, 1, 8, 23, 59, tzinfo=UTC))  # 7:59 on Friday

    assert scene.told() == ["Fri 09 08:00"]


def test_that_there_is_no_meeting_is_owed_to_the_chat_until_it_would_begin(scene: Scene) -> None:
    (row,) = scene.plan()
    chat_id = scene.chat.id

    assert (row.kind, row.group_id, row.chat_id, row.member_id, row.meeting_id) == (
        DeliveryKind.NO_MEETING, scene.group.id, chat_id, None, None,
    )  # fmt: skip
    assert row.key == f"group:{scene.group.id}:no_meeting:2026-01-13:chat:{chat_id}"
    assert row.expires_at == datetime(2026, 1, 13, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 1, 12), []),
        (date(2026, 1, 18), []),
        (date(2026, 1, 11), ["Sat 10 19:00"]),
        (date(2026, 1, 19), ["Sat 10 19:00"]),
    ],
)
def test_a_week_goes_from_monday_to_sunday(scene: Scene, day: date, told: list[str]) -> None:
    make_meeting(scene.session, scene.term, date=day)

    assert scene.told() == told


def test_before_a_term_and_after_it_nobody_expects_a_meeting(scene: Scene) -> None:
    scene.after.date = TUESDAY - timedelta(days=1)
    scene.after.status = MeetingStatus.CANCELLED
    assert scene.told() == []
    scene.after.date = TUESDAY
    assert scene.told() == ["Sat 10 19:00"]
    scene.before.date = TUESDAY + timedelta(days=1)
    scene.before.status = MeetingStatus.CANCELLED
    scene.after.date = TUESDAY + WEEK
    assert scene.told() == []
    scene.before.date = TUESDAY
    assert scene.told() == ["Sat 10 19:00"]


def test_two_terms_with_weeks_between_are_not_one(scene: Scene) -> None:
    scene.after.term_id = make_term(scene.session, scene.group, title="2026 Spring").id

    assert scene.told() == []


def test_what_other_groups_do_is_no_concern(scene: Scene) -> None:
    other = make_term(scene.session, make_group(scene.session))
    make_meeting(scene.session, other, date=TUESDAY)
    assert scene.told() == ["Sat 10 19:00"]

    scene.after.date = TUESDAY - 2 * WEEK
    for day in (TUESDAY - WEEK, TUESDAY + WEEK):
        make_meeting(scene.session, other, date=day)
    assert scene.told() == []


def test_who_does_not_want_to_hear_of_free_weeks_does_not(scene: Scene) -> None:
    make_meeting(scene.session, scene.term, date=TUESDAY, status=MeetingStatus.CANCELLED)
    scene.group.no_meeting = False

    assert scene.told() == []


def test_a_week_is_free_on_the_terms_own_day_whatever_the_next_terms_will_be(scene: Scene) -> None:
    scene.group.weekday, scene.group.start_time = Weekday.THURSDAY, time(10)
    assert scene.told() == ["Mon 12 10:00"]  # two meetings make no other day usual

    make_meeting(scene.session, scene.term, date=TUESDAY, status=MeetingStatus.CANCELLED)
    assert scene.told() == ["Sat 10 19:00"]


def test_open_slots_are_called_out_on_the_groups_day_while_something_is_to_come(
    scene: Scene,
) -> None:
    scene.group.no_meeting, scene.group.open_slots_day = False, Weekday.FRIDAY
    first, _ = scene.plan()
    chat_id = scene.chat.id

    assert scene.told() == ["Fri 09 19:00", "Fri 16 19:00"]
    assert (first.kind, first.chat_id, first.expires_at - first.due_at) == (
        DeliveryKind.OPEN_SLOTS, chat_id, timedelta(days=2),
    )  # fmt: skip
    assert first.key == f"group:{scene.group.id}:open_slots:2026-01-09:chat:{chat_id}"
    scene.group.open_slots_day, scene.group.tell_at = Weekday.SUNDAY, time(8, 30)
    assert scene.told() == ["Sun 11 08:30"]
    scene.after.starts_at = scene.clock.now()
    assert scene.told() == []


def test_a_day_that_the_group_calls_out_no_more_is_called_off(scene: Scene) -> None:
    (row,) = scene.plan()
    make_meeting(scene.session, scene.term, date=TUESDAY)

    assert scene.told() == []
    assert row.state is DeliveryState.CANCELLED


def test_what_is_due_at_this_moment_stays_due(scene: Scene) -> None:
    (row,) = scene.plan()
    scene.clock.set(row.due_at)

    assert scene.plan() == [row]


def test_what_was_told_is_not_told_again_at_another_time_of_that_day(scene: Scene) -> None:
    scene.group.announcement_days, scene.group.tell_at = 4, time(9, 30)
    (row,) = scene.plan()
    row.state = DeliveryState.SENT
    scene.group.tell_at = time(12)

    assert scene.told() == []
    assert row.state is DeliveryState.SENT


def test_planning_one_groups_week_leaves_the_others_alone(scene: Scene) -> None:
    other = make_chat(scene.session)
    kind, due_at = DeliveryKind.OPEN_SLOTS, scene.clock.now() + timedelta(days=1)
    row = make_delivery(scene.session, other, kind=kind, due_at=due_at)

    assert row in scene.plan()


def test_a_week_is_planned_ahead_and_then_again(scene: Scene) -> None:
    scene.plan()
    other = make_group(scene.session)
    now = scene.clock.now()

    found = dict(scene.session.execute(select(Group.id, Group.weeks_planned_to)).all())
    assert found == {scene.group.id: now + WEEK, other.id: None}
    scene.clock.set(now + WEEK)
    (row,) = scene.plan()
    assert row.key.endswith("2026-01-13:chat:" + str(scene.chat.id))  # once, and not again
