"""Fair turns: who is asked to take an open slot, when, and who is put down for it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.calendar import instant
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import (
    announcements,
    claims,
    groups,
    meeting_changes,
    offers,
    queries,
    releases,
    standings,
)
from storage.enums import DeliveryState, MeetingStatus, OfferState, RequestState
from storage.models import AuditEntry, Chat, Delivery, Meeting, Member, Offer
from storage.store import Store
from tests.factories import (
    as_actor,
    make_chat,
    make_group,
    make_meeting,
    make_member,
    make_presenter,
    make_request,
    make_slot,
    make_talk,
    make_term,
    make_wait,
)

DAY = timedelta(days=1)
NAMES = ("Ann", "Ben", "Robin")
TUESDAY = date(2026, 3, 10)


class Scene:
    """A group that meets on Tuesday 10 March 2026 at 19:00, with one open slot and nobody who ever
    presented: it is Ann's turn, then Ben's, then Robin's. It is noon, two weeks before."""

    def __init__(
        self, session: Session, clock: MovableClock, zone: str, fill_days: int | None
    ) -> None:
        self.session, self.clock, self.zone = session, clock, ZoneInfo(zone)
        clock.set(instant(TUESDAY - 14 * DAY, time(12), self.zone))
        self.group = make_group(session, timezone=zone, fill_days=fill_days, selection_rule=None)
        make_chat(session, self.group)
        self.term = make_term(session, self.group)
        starts_at = instant(TUESDAY, time(19), self.zone)
        self.meeting = make_meeting(
            session,
            self.term,
            date=TUESDAY,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
        )
        self.slot = make_slot(session, self.meeting)
        self.people = {
            name: make_member(session, self.group, name=name, reachable=True) for name in NAMES
        }
        self.plan()

    def plan(self) -> None:
        group = groups.by_id(self.session, self.group.id)
        announcements.plan_meeting(self.session, group, self.meeting.id, self.clock.now())

    def add_meeting(self, at: time) -> None:
        """One with an open slot, on the day after."""
        begins = instant(TUESDAY + DAY, at, self.zone)
        day, ends = TUESDAY + DAY, begins + timedelta(hours=2)
        other = make_meeting(self.session, self.term, date=day, starts_at=begins, ends_at=ends)
        make_slot(self.session, other)
        group = groups.by_id(self.session, self.group.id)
        announcements.plan_meeting(self.session, group, other.id, self.clock.now())

    def actor(self, name: str) -> Actor:
        return as_actor(self.session, self.people[name])

    def go_to(self, day: date, at: time) -> None:
        """Move the clock minute by minute where something happens, and to this wall time."""
        target = instant(day, at, self.zone)
        while (due := self._due()) is not None and due <= target:
            self.clock.set(max(due, self.clock.now()))
            if offers.advance(self.session, self.clock.now()) == 0:
                break
        self.clock.set(target)
        offers.advance(self.session, target)

    def _due(self) -> datetime | None:
        moments = [
            *self.session.scalars(select(Meeting.turns_at).where(Meeting.turns_at.is_not(None))),
            *self.session.scalars(select(Offer.expires_at).where(Offer.state == OfferState.OPEN)),
        ]
        return min((at for at in moments if at is not None), default=None)

    def asked(self) -> list[tuple[str, str, str]]:
        """Whom the bot asked, when by the wall of the room, and what came of it."""
        rows = self.session.execute(
            select(Member.name, Offer.made_at, Offer.state)
            .join(Member, Member.id == Offer.member_id)
            .order_by(Offer.id)
        )
        return [
            (name, f"{at.astimezone(self.zone):%m-%d %H:%M}", state.value)
            for name, at, state in rows
        ]

    def presents(self) -> str | None:
        found = queries.of_slot(self.session, self.group.id, self.slot.id, self.clock.now())
        assert found is not None
        return found.slot.talk.main.name if found.slot.talk and found.slot.talk.main else None

    def offer(self) -> int:
        """The offer that is open."""
        return self.session.scalars(select(Offer.id).where(Offer.state == OfferState.OPEN)).one()

    def accept(self, name: str) -> None:
        offers.accept(self.session, self.actor(name), self.offer(), self.clock.now())

    def refuse(self, name: str) -> None:
        offers.refuse(self.session, self.actor(name), self.offer(), self.clock.now())


