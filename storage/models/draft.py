"""Half-finished requests: what a member wrote before choosing a slot by a tap."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ONCE, Base, UTCDateTime, same_group, word
from storage.enums import DraftKind


class Draft(Base):
    """Kept in a table so that a restart between two taps loses nothing. Only its member may
    finish it. A claim has a title, or a URL whose title is still asked for; a video has its URL;
    a message its text; a paper waits for title or URL. The text of a claim and of a paper are the
    links beside its own. A term has its `plan` so far, and a meeting what is asked about it, as
    the services that keep them write it down. `slot_id` is what it is for, once that is known.
    `message_id` is the question in the chat `chat_telegram_id` that a reply to it answers."""

    __tablename__ = "drafts"
    __table_args__ = (
        same_group("member_id", "members"),
        same_group("slot_id", "slots"),
        CheckConstraint(
            "kind <> 'claim' OR title IS NOT NULL OR url IS NOT NULL", name="claim_is_named"
        ),
        CheckConstraint("kind <> 'video' OR url IS NOT NULL", name="video_has_url"),
        CheckConstraint("kind <> 'message' OR text IS NOT NULL", name="message_has_text"),
        CheckConstraint("kind NOT IN ('term', 'meeting') OR plan IS NOT NULL", name="has_plan"),
        Index(None, "member_id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    member_id: Mapped[int]
    kind: Mapped[DraftKind] = mapped_column(word(DraftKind, "kind"))
    title: Mapped[str | None] = mapped_column(String(500))
    url: Mapped[str | None] = mapped_column(String(2000))
    text: Mapped[str | None] = mapped_column(Text)
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    slot_id: Mapped[int | None]
    chat_telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
