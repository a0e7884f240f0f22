"""Which folder is a group's, and where it is on the web."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from bot.config import PublishSettings
from bot.domain.names import slug
from bot.domain.views import GroupView

SLIDES = "slides"
"""The folder of slides inside a group's: the page links `./slides/NAME.pdf`."""


class Place(NamedTuple):
    """A group's folder. `site_url` is where it is served, without a slash at its end; `None` where
    it is not."""

    folder: Path
    site_url: str | None

    @property
    def slides(self) -> Path:
        return self.folder / SLIDES

    def url_of(self, link: str) -> str | None:
        """The web address of what the page links as `./slides/NAME.pdf`, or of a web link itself;
        `None` for what is in a folder that is not served."""
        if "://" in link:
            return link
        return f"{self.site_url}/{quote(link.removeprefix('./'))}" if self.site_url else None


def places(settings: PublishSettings, groups: Iterable[GroupView]) -> dict[int, Place]:
    """Each group's place, by its id. A folder is named after its group; where two would share one,
    the older group has it and the other's bears its number too. Beside the terms of a group that
    has the whole folder, the others' are called as no term's is."""
    known = {group.id: group for group in groups}
    taken = {_key(path) for path in settings.folders.values()} | {SLIDES}
    beside_terms = "_" if Path() in settings.folders.values() else ""
    found: dict[int, Place] = {}
    for group_id, group in sorted(known.items()):
        named = settings.folders.get(group.name)
        if named is None:
            name = (slug(group.name) or f"group-{group_id}") + beside_terms
            while name in taken:
                name = f"{name}-{group_id}"
            named = Path(name)
        taken.add(_key(named))
        found[group_id] = _place(settings, named)
    return found


def _key(path: Path) -> str:
    return path.as_posix().casefold()


def _place(settings: PublishSettings, named: Path) -> Place:
    site_url = settings.site_url
    if site_url is not None and named != Path():
        site_url = f"{site_url}/{quote(named.as_posix())}"
    return Place(settings.folder / named, site_url)


def names(titles: Mapping[int, str]) -> dict[int, str]:
    """The file of each term, by its id: `2025-fall.md`. Where two would share one, the older term
    has it and the other's bears its number too."""
    found: dict[int, str] = {}
    for term_id, title in sorted(titles.items()):
        name = slug(title) or f"term-{term_id}"
        while f"{name}.md" in found.values():
            name = f"{name}-{term_id}"
        found[term_id] = f"{name}.md"
    return found
