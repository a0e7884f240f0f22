"""What the bot owes, and what it told."""

from datetime import date, datetime
from typing import NamedTuple

from bot.domain.views.asked import ChangeView, PageClashView, RequestView
from bot.domain.views.groups import GroupView, MemberView
from bot.domain.views.meetings import FoundTalk, LinkView, MeetingView, OfferView, SlotView
from bot.domain.views.terms import TermNow
from storage.enums import DeliveryKind, DeliveryState, MeetingStatus


class ReassignedView(NamedTuple):
    """A slot whose main presenter is another than `before`, who may be nobody."""

    slot: SlotView
    before: str | None


class NewsView(NamedTuple):
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


class OnlineView(NamedTuple):
    """A talk, and those of its links that were posted just now."""

    found: FoundTalk
    links: tuple[LinkView, ...]


class DeliveryView(NamedTuple):
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


class OwedMessage(NamedTuple):
    """A delivery that is being sent now. `chat_id` is Telegram's; a private chat's is the
    person's, who is `member`, and in `several` groups or not. `due_at` is when it should have gone
    out. What it tells of is one of the fields from `meeting` on; `found` is where an offered slot
    is, `day` the group's usual one that has no meeting, and `about` the delivery that it asks
    about or stands in for."""

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
    several: bool = False
    text: str | None = None
    reason: str | None = None
    news: tuple[NewsView, ...] = ()
    online: tuple[OnlineView, ...] = ()
    meetings: tuple[MeetingView, ...] = ()
    day: date | None = None
    closed: TermNow | None = None
