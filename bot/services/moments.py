"""When something is to be done next, whatever brings it about."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.services import ledger
from storage.enums import OfferState
from storage.models import Group, Meeting, Offer


def next_moment(session: Session) -> datetime | None:
    """The first moment at which a message, an offer, a turn, a nag or a week is due, also one that
    is past; `None` when nothing is to come. A clock that jumps stops there."""
    moments = (
        ledger.next_due(session),
        session.scalar(select(func.min(Offer.expires_at)).where(Offer.state == OfferState.OPEN)),
        session.scalar(select(func.min(Meeting.turns_at))),
        session.scalar(select(func.min(Meeting.nag_at))),
        session.scalar(select(func.min(Group.weeks_planned_to))),
    )
    return min((at for at in moments if at is not None), default=None)
