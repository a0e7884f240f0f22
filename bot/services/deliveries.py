"""What became of a message that was sent, or was to be sent."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.reminders import is_late, pause_before_retry
from bot.domain.views import Actor
from bot.errors import DomainError, Refusal
from bot.services import groups, ledger, notices, owed, standins, troubles
from bot.services.ledger import note
from bot.services.members import require_organizer
from storage.enums import DeliveryKind, DeliveryState
from storage.models import Chat, Delivery, Member

QUESTION_KEPT = timedelta(days=7)
"""How long an organizer is asked about an uncertain delivery."""

TRIES = 3
"""How often a message is sent in private that may have arrived: there, twice does less harm than
never."""


def sent(
    session: Session,
    delivery_id: int,
    message_id: int,
    now: datetime,
    card: str | None = None,
    held_up: str | None = None,
) -> None:
    """`card` is the digest of the picture that it went out with, `held_up` what kept it from going
    out before."""
    delivery = _sending(session, delivery_id)
    if delivery is None:
        return
    delivery.message_id, delivery.card = message_id, card
    note(delivery, DeliveryState.SENT, None, now)
    if delivery.chat_id is None:
        return
    chat = session.get_one(Chat, delivery.chat_id)
    if chat.trouble is not None:
        chat.trouble = None
    elif held_up is not None and is_late(delivery.due_at, now):
        troubles.came_late(session, delivery, held_up, now)


def failed(
    session: Session, delivery_id: int, reason: str, now: datetime, *, unreachable: bool = True
) -> None:
    """It will never arrive. A member who is `unreachable` is not tried again, in any group, until
    they press Start. A chat that is, may be mended: it is tried again as long as the message is of
    use, and the organizers hear of it once."""
    delivery = _sending(session, delivery_id)
    if delivery is None:
        return
    if unreachable and delivery.chat_id is not None:
        _trouble(session, delivery, delivery.chat_id, reason, now)
        put_off(session, delivery_id, reason, now)
        return
    note(delivery, DeliveryState.FAILED, reason, now)
    if unreachable and delivery.member_id is not None:
        account = session.get_one(Member, delivery.member_id).telegram_id
        session.execute(update(Member).where(Member.telegram_id == account).values(reachable=False))
        standins.instead(session, delivery, now, known=False)


def _trouble(
    session: Session, delivery: Delivery, chat_id: int, reason: str, now: datetime
) -> None:
    chat = session.get_one(Chat, chat_id)
    if chat.trouble is not None:
        return
    chat.trouble = reason[: ledger.MAX_REASON]
    notices.to_organizers(
        session,
        DeliveryKind.TROUBLE,
        delivery.group_id,
        now,
        now + QUESTION_KEPT,
        told_in_group=True,
        about_id=delivery.id,
    )


def put_off(
    session: Session,
    delivery_id: int,
    reason: str,
    now: datetime,
    pause: timedelta | None = None,
) -> None:
    """It was certainly not sent: try again after `pause`, or, without one, after a growing one."""
    delivery = _sending(session, delivery_id)
    if delivery is None:
        return
    if owed.is_void(session, delivery):
        note(delivery, DeliveryState.CANCELLED, ledger.CHANGED, now)
        return
    # "Wait 0 seconds" is no pause: the same tick would try without end.
    delivery.try_at = now + (pause or pause_before_retry(delivery.attempts))
    if delivery.try_at >= delivery.expires_at:
        note(delivery, DeliveryState.EXPIRED, reason, now)
    else:
        note(delivery, DeliveryState.PLANNED, reason, now)


def uncertain(session: Session, delivery_id: int, reason: str, now: datetime) -> None:
    """It may have arrived. Nothing is posted twice to a group on its own: each organizer whom
    the bot may write to is asked instead. In private it is tried again."""
    delivery = _sending(session, delivery_id)
    if delivery is None:
        return
    if delivery.member_id is not None and delivery.attempts < TRIES:
        put_off(session, delivery_id, reason, now)
        return
    note(delivery, DeliveryState.UNCERTAIN, reason, now)
    if delivery.chat_id is not None:
        notices.to_organizers(
            session,
            DeliveryKind.UNCERTAIN,
            delivery.group_id,
            now,
            now + QUESTION_KEPT,
            told_in_group=True,
            # A message sent again and uncertain again is a new question.
            subject=f"delivery:{delivery.id}:try{delivery.attempts}",
            about_id=delivery.id,
        )


def recover(session: Session, now: datetime) -> int:
    """Between two ticks nothing is being sent: what is in `sending` all the same may have arrived.
    Returns how many such messages there were."""
    left = session.scalars(select(Delivery.id).where(Delivery.state == DeliveryState.SENDING)).all()
    for delivery_id in left:
        uncertain(session, delivery_id, "nobody noted whether it arrived", now)
    return len(left)


def it_arrived(session: Session, actor: Actor, delivery_id: int, now: datetime) -> DeliveryState:
    """An organizer saw the message. Saying so twice changes nothing. Returns what it is now:
    another organizer may have answered first."""
    delivery = _asked_about(session, actor, delivery_id)
    if delivery.state is DeliveryState.UNCERTAIN:
        note(delivery, DeliveryState.SENT, f"{actor.name} saw it arrive", now)
    return delivery.state


def send_again(session: Session, actor: Actor, delivery_id: int, now: datetime) -> DeliveryState:
    """An organizer did not see the message: it is due at once. Raises `DomainError` when it is
    of no more use; a second tap does not send it a second time. Returns what it is now."""
    delivery = _asked_about(session, actor, delivery_id)
    if delivery.state is DeliveryState.UNCERTAIN:
        if delivery.expires_at <= now or owed.against(session, delivery, now):
            raise DomainError(Refusal.TOO_LATE_TO_SEND)
        delivery.due_at = delivery.try_at = now
        note(delivery, DeliveryState.PLANNED, f"{actor.name} asked to send it again", now)
    return delivery.state


def _asked_about(session: Session, actor: Actor, delivery_id: int) -> Delivery:
    require_organizer(actor)
    return groups.own(session, Delivery, delivery_id, actor.group_id, lock=True)


def _sending(session: Session, delivery_id: int) -> Delivery | None:
    delivery = session.get(Delivery, delivery_id)
    return delivery if delivery and delivery.state is DeliveryState.SENDING else None
