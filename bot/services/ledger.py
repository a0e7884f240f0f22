"""The ledger of what the bot owes: what is promised, to whom, and what was noted of it.

`planned -> sending -> sent | uncertain | failed | skipped | expired | cancelled`. What is due is
taken in `owed`, and what became of it is noted in `deliveries`; sending itself happens between
the two transactions, in `bot.delivery`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from storage.enums import DeliveryKind, DeliveryState
from storage.models import Delivery
from storage.prepared import AnyRow
from storage.queries import table

MAX_REASON = 200
"""Characters, as in the table."""

TOLD = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN)
"""What is told, or may be."""

CHANGED = "what it is about was changed"
AWAY = "the bot was away until it was of no more use"


class Promise(NamedTuple):
    """A message to the chat or to the member with this id, due at `due_at` and of no more use from
    `expires_at` on. Under one `key` nothing is owed twice. The names are those of the table."""

    key: str
    kind: DeliveryKind
    due_at: datetime
    expires_at: datetime
    chat_id: int | None = None
    member_id: int | None = None
    meeting_id: int | None = None
    about_id: int | None = None
    request_id: int | None = None
    offer_id: int | None = None
    audit_id: int | None = None
    text: str | None = None


_COLUMNS = Promise._fields
_CHANGING = ("state", "reason", "changed_at", "due_at", "try_at", "expires_at")
_OWED = insert(table(Delivery))
_BECOMES = (
    update(table(Delivery))
    .where(table(Delivery).c.id == bindparam("of_id"))
    .values({column: bindparam(f"to_{column}") for column in _CHANGING})
)


def owe(session: Session, group_id: int, promise: Promise, now: datetime) -> Delivery | None:
    """Plan the message, unless its key is in the ledger already. What should have gone out before
    it was known is due now, and not late."""
    if session.scalar(select(Delivery.id).where(Delivery.key == promise.key)) is not None:
        return None
    delivery = Delivery(**_row(group_id, promise, now))
    session.add(delivery)
    session.flush()  # for its id
    return delivery


def keep(
    session: Session,
    group_id: int,
    known: Iterable[AnyRow],
    promises: Iterable[Promise],
    now: datetime,
) -> None:
    """Make the ledger agree with what is promised now. Of the rows that are `known`, the planned
    ones that are promised no more are cancelled, those promised for another time are moved, and
    cancelled ones that are promised again are planned again; whatever was tried stays as it is."""
    there = {row.key: row for row in known}
    wanted = {promise.key: promise for promise in promises if now < promise.expires_at}
    other = []
    for key, row in there.items():
        changes = _changes(row, wanted.get(key), now)
        if any(getattr(row, column) != value for column, value in changes.items()):
            became = {column: getattr(row, column) for column in _CHANGING} | changes
            other.append(
                {"of_id": row.id, **{f"to_{name}": value for name, value in became.items()}}
            )
    session.flush()
    if other:
        session.connection().execute(_BECOMES, other)
    new = [_row(group_id, promise, now) for key, promise in wanted.items() if key not in there]
    if new:
        session.connection().execute(_OWED, new)


def next_due(session: Session) -> datetime | None:
    """When the next planned message is to be tried; `None` when none is planned."""
    return session.scalar(
        select(func.min(Delivery.try_at)).where(Delivery.state == DeliveryState.PLANNED)
    )


def expire(session: Session, now: datetime) -> None:
    """What is planned and of no more use is not sent, and says so."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.state == DeliveryState.PLANNED,
            Delivery.try_at <= now,  # the index is on this one, and it comes before the expiry
            Delivery.expires_at <= now,
        )
        .values(
            state=DeliveryState.EXPIRED,
            reason=func.coalesce(Delivery.reason, AWAY),
            changed_at=now,
        )
    )


def hold_up(session: Session, reason: str, now: datetime) -> None:
    """Say why what is due now is not tried."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.state == DeliveryState.PLANNED,
            Delivery.try_at <= now,
            Delivery.reason.is_(None),
        )
        .values(reason=reason[:MAX_REASON], changed_at=now)
    )


def note(delivery: Delivery, state: DeliveryState, reason: str | None, now: datetime) -> None:
    delivery.state, delivery.changed_at = state, now
    delivery.reason = reason and reason[:MAX_REASON]


def _row(group_id: int, promise: Promise, now: datetime) -> dict[str, Any]:
    due_at = max(promise.due_at, now)
    return {column: getattr(promise, column) for column in _COLUMNS} | {
        "group_id": group_id,
        "state": DeliveryState.PLANNED,
        "due_at": due_at,
        "try_at": due_at,
        "changed_at": now,
    }


def _changes(row: AnyRow, promise: Promise | None, now: datetime) -> dict[str, Any]:
    """What becomes of a row of which this is promised now."""
    if promise is None:
        if row.state is not DeliveryState.PLANNED:
            return {}
        return {"state": DeliveryState.CANCELLED, "reason": CHANGED, "changed_at": now}
    moved: dict[str, Any] = {"expires_at": promise.expires_at}
    if promise.due_at > now or row.due_at > now:
        moved["due_at"] = moved["try_at"] = max(promise.due_at, now)
    if row.state is DeliveryState.CANCELLED:
        return {"state": DeliveryState.PLANNED, "reason": None, "changed_at": now} | moved
    return moved if row.state is DeliveryState.PLANNED and row.attempts == 0 else {}
