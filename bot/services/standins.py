"""When the bot cannot write to a member: the group's chat stands in, where it is something that
they need to know, and the organizers hear of it once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.services import ledger, members, notices, queries
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, DeliveryState, OfferKind, OfferState
from storage.models import Chat, Delivery, Member, Offer

OF_ITS_OWN_ACCORD = (
    DeliveryKind.PREPARE,
    DeliveryKind.REMINDER,
    DeliveryKind.SLIDES_MISSING,
    DeliveryKind.VIDEO_MISSING,
)
"""What a member may mute; what other people ask them is not among it."""

_LEFT = ":left:"
"""In the key of what tells that somebody left; behind it is the meeting's id."""

FROM_PEOPLE = (DeliveryKind.REQUEST, DeliveryKind.ANSWER, DeliveryKind.CHANGE)


def instead(session: Session, delivery: Delivery, now: datetime, *, known: bool) -> None:
    """See to it that what was owed to a member in private gets about in another way. `known` says
    that the bot knew it beforehand, and did not hear it from Telegram just now."""
    if delivery.kind in (DeliveryKind.PREPARE, DeliveryKind.SLIDES_MISSING):
        _tell_organizers(session, delivery, now)
    if _is_needed(session, delivery, now, known=known):
        _name_in_group(session, delivery, now)


def leave(session: Session, chat_telegram_id: int, telegram_id: int, now: datetime) -> None:
    """Telegram said that this account is out of this chat. The organizers hear at once what it was
    to present, and what it was offered goes to the next with the tick."""
    members.set_gone(session, chat_telegram_id, telegram_id, gone=True)
    them = (
        select(Member.id)
        .join(Chat, Chat.group_id == Member.group_id)
        .where(Chat.telegram_id == chat_telegram_id, Member.telegram_id == telegram_id)
    )
    session.execute(
        update(Offer)
        .where(
            Offer.member_id.in_(them),
            Offer.state == OfferState.OPEN,
            Offer.kind != OfferKind.FILLED,
            Offer.made_at < now,
            Offer.expires_at > now,
        )
        .values(expires_at=now)
    )
    to_prepare = session.scalars(
        select(Delivery)
        .join(Chat, Chat.group_id == Delivery.group_id)
        .join(Member, Member.id == Delivery.member_id)
        .where(
            Chat.telegram_id == chat_telegram_id,
            Member.telegram_id == telegram_id,
            Delivery.kind == DeliveryKind.PREPARE,
            Delivery.state == DeliveryState.PLANNED,
        )
        .order_by(Delivery.due_at)
    )
    for delivery in to_prepare.all():
        _tell_organizers(session, delivery, now)


def is_back(session: Session, delivery: Delivery) -> bool:
    """Whether this tells that somebody left who is in the chat again."""
    about = session.get(Delivery, delivery.about_id) if delivery.about_id else None
    member = session.get(Member, about.member_id) if about and about.member_id else None
    return _LEFT in delivery.key and member is not None and not member.gone


def _tell_organizers(session: Session, delivery: Delivery, now: datetime) -> None:
    """Of whom the bot cannot write to, once; of who left, once about each meeting to come."""
    subject = f"member:{delivery.member_id}"
    if session.get_one(Member, delivery.member_id).gone:
        if delivery.kind is not DeliveryKind.PREPARE:
            return
        subject += f"{_LEFT}{delivery.meeting_id}"
    notices.to_organizers(
        session,
        DeliveryKind.UNREACHABLE,
        delivery.group_id,
        now,
        now + notices.NEWS_KEPT,
        told_in_group=True,
        subject=subject,
        about_id=delivery.id,
    )


def _is_needed(session: Session, delivery: Delivery, now: datetime, *, known: bool) -> bool:
    match delivery.kind:
        case DeliveryKind.PREPARE:
            return not _is_named_anyway(session, delivery, known=known)
        case DeliveryKind.SLIDES_MISSING:
            meeting = queries.meeting(session, delivery.group_id, delivery.meeting_id or 0, now)
            talks = meeting.talks_of(delivery.member_id) if meeting else ()
            return any(talk.is_given_by(delivery.member_id) for talk in talks)
        case DeliveryKind.OFFER if delivery.offer_id is not None:
            # Whose turn it is, is asked in private only.
            return session.get_one(Offer, delivery.offer_id).kind is not OfferKind.TURN
        case kind:
            return kind in FROM_PEOPLE


def _is_named_anyway(session: Session, delivery: Delivery, *, known: bool) -> bool:
    """Whether the group's own reminder names whom the bot cannot reach: one that is still to come
    does, and one that was told does if the bot knew."""
    names = (DeliveryState.PLANNED, *(ledger.TOLD if known else ()))
    planned = select(Delivery.id).where(
        Delivery.meeting_id == delivery.meeting_id,
        Delivery.kind == DeliveryKind.DAY_BEFORE,
        Delivery.state.in_(names),
        Delivery.due_at <= delivery.due_at,
    )
    return session.scalar(planned.limit(1)) is not None


def _name_in_group(session: Session, delivery: Delivery, now: datetime) -> None:
    chat_id = session.scalar(select(Chat.id).where(Chat.group_id == delivery.group_id))
    if chat_id is None or delivery.expires_at <= now:
        return
    promise = Promise(
        f"{delivery.key}:chat:{chat_id}",
        delivery.kind,
        now,
        delivery.expires_at,
        chat_id=chat_id,
        meeting_id=delivery.meeting_id,
        about_id=delivery.id,
        request_id=delivery.request_id,
        offer_id=delivery.offer_id,
        audit_id=delivery.audit_id,
    )
    ledger.owe(session, delivery.group_id, promise, now)
