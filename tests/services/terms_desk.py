"""A group with a term that is on, and what is done to it; for the tests of terms and meetings."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import Actor
from bot.services import announcements, claims, groups, history
from storage.models import AuditEntry, Delivery, Meeting, Slot
from tests.factories import (
    make_actor,
    make_chat,
    make_group,
    make_meeting,
    make_slot,
    make_term,
)

DAY_13, DAY_20 = date(2026, 1, 13), date(2026, 1, 20)


class Desk:
    """It is 9 January 2026; Ada organizes, Ann is a member. "2025 Fall" has meetings on January 13
    and 20, with two open slots each."""

    def __init__(self, session: Session, clock: MovableClock) -> None:
        self.session, self.clock = session, clock
        clock.set(datetime(2026, 1, 9, 1, tzinfo=UTC))
        self.group = make_group(session)
        make_chat(session, self.group)
        self.ada = make_actor(session, self.group, "Ada", organizer=True)
        self.ann = make_actor(session, self.group, "Ann")
        self.term = make_term(session, self.group)
        self.meetings = [make_meeting(session, self.term, date=day) for day in (DAY_13, DAY_20)]
        for meeting in self.meetings:
            make_slot(session, meeting)
            make_slot(session, meeting)
            self.plan(meeting)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def first(self) -> int:
        """The id of the meeting of January 13."""
        return self.meetings[0].id

    def plan(self, meeting: Meeting) -> None:
        view = groups.by_id(self.session, self.group.id)
        announcements.plan_meeting(self.session, view, meeting.id, self.now)

    def slots(self, meeting_id: int) -> list[tuple[int, str | None]]:
        """The topics of a meeting's slots, by position."""
        rows = self.session.execute(
            select(Slot.position, Slot.topic)
            .where(Slot.meeting_id == meeting_id)
            .order_by(Slot.position)
        )
        return [(row.position, row.topic) for row in rows]

    def slot_ids(self, meeting_id: int) -> list[int]:
        wanted = select(Slot.id).where(Slot.meeting_id == meeting_id)
        return list(self.session.scalars(wanted.order_by(Slot.position)))

    def claim(self, slot_id: int) -> None:
        claims.claim(self.session, self.ann, slot_id, "LithOS", None, self.now)

    def undo(self, actor: Actor | None = None) -> str:
        """Take the last change back. Returns what it was."""
        ada = actor or self.ada
        change = history.last_change(self.session, ada, None, self.now)
        return history.undo(self.session, ada, change.id, self.now).action

    def entries(self) -> list[AuditEntry]:
        return list(self.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))

    def planned(self, *conditions: Any) -> set[str]:
        """The keys of what is to be told."""
        rows = select(Delivery.key).where(Delivery.state == "planned", *conditions)
        return set(self.session.scalars(rows))
