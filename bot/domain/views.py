"""What services hand out: frozen facts, safe to keep after the transaction is over."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.enums import (
    ChatKind,
    DeliveryKind,
    DraftKind,
    LinkKind,
    MeetingKind,
    MeetingStatus,
    Role,
    Weekday,
)


@dataclass(frozen=True, slots=True)
class ChatView:
    id: int
    telegram_id: int
    topic_id: int | None
    kind: ChatKind


@dataclass(frozen=True, slots=True)
class GroupView:
    """`chat` is `None` until `/setup`; `start_time` is wall time in `timezone`."""

    id: int
    name: str
    timezone: str
    weekday: Weekday
    start_time: time
    duration_minutes: int
    place: str | None
    online_url: str | None
    chat: ChatView | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which group, and with what right. `member_id` and `telegram_id` are `None`
    for an anonymous administrator and for the command line."""

    group_id: int
    name: str
    organizer: bool = False
    member_id: int | None = None
    telegram_id: int | None = None


@dataclass(frozen=True, slots=True)
class PresenterView:
    member_id: int
    name: str
    role: Role
    affiliation: str | None
    telegram_id: int | None


@dataclass(frozen=True, slots=True)
class LinkView:
    kind: LinkKind
    url: str
    label: str | None


@dataclass(frozen=True, slots=True)
class TalkView:
    """`presenters` has the main presenter first."""

    id: int
    title: str
    venue: str | None
    year: int | None
    url: str | None
    presenters: tuple[PresenterView, ...]
    links: tuple[LinkView, ...]

    def has(self, kind: LinkKind) -> bool:
        return any(link.kind is kind for link in self.links)


@dataclass(frozen=True, slots=True)
class SlotView:
    """`talk` is `None` while the slot is open. `position` counts from 1."""

    id: int
    position: int
    topic: str | None
    talk: TalkView | None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """`date` is the group's local one; `starts_at` and `ends_at` are instants in UTC."""

    id: int
    date: date
    starts_at: datetime
    ends_at: datetime
    kind: MeetingKind
    status: MeetingStatus
    title: str | None
    revision: int
    slots: tuple[SlotView, ...]
    links: tuple[LinkView, ...]
    begun: bool = False

    @property
    def open_slots(self) -> tuple[SlotView, ...]:
        """The slots that can be claimed."""
        if self.begun or self.status is not MeetingStatus.PLANNED:
            return ()
        return tuple(slot for slot in self.slots if slot.talk is None)


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """Some meetings in order of time, and whether there are others before and after them."""

    meetings: tuple[MeetingView, ...]
    offset: int
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True)
class FoundTalk:
    """A talk with the meeting and slot it is in."""

    meeting: MeetingView
    slot: SlotView

    @property
    def talk(self) -> TalkView:
        if self.slot.talk is None:
            raise ValueError("an open slot has no talk")
        return self.slot.talk


@dataclass(frozen=True, slots=True)
class DraftView:
    id: int
    member_id: int
    kind: DraftKind
    title: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class OwedMessage:
    """A delivery that is being sent now. `chat_id` is Telegram's; a private chat's is the
    person's. `due_at` is when it should have gone out."""

    id: int
    kind: DeliveryKind
    chat_id: int
    topic_id: int | None
    due_at: datetime
    attempts: int
    group: GroupView
    meeting: MeetingView | None
    about: "OwedMessage | None" = None
