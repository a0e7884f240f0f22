"""A small group whose term can be changed in every way, and checked after each change against the
model."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import MeetingView
from bot.errors import DomainError
from bot.services import claims, places, queries, slots
from storage.base import Base
from storage.enums import OfferKind, OfferState, Role
from storage.models import AuditEntry, Offer
from storage.store import Store
from tests.conftest import START
from tests.factories import (
    as_actor,
    make_chat,
    make_group,
    make_meeting,
    make_member,
    make_slot,
    make_term,
)
from tests.services.asking_model import Model

PEOPLE, SLOTS_OF, MOST_SUPPORTERS = 4, (2, 1, 1), 2
ORGANIZER = 0
TABLES = [
    table.name for table in Base.metadata.sorted_tables if {"id", "group_id"} <= set(table.c.keys())
]


class Desk(RuleBasedStateMachine):
    """People, slots and meetings are numbers here; what the tables call them is in `actors`,
    `slots` and `meetings`. `entries` are the log's ids of the model's changes, `buttons` the talk's
    slot and id for each key of the model."""

    store: Store

    @initialize(fill_days=st.sampled_from((None, 3)))
    def begin(self, fill_days: int | None) -> None:
        self.model = Model(START, MOST_SUPPORTERS, {ORGANIZER})
        self.slots: list[int] = []
        self.meetings: list[int] = []
        self.buttons: dict[int, tuple[int, int]] = {}
        self.checked = False
        self._folded: dict[str, Any] = {}
        self.last_entry = 0
        self.entries: list[int] = []
        with self.store.writing() as session:
            group = make_group(session, max_supporters=MOST_SUPPORTERS, fill_days=fill_days)
            make_chat(session, group)
            rows = [make_member(session, group) for _ in range(PEOPLE)]
            self.actors = [
                as_actor(session, row)._replace(organizer=number == ORGANIZER)
                for number, row in enumerate(rows)
            ]
            term = make_term(session, group)
            self.group_id, self.term_id = group.id, term.id
            for number, size in enumerate(SLOTS_OF):
                meeting = make_meeting(session, term, date=date(2026, 1, 13 + 7 * number))
                self.meetings.append(meeting.id)
                own = list(range(len(self.slots), len(self.slots) + size))
                self.slots += [make_slot(session, meeting).id for _ in own]
                self.model.meetings[number] = {
                    "starts": meeting.starts_at,
                    "cancelled": False,
                    "revision": 1,
                    "slots": own,
                }
        self.numbers = {actor.member_id: number for number, actor in enumerate(self.actors)}
        for slot in range(len(self.slots)):
            self.model.talks[slot], self.model.queues[slot] = None, []
        # Hypothesis comes to what needs many steps only now and then: these are done already.
        for who, slot in ((1, 0), (2, 3)):
            expected = self.model.claim(who, slot, "Jenga")
            self._do(expected, claims.claim, who, self.slots[slot], "Jenga", None)
        for who, slot in ((2, 0), (3, 0), (3, 3)):
            expected = self.model.wait(who, slot)
            self._do(expected, places.wait, who, self.slots[slot], None, None)

    def _id(self, who: int) -> int | None:
        return self.actors[who].member_id

    def _do(
        self, expected: str | None, does: Callable[..., Any], who: int, *args: Any, **more: Any
    ) -> Any:
        """Do it; it is refused as the model says, and then nothing has changed."""
        before = self._dump() if expected else None
        self.checked = expected is not None
        result, refused = None, None
        try:
            with self.store.writing() as session:
                result = does(session, self.actors[who], *args, self.model.now, **more)
        except DomainError as error:
            refused = error.code.value
        assert refused == expected
        if expected:
            assert self._dump() == before
        self.model.now += timedelta(seconds=1)
        return result

    def _rows(self, statement: Any, table: Any) -> list[Any]:
        with self.store.reading() as session:
            own = statement.where(table.group_id == self.group_id).order_by(table.id)
            return list(session.execute(own).all())

    def _dump(self) -> dict[str, Any]:
        with self.store.reading() as session:
            connection = session.connection()
            return {
                table: connection.exec_driver_sql(
                    f"SELECT * FROM {table} WHERE group_id = {self.group_id} ORDER BY id"
                ).all()
                for table in TABLES
            }

    @invariant()
    def all_is_as_it_should_be(self) -> None:
        if not self.checked:  # a refused step has changed nothing
            with self.store.reading() as session:
                self._the_schedule_is_the_models(session)
                self._the_log_tells_how_it_came_about(session)
                self._nobody_is_offered_what_cannot_be_had(session)
            self.checked = True

    def _the_schedule_is_the_models(self, session: Session) -> None:
        found = queries.all_meetings(session, self.group_id, self.term_id, self.model.now)
        assert {meeting.id: self._as_shown(meeting) for meeting in found} == {
            meeting_id: self._as_said(number) for number, meeting_id in enumerate(self.meetings)
        }

    def _as_shown(self, meeting: MeetingView) -> list[Any]:
        shown: list[Any] = []
        for slot in meeting.slots:
            if slot.talk is None:
                shown.append(slot.held and self.numbers[slot.held.member.id])
                continue
            here = self.slots.index(slot.id)
            if talk := self.model.talks[here]:
                self.buttons.setdefault(talk["key"], (here, slot.talk.id))
            people = [(self.numbers[p.member_id], p.role) for p in slot.talk.presenters]
            shown.append((slot.talk.title, people))
        return [meeting.starts_at, meeting.is_cancelled, meeting.revision, shown]

    def _as_said(self, number: int) -> list[Any]:
        meeting = self.model.meetings[number]
        shown: list[Any] = []
        for slot in meeting["slots"]:
            talk = self.model.talks[slot]
            if talk is None:
                shown.append(self.model.held_by(slot))
                continue
            others = [who for who in talk["people"] if who != talk["main"]]
            assert len(set(others)) == len(others) == len(talk["people"]) - 1 <= MOST_SUPPORTERS
            people = [(talk["main"], Role.MAIN), *((who, Role.SUPPORTER) for who in others)]
            shown.append((talk["title"], people))
        return [meeting["starts"], meeting["cancelled"], meeting["revision"], shown]

    def _the_log_tells_how_it_came_about(self, session: Session) -> None:
        entries = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.group_id == self.group_id, AuditEntry.id > self.last_entry)
            .order_by(AuditEntry.id)
        ).all()
        for entry in entries:
            self.last_entry = entry.id
            if entry.before and entry.after and "slots" in entry.after:
                for slot_id, state in entry.before["slots"].items():
                    assert self._folded.get(slot_id) == state
                self._folded.update(entry.after["slots"])
                self.entries.append(entry.id)
        assert len(self.entries) == len(self.model.log)
        present = slots.contents(session, self.slots)
        assert present == {key: self._folded.get(key) for key in present}

    def _nobody_is_offered_what_cannot_be_had(self, session: Session) -> None:
        left = session.scalars(
            select(Offer).where(Offer.group_id == self.group_id, Offer.state == OfferState.OPEN)
        ).all()
        waiting, by_turn = {}, {}
        for offer in left:
            slot, who = self.slots.index(offer.slot_id), self.numbers[offer.member_id]
            if offer.kind is OfferKind.FILLED:
                by_turn[slot] = who
            else:
                assert self.model.talks[slot] is None
            if offer.kind is OfferKind.WAITING:
                waiting[slot] = (who, offer.expires_at)
        assert waiting == self.model.offers
        assert by_turn == self.model.by_turn