@pytest.fixture(params=["Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest) -> str:
    """New York sets its clocks forward in the night to Sunday 8 March 2026."""
    return str(request.param)


@pytest.fixture
def scene(sqlite_store: Store, clock: MovableClock) -> Iterator[Scene]:
    with sqlite_store.writing() as session:
        yield Scene(session, clock, "Asia/Shanghai", None)


@pytest.fixture
def filling(sqlite_store: Store, clock: MovableClock) -> Iterator[Scene]:
    """The same, in a group that fills its slots three days before."""
    with sqlite_store.writing() as session:
        yield Scene(session, clock, "Asia/Shanghai", 3)


def test_one_after_the_other_is_asked_from_ten_days_before_at_polite_hours(
    store: Store, clock: MovableClock, zone: str
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock, zone, None)
        scene.go_to(TUESDAY - 10 * DAY, time(18, 59))
        assert scene.asked() == []
        scene.go_to(TUESDAY - 9 * DAY, time(18))
        assert scene.asked() == [("Ann", "02-28 19:00", "open")]
        scene.go_to(TUESDAY - 3 * DAY, time(19))

        assert scene.asked() == [
            ("Ann", "02-28 19:00", "expired"),
            ("Ben", "03-01 19:00", "expired"),
            ("Robin", "03-02 19:00", "expired"),
        ]
        assert scene.presents() is None
        assert scene.meeting.turns_at is None


def test_a_day_later_is_a_day_later_also_when_the_clocks_change(
    store: Store, clock: MovableClock, zone: str
) -> None:
    with store.writing() as session:
        scene = Scene(session, clock, zone, None)
        clock.set(instant(TUESDAY - 3 * DAY, time(21, 30), scene.zone))
        scene.go_to(TUESDAY - 1 * DAY, time(12))
        changed = zone == "America/New_York"
        # 24 hours after 21:30 it is 22:30 there: too late to bother anybody.
        second = "03-09 08:00" if changed else "03-08 21:30"
        assert [at for _, at, _ in scene.asked()] == ["03-07 21:30", second]


def test_nobody_is_asked_at_night(scene: Scene) -> None:
    scene.clock.set(instant(TUESDAY - 5 * DAY, time(22), scene.zone))
    scene.go_to(TUESDAY - 4 * DAY, time(7, 59))
    assert scene.asked() == []
    scene.go_to(TUESDAY - 4 * DAY, time(8))

    assert scene.asked() == [("Ann", "03-06 08:00", "open")]


def test_whoever_takes_it_has_it_and_names_the_paper_later(scene: Scene) -> None:
    scene.go_to(TUESDAY - 9 * DAY, time(12))
    scene.refuse("Ann")
    assert scene.asked()[1:] == [("Ben", "03-01 12:00", "open")]
    scene.accept("Ben")

    assert scene.presents() == "Ben"
    scene.go_to(TUESDAY, time(12))
    assert len(scene.asked()) == 2


def test_a_slot_that_somebody_is_asked_about_is_open_to_everybody(scene: Scene) -> None:
    scene.go_to(TUESDAY - 9 * DAY, time(12))
    claims.claim(
        scene.session, scene.actor("Robin"), scene.slot.id, "Mine", None, scene.clock.now()
    )

    assert scene.presents() == "Robin"
    assert scene.asked() == [("Ann", "02-28 19:00", "withdrawn")]
    assert [d.state for d in _messages(scene)] == [DeliveryState.CANCELLED]


def test_a_slot_that_somebody_is_asked_about_is_offered_to_nobody_besides(scene: Scene) -> None:
    scene.go_to(TUESDAY - 9 * DAY, time(12))
    scene.plan()  # as a move of the meeting does
    assert scene.meeting.turns_at == scene.clock.now()
    scene.go_to(TUESDAY - 9 * DAY, time(12, 1))

    assert scene.asked() == [("Ann", "02-28 19:00", "open")]


def test_a_slot_given_back_is_asked_about_again(scene: Scene) -> None:
    scene.go_to(TUESDAY - 9 * DAY, time(12))
    robin = scene.actor("Robin")
    claims.claim(scene.session, robin, scene.slot.id, "Mine", None, scene.clock.now())
    scene.go_to(TUESDAY - 8 * DAY, time(12))
    releases.release(scene.session, robin, scene.slot.id, scene.clock.now())
    scene.go_to(TUESDAY - 8 * DAY, time(12, 1))

    assert scene.asked()[1:] == [("Ann", "03-02 12:00", "open")]


def test_only_members_without_a_coming_talk_and_in_private_are_asked(scene: Scene) -> None:
    other = make_slot(
        scene.session, make_meeting(scene.session, scene.term, date=date(2026, 3, 17))
    )
    claims.claim(scene.session, scene.actor("Ann"), other.id, "Mine", None, scene.clock.now())
    scene.people["Ben"].reachable = False
    scene.go_to(TUESDAY - 9 * DAY, time(12))

    assert scene.asked() == [("Robin", "02-28 19:00", "open")]
    assert [d.member_id for d in _messages(scene)] == [scene.people["Robin"].id]


def test_who_muted_the_bot_is_put_down_by_turn_and_not_asked(filling: Scene) -> None:
    filling.people["Ann"].muted = True
    filling.go_to(TUESDAY - 9 * DAY, time(12))
    assert [name for name, _, _ in filling.asked()] == ["Ben"]
    filling.go_to(TUESDAY - 3 * DAY, time(20))

    assert filling.presents() == "Ann"


def test_nobody_is_asked_twice_about_a_meeting_however_many_slots_are_open(scene: Scene) -> None:
    make_slot(scene.session, scene.meeting)
    scene.people["Robin"].reachable = False
    scene.go_to(TUESDAY - 10 * DAY, time(19))
    both = [("Ann", "02-28 19:00"), ("Ben", "02-28 19:00")]
    assert [asked[:2] for asked in scene.asked()] == both
    first = scene.session.scalars(select(Offer.id).order_by(Offer.id).limit(1)).one()
    offers.refuse(scene.session, scene.actor("Ann"), first, scene.clock.now())
    scene.go_to(TUESDAY - 5 * DAY, time(12))

    assert [asked[:2] for asked in scene.asked()] == both


def test_who_is_asked_about_one_meeting_is_asked_about_the_next_a_day_later(scene: Scene) -> None:
    for name in ("Ben", "Robin"):
        scene.people[name].reachable = False
    scene.add_meeting(time(8))
    scene.go_to(TUESDAY - 8 * DAY, time(7, 59))
    assert scene.asked() == [("Ann", "02-28 19:00", "expired")]
    scene.go_to(TUESDAY - 8 * DAY, time(8))

    assert scene.asked()[1:] == [("Ann", "03-02 08:00", "open")]


def test_a_question_that_has_to_wait_for_another_is_not_put_at_night_either(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock, "America/New_York", None)
        scene.add_meeting(time(19))
        for name in ("Ben", "Robin"):
            scene.people[name].reachable = False
        clock.set(instant(TUESDAY - 3 * DAY, time(21, 30), scene.zone))
        scene.go_to(TUESDAY - 2 * DAY, time(23))  # where the clocks were set forward
        assert scene.asked() == [("Ann", "03-07 21:30", "expired")]
        scene.go_to(TUESDAY - 1 * DAY, time(8))
        assert scene.asked()[1:] == [("Ann", "03-09 08:00", "open")]


def test_a_month_away_bothers_nobody_about_meetings_that_have_begun(filling: Scene) -> None:
    filling.clock.move(31 * DAY)
    offers.advance(filling.session, filling.clock.now())
    offers.advance(filling.session, filling.clock.now())

    assert filling.asked() == []
    assert filling.meeting.turns_at is None


@pytest.mark.parametrize("case", ["cancelled", "no chat"])
def test_where_nothing_can_be_told_nothing_is_planned(
    sqlite_store: Store, clock: MovableClock, case: str
) -> None:
    with sqlite_store.writing() as session:
        scene = Scene(session, clock, "Asia/Shanghai", 3)
        assert scene.meeting.turns_at is not None
        if case == "cancelled":
            scene.meeting.status = MeetingStatus.CANCELLED
        else:
            session.execute(delete(Delivery))
            session.execute(delete(Chat))
        scene.plan()
        assert scene.meeting.turns_at is None


def test_a_slot_is_filled_by_turn_and_declined_down_the_line(
    store: Store, clock: MovableClock, zone: str
) -> None:
    with store.writing() as session:
        filling = Scene(session, clock, zone, 3)
        for name in NAMES:
            filling.people[name].reachable = False  # nobody can be asked before
        filling.go_to(TUESDAY - 3 * DAY, time(18, 59))
        assert filling.presents() is None
        filling.go_to(TUESDAY - 3 * DAY, time(19))
        assert filling.presents() == "Ann"
        filling.refuse("Ann")
        assert filling.presents() == "Ben"
        filling.go_to(TUESDAY - 2 * DAY, time(12))
        filling.refuse("Ben")
        filling.refuse("Robin")

        assert filling.presents() is None
        assert [name for name, _, _ in filling.asked()] == ["Ann", "Ben", "Robin"]
        filling.go_to(TUESDAY, time(18))
        assert len(filling.asked()) == 3
        actions = [entry.action for entry in session.scalars(select(AuditEntry))]
        assert actions == ["talk:fill", "talk:decline"] * 3
        assert {d.chat_id is None for d in _messages(filling)} == {False}


def test_a_no_to_the_question_is_a_no_to_being_put_down(filling: Scene) -> None:
    filling.go_to(TUESDAY - 9 * DAY, time(12))
    filling.refuse("Ann")
    filling.go_to(TUESDAY - 3 * DAY, time(20))

    assert filling.presents() == "Ben"


def test_what_was_given_by_turn_may_be_declined_until_the_meeting_begins(filling: Scene) -> None:
    filling.go_to(TUESDAY - 3 * DAY, time(20))
    offer_id, ann = filling.offer(), filling.actor("Ann")
    assert filling.presents() == "Ann"
    with pytest.raises(DomainError) as caught:
        offers.refuse(filling.session, filling.actor("Ben"), offer_id, filling.clock.now())
    assert caught.value.code is Refusal.SOMEBODY_ELSES_BUTTON
    filling.go_to(TUESDAY, time(19))
    with pytest.raises(DomainError) as caught:
        offers.refuse(filling.session, ann, offer_id, filling.clock.now())

    assert caught.value.code is Refusal.OFFER_ENDED
    assert filling.presents() == "Ann"


def test_what_was_given_by_turn_may_be_declined_after_its_meeting_was_cancelled_and_restored(
    filling: Scene,
) -> None:
    filling.go_to(TUESDAY - 3 * DAY, time(20))
    robin = filling.actor("Robin")._replace(organizer=True)
    offer_id, meeting, now = filling.offer(), filling.meeting, filling.clock.now()
    meeting_changes.cancel(filling.session, robin, meeting.id, meeting.revision, now)
    meeting_changes.restore(filling.session, robin, meeting.id, meeting.revision, now)
    assert (filling.offer(), filling.presents()) == (offer_id, "Ann")
    filling.refuse("Ann")

    assert filling.presents() == "Ben"


def test_a_slot_is_nobody_elses_while_a_paper_for_it_is_to_be_allowed(filling: Scene) -> None:
    until, now = filling.meeting.starts_at, filling.clock.now()
    wanted = make_request(
        filling.session,
        filling.people["Robin"],
        slot_id=filling.slot.id,
        created_at=now,
        expires_at=until,
    )
    filling.go_to(TUESDAY - 3 * DAY, time(20))
    assert (filling.asked(), filling.presents()) == ([], None)
    wanted.state = RequestState.DECLINED
    filling.go_to(TUESDAY - 2 * DAY, time(20))

    assert filling.presents() == "Ann"


def test_in_the_last_three_hours_nobody_is_put_down(filling: Scene) -> None:
    filling.go_to(TUESDAY, time(16))
    filling.refuse("Ann")

    assert filling.presents() is None


def test_whoever_waits_comes_before_whose_turn_it_is(filling: Scene) -> None:
    filling.go_to(TUESDAY - 3 * DAY, time(20))
    make_wait(filling.session, filling.slot, filling.people["Robin"])
    filling.refuse("Ann")
    found = queries.of_slot(filling.session, filling.group.id, filling.slot.id, filling.clock.now())

    assert found is not None
    assert found.slot.held is not None
    assert found.slot.held.member.name == "Robin"
    filling.refuse("Robin")
    assert filling.presents() == "Ben"


def test_the_standings_count_main_talks_of_meetings_that_take_place(scene: Scene) -> None:
    session, last = scene.session, make_term(scene.session, scene.group, title="2025 Spring")
    named = make_member(session, scene.group, name="Zoe", telegram_id=None)
    make_member(session, scene.group, name="Never Presented", telegram_id=None)
    for day, term, name, status in (
        (date(2025, 10, 7), last, "Ann", MeetingStatus.PLANNED),
        (date(2025, 10, 14), last, "Ben", MeetingStatus.PLANNED),
        (date(2026, 2, 3), scene.term, "Ben", MeetingStatus.PLANNED),
        (date(2026, 2, 10), scene.term, "Robin", MeetingStatus.CANCELLED),
        (date(2025, 9, 30), last, "Zoe", MeetingStatus.PLANNED),
    ):
        slot = make_slot(session, make_meeting(session, term, date=day, status=status))
        talk = make_talk(session, slot)
        make_presenter(session, talk, scene.people.get(name, named))
        make_presenter(session, talk, scene.people["Robin"]) if name != "Robin" else None

    found = standings.standings(session, scene.group.id, scene.clock.now())
    assert [(one.name, one.this_term, one.ever, one.last) for one in found] == [
        ("Robin", 0, 0, None),
        ("Zoe", 0, 1, date(2025, 9, 30)),
        ("Ann", 0, 1, date(2025, 10, 7)),
        ("Ben", 1, 2, date(2026, 2, 3)),
    ]


def test_the_term_of_the_standings_is_the_next_meetings_or_the_last_ones(scene: Scene) -> None:
    session = scene.session
    last = make_term(session, scene.group, title="2025 Spring")
    for day, term, name in (
        (date(2025, 9, 30), scene.term, "Ann"),
        (date(2025, 10, 7), last, "Ben"),
        (date(2026, 3, 17), last, "Robin"),
    ):
        talk = make_talk(session, make_slot(session, make_meeting(session, term, date=day)))
        make_presenter(session, talk, scene.people[name])

    def this_term(now: datetime) -> list[str]:
        found = standings.standings(session, scene.group.id, now)
        return sorted(one.name for one in found if one.this_term)

    assert this_term(scene.clock.now()) == ["Ann"]
    assert this_term(scene.meeting.ends_at) == ["Ben", "Robin"]
    assert this_term(datetime(2026, 6, 1, tzinfo=UTC)) == ["Ben", "Robin"]


def test_the_standings_name_nobody_of_other_groups_and_nobody_who_left(scene: Scene) -> None:
    make_member(scene.session, make_group(scene.session), name="Stranger")
    make_member(scene.session, scene.group, name="Gone", gone=True)

    found = standings.standings(scene.session, scene.group.id, datetime(2026, 3, 1, tzinfo=UTC))
    assert [one.name for one in found] == list(NAMES)


def _messages(scene: Scene) -> list[Delivery]:
    return list(
        scene.session.scalars(
            select(Delivery).where(Delivery.offer_id.is_not(None)).order_by(Delivery.id)
        )
    )
