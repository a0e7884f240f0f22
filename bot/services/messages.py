"""What an organizer wants to say to the group: kept until they have seen it, then owed like any
other message."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import FARTHEST
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import drafts, groups, ledger
from bot.services.audit import Action, note
from bot.services.ledger import Promise
from bot.services.members import require_organizer
from storage.enums import DeliveryKind, DeliveryState, DraftKind
from storage.models import Delivery, Draft

MAX_LENGTH = 3000
"""Characters: with what stands around them they fit into one message."""

OF_USE = timedelta(days=1)


class Scheduled(NamedTuple):
    """A message that is to go out at `due_at`; `delivery_id` names it in the ledger."""

    delivery_id: int
    due_at: datetime
    state: DeliveryState


def keep(session: Session, actor: Actor, text: str, now: datetime) -> int:
    """Remember the text until its writer says when. Returns the draft's id. Raises `DomainError`
    for anybody but an organizer, and for a text that is too long."""
    require_organizer(actor)
    if len(text) > MAX_LENGTH:
        raise DomainError(Refusal.MESSAGE_TOO_LONG, most=MAX_LENGTH)
    draft = drafts.keep(session, actor, DraftKind.MESSAGE, now, text=text)
    return draft.id


def post(
    session: Session, actor: Actor, draft_id: int, at: datetime | None, now: datetime
) -> Scheduled:
    """Owe it to the group at this time, or at once. A second tap changes nothing. Raises
    `DomainError` for anybody but the organizer who wrote it, when the draft is gone, for a time
    that is past, and for a group without a chat."""
    require_organizer(actor)
    group = actor.group
    if group.chat is None:
        raise DomainError(Refusal.NO_GROUP, private=True)
    key = f"message:{draft_id}:chat:{group.chat.id}"
    known = session.scalars(select(Delivery).where(Delivery.key == key)).one_or_none()
    if known is not None:
        return _view(known)
    drafts.take_up(session, actor, draft_id, now, DraftKind.MESSAGE)
    draft = session.get_one(Draft, draft_id)
    due_at = at or now
    if not now <= due_at <= now + FARTHEST:
        raise DomainError(Refusal.OLD_BUTTON)
    promise = Promise(
        key,
        DeliveryKind.MESSAGE,
        due_at,
        due_at + OF_USE,
        chat_id=group.chat.id,
        text=draft.text,
    )
    delivery = ledger.owe(session, group.id, promise, now)
    if delivery is None:
        raise LookupError("nobody else can owe this")
    after = _said(delivery) | (_later(delivery) if at is not None else {})
    note(session, actor, Action.MESSAGE_POST, delivery.id, now, after=after)
    return _view(delivery)


def take_back(session: Session, actor: Actor, delivery_id: int, now: datetime) -> Scheduled:
    """Do not post it, if there is time. Returns what it is now. Raises `DomainError` for anybody
    but an organizer."""
    require_organizer(actor)
    delivery = groups.own(session, Delivery, delivery_id, actor.group_id)
    if delivery.text is None:
        raise DomainError(Refusal.OLD_BUTTON)
    if delivery.state is DeliveryState.PLANNED:
        ledger.note(delivery, DeliveryState.CANCELLED, f"{actor.name} took it back", now)
        before = _said(delivery) | _later(delivery)
        note(session, actor, Action.MESSAGE_TAKE_BACK, delivery.id, now, before=before)
    return _view(delivery)


def _said(delivery: Delivery) -> dict[str, str]:
    return {"text": (delivery.text or "")[:200]}


def _later(delivery: Delivery) -> dict[str, str]:
    return {"due_at": delivery.due_at.isoformat()}


def _view(delivery: Delivery) -> Scheduled:
    return Scheduled(delivery.id, delivery.due_at, delivery.state)
