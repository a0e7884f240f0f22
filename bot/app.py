"""Everything is built here, once, and started and stopped in order."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from telegram.error import InvalidToken, TelegramError

from bot.catalogues import Catalogues
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.delivery.worker import Worker
from bot.domain.views import GroupView
from bot.errors import OperatorError
from bot.new_groups import new_group
from bot.publish.keeper import Keeper
from bot.publish.places import Place, places
from bot.scheduling import start_ticking
from bot.services import announcements, changes, groups, leases, nags, offers, troubles
from bot.services.leases import Holder
from bot.telegram import cards
from bot.telegram.application import Requests, build_application, set_menus
from bot.telegram.context import Tools
from bot.telegram.kept import Kept
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.polling import Poller
from bot.telegram.router import ALLOWED_UPDATES
from bot.telegram.trouble import TokenRefusedError, Trouble, TroubleKind, log_trouble
from bot.text.render import serve
from storage.store import Store

log = logging.getLogger(__name__)

TICK_SECONDS = 10.0
FIRST_TRY_AGAIN = 1.0
LONGEST_TRY_AGAIN = 30.0
FOR_CARDS = 1.0
"""Seconds for which a tick waits for cards; they are edited in less where nothing is in the way."""


class ReadingGroupBot:
    """The bot: a store, Telegram, and the ledger's worker, under one clock.

    `tick_seconds` is how often the ledger is looked at; `flood_limits=False` is for a server
    without limits of its own.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock | None = None,
        *,
        catalogues: Catalogues | None = None,
        tick_seconds: float = TICK_SECONDS,
        flood_limits: bool = True,
    ) -> None:
        token = require_token(settings)
        self._store = store
        self._clock = clock or SystemClock()
        self._tick_seconds = tick_seconds
        proxy = settings.telegram.proxy_url
        self._requests = Requests(proxy.get_secret_value() if proxy else None)
        self._catalogues = catalogues or Catalogues(store, self._clock)
        tools = Tools(
            store,
            self._clock,
            frozenset(settings.telegram.organizers),
            new_group(settings),
            self._catalogues,
            Kept(store),
            settings.publish,
        )
        self._tools = tools
        self._application = build_application(
            token,
            settings.telegram.api_base_url,
            self._requests,
            tools,
            flood_limits=flood_limits,
        )
        messenger = TelegramMessenger(self._application.bot)
        self._worker = Worker(store, self._clock, messenger)
        self._keeper = Keeper(store, self._clock, settings.publish)
        self._poller = Poller(
            self._application.bot,
            self._application.process_update,
            allowed_updates=ALLOWED_UPDATES,
            clock=self._clock,
            on_trouble=self._heard,
        )
        self._publish = settings.publish
        self._groups: tuple[GroupView, ...] = ()
        self._places: dict[int, Place] = {}
        serve(self._address_of)
        self._me = Holder(socket.gethostname(), os.getpid(), self._clock.now())
        self._stopping = asyncio.Event()
        self._ticking = asyncio.Lock()
        self._troubles: dict[str, str] = {}
        self._refreshing: asyncio.Task[bool] | None = None
        self._lost: OperatorError | None = None
        self._rival_since: datetime | None = None

    def stop(self) -> None:
        """Finish what is in hand and return from `run`."""
        self._stopping.set()
        self._poller.stop()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Run until `stop`; `ready` is called once updates are being fetched.

        Raises `OperatorError` when another copy runs on this database, also when it took over
        while this one was held up, and when Telegram does not accept the token.
        """
        await self._take_lease(another_is_alive)
        try:
            if await self._connect():
                await self._work(ready)
        finally:
            await self._application.shutdown()
            await self._requests.close()
            await self._catalogues.close()
            await self._store.write(lambda session: leases.release(session, self._me))

    async def _work(self, ready: Callable[[], None]) -> None:
        bot = self._application.bot
        await self._learn_places()
        log.info("@%s is at work.", bot.username)
        await self._tell_waiting()
        scheduler = start_ticking(self.tick, self._tick_seconds)
        # Nobody has to wait for these.
        menus = asyncio.create_task(
            self._insist(
                lambda: set_menus(bot),
                "The command menus were not set (%s). The bot goes on trying.",
            )
        )
        try:
            ready()
            await self._poller.run()
            if self._lost is not None:
                raise self._lost
        except TokenRefusedError as error:
            raise OperatorError(str(error)) from error
        finally:
            self._stopping.set()
            menus.cancel()
            # The tick that is under way ends the message it has begun; cut off in the middle,
            # organizers would have to be asked whether that one arrived.
            scheduler.pause()
            async with self._ticking:
                scheduler.shutdown(wait=False)
            # Only now: until its end that tick may have begun to refresh cards.
            if self._refreshing is not None:
                self._refreshing.cancel()
            await self._keeper.close()
            log.info("Stopped.")

    async def _connect(self) -> bool:
        """Ask Telegram who we are; whether it answered before the bot was stopped."""
        bot = self._application.bot

        async def begin() -> None:
            try:
                await self._application.initialize()
                # A webhook from another life would keep every update away.
                await bot.delete_webhook()
            except InvalidToken as error:
                raise OperatorError(
                    "Telegram does not accept the bot token. Check telegram.token in config.toml; "
                    "@BotFather shows it under /mybots."
                ) from error

        return await self._insist(
            begin,
            "Telegram cannot be reached (%s). The bot goes on trying; where Telegram is blocked, "
            "set telegram.proxy_url.",
        )

    async def _insist(self, do: Callable[[], Awaitable[None]], complaint: str) -> bool:
        """Do it again and again, until Telegram lets it happen or the bot is stopped; whether it
        happened."""
        wait = FIRST_TRY_AGAIN
        while not self._stopping.is_set():
            try:
                await do()
            except TelegramError as error:
                if wait == FIRST_TRY_AGAIN:
                    log.warning(complaint, error.message)
                await self._wait(wait)
                wait = min(2 * wait, LONGEST_TRY_AGAIN)
            else:
                return True
        return False

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def tick(self) -> None:
        """Do what is due now. The scheduler calls it again and again."""
        if self._stopping.is_set():
            return
        async with self._ticking:
            if not await self._tried("The lease is", self._take_lease):
                return
            # What holds one of them up must not hold up the other.
            await self._tried("Offers and plans are", self._move_on)
            await self._tried("Reminders are", self._deliver)
            await self._tried("Pages are", self._keeper.tick)

    async def published(self) -> None:
        """Wait until the pages that are being written now are written."""
        await self._keeper.settled()

    async def _tried(self, what: str, part: Callable[[], Awaitable[None]]) -> bool:
        """Run one part of a tick. A fault that lasts is told once, not at every tick."""
        try:
            await part()
        except OperatorError as error:
            self._lost = error
            self.stop()
            return False
        except DatabaseError as error:
            self._held_up(what, self._store.explain(error))
            return False
        except Exception as error:  # noqa: BLE001 - logged whole; the next tick tries again
            self._held_up(what, repr(error), error)
            return False
        if self._troubles.pop(what, None) is not None:
            log.info("%s no longer held up.", what)
        return True

    def _held_up(self, what: str, why: str, error: Exception | None = None) -> None:
        if self._troubles.get(what) != why:
            said = why if error is None else "see below"
            log.error("%s held up; the bot goes on trying: %s", what, said, exc_info=error)
        self._troubles[what] = why

    async def _deliver(self) -> None:
        await self._worker.tick(lambda: not self._stopping.is_set())

    async def _move_on(self) -> None:
        """Offers that nobody answered go to the next, open slots are filled by turn, and what time
        alone brings about is planned."""
        now, since = self._clock.now(), self._rival_since

        def use(session: Session) -> frozenset[int]:
            offers.advance(session, now)
            announcements.look(session, now)
            nags.look(session, now)
            if since is not None:
                troubles.another_copy(session, since, now)
            return changes.touched(session)

        self._tools.late.update(await self._store.write(use))
        await self._learn_places()
        await self._begin_refreshing()

    async def _begin_refreshing(self) -> None:
        """Cards of a busy chat may have to wait for minutes until Telegram takes them; what else is
        due does not wait with them."""
        if self._refreshing is None or self._refreshing.done():
            if not self._tools.late:
                return
            self._refreshing = asyncio.create_task(self._tried("Cards are", self._refresh_cards))
        await asyncio.wait({self._refreshing}, timeout=FOR_CARDS)

    async def _refresh_cards(self) -> None:
        touched = frozenset(self._tools.late)
        self._tools.late.clear()
        await cards.refresh(self._application.bot, self._tools, touched)

    def _heard(self, trouble: Trouble) -> None:
        log_trouble(trouble)
        if trouble.kind is TroubleKind.CONFLICT:
            self._rival_since = None if trouble.over else self._clock.now()

    async def _take_lease(self, is_alive: Callable[[int], bool] = lambda _: True) -> None:
        """Take it, or renew it. Only who begins may think a process gone: in containers of one name
        each sees none of the other's, and they would take it from each other for ever."""
        if not self._store.is_in_place():
            raise OperatorError(
                "The database file was moved or deleted while the bot was running. Put it back, or "
                "restore a backup, and start the bot again."
            )
        now = self._clock.now()
        other = await self._store.write(
            lambda session: leases.acquire(session, self._me, now, is_alive)
        )
        if other is not None:
            raise OperatorError(
                f"Another copy of the bot runs on this database (process {other.process} on "
                f"{other.host}). Stop that one first, or wait a minute if it is gone."
            )

    async def _learn_places(self) -> None:
        """Where each group's folder is on the web; nothing to learn where none is served. A group
        keeps its name, so only new ones are read."""
        if self._publish.site_url is not None:
            last = self._groups[-1].id if self._groups else 0
            new = await self._store.read(lambda session: groups.newer(session, last))
            if new:
                self._groups += new
                self._places = places(self._publish, self._groups)

    def _address_of(self, group_id: int, link: str) -> str | None:
        place = self._places.get(group_id)
        return place.url_of(link) if place else None

    async def _tell_waiting(self) -> None:
        for name, code in await self._store.read(groups.waiting_codes):
            log.info("“%s” waits for its chat: send /setup %s there.", name, code)


def require_token(settings: Settings) -> str:
    """The bot's token. Raises `OperatorError` when there is none."""
    if settings.telegram.token is None:
        raise OperatorError(
            "There is no bot token. Ask @BotFather in Telegram for one and set telegram.token "
            "in config.toml, or look around first with: reading-group-bot demo"
        )
    return settings.telegram.token.get_secret_value()


def another_is_alive(process: int) -> bool:
    """Whether this machine runs another process of this number. Whoever had our own is gone."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
