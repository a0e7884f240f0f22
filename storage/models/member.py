"""The people of a group."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ONCE, Base, some_of, within_group


class Member(Base):
    """A person in one group. Names on an imported page have no account (`telegram_id` is null)
    until somebody links one; among those, a name stands for one person.

    `reachable` says whether the bot may write to the person in private: set by `/start`,
    cleared when Telegram refuses. `organizer` is what Telegram or the settings said last.
    `in_private` marks the one group that answers in the person's private chat. `keeps_name` is
    set once an organizer agreed that the account is this name: what the person calls themselves
    in Telegram changes it no more. `gone` is set while the account is not in the group's chat any
    more, by what Telegram said last: the bot then neither answers nor writes to them in private.

    What they hear in private: of meetings in which they present (`hears_own`), of every meeting
    (`hears_all`), `remind_hours` before; nothing of the bot's own accord while they are `muted`.
    """

    __tablename__ = "members"
    __table_args__ = (
        within_group(),
        UniqueConstraint("group_id", "telegram_id"),
        some_of(
            "uq_members_name_without_account",
            "group_id",
            "name",
            unique=True,
            where=text("telegram_id IS NULL"),
        ),
        Index(None, "telegram_id"),
        CheckConstraint("remind_hours BETWEEN 1 AND 168", name="remind_hours"),
        some_of(
            "uq_members_one_group_in_private",
            "telegram_id",
            unique=True,
            where=text("in_private"),
        ),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    name: Mapped[str] = mapped_column(String(200))
    affiliation: Mapped[str | None] = mapped_column(String(200))
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    reachable: Mapped[bool] = mapped_column(Boolean(name="reachable"), default=False)
    organizer: Mapped[bool] = mapped_column(Boolean(name="organizer"), default=False)
    in_private: Mapped[bool] = mapped_column(Boolean(name="in_private"), default=False)
    keeps_name: Mapped[bool] = mapped_column(
        Boolean(name="keeps_name"), default=False, server_default=text("false")
    )
    gone: Mapped[bool] = mapped_column(
        Boolean(name="gone"), default=False, server_default=text("false")
    )
    hears_own: Mapped[bool] = mapped_column(
        Boolean(name="hears_own"), default=True, server_default=text("true")
    )
    hears_all: Mapped[bool] = mapped_column(
        Boolean(name="hears_all"), default=False, server_default=text("false")
    )
    remind_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    muted: Mapped[bool] = mapped_column(
        Boolean(name="muted"), default=False, server_default=text("false")
    )
