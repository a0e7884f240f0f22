"""A room for end-to-end tests: the real bot on the sandbox, with one group's term imported."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import URL

from bot.app import ReadingGroupBot
from bot.catalogues import Catalogues, ShortLinks
from bot.clock import MovableClock
from bot.config import PublishSettings, Settings, StorageSettings, TelegramSettings
from bot.demo.recorded import RecordedCatalogues
from bot.demo.stage import started
from bot.domain.page import Page, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.reminders import ReminderRules
from bot.sandbox import Chat, Limits, Message, Person, Sandbox
from bot.services import groups, imports
from bot.services.groups import NewGroup
from storage.enums import Role, Weekday
from storage.store import Store, open_store

FRIDAY = datetime(2026, 1, 9, 10)
COMMANDS = (
    "/next",
    "/schedule",
    "/meeting jan 13",
    "/open",
    "/find refrag",
    "/mine",
    "/help",
    "/claim jan 20 1 A title",
    "/release",
)
"""Whatever every member may write."""

FEW = ReminderRules(soon_minutes=None, open_slots_day=None, no_meeting=False)
"""A group that is told of a meeting twice, so that a test sees at once what else is said."""

UNLIMITED = Limits(None, None, None)
REFRAG = PageTalk(
    "REFRAG: Rethinking RAG based Decoding",
    "arXiv",
    None,
    "https://arxiv.org/pdf/2509.01092",
    (PagePresenter("Bosen Yang", Role.MAIN),),
)
TERM = Page(
    "2025 Fall",
    meetings=(
        PageMeeting(date(2026, 1, 20), (PageSlot("Topic I"), PageSlot("Topic II"))),
        PageMeeting(date(2026, 1, 13), (PageSlot("Topic I", REFRAG), PageSlot("Topic II"))),
        PageMeeting(date(2026, 1, 6), (PageSlot("Topic I", PageTalk("Jenga", "SOSP", 2025)),)),
    ),
)


@dataclass(slots=True)
class Room:
    """`admin` created the group's chat; `ann` and `ben` are members of it."""

    sandbox: Sandbox
    store: Store
    clock: MovableClock
    settings: Settings
    zone: ZoneInfo
    code: str
    admin: Person
    ann: Person
    ben: Person
    chat: Chat
    bot: ReadingGroupBot
    running: asyncio.Task[None]
    catalogues: RecordedCatalogues

    async def say(self, person: Person, text: str, chat: Chat | None = None) -> str:
        """Write into the group's chat (or another) and return what the bot answered there."""
        place = chat or self.chat
        before = len(self.told(place))
        self.sandbox.say(person, place, text)
        await self.sandbox.settled()
        return "\n".join(self.told(place)[before:])

    async def tap(self, person: Person, label: str, message: Message | None = None) -> str:
        """Tap a button under the bot's last message in the group; returns the notice that pops
        up."""
        tap = self.sandbox.tap(person, message or self.sandbox.last(self.chat), label)
        await self.sandbox.settled()
        return tap.text

    def told(self, chat: Chat | None = None) -> list[str]:
        """What the bot wrote in a chat, oldest first."""
        return [m.text for m in self.sandbox.messages(chat or self.chat) if m.from_bot]

    async def set_up(self) -> None:
        await self.say(self.admin, f"/setup {self.code}")

    async def go_to(self, when: datetime) -> None:
        """Move the clock to this wall time in the group's zone and let what is due go out."""
        self.clock.set(when.replace(tzinfo=self.zone))
        await self.bot.tick()
        await self.bot.published()

    async def stop(self) -> None:
        self.bot.stop()
        await asyncio.wait({self.running})

    async def start(self) -> None:
        self.bot = new_bot(self.settings, self.store, self.clock, self.catalogues.origin)
        self.running = await started(self.bot)


@asynccontextmanager
async def room(
    database: URL,
    zone: str = "Asia/Shanghai",
    page: Page = TERM,
    begins: datetime = FRIDAY,
    reminders: ReminderRules = FEW,
    publish: dict[str, Any] | None = None,
) -> AsyncIterator[Room]:
    """A room in which it is `begins` on the wall of the group's zone. `publish` are settings of
    that name."""
    local = ZoneInfo(zone)
    clock = MovableClock(begins.replace(tzinfo=local))
    url = database.render_as_string(hide_password=False)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="public-")))
        sandbox = Sandbox(clock, limits=UNLIMITED)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        store = open_store(url, clock.now())
        stack.callback(store.close)
        admin, ann, ben = (sandbox.add_person(name) for name in ("Ada Admin", "Ann", "Ben"))
        chat = sandbox.add_group("Systems", {admin: "creator", ann: "member", ben: "member"})
        new = NewGroup("Systems", zone, Weekday.TUESDAY, time(19), 90, reminders=reminders)
        with store.writing() as session:
            group, code = groups.create(session, new, clock.now())
            imports.import_page(session, group, page, clock.now())
        token = SecretStr(sandbox.token)
        settings = Settings(
            telegram=TelegramSettings(token=token, api_base_url=sandbox.origin),
            storage=StorageSettings(url=url),
            publish=PublishSettings(**{"folder": folder, **(publish or {})}),
        )
        catalogues = RecordedCatalogues()
        await catalogues.start()
        stack.push_async_callback(catalogues.stop)
        bot = new_bot(settings, store, clock, catalogues.origin)
        running = await started(bot)
        made = Room(
            sandbox,
            store,
            clock,
            settings,
            local,
            code,
            admin,
            ann,
            ben,
            chat,
            bot,
            running,
            catalogues,
        )
        stack.push_async_callback(made.stop)
        yield made


def new_bot(
    settings: Settings,
    store: Store,
    clock: MovableClock,
    catalogues: str = "http://127.0.0.1:9",  # where nobody answers
) -> ReadingGroupBot:
    asks = Catalogues(
        store,
        clock,
        arxiv_url=catalogues,
        crossref_url=catalogues,
        short_links=ShortLinks({}),
    )
    # The tests tick by hand; an hour keeps the scheduler out of the way.
    return ReadingGroupBot(
        settings, store, clock, catalogues=asks, tick_seconds=3600, flood_limits=False
    )
