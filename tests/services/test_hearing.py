"""What a member and a group want to hear, and what follows for what is planned."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.calendar import NIGHT, Quiet
from bot.domain.views import Actor, HearingView
from bot.errors import DomainError, Refusal
from bot.services import announcements, group_reminders, groups, hearing
from bot.services.group_reminders import CHOICES, NAMES
from storage.enums import DeliveryKind, DeliveryState, Weekday
from storage.models import AuditEntry, Delivery, Group
from storage.store import Store
from tests.factories import make_actor, make_chat, make_group, make_meeting, make_member, make_term

BEGINS = datetime(2026, 1, 13, 11, tzinfo=UTC)


def _scene(session: Session, clock: MovableClock, **of_group: Any) -> tuple[Actor, Actor]:
    """An organizer and a member of a group with a meeting on January 13."""
    group = make_group(session, **of_group)
    make_chat(session, group)
    make_meeting(session, make_term(session, group))
    announcements.plan_group(session, groups.by_id(session, group.id), clock.now())
    return make_actor(session, group, "Ada", organizer=True), make_actor(session, group, "Ann")


def _planned(session: Session, kind: DeliveryKind) -> list[datetime]:
    return list(
        session.scalars(
            select(Delivery.due_at).where(
                Delivery.kind == kind, Delivery.state == DeliveryState.PLANNED
            )
        )
    )


def test_a_member_who_wants_to_hear_of_every_meeting_is_told_as_long_before_as_they_say(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        _, ann = _scene(session, clock)
        assert hearing.look(session, ann) == HearingView(True, False, 24, False)
        assert _planned(session, DeliveryKind.REMINDER) == []
        for hours in (24, 3, 48):
            hearing.choose(session, ann, HearingView(True, True, hours, False), clock.now())
            assert _planned(session, DeliveryKind.REMINDER) == [BEGINS - timedelta(hours=hours)]
        hearing.choose(session, ann, HearingView(True, True, 48, True), clock.now())
        assert _planned(session, DeliveryKind.REMINDER) == []


def test_what_one_member_chooses_plans_nothing_for_anybody_else(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        _, ann = _scene(session, clock)
        make_member(session, session.get_one(Group, ann.group_id), hears_all=True)
        view = groups.by_id(session, ann.group_id)
        announcements.plan_group(session, view, clock.now())

        def ledger() -> list[tuple[str, DeliveryState]]:
            rows = session.scalars(select(Delivery).order_by(Delivery.id))
            return [(row.key, row.state) for row in rows]

        before = ledger()
        hearing.choose(session, ann, HearingView(True, True, 24, False), clock.now())
        assert ledger()[:-1] == before
        for row in session.scalars(select(Delivery)):
            session.delete(row)  # what planning them would bring back

        hearing.choose(session, ann, HearingView(True, True, 48, False), clock.now())

        rows = session.scalars(select(Delivery)).all()
        assert [(row.kind, row.member_id) for row in rows] == [
            (DeliveryKind.REMINDER, ann.member_id)
        ]


def test_an_hour_that_is_not_on_offer_is_an_old_button(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        _, ann = _scene(session, clock)
        with pytest.raises(DomainError, match=Refusal.OLD_BUTTON):
            hearing.choose(session, ann, HearingView(True, True, 5, False), clock.now())
        assert hearing.look(session, ann).hours == 24


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_can_be_made_is_kept_and_is_in_the_log_once(
    store: Store, clock: MovableClock, name: str
) -> None:
    with store.writing() as session:
        ada, _ = _scene(session, clock)
        place = NAMES.index(name)
        for number, value in enumerate(CHOICES[name]):
            for _ in range(2):
                group = group_reminders.choose(session, ada, place, number, clock.now())
            assert getattr(group.reminders, name) == value
        entries = session.scalars(select(AuditEntry)).all()
        # What was so from the beginning changes nothing when it is chosen first.
        assert len(CHOICES[name]) - 1 <= len(entries) <= len(CHOICES[name])


def test_what_is_planned_follows_the_choice(store: Store, clock: MovableClock) -> None:
    def choose(name: str, value: object) -> None:
        place, number = NAMES.index(name), CHOICES[name].index(value)
        group_reminders.choose(session, ada, place, number, clock.now())

    with store.writing() as session:
        ada, _ = _scene(session, clock)
        choose("announcement_days", 2)
        assert _planned(session, DeliveryKind.ANNOUNCEMENT) == [BEGINS - timedelta(days=2)]
        choose("tell_at", time(12))
        assert _planned(session, DeliveryKind.DAY_BEFORE) == [BEGINS - timedelta(hours=31)]
        choose("day_before", False)
        assert _planned(session, DeliveryKind.DAY_BEFORE) == []
        choose("day_before", True)
        assert len(_planned(session, DeliveryKind.DAY_BEFORE)) == 1
        choose("soon_minutes", 60)
        assert _planned(session, DeliveryKind.STARTING_SOON) == [BEGINS - timedelta(hours=1)]
        choose("open_slots_day", None)
        assert _planned(session, DeliveryKind.OPEN_SLOTS) == []
        choose("open_slots_day", Weekday.MONDAY)
        assert len(_planned(session, DeliveryKind.OPEN_SLOTS)) == 1


@pytest.mark.parametrize(("place", "choice"), [(-1, 0), (99, 0), (0, -1), (0, 99)])
def test_a_choice_that_there_is_not_is_an_old_button(
    store: Store, clock: MovableClock, place: int, choice: int
) -> None:
    with store.writing() as session:
        ada, _ = _scene(session, clock)
        with pytest.raises(DomainError, match=Refusal.OLD_BUTTON):
            group_reminders.choose(session, ada, place, choice, clock.now())


def test_only_organizers_choose_for_the_group(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        _, ann = _scene(session, clock)
        with pytest.raises(DomainError, match=Refusal.ORGANIZERS_ONLY):
            group_reminders.choose(session, ann, 0, 0, clock.now())
        with pytest.raises(DomainError, match=Refusal.ORGANIZERS_ONLY):
            group_reminders.set_checklist(session, ann, ("Slides",), clock.now())


def test_the_checklist_is_kept_and_bounded(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        ada, _ = _scene(session, clock)
        group = group_reminders.set_checklist(session, ada, ("Slides", "Jokes"), clock.now())
        assert group.reminders.checklist == ("Slides", "Jokes")
        longest, most = "x" * group_reminders.LONGEST_POINT, group_reminders.MOST_POINTS
        points: tuple[str, ...]
        for points in (("x",) * (most + 1), (f"{longest}x",)):
            with pytest.raises(DomainError, match=Refusal.CHECKLIST_TOO_LONG):
                group_reminders.set_checklist(session, ada, points, clock.now())
        for points in ((longest,) * most, ()):
            group = group_reminders.set_checklist(session, ada, points, clock.now())
            assert group.reminders.checklist == points


def test_hours_of_quiet_over_midnight_and_none_at_all() -> None:
    none = Quiet(time(0), time(0))
    assert NIGHT.covers(time(23))
    assert NIGHT.covers(time(7, 59))
    assert not NIGHT.covers(time(8))
    assert not any(none.covers(time(hour)) for hour in range(24))


def test_a_group_of_an_older_version_keeps_hearing_what_it_heard(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        _scene(session, clock)
        group = session.scalars(select(Group)).one()
        rules = groups.by_id(session, group.id).reminders
        assert (rules.announcement_days, rules.day_before, rules.quiet) == (3, True, NIGHT)
