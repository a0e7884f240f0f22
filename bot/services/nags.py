"""Asking for what is missing after a meeting: slides of its presenters, video and summary of the
organizers; more and more rarely, until it is there."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import local
from bot.domain.reminders import next_nag
from bot.domain.views import GroupView, MeetingView
from bot.services import groups, ledger, members, queries
from bot.services.ledger import Promise
from storage.enums import DeliveryKind, DeliveryState, LinkKind, MeetingStatus
from storage.models import Delivery, Meeting, Member

OF_USE = timedelta(days=7)
"""How long the last one is of use; each of the others until the next."""


CLOSED = "the term was closed"

_ASKS_FOR = {
    DeliveryKind.PREPARE: LinkKind.SLIDES,
    DeliveryKind.SLIDES_MISSING: LinkKind.SLIDES,
    DeliveryKind.VIDEO_MISSING: LinkKind.VIDEO,
}


class Asked(NamedTuple):
    """A link that a message asks for, of the meeting on this day. Where several are asked for,
    `kind` is the one that is on no site of papers, and the video rather than the summary."""

    kind: LinkKind
    day: date


def look(session: Session, now: datetime) -> None:
    """Ask for what is missing after each meeting for which it is time."""
    due = session.scalars(
        select(Meeting).where(Meeting.nag_at <= now).order_by(Meeting.nag_at)
    ).all()
    for meeting in due:
        group = groups.by_id(session, meeting.group_id)
        there = queries.meeting(session, group.id, meeting.id, now)
        meeting.nag_at = None
        if there is None or group.chat is None or meeting.status is not MeetingStatus.PLANNED:
            continue
        again = next_nag(meeting.starts_at, group.zone, group.reminders, now)
        if _ask(session, group, there, now, again or now + OF_USE):
            meeting.nag_at = again


def answered(session: Session, telegram_id: int, message_id: int) -> Asked | None:
    """What this message of the account's private chat asks for; `None` where it asks for no
    link."""
    row = session.execute(
        select(Delivery.kind, Meeting.date)
        .join(Member, Member.id == Delivery.member_id)
        .join(Meeting, Meeting.id == Delivery.meeting_id)
        .where(
            Member.telegram_id == telegram_id,
            Delivery.message_id == message_id,
            Delivery.kind.in_(_ASKS_FOR),
        )
    ).first()
    return Asked(_ASKS_FOR[row.kind], row.date) if row else None


def stop(session: Session, term_id: int, now: datetime) -> None:
    """The term is closed: nothing is asked for any more."""
    of_term = select(Meeting.id).where(Meeting.term_id == term_id)
    session.execute(update(Meeting).where(Meeting.term_id == term_id).values(nag_at=None))
    session.execute(
        update(Delivery)
        .where(
            Delivery.meeting_id.in_(of_term),
            Delivery.kind.in_((DeliveryKind.SLIDES_MISSING, DeliveryKind.VIDEO_MISSING)),
            Delivery.state == DeliveryState.PLANNED,
        )
        .values(state=DeliveryState.CANCELLED, reason=CLOSED, changed_at=now)
    )


def resume(session: Session, group: GroupView, term_id: int, now: datetime) -> None:
    """The term is open again: what is missing is asked for as if it had never been closed."""
    held = select(Meeting).where(
        Meeting.term_id == term_id,
        Meeting.status == MeetingStatus.PLANNED,
        Meeting.starts_at <= now,
    )
    for meeting in session.scalars(held):
        meeting.nag_at = next_nag(meeting.starts_at, group.zone, group.reminders, now)


def _ask(
    session: Session, group: GroupView, meeting: MeetingView, now: datetime, until: datetime
) -> bool:
    """Returns whether anything is missing."""
    day = local(now, group.zone).date()
    slides = meeting.lacking(LinkKind.SLIDES) if group.reminders.slides_missing else ()
    recorded = (
        *meeting.lacking(LinkKind.VIDEO),
        *meeting.lacking(LinkKind.SUMMARY),
    ) if group.reminders.video_missing else ()  # fmt: skip
    asked = {person.member_id for talk in slides for person in talk.presenters}
    for member_id in sorted(asked):
        _owe(session, group, meeting, DeliveryKind.SLIDES_MISSING, member_id, day, now, until)
    if recorded:
        for member_id in members.reachable_organizers(session, group.id):
            _owe(session, group, meeting, DeliveryKind.VIDEO_MISSING, member_id, day, now, until)
    return bool(slides or recorded)


def _owe(
    session: Session,
    group: GroupView,
    meeting: MeetingView,
    kind: DeliveryKind,
    member_id: int,
    day: date,
    now: datetime,
    until: datetime,
) -> None:
    if session.get_one(Member, member_id).muted:
        return
    key = f"meeting:{meeting.id}:{kind.value}:{day}:member:{member_id}"
    promise = Promise(key, kind, now, until, member_id=member_id, meeting_id=meeting.id)
    ledger.owe(session, group.id, promise, now)
