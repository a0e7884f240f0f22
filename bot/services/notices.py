"""Owing somebody a message of their own: in private where the bot may write, else in the group's
chat, where the text names them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.services import ledger, members
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, DeliveryState
from storage.models import Chat, Delivery, Member

SETTLED = "it was settled already"

NEWS_KEPT = timedelta(days=2)
"""How long news is worth telling: what became of a question, or of a talk."""


def to_member(
    session: Session,
    kind: DeliveryKind,
    member_id: int,
    now: datetime,
    expires_at: datetime,
    **about: int,
) -> None:
    """Owe the member a message `about` one thing: `request_id`, `offer_id`, `audit_id` or
    `about_id`. One who cannot be written to is named in the group's chat."""
    member = session.get_one(Member, member_id)
    if member.reachable and not member.gone and member.telegram_id is not None:
        _owe(session, kind, member.group_id, now, expires_at, about, member_id=member_id)
    else:
        to_group(session, kind, member.group_id, now, expires_at, **about)


def to_organizers(
    session: Session,
    kind: DeliveryKind,
    group_id: int,
    now: datetime,
    expires_at: datetime,
    *,
    told_in_group: bool = False,
    known_to: int | None = None,
    subject: str | None = None,
    text: str | None = None,
    **about: int,
) -> None:
    """Owe it to each organizer whom the bot may write to, but for whom it is `known_to`; where
    there is none, to the group, unless the group was told already. Of one `subject` ("member:9"),
    by default what it is `about`, each hears once."""
    reachable = members.reachable_organizers(session, group_id)
    for member_id in reachable:
        if member_id == known_to:
            continue
        _owe(session, kind, group_id, now, expires_at, about, subject, text, member_id=member_id)
    if not reachable and not told_in_group:
        _to_chat(session, kind, group_id, now, expires_at, about, subject, text)


def to_group(
    session: Session,
    kind: DeliveryKind,
    group_id: int,
    now: datetime,
    expires_at: datetime,
    **about: int,
) -> None:
    _to_chat(session, kind, group_id, now, expires_at, about)


def _to_chat(
    session: Session,
    kind: DeliveryKind,
    group_id: int,
    now: datetime,
    expires_at: datetime,
    about: dict[str, int],
    subject: str | None = None,
    text: str | None = None,
) -> None:
    chat_id = session.scalar(select(Chat.id).where(Chat.group_id == group_id))
    if chat_id is not None:
        _owe(session, kind, group_id, now, expires_at, about, subject, text, chat_id=chat_id)


def settle(session: Session, now: datetime, **about: int) -> None:
    """What is not sent yet and asks about something that is settled is not sent any more."""
    ((column, value),) = about.items()
    session.execute(
        update(Delivery)
        .where(
            getattr(Delivery, column) == value,
            Delivery.kind.in_((DeliveryKind.REQUEST, DeliveryKind.OFFER)),
            Delivery.state == DeliveryState.PLANNED,
        )
        .values(state=DeliveryState.CANCELLED, reason=SETTLED, changed_at=now)
    )


def copies(session: Session, **about: int) -> tuple[tuple[int, int], ...]:
    """The messages that asked: Telegram's chat id and message id of each that was sent."""
    ((column, value),) = about.items()
    rows = session.execute(
        select(Chat.telegram_id, Member.telegram_id, Delivery.message_id)
        .outerjoin(Chat, Chat.id == Delivery.chat_id)
        .outerjoin(Member, Member.id == Delivery.member_id)
        .where(
            getattr(Delivery, column) == value,
            Delivery.kind.in_((DeliveryKind.REQUEST, DeliveryKind.OFFER)),
            Delivery.message_id.is_not(None),
        )
    )
    found = ((chat or person, message) for chat, person, message in rows)
    return tuple((place, message) for place, message in found if place and message)


def _owe(
    session: Session,
    kind: DeliveryKind,
    group_id: int,
    now: datetime,
    expires_at: datetime,
    about: dict[str, int],
    subject: str | None = None,
    text: str | None = None,
    **recipient: int,
) -> None:
    ((who, number),) = recipient.items()
    if subject is None:
        ((column, value),) = about.items()
        subject = f"{column.removesuffix('_id')}:{value}"
    key = f"{subject}:{kind.value}:{who.removesuffix('_id')}:{number}"
    told: dict[str, Any] = {**about, **recipient}
    ledger.owe(session, group_id, Promise(key, kind, now, expires_at, text=text, **told), now)
