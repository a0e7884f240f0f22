"""Requests that wait for a tap: they outlive a restart, and only their member may finish them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.domain.claims import Wish
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
    slot_id: int | None = None,
    text: str | None = None,
    plan: dict[str, Any] | None = None,
) -> DraftView:
    session.execute(delete(Draft).where(Draft.created_at < now - KEPT_FOR))
    draft = Draft(
        group_id=actor.group_id,
        member_id=require_member(actor),
        kind=kind,
        title=title,
        url=url,
        slot_id=slot_id,
        text=text,
        plan=plan,
        created_at=now,
    )
    session.add(draft)
    session.flush()  # for its id
    return _view(draft)


def keep_paper(
    session: Session,
    actor: Actor,
    kind: DraftKind,
    wish: Wish,
    now: datetime,
    slot_id: int | None = None,
) -> DraftView:
    """Keep which paper is wished for, with the links that are left out; see `DraftView`."""
    text = "\n".join(wish.left_out) or None
    return keep(
        session, actor, kind, now, title=wish.title, url=wish.url, slot_id=slot_id, text=text
    )


def asked_in(session: Session, draft_id: int, chat_id: int, message_id: int) -> None:
    """A reply to this message of this chat (Telegram's ids) is the answer that the draft lacks."""
    session.execute(
        update(Draft)
        .where(Draft.id == draft_id)
        .values(chat_telegram_id=chat_id, message_id=message_id)
    )


def asked_again_in(session: Session, draft_id: int, chat_id: int, message_id: int) -> None:
    """A reply to this message is an answer as well: it said why the last one was none."""
    draft = session.get(Draft, draft_id)
    if draft is None:
        return
    said = {column.name: getattr(draft, column.name) for column in Draft.__table__.c}
    del said["id"]
    session.add(Draft(**said | {"chat_telegram_id": chat_id, "message_id": message_id}))


def answered(
    session: Session, actor: Actor, chat_id: int, message_id: int, now: datetime
) -> DraftView | None:
    """The actor's draft that this message asked about; `None` where it asked nothing of them."""
    draft = session.scalars(
        select(Draft)
        .where(
            Draft.group_id == actor.group_id,
            Draft.member_id == actor.member_id,
            Draft.chat_telegram_id == chat_id,
            Draft.message_id == message_id,
            Draft.created_at >= now - KEPT_FOR,
        )
        .order_by(Draft.id.desc())  # one message may ask one thing after another
        .limit(1)
    ).first()
    return _view(draft) if draft else None


def forget(session: Session, actor: Actor, draft_id: int) -> None:
    """The actor changed their mind. Raises `DomainError` for somebody else's draft."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.group_id != actor.group_id:
        return
    if draft.member_id != actor.member_id:
        raise DomainError(Refusal.SOMEBODY_ELSES_BUTTON)
    session.delete(draft)


def ask_no_more(session: Session, actor: Actor, chat_id: int, message_id: int) -> None:
    """What this message asked the actor is answered, or they changed their mind."""
    session.execute(
        delete(Draft).where(
            Draft.group_id == actor.group_id,
            Draft.member_id == actor.member_id,
            Draft.chat_telegram_id == chat_id,
            Draft.message_id == message_id,
        )
    )


def replan(session: Session, draft_id: int, plan: dict[str, Any]) -> None:
    """This is the plan now."""
    session.execute(update(Draft).where(Draft.id == draft_id).values(plan=plan))


def take_up(
    session: Session, actor: Actor, draft_id: int, now: datetime, *kinds: DraftKind
) -> DraftView:
    """The draft of one of these kinds that a button names. It stays, so that a second tap finds it
    too. Raises `DomainError` when it is gone or too old, and when it is somebody else's."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.group_id != actor.group_id or draft.kind not in kinds:
        raise DomainError(Refusal.DRAFT_GONE)
    if draft.created_at < now - KEPT_FOR:
        raise DomainError(Refusal.DRAFT_GONE)
    if draft.member_id != actor.member_id:
        raise DomainError(Refusal.SOMEBODY_ELSES_BUTTON)
    return _view(draft)


def _view(draft: Draft) -> DraftView:
    return DraftView(
        draft.id,
        draft.member_id,
        draft.kind,
        draft.title,
        draft.url,
        draft.slot_id,
        draft.text,
        draft.plan,
    )
