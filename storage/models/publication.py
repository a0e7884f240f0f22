"""How far a group's page is written."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, same_group, within_group, word
from storage.enums import PageChoice


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
    """A term's page as it was written last. A file that says something else was edited by hand,
    unless its SHA-256 is the one of what is being written now (`writing`).

    `conflict` is the SHA-256 of an edited file that clashes with the schedule and that organizers
    were told of; `takable` says whether they may let the file win, and `choice` what they chose.
    """

    __tablename__ = "term_pages"
    __table_args__ = (same_group("term_id", "terms"), UniqueConstraint("term_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    term_id: Mapped[int]
    written: Mapped[str] = mapped_column(Text)
    writing: Mapped[str | None] = mapped_column(String(64))
    conflict: Mapped[str | None] = mapped_column(String(64))
    takable: Mapped[bool] = mapped_column(default=True)
    choice: Mapped[PageChoice | None] = mapped_column(word(PageChoice, "choice"))
