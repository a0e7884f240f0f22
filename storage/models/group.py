"""A reading group and its Telegram chat."""

from datetime import datetime, time

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, within_group, word
from storage.enums import ChatKind, Weekday


class Group(Base):
    """One reading group. `start_time` is wall time in `timezone` (an IANA name).

    `selection_rule` is as organizers write it ("SOSP/OSDI + arXiv"), null for none. A talk has at
    most `max_supporters`. `fill_days` before a meeting its open slots are filled by turn, null
    for never.

    `setup_code` is set while the group waits for its chat; `/setup CODE` there ties the two.
    """

    __tablename__ = "groups"
    __table_args__ = (
        CheckConstraint("duration_minutes > 0", name="duration"),
        CheckConstraint("max_supporters BETWEEN 0 AND 9", name="max_supporters"),
        CheckConstraint("fill_days BETWEEN 1 AND 14", name="fill_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    timezone: Mapped[str] = mapped_column(String(64))
    weekday: Mapped[Weekday] = mapped_column(word(Weekday, "weekday"))
    start_time: Mapped[time]
    duration_minutes: Mapped[int]
    place: Mapped[str | None] = mapped_column(String(200))
    online_url: Mapped[str | None] = mapped_column(String(2000))
    selection_rule: Mapped[str | None] = mapped_column(String(200))
    max_supporters: Mapped[int] = mapped_column(default=3, server_default="3")
    fill_days: Mapped[int | None]
    setup_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Chat(Base):
    """Where a group lives in Telegram. Only `telegram_id` and `kind` change when a group
    becomes a supergroup; everything else refers to `id`."""

    __tablename__ = "chats"
    __table_args__ = (within_group(), UniqueConstraint("group_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    kind: Mapped[ChatKind] = mapped_column(word(ChatKind, "kind"))
    title: Mapped[str] = mapped_column(String(255))
    topic_id: Mapped[int | None]
