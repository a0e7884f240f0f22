"""The ledger of what the bot owes: planning it, taking what is due, and noting what became of it.

Every function is one step of `planned -> sending -> sent | uncertain | failed | skipped |
expired | cancelled`; sending itself happens between two transactions, in `bot.delivery`.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.domain.reminders import key_of, pause_before_retry, reminders
from bot.domain.views import Actor, GroupView, OwedMessage
from bot.errors import DomainError, Refusal
from bot.services import groups, history, offers, queries, requests, turns
from bot.services.members import require_organizer
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus, OfferState, RequestState
from storage.models import Chat, Delivery, Meeting, Member, Offer, Request

QUESTION_KEPT = timedelta(days=7)
"""How long an organizer is asked about an uncertain delivery."""

MAX_REASON = 200
"""Characters, as in the table."""

CHANGED = "the meeting changed"


def plan_group(session: Session, group: GroupView, now: datetime) -> None:
    """Plan the reminders of all the group's coming meetings. What is planned already stays."""
    coming = session.scalars(
        select(Meeting.id).where(Meeting.group_id == group.id, Meeting.starts_at > now)
    ).all()
    for meeting_id in coming:
        plan_meeting(session, group, meeting_id, now)


def plan_meeting(session: Session, group: GroupView, meeting_id: int, now: datetime) -> None:
    """Make the ledger agree with one meeting: what an earlier revision planned is cancelled,
    what this one owes is planned. A group without a chat is owed nothing yet."""
    meeting = session.get_one(Meeting, meeting_id)
    turns.plan(group, meeting, now)
    owed = (
        reminders(meeting.id, meeting.revision, meeting.starts_at, group.zone, group.chat.id)
        if group.chat is not None and meeting.status is MeetingStatus.PLANNED
        else ()
    )
    planned = {
        delivery.key: delivery
        for delivery in session.scalars(
            select(Delivery).where(Delivery.meeting_id == meeting_id, Delivery.about_id.is_(None))
        )
    }
    wanted = {reminder.key for reminder in owed}
    for key, delivery in planned.items():
        if key not in wanted and delivery.state is DeliveryState.PLANNED:
            _note(delivery, DeliveryState.CANCELLED, CHANGED, now)
    for reminder in owed:
        if reminder.key not in planned and group.chat is not None and now < reminder.expires_at:
            # What should have been told before the meeting was known is due now, and not late.
            due_at = max(reminder.due_at, now)
            session.add(
                Delivery(
                    group_id=group.id,
                    key=reminder.key,
                    kind=reminder.kind,
                    state=DeliveryState.PLANNED,
                    chat_id=group.chat.id,
                    meeting_id=meeting_id,
                    due_at=due_at,
                    try_at=due_at,
                    expires_at=reminder.expires_at,
                    changed_at=now,
                )
            )


