"""Half-finished requests: what a member wrote before choosing a slot by a tap."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, same_group, word
from storage.enums import DraftKind


class Draft(Base):
    """Kept in a table so that a restart between two taps loses nothing. Only its member may
    finish it. A claim has a title; a video has its URL."""

    __tablename__ = "drafts"
    __table_args__ = (
        same_group("member_id", "members"),
        CheckConstraint("kind <> 'claim' OR title IS NOT NULL", name="claim_has_title"),
        CheckConstraint("kind <> 'video' OR url IS NOT NULL", name="video_has_url"),
        Index(None, "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    member_id: Mapped[int]
    kind: Mapped[DraftKind] = mapped_column(word(DraftKind, "kind"))
    title: Mapped[str | None] = mapped_column(String(500))
    url: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
