"""What comes after a talk: its video."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.domain import papers
from bot.domain.views import Actor, FoundTalk, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import queries
from bot.services.audit import Action, note
from bot.services.meetings import load
from bot.services.members import require_organizer
from storage.enums import LinkKind, MeetingStatus
from storage.models import Link, Meeting, Slot, Talk


@dataclass(frozen=True, slots=True)
class Posted:
    """The meeting after posting, and the talks that got the link. `new` is false when all of
    them had it already."""

    meeting: MeetingView
    talks: tuple[FoundTalk, ...]
    new: bool


def check_link(url: str) -> None:
    if not papers.is_web_url(url):
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=url)


def lacking_video(session: Session, group_id: int, now: datetime) -> MeetingView | None:
    """The last meeting that has begun and has a talk without a video."""
    has_video = exists().where(Link.talk_id == Talk.id, Link.kind == LinkKind.VIDEO)
    lacks = exists().where(
        Slot.meeting_id == Meeting.id, Talk.slot_id == Slot.id, ~has_video.correlate(Talk)
    )
    found = load(
        session,
        group_id,
        now,
        Meeting.starts_at <= now,
        Meeting.status == MeetingStatus.PLANNED,
        lacks.correlate(Meeting),
        newest_first=True,
        limit=1,
    )
    return found[0] if found else None


def post_video(
    session: Session,
    actor: Actor,
    meeting_id: int,
    slot_ids: frozenset[int],
    url: str,
    now: datetime,
) -> Posted:
    """Put the video beside the talks in these slots of one meeting: one recording may hold both.

    Posting it again changes nothing. Raises `DomainError` for who is no organizer, a link that
    is none, a meeting that has not begun, and slots without a talk.
    """
    require_organizer(actor)
    check_link(url)
    meeting = queries.meeting(session, actor.group_id, meeting_id, now)
    if meeting is None:
        raise DomainError(Refusal.NO_SUCH_SLOT)
    if meeting.starts_at > now:
        raise DomainError(Refusal.NOT_YET_HELD, meeting=meeting)
    talks = [slot.talk for slot in meeting.slots if slot.id in slot_ids and slot.talk]
    if not talks:
        raise DomainError(Refusal.NO_TALK_THERE, meeting=meeting)
    added = [_add(session, actor, talk.id, url, now) for talk in talks]
    after = queries.meeting(session, actor.group_id, meeting_id, now) or meeting
    found = tuple(
        FoundTalk(after, slot) for slot in after.slots if slot.id in slot_ids and slot.talk
    )
    return Posted(after, found, new=any(added))


def _add(session: Session, actor: Actor, talk_id: int, url: str, now: datetime) -> bool:
    # Two organizers posting at once queue here instead of meeting in the constraint.
    session.execute(select(Talk.id).where(Talk.id == talk_id).with_for_update())
    same = select(Link.id).where(
        Link.talk_id == talk_id, Link.kind == LinkKind.VIDEO, Link.url == url
    )
    if session.scalar(same) is not None:
        return False
    session.add(Link(group_id=actor.group_id, talk_id=talk_id, kind=LinkKind.VIDEO, url=url))
    session.flush()
    after = {"kind": LinkKind.VIDEO.value, "url": url}
    note(session, actor, Action.LINK_POST, talk_id, now, after=after)
    return True
