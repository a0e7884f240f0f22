"""Slides that were sent to the bot."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ONCE, Base, UTCDateTime, same_group, within_group


class File(Base):
    """A file of a group, kept under `name` in its folder of slides. `size` is in bytes, `sha256`
    in hexadecimal digits. Telegram gives it back for `telegram_file_id`, null until the bot has
    sent it under this name. `talk_id` is null while nobody said for which talk it is, and when
    that talk is gone."""

    __tablename__ = "files"
    __table_args__ = (
        within_group(),
        same_group("talk_id", "talks"),
        same_group("member_id", "members"),
        UniqueConstraint("group_id", "name"),
        CheckConstraint("size > 0", name="size"),
        Index(None, "talk_id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    talk_id: Mapped[int | None]
    member_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    telegram_file_id: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
