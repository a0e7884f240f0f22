"""The lease on the database, which one running copy of the bot has at a time."""

import logging
import os
import socket
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DatabaseError

from bot.clock import Clock
from bot.errors import OperatorError
from bot.services import leases
from bot.services.leases import Holder
from storage.store import Store

log = logging.getLogger(__name__)

_LOST = (
    "The database file was moved or deleted while the bot was running. Put it back, or restore a "
    "backup, and start the bot again."
)
_REPLACED = (
    "Another database was put in the place of the bot's while it was running. Start the bot again "
    "to go on with that one."
)


class Lease:
    """This process's, for as long as it takes it again and again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._me = this_process(clock.now())

    async def begin(self) -> None:
        """Take it, also from a process of this machine that is gone. Raises as `renew` does."""
        await self._take(another_is_alive)

    async def renew(self) -> None:
        """Go on having it. Raises `OperatorError` when another copy has it, and when the database's
        file is not in its place any more."""
        # Only who begins may think a process gone: in containers of one name each sees none of the
        # other's, and they would take it from each other for ever.
        await self._take(lambda _: True)

    async def give_back(self) -> None:
        """Without it the next copy on another machine waits a minute: no reason not to end well."""
        try:
            await self._store.write(lambda session: leases.release(session, self._me))
        except DatabaseError as error:
            log.warning("The lease ends by itself in a minute: %s", self._store.explain(error))

    async def _take(self, is_alive: Callable[[int], bool]) -> None:
        if not self._store.is_in_place():
            raise OperatorError(_REPLACED if self._store.was_replaced() else _LOST)
        now = self._clock.now()
        other = await self._store.write(
            lambda session: leases.acquire(session, self._me, now, is_alive)
        )
        if other is not None:
            raise OperatorError(
                f"Another copy of the bot runs on this database (process {other.process} on "
                f"{other.host}). Stop that one first, or wait a minute if it is gone."
            )


def this_process(since: datetime) -> Holder:
    return Holder(socket.gethostname(), os.getpid(), since)


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
