"""What services hand out: frozen facts, safe to keep after the transaction is over."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.reminders import DEFAULT_RULES, ReminderRules
from storage.enums import (
    ChatKind,
    DeliveryKind,
    DeliveryState,
    DraftKind,
    LinkKind,
    MeetingKind,
    MeetingStatus,
    OfferKind,
    RequestKind,
    RequestState,
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
class MemberView:
    """`reachable` says whether the bot may write to them in private."""

    id: int
    name: str
    telegram_id: int | None
    reachable: bool = False


@dataclass(frozen=True, slots=True)
class HearingView:
    """What a member hears in private: of meetings in which they present (`own`), of all others
    (`every`), so many `hours` before; nothing at all while they are `muted`."""

    own: bool
    every: bool
    hours: int
    muted: bool


@dataclass(frozen=True, slots=True)
class PresenterView:
    member_id: int
    name: str
    role: Role
    affiliation: str | None
    telegram_id: int | None
    reachable: bool = False


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
        return any(link.kind == kind for link in self.links)

    @property
    def main(self) -> PresenterView | None:
        return next((person for person in self.presenters if person.role is Role.MAIN), None)

    @property
    def supporters(self) -> tuple[PresenterView, ...]:
        return tuple(person for person in self.presenters if person.role is Role.SUPPORTER)

    def has_presenter(self, member_id: int | None) -> bool:
        """Whether this member presents or supports it."""
        return any(person.member_id == member_id for person in self.presenters)

    def is_given_by(self, member_id: int | None) -> bool:
        """Whether this member is the main presenter."""
        return self.main is not None and self.main.member_id == member_id


@dataclass(frozen=True, slots=True)
class OfferView:
    """A slot offered to a member until `expires_at`. `title` and `url` are the paper's that they
    wait with, if they said one."""

    id: int
    kind: OfferKind
    member: MemberView
    expires_at: datetime
    title: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SlotView:
    """`talk` is `None` while the slot is open. `position` counts from 1. `held` is the offer to
    the first of the waiting list, while nobody else may take the slot."""

    id: int
    position: int
    topic: str | None
    talk: TalkView | None
    held: OfferView | None = None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """`date` is the group's local one; `starts_at` and `ends_at` are instants in UTC. `place` and
    `online_url` are `None` where they are the group's own."""

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
    place: str | None = None
    online_url: str | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.status is MeetingStatus.CANCELLED

    @property
    def is_coming(self) -> bool:
        """Whether it is going to begin."""
        return not self.begun and self.status is MeetingStatus.PLANNED

    @property
    def open_slots(self) -> tuple[SlotView, ...]:
        """The slots that can be claimed."""
        if not self.is_coming:
            return ()
        return tuple(slot for slot in self.slots if slot.talk is None and slot.held is None)

    def lacking(self, kind: LinkKind) -> tuple[TalkView, ...]:
        """The talks that lack such a link; none where the whole meeting has one."""
        if any(link.kind == kind for link in self.links):
            return ()
        talks = (slot.talk for slot in self.slots)
        return tuple(talk for talk in talks if talk is not None and not talk.has(kind))

    @property
    def presenters(self) -> tuple[PresenterView, ...]:
        return tuple(one for slot in self.slots if slot.talk for one in slot.talk.presenters)

    def talk_of(self, member_id: int) -> TalkView | None:
        """The talk in which this member is a presenter."""
        return next(
            (slot.talk for slot in self.slots if slot.talk and slot.talk.has_presenter(member_id)),
            None,
        )


@dataclass(frozen=True, slots=True)
class ReassignedView:
    """A slot whose main presenter is another than `before`, who may be nobody."""

    slot: SlotView
    before: str | None


@dataclass(frozen=True, slots=True)
class NewsView:
    """What became of a meeting since it was told last. `was_at` is when it was to begin, `None` if
    that is as before; `status_was` likewise. It is `new`, or is `elsewhere` than it was to be, or
    was `renamed`."""

    meeting: MeetingView
    was_at: datetime | None
    status_was: MeetingStatus | None
    reassigned: tuple[ReassignedView, ...]
    new: bool = False
    elsewhere: bool = False
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """Some meetings in order of time, and whether there are others before and after them."""

    meetings: tuple[MeetingView, ...]
    offset: int
    earlier: bool
    later: bool


