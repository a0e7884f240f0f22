"""Which talks a link can be for: that lack one, and for which whoever posts it may."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.domain.views import Actor, FoundTalk, MeetingView
from bot.errors import DomainError, Refusal
from bot.services import queries
from bot.services.meetings import load
from storage.enums import LinkKind, MeetingStatus
from storage.models import Link, Meeting, Presenter, Slot, Talk


def places(session: Session, actor: Actor, kind: LinkKind, now: datetime) -> tuple[FoundTalk, ...]:
    """The talks that a link without a date can be for: of the last meeting that lacks one, and for
    slides the actor's own next. An organizer posts for everybody, a presenter for their own talks.

    Raises `DomainError` for who is neither.
    """
    if not (actor.organizer or _presents(session, actor)):
        raise DomainError(Refusal.NOT_YOURS_TO_POST, kind=kind)
    held = _lacking(session, actor, kind, now, held=True)
    found = places_on(actor, kind, held, None, now) if held else ()
    own = actor._replace(organizer=False)
    coming = _lacking(session, own, kind, now, held=False) if kind is LinkKind.SLIDES else None
    return (*found, *places_on(own, kind, coming, None, now)) if coming else found


def own_talks(session: Session, actor: Actor, now: datetime) -> tuple[FoundTalk, ...]:
    """The actor's last talk and their next, whatever is posted already: for what takes the place of
    something."""
    if actor.telegram_id is None:
        return ()
    own = queries.talks_of(session, actor.group_id, actor.telegram_id, now)
    taking_place = [one for one in own if not one.meeting.is_cancelled]
    held = [one for one in taking_place if one.meeting.begun]
    coming = [one for one in taking_place if not one.meeting.begun]
    return (*held[:1], *coming[-1:])


def places_on(
    actor: Actor, kind: LinkKind, meeting: MeetingView, position: int | None, now: datetime
) -> tuple[FoundTalk, ...]:
    """The talks of this meeting that the link can be for: the one in the slot that was named, the
    only one that lacks such a link, or all of the actor's, those that lack one first. Raises
    `DomainError` like `links.post`."""
    own = _own_of(actor, kind, meeting, position, now)
    lacking = [one for one in own if not one.talk.has(kind)]
    if len(lacking) == 1:
        return tuple(lacking)
    return tuple(sorted(own, key=lambda one: one.talk.has(kind)))


def wanted(
    session: Session,
    actor: Actor,
    kind: LinkKind,
    meeting_id: int,
    slot_id: int | None,
    now: datetime,
) -> list[FoundTalk]:
    """The talk in this slot of the meeting, or all for which the actor may post. Raises
    `DomainError` like `links.post`."""
    meeting = queries.meeting(session, actor.group_id, meeting_id, now)
    if meeting is None:
        raise DomainError(Refusal.NO_SUCH_SLOT)
    position = next((slot.position for slot in meeting.slots if slot.id == slot_id), None)
    if slot_id is not None and position is None:
        raise DomainError(Refusal.NO_SUCH_SLOT)
    return _own_of(actor, kind, meeting, position, now)


def _own_of(
    actor: Actor, kind: LinkKind, meeting: MeetingView, position: int | None, now: datetime
) -> list[FoundTalk]:
    """The talks of the meeting, or the one in this slot, for which the actor may post."""
    talks = [
        FoundTalk(meeting, slot)
        for slot in meeting.slots
        if slot.talk and position in (None, slot.position)
    ]
    own = [one for one in talks if actor.organizer or one.talk.has_presenter(actor.member_id)]
    if not own and not actor.organizer:
        raise DomainError(Refusal.NOT_YOURS_TO_POST, kind=kind)
    if kind is not LinkKind.SLIDES and meeting.starts_at > now:
        raise DomainError(Refusal.NOT_YET_HELD, meeting=meeting, kind=kind)
    if not own:
        raise DomainError(Refusal.NO_TALK_THERE, meeting=meeting)
    return own


def _presents(session: Session, actor: Actor) -> bool:
    gives = exists().where(Presenter.member_id == actor.member_id)
    return actor.member_id is not None and bool(session.scalar(select(gives)))


def _lacking(
    session: Session, actor: Actor, kind: LinkKind, now: datetime, *, held: bool
) -> MeetingView | None:
    """The last meeting that has begun, or else the next to come, with a talk of the actor's (any,
    for an organizer) that lacks such a link. One beside the whole meeting serves all its talks."""
    of_talk = exists().where(Link.talk_id == Talk.id, Link.kind == kind).correlate(Talk)
    of_meeting = exists().where(Link.meeting_id == Meeting.id, Link.kind == kind)
    gives = exists().where(Presenter.talk_id == Talk.id, Presenter.member_id == actor.member_id)
    lacks = exists().where(
        Slot.meeting_id == Meeting.id,
        Talk.slot_id == Slot.id,
        ~of_talk,
        *(() if actor.organizer else (gives.correlate(Talk),)),
    )
    found = load(
        session,
        actor.group_id,
        now,
        Meeting.starts_at <= now if held else Meeting.starts_at > now,
        Meeting.status == MeetingStatus.PLANNED,
        lacks.correlate(Meeting),
        ~of_meeting.correlate(Meeting),
        newest_first=held,
        limit=1,
    )
    return found[0] if found else None
