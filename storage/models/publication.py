"""How far a group's page is written."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, same_group, within_group


class Publication(Base):
    """One group's folder of pages. What was changed up to the audit entry `audit_id` is in it.
    `try_at` is when to write, commit or push next, null when there is nothing to do; `attempts`
    counts failures since the last success, `trouble` says the last one."""

    __tablename__ = "publications"
    __table_args__ = (within_group(), UniqueConstraint("group_id"), Index(None, "try_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    audit_id: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(String(300))


class TermPage(Base):
    """A term's page as the bot wrote it last. A file that says something else was edited by hand;
    `conflict` is the digest of such a text that could not be read back and that organizers were
    told of."""

    __tablename__ = "term_pages"
    __table_args__ = (same_group("term_id", "terms"), UniqueConstraint("term_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    term_id: Mapped[int]
    written: Mapped[str] = mapped_column(Text)
    conflict: Mapped[str | None] = mapped_column(String(64))
