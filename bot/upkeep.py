"""What is done again and again while the bot runs: whatever is due by now."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from telegram.ext import ExtBot

from bot.delivery.worker import Worker
from bot.domain.views import GroupView
from bot.errors import OperatorError
from bot.lease import Lease
from bot.publish.keeper import Keeper
from bot.publish.places import Place, places
from bot.services import (
    announcements,
    changes,
    groups,
    lapses,
    nags,
    offers,
    troubles,
    turned_back,
)
from bot.services.lapses import Lapsed
from bot.telegram import cards, questions
from bot.telegram.context import Tools
from bot.telegram.messenger import TelegramMessenger

log = logging.getLogger(__name__)

FOR_CARDS = 1.0
"""Seconds for which a tick waits for cards; they are edited in less where nothing is in the way."""


class Upkeep:
    """The ledger's worker, the keeper of the pages, and what time alone brings about. `on_lost`
    hears why the bot has to end: another copy has the lease, or the database is gone."""

    def __init__(
        self,
        bot: ExtBot[Any],
        tools: Tools,
        lease: Lease,
        on_lost: Callable[[OperatorError], None],
    ) -> None:
        self._bot = bot
        self._tools = tools
        self._store = tools.store
        self._clock = tools.clock
        self._lease = lease
        self._on_lost = on_lost
        self._worker = Worker(tools.store, tools.clock, TelegramMessenger(bot))
        self._keeper = Keeper(tools.store, tools.clock, tools.publish, tools.late)
        self._groups: tuple[GroupView, ...] = ()
        self._places: dict[int, Place] = {}
        self._ticking = asyncio.Lock()
        self._stopping = False
        self._troubles: dict[str, str] = {}
        self._refreshing: asyncio.Task[bool] | None = None
        self._lapsed: deque[Lapsed] = deque()
        self._ticked_at: datetime | None = None
        self.rival_since: datetime | None = None
        """Since when another copy of the bot takes the members' messages."""

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True

    async def close(self) -> None:
        """Return once all that was begun is done, or broken off where that does no harm."""
        await asyncio.gather(self._keeper.close(), self._end_tick())

    async def _end_tick(self) -> None:
        # The tick that is under way ends the message it has begun; cut off in the middle,
        # organizers would have to be asked whether that one arrived.
        async with self._ticking:
            pass
        # Only now: until its end that tick may have begun to refresh cards.
        if self._refreshing is not None:
            self._refreshing.cancel()

    async def tick(self) -> None:
        """Do what is due now."""
        if self._stopping:
            return
        async with self._ticking:
            if not await self._tried("The lease is", self._lease.renew):
                return
            # What holds one of them up must not hold up the other.
            await self._tried("Offers and plans are", self._move_on)
            await self._tried("Reminders are", self._deliver)
            await self._tried("Pages are", self._keeper.tick)

    async def published(self) -> None:
        """Wait until the pages that are being written now are written."""
        await self._keeper.settled()

    async def learn_places(self) -> None:
        """Where each group's folder is on the web; nothing to learn where none is served. A group
        keeps its name, so only new ones are read."""
        if self._tools.publish.site_url is not None:
            last = self._groups[-1].id if self._groups else 0
            new = await self._store.read(lambda session: groups.newer(session, last))
            if new:
                self._groups += new
                self._places = places(self._tools.publish, self._groups)

    def address_of(self, group_id: int, link: str) -> str | None:
        """Where the link of this group's page is on the web."""
        place = self._places.get(group_id)
        return place.url_of(link) if place else None

    async def _tried(self, what: str, part: Callable[[], Awaitable[None]]) -> bool:
        """Run one part of a tick. A fault that lasts is told once, not at every tick."""
        try:
            await part()
        except OperatorError as error:
            self._on_lost(error)
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
        await self._worker.tick(lambda: not self._stopping)

    async def _move_on(self) -> None:
        """Offers that nobody answered go to the next, open slots are filled by turn, questions that
        nobody can answer any more lapse, and what time alone brings about is planned."""
        now, since, before = self._clock.now(), self.rival_since, self._ticked_at

        def use(session: Session) -> tuple[frozenset[int], tuple[Lapsed, ...]]:
            if before is None or now < before:  # who knows about the time before the start
                turned_back.mend(session, now)
            offers.advance(session, now)
            announcements.look(session, now)
            nags.look(session, now)
            if since is not None:
                troubles.another_copy(session, since, now)
            lapsed = lapses.look(session, now)
            return changes.touched(session), lapsed

        touched, lapsed = await self._store.write(use)
        self._tools.late.update(touched)
        self._lapsed.extend(lapsed)
        self._ticked_at = now
        await self.learn_places()
        await self._begin_refreshing()

    async def _begin_refreshing(self) -> None:
        """Cards of a busy chat may have to wait for minutes until Telegram takes them; what else is
        due does not wait with them."""
        if self._refreshing is None or self._refreshing.done():
            if not self._tools.late and not self._lapsed:
                return
            self._refreshing = asyncio.create_task(self._tried("Cards are", self._refresh_cards))
        await asyncio.wait({self._refreshing}, timeout=FOR_CARDS)

    async def _refresh_cards(self) -> None:
        touched = frozenset(self._tools.late)
        self._tools.late.clear()
        await cards.refresh(self._bot, self._tools, touched)
        while self._lapsed:
            one = self._lapsed.popleft()
            await questions.show(self._bot, questions.settled(one.request), one.copies)
