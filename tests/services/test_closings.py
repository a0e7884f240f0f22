"""How far a term is, closing it, and opening it again, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.domain.views import OwedMessage
from bot.errors import DomainError
from bot.services import closings, deliveries, groups, history, meeting_changes, nags, owed, terms
from storage.enums import DeliveryKind, DeliveryState
from storage.models import AuditEntry, Chat, Delivery, Term
from storage.store import Store
from tests.factories import (
    make_delivery,
    make_group,
    make_meeting,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
    make_view,
)
from tests.services.terms_desk import Desk


def _over(desk: Desk) -> None:
    """The last meeting is over; of two talks none has a video."""
    for meeting_id in (meeting.id for meeting in desk.meetings):
        slot = desk.slot_ids(meeting_id)[0]
        desk.claim(slot)
    desk.clock.set(datetime(2026, 1, 20, 14, tzinfo=UTC))


def _summaries(desk: Desk) -> list[OwedMessage]:
    found = []
    while (due := owed.take(desk.session, desk.now)) is not None:
        deliveries.sent(desk.session, due.id, due.id, desk.now)
        found.append(due)
    return [due for due in found if due.kind is DeliveryKind.TERM_CLOSED]


def test_the_term_that_is_on_is_the_one_of_today_then_the_next_then_the_last(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        view = groups.by_id(session, desk.group.id)
        spring = make_term(
            session,
            desk.group,
            title="2026 Spring",
            first_date=date(2026, 3, 3),
            last_date=date(2026, 6, 16),
        )
        make_term(session, desk.group, title="Nothing yet", first_date=None, last_date=None)
        make_term(session, make_group(session), title="Elsewhere")

        def running(day: date) -> str:
            found = terms.running(session, view, datetime.combine(day, clock.now().time(), UTC))
            return found.title if found else ""

        assert running(date(2026, 1, 20)) == "2025 Fall"
        assert running(date(2026, 1, 21)) == "2026 Spring"
        assert running(date(2026, 6, 30)) == "2026 Spring"
        spring.closed_at = clock.now()
        assert running(date(2026, 4, 1)) == "2025 Fall"


def test_today_is_the_groups_and_of_terms_without_dates_the_newest_is_on(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        view = groups.by_id(session, desk.group.id)
        for title in ("One day", "Another day"):
            make_term(session, desk.group, title=title, first_date=None, last_date=None)
        desk.term.first_date, desk.term.last_date = date(2026, 1, 20), date(2026, 1, 20)
        day = {"first_date": date(2026, 1, 21), "last_date": date(2026, 1, 21)}
        next_one = make_term(session, desk.group, title="Next day", **day)

        def running(at: datetime) -> str:
            found = terms.running(session, view, at)
            return found.title if found else ""

        midnight = datetime(2026, 1, 20, 16, tzinfo=UTC)
        assert running(midnight - timedelta(minutes=1)) == "2025 Fall"
        assert running(midnight) == "Next day"
        desk.term.closed_at = next_one.closed_at = midnight
        assert running(midnight) == "Another day"


def test_how_far_the_term_is(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.claim(desk.slot_ids(desk.first)[0])
        clock.set(datetime(2026, 1, 14, tzinfo=UTC))
        there = closings.look(session, groups.by_id(session, desk.group.id), desk.now)
        assert there is not None
        assert (there.term.title, there.sum.held, there.sum.coming) == ("2025 Fall", 1, 1)
        assert (there.sum.open_slots, there.sum.talks, there.sum.videos) == (2, 1, 0)
        nobody = groups.by_id(session, make_group(session).id)
        assert closings.look(session, nobody, desk.now) is None


def test_closing_is_told_once_with_what_the_term_came_to(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        _over(desk)
        assert closings.ask(session, desk.ada, desk.now).term.title == "2025 Fall"
        closed = closings.close(session, desk.ada, desk.term.id, desk.now)
        clock.move(timedelta(minutes=1))
        assert closings.close(session, desk.ada, desk.term.id, desk.now) == closed
        (told,) = _summaries(desk)
        assert told.closed is not None
        assert (told.closed.sum.held, told.closed.sum.talks) == (2, 2)
        assert told.closed.sum.presenters == (("Ann", 2),)
        assert len(told.closed.sum.missing) == 2
        assert closings.look(session, told.group, desk.now) is None


def test_a_term_is_opened_again_and_what_is_not_told_yet_is_not_told(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        _over(desk)
        closings.close(session, desk.ada, desk.term.id, desk.now)
        closing = desk.entries()[-1].id
        assert desk.undo() == "term:close"
        assert _summaries(desk) == []
        assert session.get_one(Term, desk.term.id).closed_at is None
        with pytest.raises(DomainError, match="changed_since"):
            history.undo(session, desk.ada, closing, desk.now)
        clock.move(timedelta(minutes=1))
        closed = closings.close(session, desk.ada, desk.term.id, desk.now)
        assert closings.close(session, desk.ada, desk.term.id, desk.now) == closed
        assert closed.entry_id == desk.entries()[-1].id
        assert len(_summaries(desk)) == 1
        assert [entry.action for entry in desk.entries()][-3:] == [
            "term:close",
            "term:undo",
            "term:close",
        ]


def test_a_closing_that_another_followed_is_not_told_as_well(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        _over(desk)
        meeting = desk.meetings[0]
        kind, state = DeliveryKind.SLIDES_MISSING, DeliveryState.SENT
        chat = session.scalars(select(Chat)).one()
        asked = make_delivery(session, chat, meeting_id=meeting.id, kind=kind, state=state)
        first = closings.close(session, desk.ada, desk.term.id, desk.now).entry_id
        desk.undo()
        clock.move(timedelta(minutes=1))
        second = closings.close(session, desk.ada, desk.term.id, desk.now).entry_id
        told = [
            closings.closed_by(session, session.get_one(AuditEntry, entry), desk.now)
            for entry in (first, second)
        ]
        assert told[0] is None
        assert told[1] is not None
        assert len(_summaries(desk)) == 1
        session.refresh(asked)
        assert asked.state is DeliveryState.SENT  # what was told was told


def test_in_a_closed_term_nothing_is_asked_for_until_it_is_open_again(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        missing = Delivery.kind.in_((DeliveryKind.SLIDES_MISSING, DeliveryKind.VIDEO_MISSING))
        _over(desk)
        nags.look(session, desk.now)
        assert desk.planned(missing) != set()
        closings.close(session, desk.ada, desk.term.id, desk.now)
        assert desk.planned(missing) == set()
        clock.move(timedelta(days=8))
        nags.look(session, desk.now)
        assert desk.planned(missing) == set()
        desk.undo()
        clock.move(timedelta(days=8))
        nags.look(session, desk.now)
        assert desk.planned(missing) != set()


def test_a_term_with_a_meeting_to_come_is_not_closed(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        for attempt in (
            lambda: closings.ask(session, desk.ada, desk.now),
            lambda: closings.close(session, desk.ada, desk.term.id, desk.now),
        ):
            with pytest.raises(DomainError, match="term_has_meetings") as caught:
                attempt()
            assert caught.value.params["sum"].coming == 2
        for meeting in desk.meetings:
            meeting_changes.cancel(session, desk.ada, meeting.id, 1, desk.now)
        closings.close(session, desk.ada, desk.term.id, desk.now)
        with pytest.raises(DomainError, match="term_is_closed"):
            meeting_changes.restore(session, desk.ada, desk.first, 2, desk.now)


def test_the_term_before_can_be_closed_once_the_next_one_is_planned(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        _over(desk)
        clock.move(timedelta(days=2))
        spring = make_term(
            session,
            desk.group,
            title="2026 Spring",
            first_date=date(2026, 3, 3),
            last_date=date(2026, 6, 16),
        )
        make_meeting(session, spring, date=date(2026, 3, 3))
        archived = {"first_date": date(2025, 3, 4), "last_date": date(2025, 6, 24)}
        make_term(session, desk.group, title="2025 Spring", **archived)
        group = desk.ada.group

        def over() -> str | None:
            there = closings.look(session, group, desk.now)
            assert there is not None
            assert there.term.title == "2026 Spring"
            return there.over.title if there.over else None

        assert over() == "2025 Fall"
        assert closings.ask(session, desk.ada, desk.now).term.title == "2025 Fall"
        assert closings.ask(session, desk.ada, desk.now, "2025 spring").term.title == "2025 Spring"
        with pytest.raises(DomainError, match="term_has_meetings"):
            closings.ask(session, desk.ada, desk.now, "2026 Spring")

        closings.close(session, desk.ada, desk.term.id, desk.now)
        assert over() is None
        with pytest.raises(DomainError, match="term_has_meetings"):
            closings.ask(session, desk.ada, desk.now)


def test_only_organizers_close_and_only_their_groups_term(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        _over(desk)
        with pytest.raises(DomainError, match="organizers_only"):
            closings.ask(session, desk.ann, desk.now)
        with pytest.raises(DomainError, match="organizers_only"):
            closings.close(session, desk.ann, desk.term.id, desk.now)
        outsider = desk.ada._replace(group=make_view(session))
        with pytest.raises(DomainError, match="old_button"):
            closings.close(session, outsider, desk.term.id, desk.now)
        with pytest.raises(DomainError, match="no_term_runs"):
            closings.ask(session, outsider, desk.now)


def test_what_others_present_is_summed_up_by_its_main_presenters(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        old = make_meeting(session, desk.term, date=date(2026, 1, 6))
        for _ in range(2):
            talk = make_talk(session, make_slot(session, old), venue="OSDI")
            make_presenter(session, talk)
            make_presenter(session, talk)
        there = closings.look(session, groups.by_id(session, desk.group.id), desk.now)
        assert there is not None
        assert (there.sum.presenters, there.sum.venues) == ((), (("OSDI", 2),))
