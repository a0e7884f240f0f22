"""Writing one group's files: its terms' pages, each looked at for edits by hand first, and what
else is made from its schedule."""

import asyncio
import glob
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.domain.calendar import local
from bot.domain.page import TermState
from bot.domain.page_changes import Edit
from bot.domain.views import GroupView
from bot.publish import files, folder
from bot.publish.making import Maker, Order
from bot.publish.places import Place, names
from bot.publish.steps import Clash, ReadBack, Settled, Step, Write, digest
from bot.publish.watch import Watch
from bot.services import changes, page_clashes, page_edits, publications
from bot.services.page_edits import Taken
from bot.services.publications import Publishing
from storage.store import Store

log = logging.getLogger(__name__)

TRIES = 5
"""How often a group is looked at anew because something changed while it was looked at."""


EDITED = ".edited-"
"""Between a page's name and the time, where an edited page is saved that could not be taken."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was published, and is in the files now: `pages` and their `texts` by term, `paths` of
    all that is the bot's. A page that was edited by hand and clashes is not among them; `restless`
    says that a file was changed while it was to be written."""

    state: Publishing
    pages: Mapping[int, Path]
    texts: Mapping[int, str]
    paths: frozenset[Path]
    restless: bool


class Writing:
    """Writes one group's files in `place`. Slots that they changed go among the `late`."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        group_id: int,
        place: Place,
        watch: Watch,
        maker: Maker,
        late: set[int],
    ) -> None:
        self._store = store
        self._clock = clock
        self._group_id = group_id
        self._place = place
        self._watch = watch
        self._maker = maker
        self._late = late

    async def write(self) -> Written:
        """Raises `OSError` when a file cannot be read or written, and `NotMadeError`."""
        for _ in range(TRIES):
            now = self._clock.now()
            state = await self._store.read(
                lambda session, at=now: publications.state(session, self._group_id, at)  # type: ignore[misc]
            )
            if not state.terms:
                return Written(state, {}, {}, frozenset(), restless=False)
            paths = self._paths(state)
            found = await asyncio.to_thread(_found, paths)
            order = Order(state.terms, found, state.archive, self._place.site_url, now)
            made = await self._maker.make(order)
            steps = dict(made.steps)
            if not await self._take_back(state, steps, paths):
                break
        return await self._write(state, steps, paths, made.files)

    def _paths(self, state: Publishing) -> dict[int, Path]:
        named = names({term.term_id: term.page.title for term in state.terms})
        return {term_id: self._place.folder / name for term_id, name in named.items()}

    async def _take_back(
        self, state: Publishing, steps: dict[int, Step], paths: Mapping[int, Path]
    ) -> bool:
        """Read back what was edited by hand, and ask about what cannot be. Returns whether the
        schedule is another now."""
        terms = {term.term_id: term for term in state.terms}
        for term_id, step in steps.items():
            if isinstance(step, ReadBack):
                if step.copy:
                    await self._save_beside(paths[term_id], step.found, state)
                taken = await self._take(state.archive.group, terms[term_id], step)
                if not taken.objections:
                    return True
                steps[term_id] = Clash(
                    digest(step.found), taken.objections, takable=not step.agreed
                )
        for term_id, step in steps.items():
            if isinstance(step, Clash):
                await self._ask(terms[term_id], step)
        return False

    async def _take(self, group: GroupView, term: TermState, step: ReadBack) -> Taken:
        edit = Edit(term.term_id, term.page, step.schedule, step.merged, step.agreed)
        now = self._clock.now()

        def use(session: Session) -> tuple[Taken, frozenset[int]]:
            taken = page_edits.take(session, group, edit, now)
            if taken.page is not None:
                # What is in the file is known now; written over, nothing of it is lost.
                publications.begin(session, group.id, {term.term_id: digest(step.found)})
            return taken, changes.touched(session)

        taken, touched = await self._store.write(use)
        self._late.update(touched)
        if taken.page is not None:
            log.info("“%s”: %s was edited by hand, and read back.", group.name, term.page.title)
        return taken

    async def _ask(self, term: TermState, step: Clash) -> None:
        now = self._clock.now()
        news = await self._store.write(
            lambda session: page_clashes.ask(
                session, self._group_id, term.term_id, step.digest, step.sentences, now,
                takable=step.takable,
            )
        )  # fmt: skip
        if news:
            log.warning(
                "The page of %s was edited by hand and does not fit: %s Organizers are asked.",
                term.page.title,
                step.sentences[0],
            )

    async def _write(
        self,
        state: Publishing,
        steps: Mapping[int, Step],
        paths: Mapping[int, Path],
        made: Mapping[str, bytes],
    ) -> Written:
        texts = {term: step.text for term, step in steps.items() if isinstance(step, Settled)}
        writes = {term: step for term, step in steps.items() if isinstance(step, Write)}
        await asyncio.to_thread(_make, self._place.folder)
        if writes:
            digests = {term: digest(step.text.encode()) for term, step in writes.items()}
            await self._store.write(
                lambda session: publications.begin(session, self._group_id, digests)
            )
        for term_id, step in writes.items():
            if step.copy and step.found is not None:
                await self._save_beside(paths[term_id], step.found, state)
            if await asyncio.to_thread(_replace, paths[term_id], step):
                texts[term_id] = step.text
        await asyncio.to_thread(self._watch.see, tuple(paths.values()))
        pages = {term_id: paths[term_id] for term_id in texts}
        beside = await asyncio.to_thread(_saved_beside, tuple(paths.values()))
        own = {*pages.values(), *beside}
        own |= {self._place.slides / name for name in state.slides}
        own |= await self._write_the_rest(made, paths.values())
        restless = any(term not in texts for term in writes) or any(
            isinstance(step, ReadBack) for step in steps.values()
        )
        return Written(state, pages, texts, frozenset(own), restless)

    async def _write_the_rest(self, made: Mapping[str, bytes], pages: Iterable[Path]) -> set[Path]:
        place = self._place
        named = {path.name for path in pages}
        strange = await asyncio.to_thread(folder.put, place.folder, made, named)
        for name in strange:
            log.warning("%s is not the bot's, so it stays as it is.", place.folder / name)
        return {place.folder / name for name in made if name not in strange}

    async def _save_beside(self, path: Path, found: bytes, state: Publishing) -> None:
        stamp = local(self._clock.now(), state.archive.group.zone)
        beside = path.with_name(f"{path.stem}{EDITED}{stamp:%Y%m%d-%H%M%S}{path.suffix}")
        await asyncio.to_thread(files.write_whole, beside, found)


def _found(paths: Mapping[int, Path]) -> dict[int, bytes | None]:
    return {term_id: files.read(path) for term_id, path in paths.items()}


def _saved_beside(pages: Iterable[Path]) -> set[Path]:
    return {
        beside
        for page in pages
        for beside in page.parent.glob(f"{glob.escape(page.stem)}{EDITED}*{page.suffix}")
    }


def _make(at: Path) -> None:
    at.mkdir(parents=True, exist_ok=True)
    files.clear(at)


def _replace(path: Path, step: Write) -> bool:
    """Whether the file says so now; one that somebody changed in this moment is looked at anew."""
    if files.read(path) != step.found:
        return False
    files.write_whole(path, step.text.encode())
    return True
