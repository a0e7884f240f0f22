"""Papers, the talks on them, who gives them, and what is linked."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ONCE, Base, UTCDateTime, same_group, some_of, within_group, word
from storage.enums import LinkKind, Role


class Paper(Base):
    """What a group knows of a paper. `identity` (see `bot.domain.papers`) is how the same
    paper is found again, under whatever link."""

    __tablename__ = "papers"
    __table_args__ = (within_group(), UniqueConstraint("group_id", "identity"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    identity: Mapped[str] = mapped_column(String(2100))
    title: Mapped[str] = mapped_column(String(500))
    venue: Mapped[str | None] = mapped_column(String(50))
    year: Mapped[int | None]
    url: Mapped[str | None] = mapped_column(String(2000))
    authors: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


class Talk(Base):
    """What fills a slot. It keeps title, venue and link as they were announced: the same paper
    may be "arXiv" in one term and "SOSP'25" in the next, and old pages must not change."""

    __tablename__ = "talks"
    __table_args__ = (
        within_group(),
        same_group("slot_id", "slots"),
        same_group("paper_id", "papers"),
        UniqueConstraint("slot_id"),
        Index(None, "paper_id"),
        # A search reads through this, not through the table (`storage.queries.search`).
        Index("ix_talks_words", "group_id", "venue", "title", "year", "slot_id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    slot_id: Mapped[int]
    paper_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(500))
    venue: Mapped[str | None] = mapped_column(String(50))
    year: Mapped[int | None]
    url: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Presenter(Base):
    """A member's part in a talk. `affiliation` is the one shown at that talk."""

    __tablename__ = "presenters"
    __table_args__ = (
        same_group("talk_id", "talks"),
        same_group("member_id", "members"),
        UniqueConstraint("talk_id", "member_id"),
        UniqueConstraint("talk_id", "position"),
        some_of(
            "uq_presenters_one_main",
            "talk_id",
            unique=True,
            where=text("role = 'main'"),
        ),
        Index(None, "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    talk_id: Mapped[int]
    member_id: Mapped[int]
    role: Mapped[Role] = mapped_column(word(Role, "role"))
    position: Mapped[int]
    affiliation: Mapped[str | None] = mapped_column(String(200))


class Link(Base):
    """Slides, a video, a summary or something else; on a talk or on a whole meeting."""

    __tablename__ = "links"
    __table_args__ = (
        same_group("talk_id", "talks"),
        same_group("meeting_id", "meetings"),
        UniqueConstraint("talk_id", "kind", "url"),
        UniqueConstraint("meeting_id", "kind", "url"),
        CheckConstraint("(talk_id IS NULL) <> (meeting_id IS NULL)", name="one_target"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    talk_id: Mapped[int | None]
    meeting_id: Mapped[int | None]
    kind: Mapped[LinkKind] = mapped_column(word(LinkKind, "kind"))
    url: Mapped[str] = mapped_column(String(2000))
    label: Mapped[str | None] = mapped_column(String(100))
