"""What makes two papers the same, and how a venue is written and guessed."""

import hashlib
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

MAX_URL_LENGTH = 2000
"""Bytes in UTF-8. Longer addresses fail in common browsers, proxies and chat clients."""

MAX_IDENTITY_LENGTH = 2000
"""Characters. A longer one (few have it) is told by its SHA-256."""

_ARXIV_HOSTS = ("arxiv.org", "alphaxiv.org")
# New and old identifiers: https://info.arxiv.org/help/arxiv_identifier.html
_ARXIV_ID = r"(\d{4}\.\d{4,5}|[a-z][a-z-]*(?:\.[a-z]{2})?/\d{7})(?:v\d+)?"
_ARXIV_PATH = re.compile(
    rf"/(?:abs|pdf|html|overview|format)/{_ARXIV_ID}(?:\.pdf)?/?", re.IGNORECASE
)
# arXiv registers its own DOIs: https://info.arxiv.org/help/doi.html
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV_ID}", re.IGNORECASE)
_DOI_PATH = re.compile(r"/(?:doi/(?:[a-z]+/)?)?(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE)
_DOI_HOSTS = ("doi.org", "dx.doi.org")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|spm_id_from|vd_source")
_PORTS = {"http": 80, "https": 443}

# The group's own page gives SOSP'25 for every paper whose DOI begins like this (2025 Fall).
_PROCEEDINGS = {"10.1145/3731569": ("SOSP", 2025)}
# File names in USENIX proceedings begin with conference and year: "osdi25-ren.pdf".
_USENIX = re.compile(r"/(?:system/files/(?:conference/)?|conference/)([a-z]+)(\d\d)(?:[-/_.]|$)")
_USENIX_NAMES = {
    "atc": "ATC",
    "fast": "FAST",
    "hotcloud": "HotCloud",
    "hotos": "HotOS",
    "hotstorage": "HotStorage",
    "nsdi": "NSDI",
    "osdi": "OSDI",
}
_VENUE_YEAR = re.compile(r"(.*\S)(?:\s*['’‘ʼ]\s*(\d\d)|\s+((?:19|20)\d\d))", re.DOTALL)
_BEFORE_TITLE = re.compile(r"\[([^\[\]]{1,30})\] (\S.*)")
_PIVOT = 70
"""Two digits from 70 are 19xx, as in POSIX's strptime (there 69): no venue here is that old."""


class NamedPaper(NamedTuple):
    """A paper as somebody names it; the venue is `None` where they do not."""

    title: str
    venue: str | None
    year: int | None


def identity(url: str | None, title: str) -> str:
    """What two mentions of one paper have in common, only for comparing.

    `arxiv:2412.03131` without its version, else `doi:10.1145/…` in lower case, else `url:…`
    without scheme, `www.`, default port, fragment and tracking, else `title:…` folded.
    """
    parts = _split(url)
    if parts is None:
        found = f"title:{_folded(title) or title}"
    else:
        found = _arxiv(parts) or _doi(parts) or f"url:{_plain_url(parts)}"
    if len(found) > MAX_IDENTITY_LENGTH:
        return f"sha256:{hashlib.sha256(found.encode()).hexdigest()}"
    return found


def venue_of(url: str | None) -> tuple[str | None, int | None]:
    """A guess at a paper's venue and year from its address; `(None, None)` where it tells none."""
    parts = _split(url)
    if parts is None:
        return None, None
    if _arxiv(parts):
        return "arXiv", None
    doi = _doi(parts)
    if doi is not None:
        return _PROCEEDINGS.get(doi.removeprefix("doi:").split("/")[0] + "/" + _issue(doi), _NONE)
    match = _USENIX.match(parts.path)
    if match and _on(parts, "usenix.org") and match[1] in _USENIX_NAMES:
        return _USENIX_NAMES[match[1]], 2000 + int(match[2])
    return None, None


def parse_venue(text: str) -> tuple[str | None, int | None]:
    """`[SOSP'25]`, `SOSP '25` and `SOSP 2025` are ("SOSP", 2025); `[arXiv]` has no year."""
    name = " ".join(text.split())
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1].strip()
    match = _VENUE_YEAR.fullmatch(name)
    if match is None:
        return name or None, None
    if match[3]:
        return match[1], int(match[3])
    digits = int(match[2])
    return match[1], digits + (2000 if digits < _PIVOT else 1900)


def split_venue(text: str) -> NamedPaper:
    """A title as people write it, with or without its venue before it in brackets, as on the
    page: `[SOSP'25] DiffKV: ...`. A bracket inside a word ("[Re]thinking") is the title's."""
    match = _BEFORE_TITLE.fullmatch(" ".join(text.split()))
    if match is None:
        return NamedPaper(" ".join(text.split()), None, None)
    return NamedPaper(match[2], *parse_venue(match[1]))


def format_venue(venue: str | None, year: int | None) -> str:
    """`SOSP'25`; four digits for a year that two cannot say; `""` without a venue."""
    if not venue:
        return ""
    if year is None:
        return venue
    if 1900 + _PIVOT <= year < 2000 + _PIVOT:
        return f"{venue}'{year % 100:02d}"
    return f"{venue} {year:04d}"


def is_web_url(text: str) -> bool:
    """Whether `text` is an http or https address with a host, and safe to put into a link.

    Refused: blanks, control and invisible characters, backslashes, user names and passwords,
    impossible ports, more than `MAX_URL_LENGTH` bytes.
    """
    too_long = len(text.encode(errors="replace")) > MAX_URL_LENGTH
    if too_long or any(c in '\\<>"' or _unseen(c) for c in text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    right_host = ":" in host or re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.?", host) is not None
    return parts.scheme in _PORTS and right_host and "@" not in parts.netloc and port != 0


_NONE: tuple[None, None] = (None, None)


def _unseen(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZ"


def _split(url: str | None) -> SplitResult | None:
    return urlsplit(url) if url and is_web_url(url) else None


def _on(parts: SplitResult, *hosts: str) -> bool:
    name = (parts.hostname or "").rstrip(".")
    return any(name == host or name.endswith(f".{host}") for host in hosts)


def _arxiv(parts: SplitResult) -> str | None:
    doi = _raw_doi(parts)
    match = _ARXIV_DOI.fullmatch(doi) if doi else None
    if match is None and _on(parts, *_ARXIV_HOSTS):
        match = _ARXIV_PATH.fullmatch(parts.path)
    return f"arxiv:{match[1].lower()}" if match else None


def _raw_doi(parts: SplitResult) -> str | None:
    match = _DOI_PATH.fullmatch(unquote(parts.path))
    if match is None or not (_on(parts, *_DOI_HOSTS) or parts.path.startswith("/doi/")):
        return None
    return match[1].rstrip("/")


def _doi(parts: SplitResult) -> str | None:
    doi = _raw_doi(parts)
    return f"doi:{doi.lower()}" if doi else None


def _issue(doi: str) -> str:
    return doi.partition("/")[2].split(".")[0]


def _plain_url(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.")
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(key)
    ]
    return host + port + parts.path.rstrip("/") + (f"?{urlencode(query)}" if query else "")


def _folded(title: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    words = " ".join(re.sub(r"[\W_]+", " ", plain).split())
    return words or " ".join(plain.split())
