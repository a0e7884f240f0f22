"""What makes two papers the same, and what the address of one tells of it."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from bot.domain import venues
from bot.domain.patterns import pattern
from bot.errors import DomainError, Refusal

MAX_URL_LENGTH = 2000
"""Bytes in UTF-8. Longer addresses fail in common browsers, proxies and chat clients."""

MAX_IDENTITY_LENGTH = 2000
"""Characters. A longer one (few have it) is told by its SHA-256."""

_ARXIV_HOSTS = ("arxiv.org", "alphaxiv.org", "ar5iv.org", "huggingface.co", "papers.cool")
# New and old identifiers: https://info.arxiv.org/help/arxiv_identifier.html. The subject class in
# an old one ("math.GT/0309136") is no part of it.
_ARXIV_ID = r"(?:(\d{4}\.\d{4,5})|([a-z][a-z-]*)(?:\.[a-z]{2})?(/\d{7}))(?:v\d+)?"
_ARXIV_PATH = pattern(
    rf"/(?:abs|pdf|html|overview|format|papers|arxiv)/{_ARXIV_ID}(?:\.pdf)?/?", re.IGNORECASE
)
# arXiv registers its own DOIs: https://info.arxiv.org/help/doi.html
_ARXIV_DOI = pattern(rf"10\.48550/arxiv\.{_ARXIV_ID}", re.IGNORECASE)
_DOI_PATH = pattern(r"/(?:doi/(?:[a-z]+/)?)?(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE)
# Nearly all DOIs are written so: https://www.crossref.org/blog/dois-and-matching-regular-expressions/
_USUAL_DOI = pattern(r"10\.\d{4,9}/[-._;()/:a-z0-9]{1,200}")
_DOI_HOSTS = ("doi.org", "dx.doi.org")
HOSTS = (*_ARXIV_HOSTS, *_DOI_HOSTS, "dl.acm.org", "usenix.org", "openreview.net")
"""Where papers are found."""
_WRITTEN_ARXIV = pattern(
    r"(?:arxiv[:\s]\s*)?(\d\d(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?)", re.IGNORECASE
)
_WRITTEN_DOI = pattern(r"(?:doi[:\s]\s*)?(10\.\d{4,9}/\S{1,200})", re.IGNORECASE)
TRACKING = pattern(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|spm_id_from|vd_source"
    r"|share_(?:from|medium|plat|session_id|source|tag|times)"
)
"""Parameters of an address that only tell where somebody found it."""
_PORTS = {"http": 80, "https": 443}

# Presentations have a page, "/conference/osdi25/presentation/ren", and a file of the same name:
# "/system/files/osdi25-ren.pdf", once "…/conference/nsdi14/nsdi14-paper-ren.pdf"; one that was
# put there again ends in "_0".
_USENIX_NAME = r"([a-z]+\d\d){}([a-z0-9]+(?:-[a-z0-9]+)*)"
_USENIX_PAGE = pattern(
    rf"/conference/{_USENIX_NAME.format('/(?:technical-sessions/)?presentation/')}/?"
)
_USENIX_FILE = pattern(
    rf"/system/files/(?:conference/[a-z]+\d\d/)?"
    rf"{_USENIX_NAME.format('-(?:paper-)?(?!prepub|slides)')}(?:_\d+)?\.pdf"
)
_REPOSITORY = pattern(r"/([a-z\d][a-z\d-]{0,38})/([\w.-]+?)(?:\.git)?(?:/.*)?", re.IGNORECASE)
_NO_OWNERS = ("collections", "orgs", "search", "sponsors", "topics", "users")


class PaperFacts(NamedTuple):
    """What a catalogue says of a paper."""

    title: str
    authors: tuple[str, ...]
    venue: str | None
    year: int | None


def identity(url: str | None, title: str) -> str:
    """What two mentions of one paper have in common, only for comparing.

    `arxiv:2412.03131` without its version, else `doi:10.1145/…` in lower case, else
    `usenix:osdi25/ren`, else `github:owner/repository`, else `url:…` without scheme, `www.`,
    default port, fragment and tracking, else `title:…` folded.
    """
    parts = _split(url)
    if parts is None:
        found = f"title:{_folded(title) or title.strip()}"
    else:
        found = _numbered(parts) or _named(parts) or f"url:{_plain_url(parts)}"
    if len(found) > MAX_IDENTITY_LENGTH:
        return f"sha256:{hashlib.sha256(found.encode()).hexdigest()}"
    return found


def arxiv_id(url: str | None) -> str | None:
    """arXiv's number for the paper at this address, without its version: "2412.03131"."""
    parts = _split(url)
    return _arxiv(parts) if parts else None


