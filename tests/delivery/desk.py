"""A worker's desk: a group with one meeting, a messenger that does as it is told, the ledger."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.clock import MovableClock
from bot.delivery.outcomes import Button, MaybeSent, Outcome, Sent
from bot.delivery.worker import Worker
from bot.domain.page import Page, PageMeeting, PageSlot, PageTalk
from bot.domain.views import Actor
from bot.pictures.cards import Card
from bot.services import groups, imports
from bot.text.render import Html
from storage.models import Delivery, Group, Member
from storage.store import Store
from tests.factories import (
    as_actor,
    make_chat,
    make_group,
    make_member,
)

BEGINS = datetime(2026, 1, 13, 11, tzinfo=UTC)
"""The meeting of January 13: 19:00 in Shanghai."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ANNOUNCED = BEGINS - timedelta(days=3)
RECALLED = BEGINS - timedelta(days=1)
PAGE = Page(
    "2025 Fall",
    meetings=(
        PageMeeting(
            date(2026, 1, 13),
            (PageSlot("Topic I", PageTalk("REFRAG", "arXiv")), PageSlot("Topic II")),
        ),
    ),
)
FEW: dict[str, Any] = {"soon_minutes": None, "open_slots_day": None, "no_meeting": False}
"""A group that is told of a meeting twice, so that the ledger is easy to follow."""

CANCELLED = Page("2025 Fall", meetings=(PageMeeting(date(2026, 1, 13), cancelled=True),))
NO_ANSWER = MaybeSent("Telegram did not answer")


@dataclass(frozen=True, slots=True)
class Posted:
    chat_id: int
    topic_id: int | None
    text: Html
    buttons: tuple[Button, ...]
    picture: bytes | None = None


class PowerCut(BaseException):
    """The process ends here, in the middle of its work."""


@dataclass(slots=True)
class FakeMessenger:
    """Takes every message, unless `answers` has something else for it: an outcome, or an
    exception to raise. What it took, and what it may have taken, is in `posted`."""

    answers: list[Outcome | BaseException] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    edited: list[tuple[int, Html]] = field(default_factory=list)
    redrawn: list[bytes | None] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    full: dict[int, float] = field(default_factory=dict)
    may_pin: bool = True
    reachable: bool = True

    async def send(
        self,
        chat_id: int,
        topic_id: int | None,
        text: Html,
        buttons: tuple[Button, ...] = (),
        picture: bytes | None = None,
    ) -> Outcome:
        self.posted.append(Posted(chat_id, topic_id, text, buttons, picture))
        answer = self.answers.pop(0) if self.answers else Sent(len(self.posted))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def edit(
        self,
        chat_id: int,
        message_id: int,
        text: Html,
        buttons: tuple[Button, ...] = (),
    ) -> Outcome:
        self.edited.append((message_id, text))
        answer = self.answers.pop(0) if self.answers else Sent(message_id)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def edit_caption(
        self,
        chat_id: int,
        message_id: int,
        text: Html,
        buttons: tuple[Button, ...] = (),
        picture: bytes | None = None,
    ) -> Outcome:
        self.redrawn.append(picture)
        return await self.edit(chat_id, message_id, text, buttons)

    async def pin(self, chat_id: int, message_id: int) -> bool:
        if self.may_pin:
            self.pinned.append(message_id)
        return self.may_pin

    async def unpin(self, chat_id: int, message_id: int) -> None:
        self.pinned.remove(message_id)

    async def is_reachable(self) -> bool:
        return self.reachable

    def ready_in(self, chat_id: int) -> float:
        return self.full.get(chat_id, 0.0)

    def told(self, chat_id: int) -> list[str]:
        return [message.text for message in self.posted if message.chat_id == chat_id]


@dataclass(frozen=True, slots=True)
class Row:
    """What the ledger says of one delivery."""

    kind: str
    state: str
    reason: str | None
    attempts: int


async def no_card(_: Card) -> None:
    """Nothing to wait for, so that messages are taken in their order."""


@dataclass(slots=True)
class Desk:
    store: Store
    clock: MovableClock
    messenger: FakeMessenger
    group_id: int
    chat_id: int
    worker: Worker

    async def tick_at(self, when: datetime) -> int:
        """A tick of a worker that was just made, as after a restart."""
        self.clock.set(when)
        self.worker = Worker(self.store, self.clock, self.messenger, no_card)
        return await self.worker.tick()

    def rows(self) -> list[Row]:
        """The ledger in order of making."""
        with self.store.reading() as session:
            return [
                Row(row.kind.value, row.state.value, row.reason, row.attempts)
                for row in session.scalars(select(Delivery).order_by(Delivery.id))
            ]

    def states(self) -> list[tuple[str, str]]:
        return [(row.kind, row.state) for row in self.rows()]

    def ids(self) -> list[int]:
        with self.store.reading() as session:
            return list(session.scalars(select(Delivery.id).order_by(Delivery.id)))

    def add_member(self, group_id: int | None = None, **values: object) -> Actor:
        with self.store.writing() as session:
            group = session.get_one(Group, group_id or self.group_id)
            row: Member = make_member(session, group, **values)
            return as_actor(session, row)

    def add_group(self) -> int:
        """A second group with the same schedule; returns its chat's id in Telegram."""
        with self.store.writing() as session:
            chat = make_chat(session, make_group(session, **FEW))
            group = groups.by_id(session, chat.group_id)
            imports.import_page(session, group, PAGE, self.clock.now())
            return chat.telegram_id

    def import_page(self, page: Page = PAGE) -> None:
        with self.store.writing() as session:
            group = groups.by_id(session, self.group_id)
            imports.import_page(session, group, page, self.clock.now())


def desk(store: Store, clock: MovableClock) -> Desk:
    """A desk at which it is January 9 and the meeting of January 13 has been imported."""
    with store.writing() as session:
        group = make_group(session, **FEW)
        chat = make_chat(session, group)
        group_id, chat_id = group.id, chat.telegram_id
    messenger = FakeMessenger()
    made = Desk(
        store, clock, messenger, group_id, chat_id, Worker(store, clock, messenger, no_card)
    )
    made.import_page()
    return made
