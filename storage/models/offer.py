"""Who waits for a slot, and to whom one is offered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ONCE, Base, UTCDateTime, same_group, some_of, within_group, word
from storage.enums import OfferKind, OfferState


class Wait(Base):
    """A member's place on a waiting list: of one slot, or of a whole term. Who came first has the
    smaller `id`. `title` and `url` are the paper they want to present, if they said one."""

    __tablename__ = "waits"
    __table_args__ = (
        same_group("member_id", "members"),
        same_group("slot_id", "slots"),
        same_group("term_id", "terms"),
        UniqueConstraint("slot_id", "member_id"),
        UniqueConstraint("term_id", "member_id"),
        CheckConstraint("(slot_id IS NULL) <> (term_id IS NULL)", name="one_target"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    member_id: Mapped[int]
    slot_id: Mapped[int | None]
    term_id: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(500))
    url: Mapped[str | None] = mapped_column(String(2000))
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class Offer(Base):
    """A slot offered to one member, to be answered before `expires_at`. A slot is offered to one
    member at a time, and to nobody twice in the same way unless they ask anew."""

    __tablename__ = "offers"
    __table_args__ = (
        within_group(),
        same_group("member_id", "members"),
        same_group("slot_id", "slots"),
        CheckConstraint("expires_at > made_at", name="expires_after_made"),
        some_of(
            "uq_offers_one_open",
            "slot_id",
            unique=True,
            where=text("state = 'open'"),
        ),
        some_of(
            "ix_offers_open_until",
            "expires_at",
            where=text("state = 'open'"),
        ),
        Index(None, "slot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    slot_id: Mapped[int]
    member_id: Mapped[int]
    kind: Mapped[OfferKind] = mapped_column(word(OfferKind, "kind"))
    state: Mapped[OfferState] = mapped_column(word(OfferState, "state"))
    title: Mapped[str | None] = mapped_column(String(500))
    url: Mapped[str | None] = mapped_column(String(2000))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
