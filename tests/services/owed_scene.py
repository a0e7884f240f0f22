"""A meeting with a talk, and what is owed to whom because of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.views import OwedMessage
from bot.services import announcements, deliveries, groups, ledger, nags, owed
from storage.enums import DeliveryKind, DeliveryState, Role
from storage.models import Delivery, Member
from tests.factories import (
    make_chat,
    make_group,
    make_meeting,
    make_member,
    make_presenter,
    make_slot,
    make_talk,
    make_term,
)

BEGINS = datetime(2026, 1, 13, 11, tzinfo=UTC)
DAY = timedelta(days=1)


class Scene:
    """A group whose Ann presents on January 13, with an organizer whom the bot may write to."""

    def __init__(self, session: Session, clock: MovableClock, **of_group: Any) -> None:
        self.session, self.clock = session, clock
        self.group = make_group(session, **of_group)
        self.chat = make_chat(session, self.group)
        self.ada = self.member("Ada", organizer=True, reachable=True)
        self.ann = self.member("Ann", reachable=True)
        self.term = make_term(session, self.group)
        self.meeting = make_meeting(session, self.term)
        self.slot = make_slot(session, self.meeting, topic="Topic I")
        self.talk = make_talk(session, self.slot, title="Jenga")
        make_presenter(session, self.talk, self.ann, role=Role.MAIN)

    def member(self, name: str, **values: Any) -> Member:
        return make_member(self.session, self.group, name=name, **values)

    def plan(self) -> None:
        group = groups.by_id(self.session, self.group.id)
        announcements.plan_meeting(self.session, group, self.meeting.id, self.clock.now())

    def due_at(self, when: datetime) -> list[OwedMessage]:
        """What is to be sent then, each noted as sent."""
        self.clock.set(when)
        nags.look(self.session, when)
        ledger.expire(self.session, when)
        taken: list[OwedMessage] = []
        while (due := owed.take(self.session, when)) is not None:
            deliveries.sent(self.session, due.id, len(taken) + 1, when)
            taken.append(due)
        self.session.flush()
        return taken

    def ledger(self, kind: DeliveryKind) -> list[tuple[DeliveryState, str | None]]:
        rows = self.session.scalars(
            select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)
        )
        return [(row.state, row.reason) for row in rows]


def kinds(taken: list[OwedMessage]) -> list[tuple[DeliveryKind, str]]:
    return [(due.kind, due.member.name if due.member else "the group") for due in taken]
