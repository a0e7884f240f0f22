"""Putting a copy of the database in its place, so that the bot goes on with it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL

from bot.clock import Clock
from bot.lease import Lease
from bot.services import restored
from bot.services.restored import Restored
from storage.engine import parse_url
from storage.restore import brought_beside, is_sound, place_of, put_in_place
from storage.revisions import is_newest
from storage.sentences import explained
from storage.store import Store


class Done(NamedTuple):
    """`aside` is where what was in the database's `place` is now, if anything was."""

    place: Path
    aside: Path | None
    restored: Restored


async def restore(url: str, file: Path, clock: Clock) -> Done:
    """Put the copy `file` in the place of the database that `storage.url` names.

    Raises `OperatorError` while the bot runs on it, and `StorageError` when that cannot be done;
    nothing is changed then.
    """
    parsed = parse_url(url)
    path = place_of(parsed, file)
    with explained(parsed):
        if not is_sound(path):
            return _restore(file, path, None, clock.now())
        with closing(Store(parsed)) as store:
            lease = Lease(store, clock)
            await lease.begin()
            try:
                return _restore(file, path, store, clock.now())
            finally:
                await lease.give_back()


def report(done: Done, pages: Path) -> Iterator[str]:
    """What was done and what comes next, in a line for each thing; the groups' pages are written
    into `pages`."""
    newest = done.restored.newest
    last = f" The last change in it was made on {newest:%d %B %Y, %H:%M} UTC." if newest else ""
    yield f"{done.place} is restored.{last}"
    if done.aside is not None:
        yield f"As it was until now, it is in {done.aside}."
    if done.restored.uncertain:
        yield (
            f"Messages to groups that may have been sent since: {done.restored.uncertain}. "
            "The bot sends none of them again by itself; it asks organizers."
        )
    yield "Start the bot to go on."
    if pages.is_dir():
        yield (
            f"What a page in {pages} says and the copy does not is then read back, as if it was "
            "edited by hand. Delete a page first that is to be written anew."
        )


def _restore(file: Path, path: Path, until_now: Store | None, now: datetime) -> Done:
    """`until_now` is the database that was in use, if it can be read."""
    with brought_beside(file, path, now) as copy:
        result = _settle(copy, until_now, now)
        return Done(path, put_in_place(copy, path, now), result)


def _settle(copy: URL, until_now: Store | None, now: datetime) -> Restored:
    with closing(Store(copy)) as store, store.writing() as session:
        keys = restored.due(session, now)
        if until_now is None or not is_newest(until_now.url):
            return restored.settle(session, keys, None, now)
        with until_now.reading() as before:
            told = restored.told(before, keys)
        return restored.settle(session, keys, told, now)
