"""Asking the catalogues, once for each paper."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.catalogues import arxiv, crossref
from bot.catalogues.fetch import Fetcher, NoAnswerError
from bot.catalogues.short_links import ShortLinks
from bot.clock import Clock
from bot.domain import papers
from bot.domain.papers import PaperFacts
from storage.models import Lookup
from storage.store import Store

log = logging.getLogger(__name__)

PATIENCE = 6.0
"""Seconds that a member waits in the chat for what the catalogues know, at most."""

WRITE_SECONDS = 1.0
"""An answer waits no longer for its place in the database."""

KEPT_FOR = timedelta(days=90)
"""A title may still be corrected; after a few months hardly any is."""

ASKED_AGAIN_AFTER = timedelta(days=1)
"""A paper that a catalogue does not know may be new."""


class Catalogue(NamedTuple):
    """A server, how it is asked for a number, and how its answer is read."""

    fetcher: Fetcher
    path: Callable[[str], str]
    read: Callable[[bytes, str], PaperFacts | None]


class Kept(NamedTuple):
    """What a catalogue said, and when; without facts it did not know the paper."""

    facts: PaperFacts | None
    asked_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return now - self.asked_at < (KEPT_FOR if self.facts else ASKED_AGAIN_AFTER)


class Catalogues:
    """What public catalogues say of papers. They ask two fixed servers by a checked number, and
    never the address that a member wrote. What is known is kept in the database.

    `patience` is how long a look-up takes at most, in seconds. `short_links` follows links that say
    nothing of what they stand for.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        arxiv_url: str = arxiv.PUBLIC,
        crossref_url: str = crossref.PUBLIC,
        patience: float = PATIENCE,
        short_links: ShortLinks | None = None,
    ) -> None:
        self.short_links = short_links or ShortLinks()
        self._store = store
        self._clock = clock
        self._patience = patience
        # The pause is arXiv's own wish; a server on loopback has none.
        pause = arxiv.PAUSE if arxiv_url == arxiv.PUBLIC else 0.0
        self._arxiv = Catalogue(Fetcher(arxiv_url, arxiv.AT_ONCE, pause), arxiv.path, arxiv.read)
        self._crossref = Catalogue(
            Fetcher(crossref_url, crossref.AT_ONCE), crossref.path, crossref.read
        )
        self._under_way: dict[str, asyncio.Task[PaperFacts | None]] = {}

    async def close(self) -> None:
        """Give up what is under way: those who wait for it get `None`."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._arxiv.fetcher.close()
        await self._crossref.fetcher.close()
        await self.short_links.close()

    async def look_up(self, url: str | None) -> PaperFacts | None:
        """What is known of the paper at this address; `None` where nobody knows or answers. Never
        raises for what the network, a catalogue or the database does."""
        asked = self._question(url)
        if asked is None:
            return None
        identity = papers.identity(url, "")
        task = self._under_way.get(identity)
        if task is None:
            task = asyncio.create_task(self._learn(identity, *asked))
            self._under_way[identity] = task
            task.add_done_callback(lambda _done: self._under_way.pop(identity, None))
        # Unlike awaiting the task, this leaves it alone when one of several stops waiting.
        await asyncio.wait({task})
        return None if task.cancelled() else task.result()

    def _question(self, url: str | None) -> tuple[Catalogue, str] | None:
        number = papers.arxiv_id(url)
        if number is not None:
            return self._arxiv, number
        doi = papers.doi(url)
        return (self._crossref, doi) if doi is not None else None

    async def _learn(self, identity: str, catalogue: Catalogue, number: str) -> PaperFacts | None:
        kept = None
        try:
            kept = await self._store.read(lambda session: _kept(session, identity))
            if kept is None or not kept.is_fresh(self._clock.now()):
                facts = await self._ask(catalogue, number)
                # A paper that was there is not gone because one answer was empty.
                kept = Kept(facts or (kept.facts if kept else None), self._clock.now())
                await self._keep(identity, kept)
        except (NoAnswerError, TimeoutError) as error:
            log.info("Nothing was learnt about %s: %s", identity, str(error) or "no answer in time")
        except Exception:
            log.exception("Nothing was learnt about %s.", identity)
        return kept.facts if kept else None

    async def _ask(self, catalogue: Catalogue, number: str) -> PaperFacts | None:
        async with asyncio.timeout(self._patience):
            body = await catalogue.fetcher.get(catalogue.path(number))
            # Off the event loop: a long feed takes a while.
            return None if body is None else await asyncio.to_thread(catalogue.read, body, number)

    async def _keep(self, identity: str, kept: Kept) -> None:
        writing = asyncio.ensure_future(self._store.write(lambda s: _put(s, identity, kept)))
        writing.add_done_callback(_tell_failure)
        await asyncio.wait({writing}, timeout=WRITE_SECONDS)


def _kept(session: Session, identity: str) -> Kept | None:
    row = session.get(Lookup, identity)
    if row is None:
        return None
    if not row.found or row.title is None:
        return Kept(None, row.asked_at)
    return Kept(PaperFacts(row.title, tuple(row.authors), row.venue, row.year), row.asked_at)


def _put(session: Session, identity: str, kept: Kept) -> None:
    facts = kept.facts
    session.merge(
        Lookup(
            identity=identity,
            title=facts.title if facts else None,
            authors=list(facts.authors) if facts else [],
            venue=facts.venue if facts else None,
            year=facts.year if facts else None,
            found=facts is not None,
            asked_at=kept.asked_at,
        )
    )


def _tell_failure(writing: asyncio.Future[None]) -> None:
    if not writing.cancelled() and writing.exception() is not None:
        log.error("What a catalogue said was not kept.", exc_info=writing.exception())
