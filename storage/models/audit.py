"""Who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, same_group, within_group


class AuditEntry(Base):
    """One change, written in the transaction that made it.

    `action` is `noun:verb` ("talk:claim"); `before` and `after` are what the subject was and
    became, `None` where it did not exist. `actor_name` outlives a change of the member's name;
    `member_id` is null for the operator and for an anonymous administrator. `undoes_id` names the
    entry that this one took back, which happens once.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        within_group(),
        same_group("member_id", "members"),
        same_group("undoes_id", "audit_entries"),
        UniqueConstraint("undoes_id"),
        Index(None, "group_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    member_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(50))
    subject_id: Mapped[int]
    undoes_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
