"""Where a meeting is, and what it is: a regular one, or a rehearsal, a kick-off, a guest's talk."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.moves import check_place
from bot.domain.papers import check_link
from bot.domain.views import Actor, MeetingView
from bot.services import bookings
from bot.services.audit import Action
from bot.services.changes_of_meetings import changed, coming, view
from storage.enums import MeetingKind
from storage.models import Meeting


def set_place(
    session: Session,
    actor: Actor,
    meeting_id: int,
    place: str | None,
    online_url: str | None,
    now: datetime,
) -> MeetingView:
    """The meeting is at this place, and is joined by this link; `None` for the group's own. As it
    is already changes nothing. Raises `DomainError` for anybody but an organizer, for a meeting
    that has begun, and for a place or link that is too long or no link."""
    meeting = coming(session, actor, meeting_id, now)
    check_place(place or "")
    if online_url is not None:
        check_link(online_url)
    if (place, online_url) != (meeting.place, meeting.online_url):
        before = {"place": meeting.place, "online_url": meeting.online_url}
        meeting.place, meeting.online_url = place, online_url
        after = {"place": place, "online_url": online_url}
        changed(session, actor, meeting, Action.MEETING_PLACE, before, after, now)
    return view(session, meeting, now)


def set_special(
    session: Session, actor: Actor, meeting_id: int, title: str | None, now: datetime
) -> MeetingView:
    """The meeting is a special one of this title, or for `None` a regular one. As it is already
    changes nothing. Raises `DomainError` for anybody but an organizer, for a meeting that has
    begun, and for a title that is too long."""
    meeting = coming(session, actor, meeting_id, now)
    kind = MeetingKind.REGULAR if title is None else MeetingKind.SPECIAL
    title = bookings.check_title(title) if title is not None else None
    if (kind, title) != (meeting.kind, meeting.title):
        before = _what(meeting)
        meeting.kind, meeting.title = kind, title
        changed(session, actor, meeting, Action.MEETING_SPECIAL, before, _what(meeting), now)
    return view(session, meeting, now)


def _what(meeting: Meeting) -> dict[str, str | None]:
    return {"kind": meeting.kind.value, "title": meeting.title}
