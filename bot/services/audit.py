"""Writing down who changed what, in the transaction that changes it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.views import Actor
from storage.models import AuditEntry


class Action(StrEnum):
    """`noun:verb`, so that the log can be filtered by either."""

    GROUP_CREATE = "group:create"
    GROUP_TIE = "group:tie"
    LINK_POST = "link:post"
    PAGE_IMPORT = "page:import"
    TALK_CLAIM = "talk:claim"
    TALK_RELEASE = "talk:release"


def note(
    session: Session,
    actor: Actor,
    action: Action,
    subject_id: int,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    session.add(
        AuditEntry(
            group_id=actor.group_id,
            at=now,
            member_id=actor.member_id,
            actor_name=actor.name,
            action=action.value,
            subject_id=subject_id,
            before=before,
            after=after,
        )
    )
