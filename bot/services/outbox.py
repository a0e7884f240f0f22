"""The ledger as organizers see it: what is to come, and what became of the last messages."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, DeliveryView
from bot.services.members import require_organizer
from storage.enums import DeliveryState
from storage.models import Chat, Delivery, Meeting, Member

PAGE_SIZE = 8
"""Messages on one page: what a phone shows without much scrolling."""


def page(
    session: Session, actor: Actor, offset: int, now: datetime
) -> tuple[tuple[DeliveryView, ...], bool]:
    """The `offset`-th page from now: 0 and on are what is to come, soonest first; -1 and back what
    was due, newest first. Also says whether there is more beyond. Raises `DomainError` for anybody
    but an organizer."""
    require_organizer(actor)
    ahead = offset >= 0
    skip = PAGE_SIZE * (offset if ahead else -offset - 1)
    rows = (
        select(
            Delivery,
            Member.name.label("member_name"),
            Meeting.date.label("meeting_date"),
            Chat.telegram_id.label("chat_telegram_id"),
        )
        .outerjoin(Member, Member.id == Delivery.member_id)
        .outerjoin(Meeting, Meeting.id == Delivery.meeting_id)
        .outerjoin(Chat, Chat.id == Delivery.chat_id)
        .where(Delivery.group_id == actor.group_id)
        .offset(skip)
        .limit(PAGE_SIZE + 1)
    )
    planned = (Delivery.due_at > now) & (Delivery.state == DeliveryState.PLANNED)
    if ahead:
        rows = rows.where(planned).order_by(Delivery.due_at, Delivery.id)
    else:
        rows = rows.where(Delivery.due_at <= now)
        rows = rows.order_by(Delivery.due_at.desc(), Delivery.id.desc())
    found = [
        DeliveryView(
            row.Delivery.id,
            row.Delivery.kind,
            row.Delivery.state,
            row.Delivery.due_at,
            row.Delivery.changed_at,
            row.Delivery.reason,
            row.Delivery.attempts,
            row.member_name,
            row.meeting_date,
            _link(row.chat_telegram_id, row.Delivery.message_id),
        )
        for row in session.execute(rows)
    ]
    return tuple(found[:PAGE_SIZE]), len(found) > PAGE_SIZE


def _link(chat_id: int | None, message_id: int | None) -> str | None:
    """Where the message can be read; only supergroups have such addresses."""
    number = str(chat_id or "")
    if message_id is None or not number.startswith("-100"):
        return None
    return f"https://t.me/c/{number.removeprefix('-100')}/{message_id}"
