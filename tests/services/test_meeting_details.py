"""A meeting's place, what it is, and one more meeting, on both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.domain.calendar import instant, local
from bot.domain.views import Actor, MeetingView, NewsView
from bot.errors import DomainError
from bot.services import (
    changes,
    deliveries,
    drafts,
    groups,
    ledger,
    links,
    meeting_changes,
    meeting_details,
    meeting_questions,
    meeting_rows,
    meeting_slots,
    new_meetings,
    owed,
)
from bot.services.meeting_questions import Asks
from storage.enums import (
    DeliveryKind,
    DeliveryState,
    DraftKind,
    LinkKind,
    MeetingKind,
    MeetingStatus,
    OfferState,
)
from storage.models import Delivery, Draft, Link, Meeting, Offer, Slot, Term
from storage.store import Store
from tests.factories import (
    make_actor,
    make_group,
    make_meeting,
    make_term,
    make_view,
    make_wait,
)
from tests.services.terms_desk import DAY_13, DAY_20, Desk

ROOM, MEET = "Room 301", "https://meet.example/other"


def _news(desk: Desk) -> list[NewsView]:
    """What the group is told a few minutes later."""
    desk.clock.move(timedelta(minutes=4))
    found: list[NewsView] = []
    while (due := owed.take(desk.session, desk.now)) is not None:
        deliveries.sent(desk.session, due.id, due.id, desk.now)
        found += due.news if due.kind is DeliveryKind.CHANGES else ()
    return found


def test_a_meeting_is_elsewhere_and_the_group_hears_of_it(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        before = desk.planned(Delivery.meeting_id == desk.first)
        there = meeting_details.set_place(session, desk.ada, desk.first, ROOM, MEET, desk.now)
        assert (there.place, there.online_url, there.revision) == (ROOM, MEET, 1)
        # What was planned stays: it says where the meeting is when it goes out.
        assert desk.planned(Delivery.meeting_id == desk.first) == before
        assert changes.touched(session) == set(desk.slot_ids(desk.first))
        again = meeting_details.set_place(session, desk.ada, desk.first, ROOM, MEET, desk.now)
        assert again == there
        (entry,) = desk.entries()
        assert entry.before == {"place": None, "online_url": None}
        (news,) = _news(desk)
        assert (news.elsewhere, news.renamed, news.was_at) == (True, False, None)


def test_what_is_changed_back_in_time_is_not_told(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        meeting_details.set_place(session, desk.ada, desk.first, ROOM, None, desk.now)
        assert desk.undo() == "meeting:place"
        meeting_details.set_special(session, desk.ada, desk.first, "Guest talk", desk.now)
        meeting_details.set_special(session, desk.ada, desk.first, None, desk.now)
        assert _news(desk) == []


def test_a_meeting_becomes_special_and_regular_again(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        there = meeting_details.set_special(
            session, desk.ada, desk.first, "  SOSP\nRehearsal ", desk.now
        )
        assert (there.kind, there.title) == (MeetingKind.SPECIAL, "SOSP Rehearsal")
        (news,) = _news(desk)
        assert (news.renamed, news.meeting.title) == (True, "SOSP Rehearsal")
        back = meeting_details.set_special(session, desk.ada, desk.first, None, desk.now)
        assert (back.kind, back.title) == (MeetingKind.REGULAR, None)
        assert desk.undo() == "meeting:special"
        meeting = session.get_one(Meeting, desk.first)
        assert (meeting.kind, meeting.title) == (MeetingKind.SPECIAL, "SOSP Rehearsal")


def test_who_waits_for_any_slot_is_offered_those_of_one_more_meeting(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        slot = session.get_one(Slot, desk.slot_ids(desk.first)[0])
        waits = [make_wait(session, slot, slot_id=None, term_id=desk.term.id) for _ in range(2)]
        day = date(2026, 1, 27)
        meeting = new_meetings.add(session, desk.ada, day, None, None, desk.now)
        found = session.scalars(select(Offer).order_by(Offer.id)).all()
        assert [(one.slot_id, one.member_id, one.state) for one in found] == [
            (place.id, wait.member_id, OfferState.OPEN)
            for place, wait in zip(meeting.slots, waits, strict=True)
        ]
        assert [place.held is not None for place in meeting.slots] == [True, True]


def test_one_more_meeting_is_like_the_others_or_special(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        usual = new_meetings.add(session, desk.ada, date(2026, 1, 27), None, None, desk.now)
        assert [slot.topic for slot in usual.slots] == ["Topic I", "Topic II"]
        assert (usual.kind, usual.starts_at.hour) == (MeetingKind.REGULAR, 11)
        assert session.get_one(Term, desk.term.id).last_date == date(2026, 1, 27)
        special = meeting_questions.add(session, desk.ada, "jan 15 18:00 SOSP Rehearsal", desk.now)
        assert (special.title, special.starts_at.hour) == ("SOSP Rehearsal", 10)
        assert [slot.topic for slot in special.slots] == [None]
        kinds = {key.split(":")[3] for key in desk.planned(Delivery.meeting_id == special.id)}
        assert kinds == {"announcement", "day_before", "starting_soon"}
        told = _news(desk)
        assert [(news.new, news.meeting.id) for news in told] == [
            (True, special.id),
            (True, usual.id),
        ]


def test_a_meeting_that_was_added_is_gone_again_and_whoever_heard_of_it_hears_that(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        day = date(2026, 1, 27)
        new_meetings.add(session, desk.ada, day, None, None, desk.now)
        assert desk.undo() == "meeting:create"
        assert _news(desk) == []
        assert session.get_one(Term, desk.term.id).last_date == DAY_20
        new_meetings.add(session, desk.ada, day, None, "Guest talk", desk.now)
        assert [news.new for news in _news(desk)] == [True]
        desk.undo()
        (gone,) = _news(desk)
        starts_at = datetime(2026, 1, 27, 11, tzinfo=UTC)
        assert gone.meeting == MeetingView(
            gone.meeting.id, day, starts_at, starts_at, MeetingKind.SPECIAL,
            MeetingStatus.CANCELLED, "Guest talk", 0, (), (),
        )  # fmt: skip
        announced = select(Delivery).where(Delivery.key.like(f"meeting:{gone.meeting.id}:%"))
        assert {(row.state, row.reason, row.meeting_id) for row in session.scalars(announced)} == {
            (DeliveryState.CANCELLED, ledger.CHANGED, None)
        }
        kept = new_meetings.add(session, desk.ada, day, None, None, desk.now)
        desk.claim(kept.slots[0].id)
        entry = next(one for one in reversed(desk.entries()) if one.action == "meeting:create")
        with pytest.raises(DomainError, match="changed_since"):
            new_meetings.put_back(session, desk.ada, entry, desk.now)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("", "not_a_date"),
        ("soon", "not_a_date"),
        ("jan 8", "day_is_past"),
        ("jan 1 0001 00:00", "day_is_past"),
        ("jan 15 2126", "day_is_far"),
        ("9999-12-31 23:59", "day_is_far"),
        ("jan 13", "day_is_taken"),
        ("jan 15 25:00 X", "not_a_time"),
        (f"jan 15 {'x' * 501}", "title_too_long"),
    ],
)
def test_no_meeting_comes_of_that(
    store: Store, clock: MovableClock, words: str, refusal: str
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        with pytest.raises(DomainError, match=refusal):
            meeting_questions.add(session, desk.ada, words, desk.now)
        desk.term.closed_at = desk.now
        with pytest.raises(DomainError, match="no_term_runs"):
            new_meetings.add(session, desk.ada, date(2026, 1, 15), None, None, desk.now)


def test_a_question_is_answered_in_words(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)

        def reply(asks: Asks, words: str) -> None:
            number = meeting_questions.ask(session, desk.ada, asks, desk.first, desk.now).draft_id
            draft = drafts.take_up(session, desk.ada, number, desk.now, DraftKind.MEETING)
            meeting_questions.answer(session, desk.ada, draft, words, desk.now)
            assert session.scalars(select(Draft)).all() == []

        reply(Asks.PLACE, ROOM)
        reply(Asks.PLACE, MEET)
        reply(Asks.TITLE, "Guest talk")
        reply(Asks.DAY, "jan 15 18:00")
        meeting = session.get_one(Meeting, desk.first)
        assert (meeting.place, meeting.online_url, meeting.title) == (ROOM, MEET, "Guest talk")
        assert (meeting.date, meeting.starts_at.hour) == (date(2026, 1, 15), 10)


def test_days_are_offered_that_are_free_and_to_come(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        asked = meeting_questions.ask(session, desk.ada, Asks.DAY, desk.first, desk.now)
        assert [day.day for day in asked.days] == [12, 14, 15, 16, 27]
        clock.set(datetime(2026, 1, 12, 1, tzinfo=UTC))
        asked = meeting_questions.ask(session, desk.ada, Asks.DAY, desk.first, desk.now)
        assert [day.day for day in asked.days] == [14, 15, 16, 27]


def _attempts(desk: Desk, actor: Actor) -> dict[str, Callable[[], object]]:
    session, first, now = desk.session, desk.first, desk.now
    slot = desk.slot_ids(first)[0]
    return {
        "place": lambda: meeting_details.set_place(session, actor, first, ROOM, None, now),
        "special": lambda: meeting_details.set_special(session, actor, first, "X", now),
        "add": lambda: meeting_slots.add(session, actor, first, 2, now),
        "drop": lambda: meeting_slots.drop(session, actor, first, slot, now),
        "ask": lambda: meeting_questions.ask(session, actor, Asks.DAY, first, now),
    }


@pytest.mark.parametrize(
    ("case", "refusal"),
    [
        ("a member", "organizers_only"),
        ("another group's", "old_button"),
        ("begun", "meeting_is_over"),
    ],
)
def test_a_meeting_is_not_changed(
    store: Store, clock: MovableClock, case: str, refusal: str
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        ada = desk.ada
        if case == "a member":
            ada = desk.ann
            with pytest.raises(DomainError, match=refusal):
                meeting_questions.ask_new(session, ada, desk.now)
            with pytest.raises(DomainError, match=refusal):
                meeting_questions.add(session, ada, "jan 15", desk.now)
        elif case == "another group's":
            ada = ada._replace(group=make_view(session))
        else:
            clock.set(instant(DAY_13, time(19), ZoneInfo("Asia/Shanghai")))
        for attempt in _attempts(desk, ada).values():
            with pytest.raises(DomainError, match=refusal):
                attempt()
        assert desk.entries() == []


def test_a_place_that_is_too_long_and_a_link_that_is_none(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        no_link: dict[str, Any] = {"url": "ftp://meet.example"}
        for place, url, refusal, params in (
            ("x" * 201, None, "place_too_long", {"most": 200}),
            (None, "https://x.example/".ljust(2001, "x"), "link_too_long", {"most": 2000}),
            (None, "ftp://meet.example", "link_is_no_link", no_link),
        ):
            with pytest.raises(DomainError, match=refusal) as caught:
                meeting_details.set_place(session, desk.ada, desk.first, place, url, desk.now)
            assert caught.value.params == params


@pytest.mark.parametrize("kind", ["move", "cancel", "restore"])
def test_a_meeting_is_put_back_as_long_as_it_is_as_that_left_it(
    store: Store, clock: MovableClock, kind: str
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        ada, first = desk.ada, desk.first
        if kind == "restore":
            meeting_changes.cancel(session, ada, first, 1, desk.now)
            meeting_changes.restore(session, ada, first, 2, desk.now)
        elif kind == "cancel":
            meeting_changes.cancel(session, ada, first, 1, desk.now)
        else:
            meeting_changes.move(session, ada, first, date(2026, 1, 15), time(18), desk.now)
        before = meeting_rows.states(session, Meeting.id == first)
        # What else was changed since is no hindrance.
        meeting_details.set_place(session, ada, first, ROOM, None, desk.now)
        entry = next(one for one in desk.entries() if one.action == f"meeting:{kind}")
        meeting_changes.put_back(session, ada, entry, desk.now)
        meeting = session.get_one(Meeting, first)
        assert (meeting.date, meeting.place) == (DAY_13, ROOM)
        assert meeting_rows.states(session, Meeting.id == first) != before
        keys = desk.planned(Delivery.meeting_id == first)
        assert len(keys) == (0 if kind == "restore" else 3)
        assert all(f":rev{meeting.revision}:" in key for key in keys)
        with pytest.raises(DomainError, match="changed_since"):
            meeting_changes.put_back(session, ada, entry, desk.now)


def test_a_meeting_is_not_put_back_onto_another_or_into_the_past(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        meeting_changes.move(session, desk.ada, desk.first, date(2026, 1, 15), None, desk.now)
        (moved,) = desk.entries()
        taking = new_meetings.add(session, desk.ada, DAY_13, None, "Guest talk", desk.now)
        with pytest.raises(DomainError, match="day_is_taken"):
            meeting_changes.put_back(session, desk.ada, moved, desk.now)
        meeting_changes.move(session, desk.ada, taking.id, date(2026, 1, 16), None, desk.now)
        clock.set(instant(DAY_13, time(20), ZoneInfo("Asia/Shanghai")))
        with pytest.raises(DomainError, match="day_is_past"):
            meeting_changes.put_back(session, desk.ada, moved, desk.now)


def test_a_link_is_taken_back_and_the_one_it_replaced_returns(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        slot_id = desk.slot_ids(desk.first)[0]
        desk.claim(slot_id)
        clock.set(instant(DAY_13, time(21), ZoneInfo("Asia/Shanghai")))
        video = "https://www.youtube.com/watch?v=abcdefghijk"

        def post(url: str) -> None:
            kind = LinkKind.VIDEO
            links.post(session, desk.ada, kind, desk.first, slot_id, url, desk.now)

        def there() -> list[str]:
            return list(session.scalars(select(Link.url)))

        post(video)
        first = there()
        post(f"{video}&t=90")
        assert there() != first
        assert desk.undo() == "link:post"
        assert there() == first
        assert desk.undo() == "link:post"
        assert there() == []
        assert desk.undo() == "talk:claim"


def test_one_more_meeting_is_asked_for_and_answered(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        elsewhere = make_actor(session, make_group(session), "Eve", organizer=True)
        with pytest.raises(DomainError, match="no_term_runs"):
            meeting_questions.ask_new(session, elsewhere, desk.now)
        draft_id = meeting_questions.ask_new(session, desk.ada, desk.now)
        draft = drafts.take_up(session, desk.ada, draft_id, desk.now, DraftKind.MEETING)
        assert draft.plan == {"asks": "new"}
        made = meeting_questions.answer(session, desk.ada, draft, "feb 3 18:00 Rehearsal", desk.now)
        assert (made.date, made.title, len(made.slots)) == (date(2026, 2, 3), "Rehearsal", 1)
        with pytest.raises(DomainError, match="draft_gone"):
            drafts.take_up(session, desk.ada, draft_id, desk.now, DraftKind.MEETING)
        asked = meeting_questions.ask(session, desk.ada, Asks.PLACE, desk.first, desk.now)
        assert (asked.asks, asked.meeting.id, asked.days) == (Asks.PLACE, desk.first, ())
        draft = drafts.take_up(session, desk.ada, asked.draft_id, desk.now, DraftKind.MEETING)
        assert draft.plan == {"asks": "place", "meeting": desk.first}


def test_a_new_meeting_belongs_to_the_term_of_its_day_and_begins_when_that_does(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        make_meeting(session, desk.term, date=date(2026, 1, 6))
        ends = {"first_date": date(2026, 3, 3), "last_date": date(2026, 6, 30)}
        spring = make_term(session, desk.group, title="2026 Spring", **ends)
        desk.group.start_time = time(17, 30)  # as is usual from then on
        session.flush()
        ada = desk.ada._replace(group=groups.by_id(session, desk.group.id))

        def added(day: date) -> tuple[int, str]:
            made = new_meetings.add(session, ada, day, None, None, desk.now)
            row = session.get_one(Meeting, made.id)
            return row.term_id, f"{local(made.starts_at, ada.group.zone):%H:%M}"

        assert added(date(2026, 1, 27)) == (desk.term.id, "19:00")
        assert added(date(2026, 3, 10)) == (spring.id, "17:30")
        assert added(date(2026, 2, 24)) == (spring.id, "17:30")  # nearer to that
        assert desk.term.last_date == date(2026, 1, 27)
