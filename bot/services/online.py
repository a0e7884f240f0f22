"""Slides, videos and summaries that were posted, told to the group once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.views import FoundTalk, GroupView, LinkView, OnlineView
from bot.services import gathering
from bot.services.audit import Action
from bot.services.meetings import load
from storage.enums import DeliveryKind
from storage.models import Delivery, Link, Meeting, Slot, Talk


def tell(session: Session, group: GroupView, entry_id: int, now: datetime) -> None:
    """Owe a group that wants to hear of it the link of this audit entry, with those that follow
    soon."""
    if group.reminders.online:
        gathering.tell(session, group, DeliveryKind.ONLINE, entry_id, now)


def of(session: Session, delivery: Delivery, now: datetime) -> tuple[OnlineView, ...]:
    """What this message has to tell, talk by talk in order of time; nothing when all of it was
    taken back, or was seen in the group's chat already."""
    posted: dict[int, set[tuple[str, str]]] = {}
    for entry in gathering.entries(session, delivery, (Action.LINK_POST,)):
        after = entry.after or {}
        if not after.get("told"):
            link = (str(after.get("kind")), str(after.get("url")))
            posted.setdefault(entry.subject_id, set()).add(link)
    _follow(session, delivery.group_id, posted)
    in_meetings = (
        select(Slot.meeting_id).join(Talk, Talk.slot_id == Slot.id).where(Talk.id.in_(posted))
    )
    found = (
        FoundTalk(meeting, slot)
        for meeting in load(session, delivery.group_id, now, Meeting.id.in_(in_meetings))
        for slot in meeting.slots
        if slot.talk is not None and slot.talk.id in posted
    )
    told = (OnlineView(one, _still_there(one, posted[one.talk.id])) for one in found)
    return tuple(one for one in told if one.links)


def _follow(session: Session, group_id: int, posted: dict[int, set[tuple[str, str]]]) -> None:
    """A talk that changed places meanwhile is another row, and has its links with it."""
    gone = set(posted) - set(session.scalars(select(Talk.id).where(Talk.id.in_(posted))))
    links = set().union(*(posted.pop(talk_id) for talk_id in gone))
    there = (
        select(Talk.id, Link.kind, Link.url)
        .join(Link, Link.talk_id == Talk.id)
        .where(Link.group_id == group_id, Link.url.in_({url for _, url in links}))
    )
    for talk_id, kind, url in session.execute(there) if links else ():
        if (kind.value, url) in links:
            posted.setdefault(talk_id, set()).add((kind.value, url))


def _still_there(found: FoundTalk, posted: set[tuple[str, str]]) -> tuple[LinkView, ...]:
    return tuple(link for link in found.talk.links if (link.kind.value, link.url) in posted)
