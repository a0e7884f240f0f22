"""From rows to meetings as others see them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from bot.domain.calendar import status_at
from bot.domain.views import (
    LinkView,
    MeetingView,
    MemberView,
    OfferView,
    PresenterView,
    SlotView,
    TalkView,
)
from storage.enums import OfferKind
from storage.models import Meeting
from storage.prepared import AnyRow
from storage.queries import schedule as rows


def load(
    session: Session,
    group_id: int,
    now: datetime,
    *conditions: ColumnElement[bool],
    newest_first: bool = False,
    skip: int = 0,
    limit: int | None = None,
) -> tuple[MeetingView, ...]:
    """The group's meetings that meet all `conditions`, with their slots, talks, presenters and
    links, in order of time."""
    order = Meeting.starts_at.desc() if newest_first else Meeting.starts_at
    statement = rows.meetings(group_id).where(*conditions).order_by(order)
    if skip:
        statement = statement.offset(skip)
    if limit is not None:
        statement = statement.limit(limit)
    found = session.execute(statement).all()
    return views(session, found, now)


def views(session: Session, found: Sequence[AnyRow], now: datetime) -> tuple[MeetingView, ...]:
    """The meetings in these rows, with all that hangs on them."""
    if not found:
        return ()
    meeting_ids = [row.id for row in found]
    slot_rows = rows.slots(session, meeting_ids)
    talk_ids = [row.talk_id for row in slot_rows if row.talk_id is not None]
    people: dict[int, list[PresenterView]] = defaultdict(list)
    for row in rows.presenters(session, talk_ids) if talk_ids else ():
        people[row.talk_id].append(
            PresenterView(
                row.member_id, row.name, row.role, row.affiliation, row.telegram_id, row.reachable
            )
        )
    of_talk: dict[int, list[LinkView]] = defaultdict(list)
    of_meeting: dict[int, list[LinkView]] = defaultdict(list)
    for row in rows.links(session, talk_ids, meeting_ids):
        link = LinkView(row.kind, row.url, row.label)
        if row.talk_id is not None:
            of_talk[row.talk_id].append(link)
        else:
            of_meeting[row.meeting_id].append(link)
    slots: dict[int, list[SlotView]] = defaultdict(list)
    for row in slot_rows:
        talk = _talk(row, people, of_talk) if row.talk_id is not None else None
        held = _held(row) if talk is None and row.offer_id and row.expires_at > now else None
        slots[row.meeting_id].append(SlotView(row.id, row.position, row.topic, talk, held))
    return tuple(
        MeetingView(
            row.id,
            row.date,
            row.starts_at,
            row.ends_at,
            row.kind,
            status_at(row.status, row.ends_at, now),
            row.title,
            row.revision,
            tuple(slots[row.id]),
            tuple(of_meeting[row.id]),
            begun=row.starts_at <= now,
            place=row.place,
            online_url=row.online_url,
        )
        for row in found
    )


def _held(row: AnyRow) -> OfferView:
    member = MemberView(row.member_id, row.name, row.telegram_id, row.reachable)
    return OfferView(
        row.offer_id,
        OfferKind.WAITING,
        member,
        row.expires_at,
        row.offered_title,
        row.offered_url,
    )


def _talk(
    row: AnyRow,
    people: dict[int, list[PresenterView]],
    links: dict[int, list[LinkView]],
) -> TalkView:
    return TalkView(
        row.talk_id,
        row.title,
        row.venue,
        row.year,
        row.url,
        tuple(people[row.talk_id]),
        tuple(links[row.talk_id]),
    )