@dataclass(frozen=True, slots=True)
class FoundTalk:
    """A slot, and the talk in it if it has one, with the meeting it is in."""

    meeting: MeetingView
    slot: SlotView

    def is_coming(self, now: datetime) -> bool:
        return not self.meeting.is_cancelled and self.meeting.starts_at > now

    @property
    def talk(self) -> TalkView:
        if self.slot.talk is None:
            raise ValueError("an open slot has no talk")
        return self.slot.talk


@dataclass(frozen=True, slots=True)
class OnlineView:
    """A talk, and those of its links that were posted just now."""

    found: FoundTalk
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class SlidesView:
    """Slides of a talk: behind a web link, or the file `name` of the group's folder, which Telegram
    gives back for `telegram_file_id` if it was sent to the bot."""

    found: FoundTalk
    url: str
    name: str | None
    telegram_file_id: str | None


@dataclass(frozen=True, slots=True)
class DraftView:
    id: int
    member_id: int
    kind: DraftKind
    title: str | None
    url: str | None
    slot_id: int | None = None
    text: str | None = None
    plan: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RequestView:
    """What `asker` asks `asked`, or the organizers where that is `None`, to agree to. `found` is
    the asker's slot and `other` the one to be swapped for it, as they are now; `name` is who the
    asker says they are, for `identity`."""

    id: int
    kind: RequestKind
    state: RequestState
    asker: MemberView
    asked: MemberView | None
    found: FoundTalk | None
    other: FoundTalk | None
    name: str | None
    title: str | None
    url: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeView:
    """An audit entry: what was done, by whom, and to which slot or `meeting`. `title` and `main`
    are the talk's and its main presenter's name as they were before, or else as they are since;
    `before` and `after` what else the entry says."""

    id: int
    action: str
    actor_name: str
    at: datetime
    found: FoundTalk | None
    title: str | None
    main: str | None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    meeting: MeetingView | None = None


@dataclass(frozen=True, slots=True)
class TermView:
    """`closed_at` is `None` while it runs."""

    id: int
    title: str
    first_date: date | None
    last_date: date | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class TermSum:
    """Meetings `held`, `coming` and `cancelled`; the `next` that takes place. `presenters` are
    those with the most talks as main presenter, and `venues` how many talks were from each, both
    with the most first. `videos` is how many of the talks that were given have one; `missing` are
    the meetings with a talk that has none."""

    held: int
    coming: int
    cancelled: int
    next: MeetingView | None
    open_slots: int
    talks: int
    presenters: tuple[tuple[str, int], ...]
    venues: tuple[tuple[str, int], ...]
    videos: int
    missing: tuple[MeetingView, ...]


@dataclass(frozen=True, slots=True)
class TermNow:
    """A term and what it comes to."""

    term: TermView
    sum: TermSum


@dataclass(frozen=True, slots=True)
class PageClashView:
    """A page that was edited by hand and does not fit the schedule. `takable` says whether it can
    win at all."""

    title: str
    takable: bool


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A row of the ledger. It goes to `member_name`, or to the group where that is `None`; `link`
    is where the message can be read."""

    id: int
    kind: DeliveryKind
    state: DeliveryState
    due_at: datetime
    changed_at: datetime
    reason: str | None
    attempts: int
    member_name: str | None
    meeting_date: date | None
    link: str | None


@dataclass(frozen=True, slots=True)
class OwedMessage:
    """A delivery that is being sent now. `chat_id` is Telegram's; a private chat's is the
    person's, who is `member`. `due_at` is when it should have gone out. What it tells of is one of
    the fields from `meeting` on; `found` is where an offered slot is, and `about` the delivery
    that it asks about or stands in for."""

    id: int
    kind: DeliveryKind
    chat_id: int
    topic_id: int | None
    due_at: datetime
    attempts: int
    group: GroupView
    meeting: MeetingView | None
    about: "OwedMessage | None" = None
    request: RequestView | None = None
    offer: OfferView | None = None
    change: ChangeView | None = None
    page: PageClashView | None = None
    found: FoundTalk | None = None
    member: MemberView | None = None
    text: str | None = None
    reason: str | None = None
    news: tuple[NewsView, ...] = ()
    online: tuple[OnlineView, ...] = ()
    meetings: tuple[MeetingView, ...] = ()
    closed: TermNow | None = None
