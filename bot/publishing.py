"""`publish`: all groups' pages at once, as whoever runs the bot asks for it."""

import logging

from rich.console import Console
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import OperatorError
from bot.lease import another_is_alive, this_process
from bot.publish.keeper import Keeper
from bot.publish.places import places
from bot.services import groups, leases, publications
from storage.store import Store


async def publish_all(store: Store, settings: Settings, console: Console) -> bool:
    """Bring all files up to date, and what is committed and pushed of them; while the bot runs, let
    it do so. Tells `console` what became of each group; returns whether all is well. Raises
    `OperatorError` when there is no group."""
    clock = SystemClock()
    me = this_process(clock.now())
    known = await store.read(groups.all_groups)
    if not known:
        raise OperatorError("There is no group yet. Import a page, or send /setup in its chat.")

    def begin(session: Session) -> bool:
        if leases.acquire(session, me, clock.now(), another_is_alive) is None:
            return True
        for group in known:
            publications.ask_for(session, group.id, clock.now())
        return False

    if not await store.write(begin):
        console.print("The bot is running: it publishes all groups within a minute.")
        return True
    warnings = logging.getLogger("bot.publish.rounds")
    warnings.setLevel(logging.ERROR)  # what the bot would warn of is told below, once
    try:
        await Keeper(store, clock, settings.publish).publish([group.id for group in known])
    finally:
        warnings.setLevel(logging.NOTSET)
        await store.write(lambda session: leases.release(session, me))
    troubles = await store.read(publications.troubles)
    where = places(settings.publish, known)
    for group in known:
        became = troubles.get(group.id) or f"published in {where[group.id].folder}."
        console.print(f"“{group.name}”: {became}", markup=False, highlight=False)
    return not troubles
