"""arXiv's API: https://info.arxiv.org/help/api/user-manual.html"""

from io import BytesIO
from typing import Any
from urllib.parse import quote

from bot.catalogues.fetch import NoAnswerError
from bot.catalogues.tidy import MAX_AUTHORS, MAX_NAME, plain, year
from bot.domain import venues
from bot.domain.papers import PaperFacts

PUBLIC = "https://export.arxiv.org"

AT_ONCE = 1
PAUSE = 3.0
"""Seconds from one request to the next, over one connection at a time. arXiv's terms ask for both:
https://info.arxiv.org/help/api/tou.html#rate-limits"""


def path(number: str) -> str:
    return f"/api/query?id_list={quote(number, safe='')}"


def read(feed: bytes, number: str) -> PaperFacts | None:
    """What an Atom feed says of the paper with this number; `None` when it is not in it, as in the
    feed with which arXiv tells an error. Raises `NoAnswerError` for what is no whole feed."""
    # It takes as long to import as Telegram's library, and is needed when a paper is asked about.
    import feedparser  # noqa: PLC0415

    # A stream: feedparser would take plain bytes for the name of a file, and read that.
    parsed = feedparser.parse(
        BytesIO(feed),
        response_headers={"content-type": "application/atom+xml"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if parsed.bozo or not parsed.get("version", "").startswith("atom"):
        raise NoAnswerError("what came is no feed")
    for entry in parsed.entries:
        if _number(entry) == number:
            return _facts(entry)
    return None


def _number(entry: Any) -> str:
    """From "http://arxiv.org/abs/math/0309136v1" it is "math/0309136"."""
    found = str(entry.get("id", "")).lower().rpartition("/abs/")[2]
    name, _, version = found.rpartition("v")
    return name if version.isdecimal() else found


def _facts(entry: Any) -> PaperFacts | None:
    title = plain(entry.get("title"))
    if not title:
        return None
    authors = (plain(author.get("name"), MAX_NAME) for author in entry.get("authors", ()))
    published = str(entry.get("published", ""))[:4]
    said = _venue(entry)
    return PaperFacts(
        title,
        tuple(name for name in authors if name)[:MAX_AUTHORS],
        said[0] if said else "arXiv",
        said[1] if said else year(int(published) if published.isdecimal() else None),
    )


def _venue(entry: Any) -> venues.Venue | None:
    said = (plain(entry.get(field)) for field in ("arxiv_journal_ref", "arxiv_comment"))
    return next(filter(None, map(venues.of_comment, said)), None)
