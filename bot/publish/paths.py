"""Where everything about a group is to be found: paths in its folder, and their addresses."""

import re
import unicodedata
from collections import Counter
from urllib.parse import quote, urljoin

from bot.domain.archive import Archive
from bot.domain.names import short_title, slug
from bot.domain.views import MeetingView

TAKEN = ("slides", "con", "prn", "aux", "nul")
"""What no term's folder is called: the group's slides are there, or Windows has no such folder."""

_END_OF_SHORT_TITLE = re.compile(r"[:：]\s|[:：]$| [-–—] ")


class Paths:
    """Paths in the group's folder. No two are the same, also where small and capital letters are
    not told apart. `base_url` is where the folder is served, `None` where nobody knows."""

    index = "index.html"
    archive = "archive.html"
    calendar = "schedule.ics"
    videos = "videos.atom"
    data = "schedule.json"

    def __init__(self, archive: Archive, base_url: str | None) -> None:
        self._base = None if base_url is None else base_url.rstrip("/") + "/"
        self._terms: dict[int, str] = {}
        self._talks: dict[int, str] = {}
        self._meetings: dict[int, str] = {}
        folders = _Names(TAKEN)
        # Oldest first: a new term takes no folder from one that people have links to.
        for term in sorted(archive.terms, key=lambda term: term.id):
            folder = folders.free(slug(term.title) or "term")
            self._terms[term.id] = f"{folder}/index.html"
            pages = _Names()
            for meeting in term.meetings:
                self._meetings[meeting.id] = folder
                for slot in meeting.slots:
                    if slot.talk is not None:
                        name = pages.free(f"{meeting.date.isoformat()}-{short(slot.talk.title)}")
                        self._talks[slot.talk.id] = f"{folder}/{name}.html"

    def of_term(self, term_id: int) -> str:
        return self._terms[term_id]

    def of_talk(self, talk_id: int) -> str:
        return self._talks[talk_id]

    def of_meeting(self, meeting: MeetingView) -> str:
        """Its part of the term's page."""
        return f"{self._meetings[meeting.id]}/index.html#{anchor(meeting)}"

    def invitation_of(self, meeting: MeetingView) -> str:
        """The file that puts this one meeting into a calendar."""
        return f"{self._meetings[meeting.id]}/{meeting.date.isoformat()}.ics"

    def address(self, path: str) -> str | None:
        """The web address of a path, or `None` where nobody knows it."""
        return None if self._base is None else self._base + as_link(path)

    def address_of(self, url: str) -> str | None:
        """The web address of what a page links to, be it one already or a path beside the page;
        of that, `None` where nobody knows it."""
        if "://" in url:
            return url
        return None if self._base is None else urljoin(self._base, url)


def anchor(meeting: MeetingView) -> str:
    """What a meeting is called inside its term's page."""
    return f"d{meeting.date.isoformat()}"


def as_link(path: str) -> str:
    """The path as a part of an address."""
    file, hash_sign, fragment = path.partition("#")
    return quote(file) + hash_sign + fragment


def short(title: str) -> str:
    """A title's part of a path: `diffkv` of "DiffKV: Differentiated Memory Management"."""
    head = _END_OF_SHORT_TITLE.split(title.strip(), maxsplit=1)[0]
    return short_title(slug(head) or slug(title))


class _Names:
    def __init__(self, taken: tuple[str, ...] = ()) -> None:
        self._taken = set(taken)
        self._tries: Counter[str] = Counter()

    def free(self, wanted: str) -> str:
        """`wanted`, or `wanted-2` and so on."""
        key = unicodedata.normalize("NFC", wanted).casefold()
        name = key
        while name in self._taken:
            self._tries[key] += 1
            name = f"{key}-{self._tries[key] + 1}"
        self._taken.add(name)
        return name
