"""What organizers are told when Telegram, or another copy of the bot, was in the way for long."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.reminders import LATE_AFTER
from bot.services import notices
from storage.enums import DeliveryKind
from storage.models import Chat, Delivery

ONCE_IN = timedelta(hours=1)
"""One outage makes several messages late; its organizers hear of the first."""


def came_late(session: Session, delivery: Delivery, reason: str, now: datetime) -> None:
    """The group got this message, and organizers may wonder why only now."""
    told = select(Delivery.id).where(
        Delivery.group_id == delivery.group_id,
        Delivery.due_at > now - ONCE_IN,
        Delivery.kind == DeliveryKind.TROUBLE,
        Delivery.text.is_not(None),
    )
    if session.scalars(told.limit(1)).first() is None:
        notices.to_organizers(
            session,
            DeliveryKind.TROUBLE,
            delivery.group_id,
            now,
            now + notices.NEWS_KEPT,
            told_in_group=True,
            subject=f"late:{delivery.id}",
            text=reason,
            about_id=delivery.id,
        )


def another_copy(session: Session, since: datetime, now: datetime) -> None:
    """Somebody else takes the members' messages `since` then. Once that lasts, the organizers of
    every group hear of it, once."""
    if now - since < LATE_AFTER:
        return
    for group_id in session.scalars(select(Chat.group_id)):
        notices.to_organizers(
            session,
            DeliveryKind.TROUBLE,
            group_id,
            now,
            now + notices.NEWS_KEPT,
            told_in_group=True,
            subject=f"copy:{since:%Y-%m-%dT%H:%M:%S}",
        )
