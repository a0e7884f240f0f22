"""Writing down who changed what, in the transaction that changes it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.domain.views import Actor
from storage.models import AuditEntry
from storage.queries import new_row, table


class Action(StrEnum):
    """`noun:verb`, so that the log can be filtered by either."""

    FILE_REPLACE = "file:replace"
    GROUP_CREATE = "group:create"
    GROUP_TIE = "group:tie"
    LINK_POST = "link:post"
    LINK_UNDO = "link:undo"
    PAGE_EDIT = "page:edit"
    PAGE_IMPORT = "page:import"
    PAGE_KEEP = "page:keep"
    PAGE_TAKE = "page:take"
    GROUP_RULES = "group:rules"
    MEETING_CANCEL = "meeting:cancel"
    MEETING_CREATE = "meeting:create"
    MEETING_MOVE = "meeting:move"
    MEETING_PLACE = "meeting:place"
    MEETING_RESTORE = "meeting:restore"
    MEETING_SLOTS = "meeting:slots"
    MEETING_SPECIAL = "meeting:special"
    MEETING_UNDO = "meeting:undo"
    MEMBER_IDENTIFY = "member:identify"
    MESSAGE_POST = "message:post"
    MESSAGE_TAKE_BACK = "message:take_back"
    TALK_ASSIGN = "talk:assign"
    TALK_CLAIM = "talk:claim"
    TALK_DECLINE = "talk:decline"
    TALK_EDIT = "talk:edit"
    TALK_FILL = "talk:fill"
    TALK_HAND_OVER = "talk:hand_over"
    TALK_ON_PAGE = "talk:on_page"
    TALK_RELEASE = "talk:release"
    TALK_SUPPORTERS = "talk:supporters"
    TALK_SWAP = "talk:swap"
    TALK_UNASSIGN = "talk:unassign"
    TALK_UNDO = "talk:undo"
    TERM_CLOSE = "term:close"
    TERM_CREATE = "term:create"
    TERM_UNDO = "term:undo"


_ENTRY = insert(table(AuditEntry))


def note(
    session: Session,
    actor: Actor,
    action: Action,
    subject_id: int,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    undoes_id: int | None = None,
) -> int:
    """Returns the entry's id. The subject of `talk:…` is a slot, since talks come and go."""
    return new_row(
        session,
        _ENTRY,
        group_id=actor.group_id,
        at=now,
        member_id=actor.member_id,
        actor_name=actor.name,
        action=action.value,
        subject_id=subject_id,
        before=before,
        after=after,
        undoes_id=undoes_id,
    )


def note_undone(
    session: Session, actor: Actor, action: Action, entry: AuditEntry, now: datetime
) -> int:
    """Write down that this entry's change was taken back. Returns the new entry's id."""
    return note(
        session,
        actor,
        action,
        entry.subject_id,
        now,
        before=entry.after,
        after=entry.before,
        undoes_id=entry.id,
    )


def last_of(session: Session, group_id: int, action: Action, subject_id: int) -> int:
    """The id of the last entry that says so of the subject; there is one."""
    said = select(AuditEntry.id).where(
        AuditEntry.group_id == group_id,
        AuditEntry.action == action.value,
        AuditEntry.subject_id == subject_id,
    )
    return session.scalars(said.order_by(AuditEntry.id.desc()).limit(1)).one()


def newest(session: Session) -> datetime | None:
    """When the last change in any group was made; `None` before the first."""
    last = select(func.max(AuditEntry.id)).scalar_subquery()
    return session.scalar(select(AuditEntry.at).where(AuditEntry.id == last))
