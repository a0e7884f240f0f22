"""The ledger: every message that the bot owes somebody on its own account."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, same_group, some_of, within_group, word
from storage.enums import DeliveryKind, DeliveryState


class Delivery(Base):
    """One message owed to a chat or to a member.

    `key` is made of meaning (`meeting:41:rev3:day_before:chat:7`), so nothing is owed twice.
    `state` goes planned -> sending -> sent | uncertain | failed, or planned -> skipped |
    expired | cancelled; `reason` says why it is not sent. It was promised for `due_at`; `try_at`
    is when to try it next. `about_id` names the delivery that a question to an organizer is
    about, or that this one stands in for; `request_id`, `offer_id` and `audit_id` name what else a
    message may tell of (of several changes, the first), and `text` is what somebody wrote. A
    message is `stale` when it was sent and what it shows has changed since. `card` is the SHA-256
    of the picture that it shows, null for one of text alone.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        within_group(),
        same_group("chat_id", "chats"),
        same_group("member_id", "members"),
        same_group("meeting_id", "meetings"),
        same_group("about_id", "deliveries"),
        same_group("request_id", "requests"),
        same_group("offer_id", "offers"),
        same_group("audit_id", "audit_entries"),
        CheckConstraint("(chat_id IS NULL) <> (member_id IS NULL)", name="one_recipient"),
        CheckConstraint("expires_at > due_at", name="expires_after_due"),
        some_of(
            "ix_deliveries_to_try",
            "try_at",
            where=sql("state = 'planned'"),
        ),
        some_of(
            "ix_deliveries_sending",
            "id",
            where=sql("state = 'sending'"),
        ),
        CheckConstraint("kind <> 'message' OR text IS NOT NULL", name="message_has_text"),
        some_of(
            "ix_deliveries_stale",
            "id",
            where=sql("stale = 1"),
        ),
        Index(None, "group_id", "due_at"),
        Index(None, "meeting_id"),
        Index(None, "request_id"),
        Index(None, "offer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[DeliveryKind] = mapped_column(word(DeliveryKind, "kind"))
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState, "state"))
    chat_id: Mapped[int | None]
    member_id: Mapped[int | None]
    meeting_id: Mapped[int | None]
    about_id: Mapped[int | None]
    request_id: Mapped[int | None]
    offer_id: Mapped[int | None]
    audit_id: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(200))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    card: Mapped[str | None] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stale: Mapped[bool] = mapped_column(
        Boolean(name="stale"), default=False, server_default=sql("false")
    )
