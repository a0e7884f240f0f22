"""A group, and the people in it."""

from datetime import time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.reminders import DEFAULT_RULES, ReminderRules
from storage.enums import ChatKind, Weekday


class ChatView(NamedTuple):
    id: int
    telegram_id: int
    topic_id: int | None
    kind: ChatKind


class GroupView(NamedTuple):
    """`chat` is `None` until `/setup`; `start_time` is wall time in `timezone`. The last four are
    the group's rules, as in `storage.models.Group`."""

    id: int
    name: str
    timezone: str
    weekday: Weekday
    start_time: time
    duration_minutes: int
    place: str | None
    online_url: str | None
    chat: ChatView | None
    selection_rule: str | None = None
    max_supporters: int = 3
    fill_days: int | None = None
    reminders: ReminderRules = DEFAULT_RULES
    link_hosts: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)


class Actor(NamedTuple):
    """Who acts, in which group, as it is when they begin, and with what right. `member_id` and
    `telegram_id` are `None` for an anonymous administrator and for the command line."""

    group: GroupView
    name: str
    organizer: bool = False
    member_id: int | None = None
    telegram_id: int | None = None

    @property
    def group_id(self) -> int:
        return self.group.id


class MemberView(NamedTuple):
    """`reachable` says whether the bot may write to them in private, and `gone` that they left the
    group's chat."""

    id: int
    name: str
    telegram_id: int | None
    reachable: bool = False
    gone: bool = False


class HearingView(NamedTuple):
    """What a member hears in private: of meetings in which they present (`own`), of all others
    (`every`), so many `hours` before; nothing at all while they are `muted`."""

    own: bool
    every: bool
    hours: int
    muted: bool
