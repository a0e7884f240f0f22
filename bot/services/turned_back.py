"""After the clock went ahead for a while: what was settled in a time that is still to come is not
settled."""

from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from bot.services import weeks
from storage.enums import DeliveryState, OfferState
from storage.models import Delivery, Group, Offer


def mend(session: Session, now: datetime) -> None:
    """What was given up as too late is owed again, what was put off is tried when it is due, what
    was offered may be taken for as long as was meant, and what was planned from then on is planned
    from now on. What was sent stays sent."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.state.in_(
                (DeliveryState.PLANNED, DeliveryState.SKIPPED, DeliveryState.EXPIRED)
            ),
            Delivery.changed_at > now,
            Delivery.expires_at > now,
        )
        .values(
            state=DeliveryState.PLANNED,
            reason=None,
            try_at=case((Delivery.due_at > now, Delivery.due_at), else_=now),
            changed_at=now,
        )
    )
    offered = select(Offer).where(Offer.state == OfferState.OPEN, Offer.made_at > now)
    for offer in session.scalars(offered):
        offer.made_at, offer.expires_at = now, now + (offer.expires_at - offer.made_at)
    session.execute(
        update(Group).where(Group.weeks_planned_to > now + weeks.AGAIN).values(weeks_planned_to=now)
    )
