"""Everything is built here, once, and started and stopped in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram.error import InvalidToken, TelegramError

from bot.catalogues import Catalogues
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.errors import OperatorError
from bot.lease import Lease
from bot.new_groups import new_group
from bot.scheduling import start_ticking
from bot.services import groups
from bot.telegram.application import Requests, build_application, set_menus
from bot.telegram.context import Tools
from bot.telegram.kept import Kept
from bot.telegram.polling import Poller
from bot.telegram.router import ALLOWED_UPDATES
from bot.telegram.trouble import TokenRefusedError, Trouble, TroubleKind, log_trouble
from bot.text.render import serve
from bot.upkeep import Upkeep
from storage.store import Store

log = logging.getLogger(__name__)

TICK_SECONDS = 10.0
FIRST_TRY_AGAIN = 1.0
LONGEST_TRY_AGAIN = 30.0


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
        self._application = build_application(
            token,
            settings.telegram.api_base_url,
            self._requests,
            tools,
            flood_limits=flood_limits,
        )
        self._lease = Lease(store, self._clock)
        self._upkeep = Upkeep(self._application.bot, tools, self._lease, self._lose)
        self._poller = Poller(
            self._application.bot,
            self._application.process_update,
            allowed_updates=ALLOWED_UPDATES,
            clock=self._clock,
            on_trouble=self._heard,
        )
        serve(self._upkeep.address_of)
        self._stopping = asyncio.Event()
        self._lost: OperatorError | None = None

    def stop(self) -> None:
        """Finish what is in hand and return from `run`."""
        self._stopping.set()
        self._upkeep.stop()
        self._poller.stop()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Run until `stop`; `ready` is called once updates are being fetched.

        Raises `OperatorError` when another copy runs on this database, also when it took over
        while this one was held up, and when Telegram does not accept the token.
        """
        await self._lease.begin()
        try:
            if await self._connect():
                await self._work(ready)
        finally:
            await self._application.shutdown()
            await self._requests.close()
            await self._catalogues.close()
            await self._lease.give_back()

    async def _work(self, ready: Callable[[], None]) -> None:
        bot = self._application.bot
        await self._upkeep.learn_places()
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
            self.stop()
            menus.cancel()
            scheduler.pause()
            await self._upkeep.close()
            scheduler.shutdown(wait=False)
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
                    "Telegram does not accept the bot token. Check telegram.token in the settings; "
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
                    log.warning(complaint, error.message.rstrip("."))
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
        await self._upkeep.tick()

    async def published(self) -> None:
        """Wait until the pages that are being written now are written."""
        await self._upkeep.published()

    def _lose(self, error: OperatorError) -> None:
        self._lost = error
        self.stop()

    def _heard(self, trouble: Trouble) -> None:
        log_trouble(trouble)
        if trouble.kind in (TroubleKind.CONFLICT, TroubleKind.WEBHOOK):
            self._upkeep.rival_since = None if trouble.over else self._clock.now()

    async def _tell_waiting(self) -> None:
        for name, code in await self._store.read(groups.waiting_codes):
            log.info("“%s” waits for its chat: send /setup %s there.", name, code)


def require_token(settings: Settings) -> str:
    """The bot's token. Raises `OperatorError` when there is none."""
    if settings.telegram.token is None:
        raise OperatorError(
            f"There is no bot token. The settings are from {settings.source}. Ask @BotFather in "
            "Telegram for a token and set telegram.token, or look around first with: "
            "reading-group-bot demo"
        )
    return settings.telegram.token.get_secret_value()
