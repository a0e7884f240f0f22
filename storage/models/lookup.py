"""What public catalogues said of papers."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime


class Lookup(Base):
    """A catalogue's answer on one paper, kept so that it is not asked again. Public facts, so the
    row belongs to no group. `found` is false where the catalogue does not know the paper."""

    __tablename__ = "lookups"
    __table_args__ = (CheckConstraint("NOT found OR title IS NOT NULL", name="found_has_title"),)

    identity: Mapped[str] = mapped_column(String(2100), primary_key=True)
    title: Mapped[str | None] = mapped_column(String(500))
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    venue: Mapped[str | None] = mapped_column(String(50))
    year: Mapped[int | None]
    found: Mapped[bool] = mapped_column(Boolean(name="found"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
