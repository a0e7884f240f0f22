"""The log: what it says of each change, and that a change taken back says so."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.errors import DomainError
from bot.services import (
    assignments,
    audit,
    bookings,
    closings,
    history,
    links,
    meeting_changes,
    meeting_details,
    meeting_slots,
    new_meetings,
    rules,
)
from storage.enums import LinkKind
from storage.store import Store
from tests.factories import make_audit_entry
from tests.services.terms_desk import Desk

SLIDES = "https://slides.example/1.pdf"
MINUTE = timedelta(minutes=1)


def _changes(desk: Desk) -> list[Callable[[], object]]:
    """One of each kind, by Ada, of the first meeting. Each may follow the ones before it."""
    session, ada, ann, first = desk.session, desk.ada, desk.ann.member_id or 0, desk.first
    slot, other = desk.slot_ids(first)
    return [
        lambda: assignments.assign(session, ada, slot, ann, "LithOS", None, desk.now),
        lambda: links.post(session, ada, LinkKind.SLIDES, first, slot, SLIDES, desk.now),
        lambda: assignments.assign(session, ada, other, ann, "Jenga", None, desk.now),
        lambda: assignments.unassign(session, ada, other, desk.now),
        lambda: meeting_changes.move(session, ada, first, date(2026, 1, 14), None, desk.now),
        lambda: meeting_details.set_place(session, ada, first, "Room 1", SLIDES, desk.now),
        lambda: meeting_details.set_special(session, ada, first, "Rehearsal", desk.now),
        lambda: meeting_changes.cancel(session, ada, first, 2, desk.now),
        lambda: meeting_changes.restore(session, ada, first, 3, desk.now),
        lambda: meeting_slots.add(session, ada, first, 2, desk.now),
        lambda: new_meetings.add(session, ada, date(2026, 2, 3), time(18), None, desk.now),
    ]


def test_the_log_tells_of_each_change_what_it_was_about(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        first, (slot, other) = desk.first, desk.slot_ids(desk.first)
        for change in _changes(desk):
            clock.move(MINUTE)
            change()
        rules.set_supporters(session, desk.ada, 1, desk.now)
        newest, older = history.page(session, desk.ada, 0, desk.now)
        oldest, _ = history.page(session, desk.ada, 1, desk.now)
        made = newest[1].after["meetings"][0][0]
        told = [
            (
                one.action,
                one.found.slot.id if one.found else None,
                (one.title, one.main),
                one.meeting.id if one.meeting else None,
                one.before,
                one.after,
            )
            for one in reversed((*newest, *oldest))
        ]
        posted = {"kind": "slides", "url": SLIDES, "slot": slot}
        shape = [[slot, "Topic I"], [other, "Topic II"]]
        expected: list[tuple[Any, ...]] = [
            ("talk:assign", slot, ("LithOS", "Ann"), None, {}, {}),
            ("link:post", slot, (None, None), None, {}, posted),
            ("talk:assign", other, ("Jenga", "Ann"), None, {}, {}),
            ("talk:unassign", other, ("Jenga", "Ann"), None, {}, {}),
            (
                "meeting:move",
                None,
                (None, None),
                first,
                {"date": "2026-01-13", "starts_at": "2026-01-13T11:00:00+00:00"},
                {"date": "2026-01-14", "starts_at": "2026-01-14T11:00:00+00:00"},
            ),
            (
                "meeting:place",
                None,
                (None, None),
                first,
                {"place": None, "online_url": None},
                {"place": "Room 1", "online_url": SLIDES},
            ),
            (
                "meeting:special",
                None,
                (None, None),
                first,
                {"kind": "regular", "title": None},
                {"kind": "special", "title": "Rehearsal"},
            ),
            (
                "meeting:cancel",
                None,
                (None, None),
                first,
                {"status": "planned"},
                {"status": "cancelled"},
            ),
            (
                "meeting:restore",
                None,
                (None, None),
                first,
                {"status": "cancelled"},
                {"status": "planned"},
            ),
            (
                "meeting:slots",
                None,
                (None, None),
                first,
                {"shape": shape},
                {"shape": [*shape, [desk.slot_ids(first)[2], "Topic III"]]},
            ),
            (
                "meeting:create",
                None,
                (None, None),
                made,
                {"term": ["2025-09-09", "2026-01-20"]},
                {"term": ["2025-09-09", "2026-02-03"], "meetings": newest[1].after["meetings"]},
            ),
            (
                "group:rules",
                None,
                (None, None),
                None,
                {"max_supporters": 3},
                {"max_supporters": 1},
            ),
        ]
        assert told == expected
        assert {one.actor_name for one in newest} == {"Ada"}
        assert newest[1].at - newest[2].at == MINUTE
        assert older
        assert history.since(session, desk.group.id, newest[2].id, 50, desk.now) == (
            newest[1],
            newest[0],
        )
        assert history.since(session, desk.group.id, 0, 3, desk.now) == newest[2::-1]
        assert history.change(session, desk.group.id, newest[3].id, desk.now) == newest[3]


def test_each_change_is_taken_back_by_one_that_says_so(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        for change in _changes(desk):
            clock.move(MINUTE)
            change()
        done = desk.entries()
        for entry in reversed(done):
            clock.move(MINUTE)
            desk.undo()
            undone = desk.entries()[-1]
            assert (undone.undoes_id, undone.subject_id) == (entry.id, entry.subject_id)
            assert (undone.actor_name, undone.member_id) == ("Ada", desk.ada.member_id)
            assert (undone.at, undone.group_id) == (desk.now, desk.group.id)
            assert undone.action == f"{entry.action.split(':')[0]}:undo"
            assert (undone.before, undone.after) == (entry.after, entry.before)
        assert desk.slots(desk.first) == [(1, "Topic I"), (2, "Topic II")]
        assert len(desk.entries()) == 2 * len(done)


def test_a_term_is_closed_and_opened_again_in_the_log(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        clock.move(timedelta(days=20))
        closed = closings.close(session, desk.ada, desk.term.id, desk.now)
        (entry,) = desk.entries()
        assert (closed.entry_id, entry.before) == (
            entry.id,
            {"title": "2025 Fall", "closed_at": None},
        )
        assert entry.after == {"title": "2025 Fall", "closed_at": desk.now.isoformat()}
        assert closings.close(session, desk.ada, desk.term.id, desk.now) == closed
        there = closings.closed_by(session, entry, desk.now)
        assert there is not None
        assert (there.term.title, there.sum.coming) == ("2025 Fall", 0)
        clock.move(MINUTE)
        desk.undo()
        undone = desk.entries()[-1]
        assert (undone.before, undone.after) == (entry.after, entry.before)
        assert (undone.undoes_id, undone.at) == (entry.id, desk.now)
        assert closings.closed_by(session, entry, desk.now) is None


def test_when_anything_changed_last_is_known(sqlite_store: Store, clock: MovableClock) -> None:
    with sqlite_store.writing() as session:
        assert audit.newest(session) is None
        first, now = make_audit_entry(session), clock.now()
        assert audit.newest(session) == first.at
        make_audit_entry(session, at=now + timedelta(days=1))
        make_audit_entry(session, at=now)  # of a clock that was set back
        assert audit.newest(session) == now


@pytest.mark.parametrize("back", [0, 1])
def test_the_last_change_of_one_slot_is_found_behind_others(
    sqlite_store: Store, clock: MovableClock, back: int
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        there = desk.slot_ids(desk.first)
        for slot_id in there:
            desk.claim(slot_id)
        meeting_details.set_special(session, desk.ada, desk.first, "Rehearsal", desk.now)
        place = bookings.need(session, desk.ada.group_id, there[back], desk.now)
        change = history.last_change(session, desk.ada, place, desk.now)
        assert change.found is not None
        assert (change.action, change.found.slot.id) == ("talk:claim", there[back])
        for whole in (None, place.meeting):
            change = history.last_change(session, desk.ada, whole, desk.now)
            assert change.action == "meeting:special"


def test_the_last_change_of_a_slot_may_be_its_talks_link_and_that_of_a_meeting_any_of_its_own(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        first, second = (meeting.id for meeting in desk.meetings)
        slot_ids = desk.slot_ids(first)
        desk.claim(slot_ids[0])
        meeting_details.set_special(session, desk.ada, first, "Rehearsal", desk.now)
        links.post(session, desk.ada, LinkKind.SLIDES, first, slot_ids[0], SLIDES, desk.now)
        meeting_details.set_special(session, desk.ada, second, "Kick-off", desk.now)
        there = [bookings.need(session, desk.ada.group_id, one, desk.now) for one in slot_ids]
        change = history.last_change(session, desk.ada, there[0], desk.now)
        assert (change.action, change.found) == ("link:post", there[0])
        assert history.last_change(session, desk.ada, there[0].meeting, desk.now) == change
        with pytest.raises(DomainError, match="nothing_to_undo"):
            history.last_change(session, desk.ada, there[1], desk.now)
