"""Keeping the groups' pages, sites and calendars: written, read back, committed and pushed.

The tick calls `Keeper.tick`, which looks at what is due and leaves the work to a task of its own:
files and git are slow, and a remote may not answer for minutes. Whatever a killed process left
undone is found in the database, and what it had done already is done again without harm.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.config import PublishSettings
from bot.publish.places import places
from bot.publish.watch import Watch, files_of
from bot.services import groups, publications
from bot.services.publications import Changed
from storage.store import Store

if TYPE_CHECKING:
    from bot.publish.rounds import Round

LOOK_EVERY = timedelta(minutes=10)
"""How often files are looked at for edits by hand, and remotes for what others pushed there, when
nothing else is to be done to them."""

SET_BACK = timedelta(minutes=1)
"""A clock that goes back by more than that was not only put right."""

GRACE_SECONDS = 5.0
"""How long the work in hand may take when the bot is to stop."""


class Keeper:
    """Keeps the pages of all groups. Slots that somebody changed in a file go among the `late`, of
    which another part refreshes the cards."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: PublishSettings,
        late: set[int] | None = None,
    ) -> None:
        self._late = late if late is not None else set()
        self._store = store
        self._clock = clock
        self._settings = settings
        self._watch = Watch()
        self._look_at: datetime | None = None
        self._fetch_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._audit_id: int | None = None
        self._waiting: dict[int, Changed] = {}
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    async def tick(self) -> None:
        """Begin with what is due, unless the last work is not done yet. Raises what that ended
        with, if it ended badly."""
        if self._stopping:
            return
        if self._task is not None:
            if not self._task.done():
                return
            ended, self._task = self._task, None
            ended.result()
        now = self._clock.now()
        due, fetch = await self._due(now), self._is_to_fetch(now)
        if (due or fetch) and not self._stopping:
            self._task = asyncio.create_task(self._work(due, fetch=fetch))

    async def settled(self) -> None:
        """Wait until the work in hand is done."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def close(self) -> None:
        """End the work in hand, or break it off if it takes too long."""
        self._stopping = True
        if self._task is None:
            return
        _, working = await asyncio.wait({self._task}, timeout=GRACE_SECONDS)
        for task in working:
            task.cancel()
            await asyncio.wait({task})

    async def publish(self, group_ids: Collection[int]) -> None:
        """Bring these groups' files up to date, and what is committed and pushed of them."""
        for group_id in group_ids:
            self._waiting.pop(group_id, None)
        try:
            going = await self._round()
            await going.publish(group_ids, lambda: not self._stopping)
        except BaseException:
            self._audit_id = None  # what is left to do, the database knows
            raise
        self._see(going)

    async def _work(self, due: Collection[int], *, fetch: bool) -> None:
        if due:
            await self.publish(due)
        if fetch:
            going = await self._round()
            await going.fetch(lambda: not self._stopping)
            self._see(going)

    async def _round(self) -> "Round":
        new_round = await asyncio.to_thread(_round)
        return new_round(self._store, self._clock, self._settings, self._watch, self._late)

    def _see(self, going: "Round") -> None:
        if going.pulled:
            self._look_at = None  # pages of any group may have come along

    def _is_to_fetch(self, now: datetime) -> bool:
        if self._settings.git != "push" or (self._fetch_at is not None and now < self._fetch_at):
            return False
        self._fetch_at = now + LOOK_EVERY
        return True

    async def _due(self, now: datetime) -> tuple[int, ...]:
        def use(session: Session) -> tuple[int, tuple[Changed, ...], tuple[int, ...]]:
            newest, changed = publications.changed(session, self._audit_id)
            return newest, changed, publications.due(session, now)

        last, self._asked_at = self._asked_at, now
        if last is not None and now < last - SET_BACK:
            # What was noted for later is for a time that may be weeks away.
            self._look_at = self._fetch_at = None
            return tuple(one.id for one in await self._store.read(groups.all_groups))
        self._audit_id, changed, to_try = await self._store.read(use)
        for one in changed:
            before = self._waiting.get(one.group_id)
            self._waiting[one.group_id] = before.then(one) if before else one
        settled = [one.group_id for one in self._waiting.values() if one.due_at <= now]
        return tuple(dict.fromkeys([*to_try, *settled, *await self._edited(now)]))

    async def _edited(self, now: datetime) -> tuple[int, ...]:
        """The groups whose pages somebody edited by hand since they were looked at last."""
        if self._look_at is not None and now < self._look_at:
            return ()
        self._look_at = now + LOOK_EVERY
        pages = await self._store.read(publications.pages)
        where = places(self._settings, await self._store.read(groups.all_groups))
        files = files_of(pages, where)
        edited = await asyncio.to_thread(self._watch.changed, files)
        for group_id in await asyncio.to_thread(self._watch.unknown, files):
            texts = await self._store.read(lambda s, of=group_id: publications.written(s, of))  # type: ignore[misc]
            if await asyncio.to_thread(self._watch.learn, files[group_id], texts):
                edited.add(group_id)
        return tuple(sorted(edited))


def _round() -> "type[Round]":
    # What reads and writes pages is large, and most of a bot's life there is nothing to write.
    from bot.publish.rounds import Round  # noqa: PLC0415

    return Round