def doi(url: str | None) -> str | None:
    """The DOI at this address, in lower case, unless arXiv gave it or it is a most unusual one."""
    parts = _split(url)
    found = _doi(parts) if parts and not _arxiv(parts) else None
    if found is None or not _USUAL_DOI.fullmatch(found) or {".", ".."} & set(found.split("/")):
        return None
    return found


def address_of(number: str) -> str | None:
    """Where the paper of this number is: of "arXiv:2412.03131", "10.1145/…", with or without the
    word before it; `None` for what is neither."""
    if match := _WRITTEN_ARXIV.fullmatch(number):
        return f"https://arxiv.org/abs/{match[1]}"
    if match := _WRITTEN_DOI.fullmatch(number):
        return f"https://doi.org/{match[1]}"
    return None


def is_papers_site(url: str) -> bool:
    """Whether the address is on a site where papers are found."""
    parts = _split(url)
    return parts is not None and _on(parts, *HOSTS)


def venue_of(url: str | None) -> tuple[str | None, int | None]:
    """A guess at a paper's venue and year from its address; `(None, None)` where it tells none."""
    parts = _split(url)
    if parts is None:
        return None, None
    if _arxiv(parts):
        return "arXiv", None
    number = _doi(parts)
    if number is not None:
        return venues.of_doi(number) or (None, None)
    if _on(parts, "usenix.org"):
        return venues.of_usenix_path(parts.path) or (None, None)
    return None, None


def is_web_url(text: str) -> bool:
    """Whether `text` is an http or https address with a host, and safe to put into a link.

    Refused: blanks, control and invisible characters, backslashes, user names and passwords,
    impossible ports, more than `MAX_URL_LENGTH` bytes.
    """
    if _too_long(text) or any(c in '\\<>"' or _unseen(c) for c in text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    right_host = ":" in host or re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.?", host) is not None
    return parts.scheme in _PORTS and right_host and "@" not in parts.netloc and port != 0


def is_on(host: str, sites: Iterable[str]) -> bool:
    """Whether the host is one of these sites, or a part of one."""
    return any(host == site or host.endswith(f".{site}") for site in sites)


def check_link(url: str) -> None:
    """Raises `DomainError` for what is no web link, and for one that is too long."""
    if _too_long(url):
        raise DomainError(Refusal.LINK_TOO_LONG, most=MAX_URL_LENGTH)
    if not is_web_url(url):
        raise DomainError(Refusal.LINK_IS_NO_LINK, url=url)


def _too_long(url: str) -> bool:
    return len(url.encode(errors="replace")) > MAX_URL_LENGTH


def _unseen(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZ"


def _split(url: str | None) -> SplitResult | None:
    return urlsplit(url) if url and is_web_url(url) else None


def _on(parts: SplitResult, *sites: str) -> bool:
    return is_on((parts.hostname or "").rstrip("."), sites)


def _numbered(parts: SplitResult) -> str | None:
    number = _arxiv(parts)
    if number is not None:
        return f"arxiv:{number}"
    number = _doi(parts)
    return f"doi:{number}" if number else None


def _named(parts: SplitResult) -> str | None:
    path = parts.path.lower()
    if _on(parts, "usenix.org"):
        match = _USENIX_PAGE.fullmatch(path) or _USENIX_FILE.fullmatch(path)
        return f"usenix:{match[1]}/{match[2]}" if match else None
    if (parts.hostname or "").removeprefix("www.") == "github.com":
        match = _REPOSITORY.fullmatch(path)
        return f"github:{match[1]}/{match[2]}" if match and match[1] not in _NO_OWNERS else None
    return None


def _arxiv(parts: SplitResult) -> str | None:
    given = _raw_doi(parts)
    match = _ARXIV_DOI.fullmatch(given) if given else None
    if match is None and _on(parts, *_ARXIV_HOSTS):
        match = _ARXIV_PATH.fullmatch(parts.path)
    return (match[1] or match[2] + match[3]).lower() if match else None


def _raw_doi(parts: SplitResult) -> str | None:
    match = _DOI_PATH.fullmatch(unquote(parts.path))
    if match is None or not (_on(parts, *_DOI_HOSTS) or parts.path.startswith("/doi/")):
        return None
    return match[1].rstrip("/")


def _doi(parts: SplitResult) -> str | None:
    given = _raw_doi(parts)
    return given.lower() if given else None


def _plain_url(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.")
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.fullmatch(key)
    ]
    return host + port + parts.path.rstrip("/") + (f"?{urlencode(query)}" if query else "")


def _folded(title: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    words = " ".join(re.sub(r"[\W_]+", " ", plain).split())
    return words or " ".join(plain.split())
