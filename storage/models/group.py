"""A reading group and its Telegram chat."""

from datetime import datetime, time

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, UTCDateTime, within_group, word
from storage.enums import ChatKind, Weekday


class Group(Base):
    """One reading group. `start_time` is wall time in `timezone` (an IANA name).

    `selection_rule` is as organizers write it ("SOSP/OSDI + arXiv"), null for none. A talk has at
    most `max_supporters`. `fill_days` before a meeting its open slots are filled by turn, null
    for never.

    What the bot tells of its own accord: each switch is off when false or null. The announcement
    goes out `announcement_days` before a meeting, the last call `soon_minutes` before; `tell_at`
    is wall time, null for the meeting's own time of day. Between `quiet_from` and `quiet_until` on
    that wall the bot is silent. `pins` lets it pin the announcement. `checklist` is what presenters
    are reminded of, a point a line. `weeks_planned_to` is how far the weekly messages are planned,
    null for not at all.

    `cards` lets the announcement carry a picture. `link_hosts` are sites of the group's own whose
    links are known, one a line. `country` is whose public holidays a new term may leave out, as
    ISO 3166 has it, with a subdivision if there is one ("DE-BE").

    `setup_code` is set while the group waits for its chat; `/setup CODE` there ties the two.
    """

    __tablename__ = "groups"
    __table_args__ = (
        CheckConstraint("duration_minutes > 0", name="duration"),
        CheckConstraint("max_supporters BETWEEN 0 AND 9", name="max_supporters"),
        CheckConstraint("fill_days BETWEEN 1 AND 14", name="fill_days"),
        CheckConstraint("announcement_days BETWEEN 2 AND 7", name="announcement_days"),
        CheckConstraint("soon_minutes BETWEEN 5 AND 180", name="soon_minutes"),
        Index(None, "weeks_planned_to"),
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
    announcement_days: Mapped[int | None]
    day_before: Mapped[bool] = mapped_column(
        Boolean(name="day_before"), default=True, server_default=text("true")
    )
    soon_minutes: Mapped[int | None]
    open_slots_day: Mapped[Weekday | None] = mapped_column(word(Weekday, "open_slots_day"))
    slides_missing: Mapped[bool] = mapped_column(
        Boolean(name="slides_missing"), default=True, server_default=text("true")
    )
    video_missing: Mapped[bool] = mapped_column(
        Boolean(name="video_missing"), default=True, server_default=text("true")
    )
    no_meeting: Mapped[bool] = mapped_column(
        Boolean(name="no_meeting"), default=True, server_default=text("true")
    )
    online: Mapped[bool] = mapped_column(
        Boolean(name="online"), default=True, server_default=text("true")
    )
    pins: Mapped[bool] = mapped_column(
        Boolean(name="pins"), default=True, server_default=text("true")
    )
    cards: Mapped[bool] = mapped_column(
        Boolean(name="cards"), default=True, server_default=text("true")
    )
    link_hosts: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    country: Mapped[str | None] = mapped_column(String(10))
    checklist: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    tell_at: Mapped[time | None]
    quiet_from: Mapped[time] = mapped_column(default=time(22), server_default="22:00:00")
    quiet_until: Mapped[time] = mapped_column(default=time(8), server_default="08:00:00")
    weeks_planned_to: Mapped[datetime | None] = mapped_column(UTCDateTime)
    setup_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Chat(Base):
    """Where a group lives in Telegram. Only `telegram_id` and `kind` change when a group
    becomes a supergroup; everything else refers to `id`. `pinned_message_id` is the announcement
    that the bot pinned last. `trouble` is why the bot cannot write there, null while it can."""

    __tablename__ = "chats"
    __table_args__ = (within_group(), UniqueConstraint("group_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    kind: Mapped[ChatKind] = mapped_column(word(ChatKind, "kind"))
    title: Mapped[str] = mapped_column(String(255))
    topic_id: Mapped[int | None]
    pinned_message_id: Mapped[int | None] = mapped_column(BigInteger)
    trouble: Mapped[str | None] = mapped_column(String(200))
