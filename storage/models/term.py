"""Terms, their meetings, and the slots in a meeting."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ONCE, Base, UTCDateTime, same_group, some_of, within_group, word
from storage.enums import MeetingKind, MeetingStatus


class Term(Base):
    """A term. `requirements` and `other_information` are the page's texts, in Markdown.
    `closed_at` is when an organizer closed it, null while it runs."""

    __tablename__ = "terms"
    __table_args__ = (within_group(), UniqueConstraint("group_id", "title"), ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    title: Mapped[str] = mapped_column(String(100))
    requirements: Mapped[str] = mapped_column(Text)
    other_information: Mapped[str] = mapped_column(Text)
    first_date: Mapped[date | None]
    last_date: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Meeting(Base):
    """One date of a term. `date` is the group's local one, `starts_at` and `ends_at` its instants.
    `place` and `online_url` are null where they are the group's own.

    A change that members must hear of raises `revision`, which is part of every delivery's key.
    `turns_at` is when to ask next whose turn its open slots are, null when there is nothing to ask;
    `nag_at` is when to look next whether slides, video or summary are missing.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        within_group(),
        same_group("term_id", "terms"),
        UniqueConstraint("group_id", "date"),
        Index(None, "group_id", "starts_at"),
        Index(None, "term_id"),
        some_of(
            "ix_meetings_turns_at",
            "turns_at",
            where=text("turns_at IS NOT NULL"),
        ),
        some_of(
            "ix_meetings_nag_at",
            "nag_at",
            where=text("nag_at IS NOT NULL"),
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status <> 'held'", name="held_is_derived"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    term_id: Mapped[int]
    date: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[MeetingKind] = mapped_column(word(MeetingKind, "kind"))
    status: Mapped[MeetingStatus] = mapped_column(word(MeetingStatus, "status"))
    title: Mapped[str | None] = mapped_column(String(500))
    place: Mapped[str | None] = mapped_column(String(200))
    online_url: Mapped[str | None] = mapped_column(String(2000))
    revision: Mapped[int] = mapped_column(default=1)
    turns_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    nag_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Slot(Base):
    """A place for one talk. `topic` is its heading on the page, if it has one. `message_id` is the
    last message about it in the group's chat, which is edited when the slot changes."""

    __tablename__ = "slots"
    __table_args__ = (
        within_group(),
        same_group("meeting_id", "meetings"),
        UniqueConstraint("meeting_id", "position"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    meeting_id: Mapped[int]
    position: Mapped[int]
    topic: Mapped[str | None] = mapped_column(String(100))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
