"""What one member asks another, or the organizers, to agree to."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, same_group, within_group, word
from storage.enums import RequestKind, RequestState


class Request(Base):
    """One question with two buttons. `asked_id` is null where any organizer may answer.

    `slot_id` is the slot that the asker gives, swaps or wants, `other_slot_id` the one swapped
    for it. `talk_id` and `other_talk_id` are the talks that were in them when it was asked: with
    another talk there the question is void. `title` and `url` are the paper's, for `bend`.
    `name_id` is the member without an account whom the asker is, for `identity`; null again once
    the two are one. `message_id` is the question itself where it was asked in the group's chat.
    """

    __tablename__ = "requests"
    __table_args__ = (
        within_group(),
        same_group("asker_id", "members"),
        same_group("asked_id", "members"),
        same_group("name_id", "members"),
        same_group("slot_id", "slots"),
        same_group("other_slot_id", "slots"),
        CheckConstraint("expires_at > created_at", name="expires_after_created"),
        CheckConstraint("asked_id <> asker_id", name="asks_somebody_else"),
        Index(None, "group_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    kind: Mapped[RequestKind] = mapped_column(word(RequestKind, "kind"))
    state: Mapped[RequestState] = mapped_column(word(RequestState, "state"))
    asker_id: Mapped[int]
    asked_id: Mapped[int | None]
    name_id: Mapped[int | None]
    slot_id: Mapped[int | None]
    other_slot_id: Mapped[int | None]
    talk_id: Mapped[int | None]
    other_talk_id: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(500))
    url: Mapped[str | None] = mapped_column(String(2000))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
