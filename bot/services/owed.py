"""What is due, as it is to be told now. What needs no telling any more says why and is passed
over."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.domain.calendar import local
from bot.domain.reminders import MORE_WEEKS
from bot.domain.views import GroupView, MeetingView, OwedMessage
from bot.services import (
    closings,
    groups,
    history,
    ledger,
    members,
    news,
    offers,
    online,
    page_clashes,
    queries,
    requests,
    standins,
)
from storage.enums import (
    DeliveryKind,
    DeliveryState,
    LinkKind,
    MeetingStatus,
    OfferState,
    RequestState,
)
from storage.models import AuditEntry, Chat, Delivery, Meeting, Member, Offer, Request

log = logging.getLogger(__name__)

UNWORDABLE = "it could not be put into words"

Verdict = tuple[DeliveryState, str]
"""What becomes of a row that is not sent, and why."""


def take(
    session: Session, now: datetime, busy: Collection[int] = frozenset()
) -> OwedMessage | None:
    """The message that is due longest, now `sending`; `None` when nothing is due. Chats of these
    Telegram ids are `busy`: their turn comes later."""
    while (delivery := _longest_due(session, now, busy)) is not None:
        delivery.attempts += 1
        found = _look(session, delivery, now)
        if isinstance(found, OwedMessage):
            ledger.note(delivery, DeliveryState.SENDING, None, now)
            session.flush()
            return found
        ledger.note(delivery, *found, now)
        session.flush()
    return None


def set_aside(session: Session, delivery_id: int) -> None:
    """Nothing of it is on its way yet: should the process end now, it is simply due."""
    delivery = session.get_one(Delivery, delivery_id)
    delivery.state = DeliveryState.PLANNED
    delivery.attempts -= 1


def take_up(session: Session, due: OwedMessage, now: datetime) -> bool:
    """It is on its way again, if it still says what it said when it was taken; else it stays due as
    it is now, or is noted as not to be sent."""
    delivery = session.get_one(Delivery, due.id, with_for_update=True)
    if (
        delivery.state is not DeliveryState.PLANNED
        or not delivery.try_at <= now < delivery.expires_at
    ):
        return False
    delivery.attempts += 1
    found = _look(session, delivery, now)
    if not isinstance(found, OwedMessage):
        ledger.note(delivery, *found, now)
        return False
    if found._replace(reason=due.reason) != due:
        delivery.attempts -= 1
        return False
    ledger.note(delivery, DeliveryState.SENDING, None, now)
    return True


def _longest_due(session: Session, now: datetime, busy: Collection[int]) -> Delivery | None:
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.state == DeliveryState.PLANNED,
            Delivery.try_at <= now,
            Delivery.expires_at > now,
            *(_goes_elsewhere(busy) if busy else ()),
        )
        .order_by(Delivery.try_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _goes_elsewhere(busy: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    chats = select(Chat.id).where(Chat.telegram_id.in_(busy))
    people = select(Member.id).where(Member.telegram_id.in_(busy))
    return (
        or_(Delivery.chat_id.is_(None), Delivery.chat_id.not_in(chats)),
        or_(Delivery.member_id.is_(None), Delivery.member_id.not_in(people)),
    )


def against(session: Session, delivery: Delivery, now: datetime) -> Verdict | None:
    """What speaks against sending this now; `None` for nothing."""
    found = _look(session, delivery, now)
    return None if isinstance(found, OwedMessage) else found


def _look(session: Session, delivery: Delivery, now: datetime) -> OwedMessage | Verdict:
    """What is to be told, or why it is not."""
    if delivery.member_id is not None:
        member = session.get_one(Member, delivery.member_id)
        if member.gone or member.telegram_id is None or not member.reachable:
            standins.instead(session, delivery, now, known=True)
            why = f"{member.name} left the group's chat"
            return DeliveryState.SKIPPED, (
                why if member.gone else f"the bot may not write to {member.name}"
            )
        if member.muted and delivery.kind in standins.OF_ITS_OWN_ACCORD:
            return DeliveryState.SKIPPED, f"{member.name} muted the bot"
    if is_void(session, delivery):
        return DeliveryState.CANCELLED, ledger.CHANGED
    try:
        told = view(session, delivery, now)
    except DBAPIError:
        raise  # the database's own trouble, which passes
    except Exception:
        # One row that cannot be told must not keep the others waiting.
        log.exception("delivery %d cannot be told", delivery.id)
        return DeliveryState.FAILED, UNWORDABLE
    done = _is_done(told)
    return (DeliveryState.SKIPPED, done) if done else told


def is_void(session: Session, delivery: Delivery) -> bool:
    """Whether what it asks is settled, or the meeting is not as it was when this was planned."""
    if delivery.kind is DeliveryKind.REQUEST and delivery.request_id is not None:
        return session.get_one(Request, delivery.request_id).state is not RequestState.OPEN
    if delivery.kind is DeliveryKind.OFFER and delivery.offer_id is not None:
        return session.get_one(Offer, delivery.offer_id).state is not OfferState.OPEN
    if delivery.kind is DeliveryKind.PAGE:
        return page_clashes.is_settled(session, delivery)
    if delivery.kind is DeliveryKind.UNREACHABLE:
        return standins.is_back(session, delivery)
    if delivery.about_id is not None or delivery.meeting_id is None:
        return False
    meeting = session.get_one(Meeting, delivery.meeting_id)
    of_revision = f"meeting:{meeting.id}:rev"
    return meeting.status is not MeetingStatus.PLANNED or (
        delivery.key.startswith(of_revision)
        and not delivery.key.startswith(f"{of_revision}{meeting.revision}:")
    )


def _is_done(told: OwedMessage) -> str | None:
    """Why it need not be told any more."""
    match told.kind:
        case DeliveryKind.OPEN_SLOTS if not told.meetings:
            return "no slot of the coming four weeks is open"
        case DeliveryKind.CHANGES if not told.news:
            return "it was changed back, or is over"
        case DeliveryKind.ONLINE if not told.group.reminders.online:
            return "the group does not want to hear of it"
        case DeliveryKind.ONLINE if not told.online:
            return "it was taken back, or said in the chat already"
        case DeliveryKind.SLIDES_MISSING if not _lacks(told, LinkKind.SLIDES):
            return "the slides are there"
        case DeliveryKind.VIDEO_MISSING if not _lacks(told, LinkKind.VIDEO, LinkKind.SUMMARY):
            return "video and summary are there"
        case DeliveryKind.UNREACHABLE if _has_nothing_left(told.about):
            return "they present nothing there any more"
        case DeliveryKind.TERM_CLOSED if told.closed is None:
            return "the term was opened again"
    return None


def _has_nothing_left(about: OwedMessage | None) -> bool:
    """Whether what the organizers are told is that somebody left, who does not give a talk of this
    meeting."""
    if about is None or about.member is None or not about.member.gone or about.meeting is None:
        return False
    of_theirs = about.meeting.talks_of(about.member.id)
    return not any(talk.is_given_by(about.member.id) for talk in of_theirs)


def _lacks(told: OwedMessage, *kinds: LinkKind) -> bool:
    return told.meeting is not None and any(told.meeting.lacking(kind) for kind in kinds)


def _with_open_slots(
    session: Session, delivery: Delivery, now: datetime
) -> tuple[MeetingView, ...]:
    found = queries.open_meetings(session, delivery.group_id, now)
    return tuple(
        meeting for meeting in found if meeting.open_slots and meeting.starts_at <= now + MORE_WEEKS
    )


def view(session: Session, delivery: Delivery, now: datetime) -> OwedMessage:
    group = groups.by_id(session, delivery.group_id)
    member = session.get(Member, delivery.member_id) if delivery.member_id else None
    if member is not None:
        chat_id, topic_id = member.telegram_id, None
        several = chat_id is not None and len(groups.of_account(session, chat_id)) > 1
    else:
        chat = session.get_one(Chat, delivery.chat_id)
        chat_id, topic_id, several = chat.telegram_id, chat.topic_id, False
    about = session.get(Delivery, delivery.about_id) if delivery.about_id else None
    meeting = (
        queries.meeting(session, group.id, delivery.meeting_id, now)
        if delivery.meeting_id is not None
        else None
    )
    return OwedMessage(
        delivery.id,
        delivery.kind,
        chat_id or 0,  # of a delivery that a message is about; one that is sent has it
        topic_id,
        delivery.due_at,
        delivery.attempts,
        group,
        meeting,
        view(session, about, now) if about is not None else None,
        member=members.view(member) if member is not None else None,
        several=several,
        text=delivery.text,
        reason=delivery.reason,
        **_told(session, group, delivery, now),
    )


def _told(session: Session, group: GroupView, delivery: Delivery, now: datetime) -> dict[str, Any]:
    """What the message tells of, besides a meeting."""
    match delivery.kind:
        case DeliveryKind.CHANGES:
            return {"news": news.of(session, delivery, now)}
        case DeliveryKind.ONLINE:
            return {"online": online.of(session, delivery, now)}
        case DeliveryKind.OPEN_SLOTS:
            return {"meetings": _with_open_slots(session, delivery, now)}
        case DeliveryKind.NO_MEETING:
            following = queries.next_meeting(session, delivery.group_id, now)
            # It is of use until the meeting would begin.
            usual = local(delivery.expires_at, group.zone)
            return {"meetings": (following,) if following else (), "day": usual.date()}
        case DeliveryKind.PAGE:
            return {"page": page_clashes.view(session, delivery)}
        case DeliveryKind.TERM_CLOSED:
            entry = session.get_one(AuditEntry, delivery.audit_id)
            return {"closed": closings.closed_by(session, entry, now)}
    if delivery.request_id is not None:
        return {"request": requests.by_id(session, delivery.group_id, delivery.request_id, now)}
    if delivery.offer_id is not None:
        offer = session.get_one(Offer, delivery.offer_id)
        found = queries.of_slot(session, delivery.group_id, offer.slot_id, now)
        return {"offer": offers.view(session, offer), "found": found}
    if delivery.audit_id is not None:
        return {"change": history.change(session, delivery.group_id, delivery.audit_id, now)}
    return {}
