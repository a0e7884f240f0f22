"""Meetings, what fills their slots, and who was found where."""

from datetime import date, datetime
from typing import NamedTuple

from bot.domain.titles import TO_BE_ANNOUNCED
from bot.domain.views.groups import MemberView
from storage.enums import LinkKind, MeetingKind, MeetingStatus, OfferKind, Role


class PresenterView(NamedTuple):
    member_id: int
    name: str
    role: Role
    affiliation: str | None
    telegram_id: int | None
    reachable: bool = False


class LinkView(NamedTuple):
    kind: LinkKind
    url: str
    label: str | None


class TalkView(NamedTuple):
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

    @property
    def announced(self) -> bool:
        """Whether the presenter has chosen a paper."""
        return self.title != TO_BE_ANNOUNCED or self.url is not None

    def has_presenter(self, member_id: int | None) -> bool:
        """Whether this member presents or supports it."""
        return any(person.member_id == member_id for person in self.presenters)

    def is_given_by(self, member_id: int | None) -> bool:
        """Whether this member is the main presenter."""
        return self.main is not None and self.main.member_id == member_id


class OfferView(NamedTuple):
    """A slot offered to a member until `expires_at`. `title` and `url` are the paper's that they
    wait with, if they said one."""

    id: int
    kind: OfferKind
    member: MemberView
    expires_at: datetime
    title: str | None = None
    url: str | None = None


class SlotView(NamedTuple):
    """`talk` is `None` while the slot is open. `position` counts from 1. `held` is the offer to
    the first of the waiting list, while nobody else may take the slot."""

    id: int
    position: int
    topic: str | None
    talk: TalkView | None
    held: OfferView | None = None


class MeetingView(NamedTuple):
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

    def slot_at(self, position: int | None) -> SlotView | None:
        """The slot of this number; `None` where there is none."""
        return next((slot for slot in self.slots if slot.position == position), None)

    def lacking(self, kind: LinkKind) -> tuple[TalkView, ...]:
        """The talks that lack such a link; none where the whole meeting has one."""
        if any(link.kind == kind for link in self.links):
            return ()
        talks = (slot.talk for slot in self.slots)
        return tuple(talk for talk in talks if talk is not None and not talk.has(kind))

    @property
    def presenters(self) -> tuple[PresenterView, ...]:
        return tuple(one for slot in self.slots if slot.talk for one in slot.talk.presenters)

    def talks_of(self, member_id: int | None) -> tuple[TalkView, ...]:
        """The talks in which this member is a presenter, first those that they give."""
        talks = [slot.talk for slot in self.slots if slot.talk]
        own = [talk for talk in talks if talk.has_presenter(member_id)]
        return tuple(sorted(own, key=lambda talk: not talk.is_given_by(member_id)))


class ScheduleView(NamedTuple):
    """Some meetings in order of time, and whether there are others before and after them."""

    meetings: tuple[MeetingView, ...]
    offset: int
    earlier: bool
    later: bool


class FoundTalk(NamedTuple):
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

    def filled(self, talk: TalkView) -> "FoundTalk":
        """With this talk in the slot, which is held for nobody then."""
        slot = self.slot._replace(talk=talk, held=None)
        slots = tuple(slot if other.id == slot.id else other for other in self.meeting.slots)
        return FoundTalk(self.meeting._replace(slots=slots), slot)


class SlidesView(NamedTuple):
    """Slides of a talk: behind a web link, or the file `name` of the group's folder, which Telegram
    gives back for `telegram_file_id` if the bot sent it before."""

    found: FoundTalk
    url: str
    name: str | None
    telegram_file_id: str | None
