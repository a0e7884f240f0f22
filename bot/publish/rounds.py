"""One round of publishing: some groups' files, then what is committed and pushed of them."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.config import PublishSettings
from bot.publish.commit_message import message
from bot.publish.folder import LIST, listed_in
from bot.publish.git import Checkout, RemoteAheadError, checkout_of
from bot.publish.git_program import GitError, PassingError
from bot.publish.making import Maker
from bot.publish.places import Place, places
from bot.publish.watch import Watch
from bot.publish.writing import Writing, Written
from bot.services import groups, publications
from storage.store import Store

log = logging.getLogger(__name__)

SOON = timedelta(minutes=1)
"""When to look again at a file that somebody is editing at this moment."""

UNEXPECTED = "Something unexpected went wrong; the log of whoever runs the bot has more."


@dataclass(frozen=True, slots=True)
class Kept:
    """A group whose files are as they should be; committed, if there is a checkout."""

    written: Written
    checkout: Checkout | None


class Round:
    """`pulled` says that something came from a remote. Slots that files changed go among the
    `late`."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: PublishSettings,
        watch: Watch,
        late: set[int],
    ) -> None:
        self._late = late
        self._store = store
        self._clock = clock
        self._settings = settings
        self._watch = watch
        self._places: dict[int, Place] = {}
        self._kept: dict[int, Kept] = {}
        self._asked: dict[Path, GitError | None] = {}
        self._mended: set[Checkout] = set()
        self._maker = Maker()
        self.pulled = False

    async def publish(self, group_ids: Collection[int], go_on: Callable[[], bool]) -> None:
        """What goes wrong with one group is told, tried again later, and holds up no other."""
        try:
            await self._publish_all(group_ids, go_on)
        finally:
            await self._maker.close()

    async def fetch(self, go_on: Callable[[], bool]) -> None:
        """Take over what others pushed into the checkouts. Where that is for people to mend, a
        group of it is to be published, which tells them."""
        where = places(self._settings, await self._store.read(groups.all_groups))
        troubled = await self._store.read(publications.troubles)
        for group_id, place in where.items():
            folder = place.folder.resolve()
            known = group_id in troubled or any(folder.is_relative_to(top) for top in self._asked)
            if known or not go_on():
                continue
            try:
                checkout = await checkout_of(folder, self._settings.author)
                self._asked[checkout.top] = None
                await self._update(checkout)
            except PassingError:
                continue
            except GitError:
                now = self._clock.now()
                await self._store.write(
                    lambda session, of=group_id, at=now: publications.ask_for(session, of, at)  # type: ignore[misc]
                )

    async def _publish_all(self, group_ids: Collection[int], go_on: Callable[[], bool]) -> None:
        self._places = places(self._settings, await self._store.read(groups.all_groups))
        for group_id in group_ids:
            if group_id in self._places and go_on():
                await self._publish(group_id)
        for checkout in {kept.checkout for kept in self._kept.values()}:
            if checkout is not None and self._settings.git == "push" and go_on():
                await self._push(checkout)

    async def _publish(self, group_id: int) -> None:
        place = self._places[group_id]
        self._kept.pop(group_id, None)
        written, checkout, trouble = None, None, None
        try:
            checkout = await self._checkout(place)
        except GitError as error:
            trouble = str(error)
        try:
            written = await Writing(
                self._store, self._clock, group_id, place, self._watch, self._maker, self._late
            ).write()
            if checkout is not None:
                await self._commit(checkout, place, written)
        except GitError as error:
            trouble = str(error)
        except OSError as error:
            trouble = _sentence(error, place)
        except Exception:
            log.exception("The page of group %d was not written.", group_id)
            trouble = UNEXPECTED
        if written is not None:
            await self._store.write(lambda s: publications.wrote(s, written.texts))
        if written is None or trouble is not None:
            await self._failed(group_id, trouble or UNEXPECTED)
        else:
            self._kept[group_id] = Kept(written, checkout)
            await self._done(group_id)

    async def _checkout(self, place: Place) -> Checkout | None:
        """Where to commit, once in each round brought up to date with its remote. What stands in
        the way of that is told when it comes to pushing."""
        if self._settings.git == "off":
            return None
        checkout = await checkout_of(place.folder.resolve(), self._settings.author)
        if checkout not in self._mended:
            self._mended.add(checkout)
            await checkout.mend()
        if self._settings.git == "push" and checkout.top not in self._asked:
            self._asked[checkout.top] = None
            try:
                await self._update(checkout)
            except GitError as error:
                self._asked[checkout.top] = error
        return checkout

    async def _update(self, checkout: Checkout) -> None:
        self.pulled |= await checkout.update()

    async def _commit(self, checkout: Checkout, place: Place, written: Written) -> None:
        at, state = place.folder.resolve(), written.state
        pages = {term: at / path.name for term, path in written.pages.items()}
        # What is gone since the last commit is on the list that was committed with it.
        listed = listed_in(await checkout.committed(at / LIST))
        gone = await asyncio.to_thread(_missing, at, listed)
        own = {at / path.relative_to(place.folder) for path in written.paths}
        changed = await checkout.changed({at / LIST, *gone, *own})
        if not changed:
            return
        titles = [t.page.title for t in state.terms if pages.get(t.term_id) in changed]
        group = state.archive.group
        about = titles[0] if len(titles) == 1 else group.name
        await checkout.commit(changed, message(about, state.changes, group.zone))

    async def _push(self, checkout: Checkout) -> None:
        ours = [one for one, kept in self._kept.items() if kept.checkout == checkout]
        try:
            barred = self._asked.get(checkout.top)
            if barred is not None:
                raise barred
            try:
                await checkout.push()
            except RemoteAheadError:
                await self._update(checkout)
                for group_id in ours:
                    await self._publish(group_id)
                await checkout.push()
        except GitError as error:
            passing = isinstance(error, PassingError)
            for group_id in ours:
                await self._failed(group_id, str(error), passing=passing)
        else:
            for group_id in ours:
                if group_id in self._kept:
                    await self._settled(group_id)

    async def _done(self, group_id: int) -> None:
        """The files are written and committed; pushing comes later, for all of a checkout."""
        kept = self._kept[group_id]
        if kept.checkout is None or self._settings.git != "push":
            await self._settled(group_id)
            return
        now, audit_id = self._clock.now(), kept.written.state.audit_id
        await self._store.write(lambda s: publications.advance(s, group_id, audit_id, now))

    async def _settled(self, group_id: int) -> None:
        written, now = self._kept[group_id].written, self._clock.now()
        following = written.state.archive.next_meeting(now)
        again_at = following.ends_at if following else None
        if written.restless:
            again_at = now + SOON
        recovered = await self._store.write(
            lambda s: publications.settle(s, group_id, written.state.audit_id, again_at)
        )
        if recovered:
            log.info("“%s” is published again.", written.state.archive.group.name)

    async def _failed(self, group_id: int, trouble: str, *, passing: bool = False) -> None:
        now = self._clock.now()

        def use(session: Session) -> tuple[bool, str]:
            news = publications.fail(session, group_id, trouble, now, passing=passing)
            return news, groups.by_id(session, group_id).name

        news, name = await self._store.write(use)
        if news:
            log.warning("“%s” is not published: %s The bot goes on trying.", name, trouble)


def _missing(folder: Path, names: Iterable[str]) -> set[Path]:
    return {folder / name for name in names if not (folder / name).exists()}


def _sentence(error: OSError, place: Place) -> str:
    return f"{place.folder} cannot be written: {error.strerror or error}."
