"""The stage that page and tour share: a database, a group of people, the sandbox and the bot."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.app import ReadingGroupBot
from bot.catalogues import Catalogues, ShortLinks
from bot.clock import MovableClock
from bot.config import (
    GroupSettings,
    PublishSettings,
    Settings,
    StorageSettings,
    TelegramSettings,
)
from bot.demo.recorded import RecordedCatalogues
from bot.publish.markdown import parse
from bot.sandbox import Chat, Limits, Person, Sandbox
from bot.services import groups, identities, imports
from bot.services.groups import NewGroup
from bot.services.moments import next_moment
from storage.enums import Weekday
from storage.store import Store, open_store

BEGINS = datetime(2026, 1, 9, 2, tzinfo=UTC)
"""A Friday morning in Shanghai, four days before a meeting with an open slot."""

GROUP = NewGroup(
    "Systems reading group",
    "Asia/Shanghai",
    Weekday.TUESDAY,
    GroupSettings().start_time,
    120,
    "Room 401",
    "https://meeting.example.org/systems",
)

TICK_SECONDS = 0.2
NO_LIMITS = Limits(overall_per_second=None, group_per_minute=None, private_per_second=None)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays. All but `newcomer` are on the page."""

    organizer: Person
    presenter: Person
    member: Person
    newcomer: Person
    group: Chat


@dataclass(slots=True)
class Stage:
    """`code` is what ties the group's chat to its schedule; `bot` changes at a restart."""

    sandbox: Sandbox
    store: Store
    clock: MovableClock
    settings: Settings
    cast: Cast
    code: str
    bot: ReadingGroupBot
    running: asyncio.Task[None]
    catalogues: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(GROUP.timezone)

    async def travel(self, to: datetime) -> None:
        """Move the clock to `to`, stopping at each moment at which something is due."""
        while True:
            due = await self.store.read(next_moment)
            coming = max(due or to, self.clock.now() + timedelta(seconds=1))
            if coming >= to:
                break
            self.clock.set(coming)
            await self.bot.tick()
        self.clock.set(to)
        await self.bot.tick()

    async def restart(self) -> None:
        """Stop the bot and start it anew on the same database."""
        self.bot.stop()
        await self.running
        self.bot, self.running = await _start(
            self.settings, self.store, self.clock, self.catalogues
        )


@asynccontextmanager
async def stage(port: int = 0) -> AsyncIterator[Stage]:
    """Build everything in a throw-away folder, start the bot, and clear up afterwards."""
    clock = MovableClock(BEGINS)
    sandbox = Sandbox(clock, limits=NO_LIMITS)
    sandbox.zone = GROUP.timezone
    with tempfile.TemporaryDirectory(prefix="reading-group-") as folder:
        await sandbox.start(port)
        recorded = RecordedCatalogues()
        await recorded.start()
        try:
            cast = _people(sandbox)
            settings = _settings(sandbox, Path(folder))
            store = open_store(settings.storage.url, clock.now())
            try:
                code = _schedule(store, cast, clock.now())
                bot, running = await _start(settings, store, clock, recorded.origin)
                made = Stage(
                    sandbox, store, clock, settings, cast, code, bot, running, recorded.origin
                )
                try:
                    yield made
                finally:
                    made.bot.stop()
                    await made.running
            finally:
                store.close()
        finally:
            await recorded.stop()
            await sandbox.stop()


async def _start(
    settings: Settings, store: Store, clock: MovableClock, catalogues: str
) -> tuple[ReadingGroupBot, asyncio.Task[None]]:
    bot = ReadingGroupBot(
        settings,
        store,
        clock,
        catalogues=Catalogues(
            store,
            clock,
            arxiv_url=catalogues,
            crossref_url=catalogues,
            short_links=ShortLinks({}),
        ),
        tick_seconds=TICK_SECONDS,
        flood_limits=False,
    )
    return bot, await started(bot)


async def started(bot: ReadingGroupBot) -> asyncio.Task[None]:
    """Start the bot; returns once it fetches updates, or raises what it ended with."""
    ready = asyncio.Event()
    running = asyncio.create_task(bot.run(ready.set))
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        # Whoever waited closes next what the bot still uses.
        bot.stop()
        await asyncio.wait({running})
        raise
    finally:
        waiting.cancel()
    if running.done():
        running.result()
    return running


def _people(sandbox: Sandbox) -> Cast:
    organizer = sandbox.add_person("Youhui Bai", "youhui", note="organizer")
    presenter = sandbox.add_person("Bosen Yang", "bosen", note="presents on 13 January")
    member = sandbox.add_person("Chenhan Wang", "chenhan", note="member")
    newcomer = sandbox.add_person("Robin", note="new here")
    group = sandbox.add_group(
        GROUP.name,
        {
            organizer: "creator",
            presenter: "member",
            member: "member",
            newcomer: "member",
        },
    )
    return Cast(organizer, presenter, member, newcomer, group)


def _settings(sandbox: Sandbox, folder: Path) -> Settings:
    return Settings(
        telegram=TelegramSettings(token=SecretStr(sandbox.token), api_base_url=sandbox.origin),
        storage=StorageSettings(url=f"sqlite:///{folder / 'demo.db'}"),
        publish=PublishSettings(folder=folder / "public"),
    )


def _schedule(store: Store, cast: Cast, now: datetime) -> str:
    page = parse(files("bot.demo").joinpath("term.md").read_text(encoding="utf-8")).page
    with store.writing() as session:
        group, code = groups.create(session, GROUP, now - timedelta(days=1))
        imports.import_page(session, group, page, now)
        for person in (cast.organizer, cast.presenter):
            identities.link(session, group.id, person.name, person.id)
    return code