def expire(session: Session, now: datetime) -> None:
    """What is planned and of no more use is not sent, and says so."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.state == DeliveryState.PLANNED,
            Delivery.try_at <= now,  # the index is on this one, and it comes before the expiry
            Delivery.expires_at <= now,
        )
        .values(
            state=DeliveryState.EXPIRED,
            reason=func.coalesce(Delivery.reason, "the bot was away until it was of no more use"),
            changed_at=now,
        )
    )


def take_due(session: Session, now: datetime) -> OwedMessage | None:
    """The message that is due longest, now `sending`; `None` when nothing is due."""
    delivery = session.scalars(
        select(Delivery)
        .where(
            Delivery.state == DeliveryState.PLANNED,
            Delivery.try_at <= now,
            Delivery.expires_at > now,
        )
        .order_by(Delivery.try_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if delivery is None:
        return None
    delivery.attempts += 1
    _note(delivery, DeliveryState.SENDING, None, now)
    session.flush()
    return _view(session, delivery, now)


def next_due(session: Session) -> datetime | None:
    """When the next planned message is to be tried; `None` when none is planned."""
    return session.scalar(
        select(func.min(Delivery.try_at)).where(Delivery.state == DeliveryState.PLANNED)
    )


def sent(session: Session, delivery_id: int, message_id: int, now: datetime) -> None:
    delivery = _sending(session, delivery_id)
    if delivery is not None:
        delivery.message_id = message_id
        _note(delivery, DeliveryState.SENT, None, now)


def failed(
    session: Session, delivery_id: int, reason: str, now: datetime, *, unreachable: bool = True
) -> None:
    """It will never arrive. A member who is `unreachable` is not tried again, in any group, until
    they press Start."""
    delivery = _sending(session, delivery_id)
    if delivery is None:
        return
    _note(delivery, DeliveryState.FAILED, reason, now)
    if unreachable and delivery.member_id is not None:
        account = session.get_one(Member, delivery.member_id).telegram_id
        session.execute(update(Member).where(Member.telegram_id == account).values(reachable=False))


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
    if _is_void(session, delivery):
        _note(delivery, DeliveryState.CANCELLED, CHANGED, now)
        return
    # "Wait 0 seconds" is no pause: the same tick would try without end.
    delivery.try_at = now + (pause or pause_before_retry(delivery.attempts))
    if delivery.try_at >= delivery.expires_at:
        _note(delivery, DeliveryState.EXPIRED, reason, now)
    else:
        _note(delivery, DeliveryState.PLANNED, reason, now)


def uncertain(session: Session, delivery_id: int, reason: str, now: datetime) -> None:
    """It may have arrived. Nothing is posted twice to a group on its own: each organizer whom
    the bot may write to is asked instead."""
    delivery = _sending(session, delivery_id)
    if delivery is None:
        return
    _note(delivery, DeliveryState.UNCERTAIN, reason, now)
    if delivery.chat_id is not None:
        _ask_organizers(session, delivery, now)


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
        _note(delivery, DeliveryState.SENT, f"{actor.name} saw it arrive", now)
    return delivery.state


def send_again(session: Session, actor: Actor, delivery_id: int, now: datetime) -> DeliveryState:
    """An organizer did not see the message: it is due at once. Raises `DomainError` when it is
    of no more use; a second tap does not send it a second time. Returns what it is now."""
    delivery = _asked_about(session, actor, delivery_id)
    if delivery.state is DeliveryState.UNCERTAIN:
        if delivery.expires_at <= now or _is_void(session, delivery):
            raise DomainError(Refusal.TOO_LATE_TO_SEND)
        delivery.due_at = delivery.try_at = now
        _note(delivery, DeliveryState.PLANNED, f"{actor.name} asked to send it again", now)
    return delivery.state


def _asked_about(session: Session, actor: Actor, delivery_id: int) -> Delivery:
    require_organizer(actor)
    delivery = session.scalars(
        select(Delivery)
        .where(Delivery.id == delivery_id, Delivery.group_id == actor.group_id)
        .with_for_update()
    ).one_or_none()
    if delivery is None:
        raise DomainError(Refusal.OLD_BUTTON)
    return delivery


def _ask_organizers(session: Session, about: Delivery, now: datetime) -> None:
    organizers = session.scalars(
        select(Member.id).where(
            Member.group_id == about.group_id, Member.organizer, Member.reachable
        )
    ).all()
    for member_id in organizers:
        session.add(
            Delivery(
                group_id=about.group_id,
                # A message sent again and uncertain again is a new question.
                key=f"delivery:{about.id}:try{about.attempts}:uncertain:member:{member_id}",
                kind=DeliveryKind.UNCERTAIN,
                state=DeliveryState.PLANNED,
                member_id=member_id,
                meeting_id=about.meeting_id,
                about_id=about.id,
                due_at=now,
                try_at=now,
                expires_at=now + QUESTION_KEPT,
                changed_at=now,
            )
        )


def _sending(session: Session, delivery_id: int) -> Delivery | None:
    delivery = session.get(Delivery, delivery_id)
    return delivery if delivery and delivery.state is DeliveryState.SENDING else None


def _is_void(session: Session, delivery: Delivery) -> bool:
    """Whether the meeting was cancelled or changed since the message was planned."""
    if delivery.kind is DeliveryKind.REQUEST and delivery.request_id is not None:
        return session.get_one(Request, delivery.request_id).state is not RequestState.OPEN
    if delivery.kind is DeliveryKind.OFFER and delivery.offer_id is not None:
        return session.get_one(Offer, delivery.offer_id).state is not OfferState.OPEN
    if delivery.about_id is not None or delivery.meeting_id is None or delivery.chat_id is None:
        return False
    meeting = session.get_one(Meeting, delivery.meeting_id)
    key = key_of(meeting.id, meeting.revision, delivery.kind, delivery.chat_id)
    return meeting.status is not MeetingStatus.PLANNED or delivery.key != key


def _note(delivery: Delivery, state: DeliveryState, reason: str | None, now: datetime) -> None:
    delivery.state, delivery.changed_at = state, now
    delivery.reason = reason and reason[:MAX_REASON]


def _view(session: Session, delivery: Delivery, now: datetime) -> OwedMessage:
    group = groups.by_id(session, delivery.group_id)
    if delivery.member_id is not None:
        chat_id, topic_id = session.get_one(Member, delivery.member_id).telegram_id, None
    else:
        chat = session.get_one(Chat, delivery.chat_id)
        chat_id, topic_id = chat.telegram_id, chat.topic_id
    about = session.get(Delivery, delivery.about_id) if delivery.about_id else None
    meeting = (
        queries.meeting(session, group.id, delivery.meeting_id, now)
        if delivery.meeting_id is not None
        else None
    )
    if chat_id is None:
        raise LookupError("a private message is owed only to a member with an account")
    return OwedMessage(
        delivery.id,
        delivery.kind,
        chat_id,
        topic_id,
        delivery.due_at,
        delivery.attempts,
        group,
        meeting,
        _view(session, about, now) if about is not None else None,
        **_told(session, delivery, now),
    )


def _told(session: Session, delivery: Delivery, now: datetime) -> dict[str, Any]:
    """What the message tells of, besides a meeting."""
    if delivery.request_id is not None:
        return {"request": requests.by_id(session, delivery.group_id, delivery.request_id, now)}
    if delivery.offer_id is not None:
        offer = session.get_one(Offer, delivery.offer_id)
        found = queries.of_slot(session, delivery.group_id, offer.slot_id, now)
        return {"offer": offers.view(session, offer), "found": found}
    if delivery.audit_id is not None:
        return {"change": history.change(session, delivery.group_id, delivery.audit_id, now)}
    return {}
