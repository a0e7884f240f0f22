"""Messages that gather what is changed within a few minutes, instead of one for each change."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.calendar import polite
from bot.domain.views import GroupView
from bot.services import ledger
from bot.services.audit import Action
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, DeliveryState
from storage.models import AuditEntry, Delivery

SETTLING = timedelta(minutes=3)
"""How long the bot waits for other changes before it tells the first."""

OF_USE = timedelta(days=2)


def tell(
    session: Session, group: GroupView, kind: DeliveryKind, entry_id: int, now: datetime
) -> None:
    """Owe the group the change of this audit entry, with those that follow soon. A message of the
    kind that waits already takes it in."""
    if group.chat is None:
        return
    waits = select(Delivery.id).where(
        Delivery.group_id == group.id,
        Delivery.kind == kind,
        Delivery.state == DeliveryState.PLANNED,
        Delivery.expires_at > now,
    )
    if session.scalar(waits.limit(1)) is not None:
        return
    due_at = polite(now + SETTLING, group.zone, group.reminders.quiet)
    promise = Promise(
        f"{kind.value}:{entry_id}:chat:{group.chat.id}",
        kind,
        due_at,
        due_at + OF_USE,
        chat_id=group.chat.id,
        audit_id=entry_id,
    )
    ledger.owe(session, group.id, promise, now)


def entries(session: Session, delivery: Delivery, actions: Iterable[Action]) -> list[AuditEntry]:
    """The changes of these kinds from the message's first up to the next message's."""
    following = session.scalar(
        select(func.min(Delivery.audit_id)).where(
            Delivery.group_id == delivery.group_id,
            Delivery.kind == delivery.kind,
            Delivery.audit_id > delivery.audit_id,
        )
    )
    wanted = select(AuditEntry).where(
        AuditEntry.group_id == delivery.group_id,
        AuditEntry.id >= delivery.audit_id,
        AuditEntry.action.in_([action.value for action in actions]),
    )
    if following is not None:
        wanted = wanted.where(AuditEntry.id < following)
    return list(session.scalars(wanted.order_by(AuditEntry.id)))
