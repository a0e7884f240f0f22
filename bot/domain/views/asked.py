"""What is half done, asked for, or was changed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bot.domain.views.groups import MemberView
from bot.domain.views.meetings import FoundTalk, MeetingView
from storage.enums import DraftKind, RequestKind, RequestState


class DraftView(NamedTuple):
    id: int
    member_id: int
    kind: DraftKind
    title: str | None
    url: str | None
    slot_id: int | None = None
    text: str | None = None
    plan: dict[str, Any] | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """Of a paper, the links beside its own."""
        return tuple((self.text or "").split())


class RequestView(NamedTuple):
    """What `asker` asks `asked`, or the organizers where that is `None`, to agree to. `found` is
    the asker's slot and `other` the one to be swapped for it, as they are now; `name` is who the
    asker says they are, for `identity`, and may be an account's by now (`name_taken`). One that
    `lapsed` was taken back by nobody."""

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
    lapsed: bool = False
    name_taken: bool = False

    @property
    def is_askers_talk(self) -> bool:
        """Whether the asker gives the talk in `found`."""
        slot = self.found.slot if self.found else None
        return bool(slot and slot.talk and slot.talk.is_given_by(self.asker.id))


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


class PageClashView(NamedTuple):
    """A page that was edited by hand and does not fit the schedule. `takable` says whether it can
    win at all."""

    title: str
    takable: bool
