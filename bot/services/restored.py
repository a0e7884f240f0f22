"""A database that was put back to an earlier time, and what it does not know of since."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.services import announcements, audit, deliveries, ledger, nags
from storage.enums import DeliveryState
from storage.models import Delivery, Lease

UNKNOWN = "the database was restored and does not know whether it was sent"


class Told(NamedTuple):
    """What the ledger knows of a message that was sent, or may have been."""

    state: DeliveryState
    message_id: int | None
    card: str | None


class Restored(NamedTuple):
    """When the last change in it was made, and how many messages to groups organizers are going to
    be asked about."""

    newest: datetime | None
    uncertain: int


def due(session: Session, now: datetime) -> tuple[str, ...]:
    """The keys of all that would be sent now."""
    announcements.look(session, now)
    nags.look(session, now)
    ledger.expire(session, now)
    return tuple(
        session.scalars(
            select(Delivery.key).where(
                Delivery.state == DeliveryState.PLANNED, Delivery.try_at <= now
            )
        )
    )


def told(session: Session, keys: Collection[str]) -> dict[str, Told]:
    """What of that was told already, as the database knows that was in use until now."""
    rows = session.scalars(
        select(Delivery).where(Delivery.key.in_(keys), Delivery.state.in_(ledger.TOLD))
    )
    return {row.key: Told(row.state, row.message_id, row.card) for row in rows}


def settle(
    session: Session, keys: Collection[str], told: Mapping[str, Told] | None, now: datetime
) -> Restored:
    """Note of what is due what was `told`, so that it is not told again. Where there is no knowing
    (`None`), nothing is posted to a group a second time on its own: organizers are asked. Nobody
    runs the bot on this database yet."""
    session.execute(delete(Lease))
    uncertain = 0
    for delivery in session.scalars(select(Delivery).where(Delivery.key.in_(keys))).all():
        known = told.get(delivery.key) if told is not None else None
        if known is not None and known.state is DeliveryState.SENT:
            delivery.message_id, delivery.card = known.message_id, known.card
            ledger.note(delivery, DeliveryState.SENT, None, now)
        elif delivery.chat_id is not None and (told is None or known is not None):
            delivery.state = DeliveryState.SENDING
            deliveries.uncertain(session, delivery.id, UNKNOWN, now)
            uncertain += 1
    return Restored(audit.newest(session), uncertain)
