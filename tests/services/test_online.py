"""What was posted is told to the group once, and only what it has not seen."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import OnlineView
from bot.services import deliveries, gathering, links, online, owed, queries, slots
from bot.services.meetings import load
from storage.enums import DeliveryKind, LinkKind
from storage.models import Delivery, Link, Meeting
from storage.store import Store
from tests.factories import (
    make_actor,
    make_chat,
    make_group,
    make_meeting,
    make_slot,
    make_talk,
    make_term,
)

EARLIER = date(2026, 1, 6)
VIDEO = "https://www.bilibili.com/video/BV1aaa"
SUMMARY = "https://zhuanlan.zhihu.com/p/1"


class Desk:
    """The morning after a meeting with two talks; Ada organizes."""

    def __init__(self, session: Session, clock: MovableClock, *, online: bool = True) -> None:
        self.session, self.clock = session, clock
        clock.set(datetime(2026, 1, 14, 2, tzinfo=UTC))
        self.group = make_group(session, online=online)
        self.chat = make_chat(session, self.group)
        self.ada = make_actor(session, self.group, "Ada", organizer=True)
        row = make_meeting(session, make_term(session, self.group))
        for title in ("REFRAG", "DiffKV"):
            make_talk(session, make_slot(session, row), title=title)
        (self.meeting,) = load(session, self.group.id, clock.now(), Meeting.id == row.id)

    def post(
        self, kind: LinkKind, url: str, slot: int | None = None, *, told: bool = False
    ) -> None:
        slot_id = None if slot is None else self.meeting.slots[slot].id
        now = self.clock.now()
        links.post(self.session, self.ada, kind, self.meeting.id, slot_id, url, now, told=told)

    def told(self, after: timedelta = gathering.SETTLING) -> list[list[tuple[str, list[str]]]]:
        """What each message that is due by then says: talks and the addresses beside them."""
        self.clock.move(after)
        found = []
        while (due := owed.take(self.session, self.clock.now())) is not None:
            deliveries.sent(self.session, due.id, due.id, self.clock.now())
            found.append([_said(one) for one in due.online])
        self.session.flush()
        return found

    def ledger(self) -> list[tuple[str, str | None]]:
        rows = self.session.scalars(select(Delivery).order_by(Delivery.id))
        return [(row.state.value, row.reason) for row in rows if row.kind is DeliveryKind.ONLINE]


def _said(one: OnlineView) -> tuple[str, list[str]]:
    return one.found.talk.title, [link.url for link in one.links]


def test_links_of_a_few_minutes_become_one_message(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.post(LinkKind.VIDEO, VIDEO)
        clock.move(timedelta(minutes=1))
        desk.post(LinkKind.SUMMARY, SUMMARY, 1)
        desk.post(LinkKind.VIDEO, f"{VIDEO}?t=90", 1)
        assert desk.told() == [[("REFRAG", [VIDEO]), ("DiffKV", [f"{VIDEO}?t=90", SUMMARY])]]
        assert desk.told() == []
        desk.post(LinkKind.SUMMARY, f"{SUMMARY}2", 0)
        assert desk.told() == [[("REFRAG", [f"{SUMMARY}2"])]]


def test_a_link_of_an_earlier_meeting_is_told_as_well(
    sqlite_store: Store, clock: MovableClock
) -> None:
    with sqlite_store.writing() as session:
        desk = Desk(session, clock)
        row = make_meeting(session, make_term(session, desk.group, title="Before"), date=EARLIER)
        make_talk(session, make_slot(session, row), title="Jenga")
        (desk.meeting,) = load(session, desk.group.id, clock.now(), Meeting.id == row.id)
        desk.post(LinkKind.VIDEO, VIDEO)
        delivery = session.scalars(select(Delivery)).one()
        (told,) = online.of(session, delivery, clock.now())
        slot_id = desk.meeting.slots[0].id
        assert told.found == queries.of_slot(session, desk.group.id, slot_id, clock.now())
        assert desk.told() == [[("Jenga", [VIDEO])]]


def test_what_the_chat_saw_is_not_told_again(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.post(LinkKind.VIDEO, VIDEO, told=True)
        assert desk.told() == []
        assert desk.ledger() == []
        desk.post(LinkKind.SUMMARY, SUMMARY, 0)
        desk.post(LinkKind.SUMMARY, SUMMARY, 1, told=True)
        assert desk.told() == [[("REFRAG", [SUMMARY])]]


def test_what_was_taken_back_meanwhile_is_not_told(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.post(LinkKind.VIDEO, VIDEO)
        session.execute(delete(Link))
        assert desk.told() == []
        assert desk.ledger() == [("skipped", "it was taken back, or said in the chat already")]


def test_at_night_it_waits_for_the_morning(store: Store, clock: MovableClock) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        clock.set(datetime(2026, 1, 14, 15, tzinfo=UTC))  # 23:00 there
        desk.post(LinkKind.VIDEO, VIDEO, 0)
        assert desk.told() == []
        clock.set(datetime(2026, 1, 15, tzinfo=UTC))
        assert desk.told(timedelta(0)) == [[("REFRAG", [VIDEO])]]


@pytest.mark.parametrize("before", [True, False])
def test_a_group_that_does_not_want_to_hear_of_it_does_not(
    store: Store, clock: MovableClock, before: bool
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock, online=not before)
        desk.post(LinkKind.VIDEO, VIDEO)
        desk.group.online = False
        assert desk.told() == []
        skipped = [("skipped", "the group does not want to hear of it")]
        assert desk.ledger() == ([] if before else skipped)


def test_what_was_posted_for_talks_that_change_places_is_told_where_they_are(
    store: Store, clock: MovableClock
) -> None:
    with store.writing() as session:
        desk = Desk(session, clock)
        desk.post(LinkKind.VIDEO, VIDEO, 0)
        desk.post(LinkKind.SUMMARY, SUMMARY, 1)
        desk.post(LinkKind.VIDEO, f"{VIDEO}2", 1, told=True)
        one, other = (str(slot.id) for slot in desk.meeting.slots)
        there = slots.contents(session, map(int, (one, other)))
        swapped = {one: there[other], other: there[one]}
        slots.put(session, desk.group.id, swapped, clock.now())
        assert desk.told() == [[("DiffKV", [SUMMARY]), ("REFRAG", [VIDEO])]]
