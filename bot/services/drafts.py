"""Requests that wait for a tap: they outlive a restart, and only their member may finish them."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.domain.views import Actor, DraftView
from bot.errors import DomainError, Refusal
from bot.services.members import require_member
from storage.enums import DraftKind
from storage.models import Draft

KEPT_FOR = timedelta(days=7)
"""An older draft is forgotten: by then the schedule it was written for has moved on."""


def keep(
    session: Session,
    actor: Actor,
    kind: DraftKind,
    now: datetime,
    *,
    title: str | None = None,
    url: str | None = None,
) -> DraftView:
    session.execute(delete(Draft).where(Draft.created_at < now - KEPT_FOR))
    draft = Draft(
        group_id=actor.group_id,
        member_id=require_member(actor),
        kind=kind,
        title=title,
        url=url,
        created_at=now,
    )
    session.add(draft)
    session.flush()  # for its id
    return DraftView(draft.id, draft.member_id, kind, title, url)


def take_up(
    session: Session, actor: Actor, draft_id: int, kind: DraftKind, now: datetime
) -> DraftView:
    """The draft that a button names. It stays, so that a second tap finds it too. Raises
    `DomainError` when it is gone or too old, and when it is somebody else's."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.group_id != actor.group_id or draft.kind is not kind:
        raise DomainError(Refusal.DRAFT_GONE)
    if draft.created_at < now - KEPT_FOR:
        raise DomainError(Refusal.DRAFT_GONE)
    if draft.member_id != actor.member_id:
        raise DomainError(Refusal.SOMEBODY_ELSES_BUTTON)
    return DraftView(draft.id, draft.member_id, draft.kind, draft.title, draft.url)
