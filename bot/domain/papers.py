"""What makes two papers the same, and how a venue is written and guessed."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from bot.domain import venues

MAX_URL_LENGTH = 2000
"""Bytes in UTF-8. Longer addresses fail in common browsers, proxies and chat clients."""

MAX_IDENTITY_LENGTH = 2000
"""Characters. A longer one (few have it) is told by its SHA-256."""

_ARXIV_HOSTS = ("arxiv.org", "alphaxiv.org", "ar5iv.org", "huggingface.co", "papers.cool")
# New and old identifiers: https://info.arxiv.org/help/arxiv_identifier.html. The subject class in
# an old one ("math.GT/0309136") is no part of it.
_ARXIV_ID = r"(?:(\d{4}\.\d{4,5})|([a-z][a-z-]*)(?:\.[a-z]{2})?(/\d{7}))(?:v\d+)?"
_ARXIV_PATH = re.compile(
    rf"/(?:abs|pdf|html|overview|format|papers|arxiv)/{_ARXIV_ID}(?:\.pdf)?/?", re.IGNORECASE
)
# arXiv registers its own DOIs: https://info.arxiv.org/help/doi.html
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV_ID}", re.IGNORECASE)
_DOI_PATH = re.compile(r"/(?:doi/(?:[a-z]+/)?)?(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE)
# Nearly all DOIs are written so: https://www.crossref.org/blog/dois-and-matching-regular-expressions/
_USUAL_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9]{1,200}")
_DOI_HOSTS = ("doi.org", "dx.doi.org")
HOSTS = (*_ARXIV_HOSTS, *_DOI_HOSTS, "dl.acm.org", "usenix.org", "openreview.net")
"""Where papers are found."""
_WRITTEN_ARXIV = re.compile(
    r"(?:arxiv:\s*)?(\d\d(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?)", re.IGNORECASE
)
_WRITTEN_DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S{1,200})", re.IGNORECASE)
TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|spm_id_from|vd_source"
    r"|share_(?:from|medium|plat|session_id|source|tag|times)"
)
"""Parameters of an address that only tell where somebody found it."""
_PORTS = {"http": 80, "https": 443}

# Presentations have a page, "/conference/osdi25/presentation/ren", and a file of the same name:
# "/system/files/osdi25-ren.pdf", once "…/conference/nsdi14/nsdi14-paper-ren.pdf"; one that was
# put there again ends in "_0".
_USENIX_NAME = r"([a-z]+\d\d){}([a-z0-9]+(?:-[a-z0-9]+)*)"
_USENIX_PAGE = re.compile(
    rf"/conference/{_USENIX_NAME.format('/(?:technical-sessions/)?presentation/')}/?"
)
_USENIX_FILE = re.compile(
    rf"/system/files/(?:conference/[a-z]+\d\d/)?"
    rf"{_USENIX_NAME.format('-(?:paper-)?(?!prepub|slides)')}(?:_\d+)?\.pdf"
)
_REPOSITORY = re.compile(r"/([a-z\d][a-z\d-]{0,38})/([\w.-]+?)(?:\.git)?(?:/.*)?", re.IGNORECASE)
_NO_OWNERS = ("collections", "orgs", "search", "sponsors", "topics", "users")
_VENUE_YEAR = re.compile(r"(.*\S)(?:\s*['’‘ʼ＇´`]\s*(\d\d)|\s+((?:19|20)\d\d))", re.DOTALL)
# On a phone the apostrophe is left out. From 40 to 69 it is no year but the number of a conference:
# the 57th MICRO was in 2024.
_PLAIN_YEAR = re.compile(r"([A-Za-z][A-Za-z& ]*[A-Za-z])[\s-]?((?:19|20)\d\d|[0-37-9]\d)")
_BRACKETS = "[]", "［］", "【】"
_BEFORE_TITLE = re.compile(
    r"(?:\[([^\[\]]{1,30})\]|[［【(（]([^［］【】()（）]{1,30})[］】)）])(\s*)(\S.*)"
)
_BEHIND_TITLE = re.compile(
    r"(.*\S)(?:\s*[(（\[［【]([^()（）\[\]［］【】]{1,30})[)）\]］】]|[,，]\s*([^,，]{1,30}))"
)
_MARKED_YEAR = re.compile(r"([A-Za-z][A-Za-z& ]{0,20}\s?['’‘ʼ＇´`]\s?\d\d)\s*[:：,，]?\s+(\S.*)")
_AROUND_WORDS = re.compile(r"[\[\]［］【】《》“”\"]")
_SIGN = "💡"
"""What the page and the bot put before a paper, so that whoever copies a line has it as well."""
_QUOTES = "“”", '""', "‘’", "''", "«»", "„“", "《》", "「」", "『』"
_PIVOT = 70
"""Two digits from 70 are 19xx, as in POSIX's strptime (there 69): no venue here is that old."""


class PaperFacts(NamedTuple):
    """What a catalogue says of a paper."""

    title: str
    authors: tuple[str, ...]
    venue: str | None
    year: int | None


class NamedPaper(NamedTuple):
    """A paper as somebody names it; the venue is `None` where they do not."""

    title: str
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


def parse_venue(text: str) -> tuple[str | None, int | None]:
    """`[SOSP'25]`, `SOSP '25` and `SOSP 2025` are ("SOSP", 2025), and so are `SOSP 25` and
    `SOSP25`, since SOSP is a conference; `[arXiv]` and `[Top 10]` have no year."""
    name = " ".join(text.split())
    if name[:1] + name[-1:] in _BRACKETS:
        name = name[1:-1].strip()
    match = _VENUE_YEAR.fullmatch(name)
    if match is not None:
        return match[1], _in_full(match[2] or match[3])
    match = _PLAIN_YEAR.fullmatch(name)
    if match is not None and venues.takes_year(match[1]):
        return match[1], _in_full(match[2])
    return name or None, None


def _in_full(year: str) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number < _PIVOT else 1900)


def split_venue(text: str) -> NamedPaper:
    """A title as people write it, with or without quotes around it, and with its venue before it
    in brackets, as on the page: `[SOSP'25] DiffKV: ...`. A bracket inside a word ("[Re]thinking")
    is the title's. A known venue may stand in other brackets, and one with its year also bare or
    behind the title: `SOSP'25: DiffKV`, `DiffKV (SOSP 2025)`."""
    said = " ".join(text.split())
    words = _unquoted(said.removeprefix(_SIGN).strip() or said)
    for title, written in _readings(words):
        venue, year = parse_venue(written)
        if venue is not None:
            return NamedPaper(_unquoted(title), venues.usual_name(venue), year)
    return NamedPaper(words, None, None)


def _readings(words: str) -> Iterator[tuple[str, str]]:
    """Title and venue, in each way that they can be told apart."""
    if match := _BEFORE_TITLE.fullmatch(words):
        venue = match[1] or match[2]
        if (match[1] and match[3]) or venues.takes_year(parse_venue(venue)[0] or ""):
            yield match[4], venue
    if (match := _MARKED_YEAR.fullmatch(words)) and _is_dated(match[1]):
        yield match[2], match[1]
    if (match := _BEHIND_TITLE.fullmatch(words)) and _is_dated(match[2] or match[3]):
        yield match[1], match[2] or match[3]


def _is_dated(text: str) -> bool:
    """Whether this is nothing but a known venue and its year."""
    venue, year = parse_venue(text)
    return venue is not None and year is not None and venues.takes_year(venue)


def _unquoted(title: str) -> str:
    inner = title[1:-1].strip()
    if title[:1] + title[-1:] in _QUOTES and inner and not {title[0], title[-1]} & set(inner):
        return inner
    return title


def completed(said: str, title: str) -> str:
    """What was said of a paper, with this title behind it where it is only a venue: "[SOSP 25]"."""
    alone = venue_alone(said)
    return f"[{format_venue(*alone)}] {title}" if alone else said


def venue_alone(text: str) -> tuple[str | None, int | None] | None:
    """The venue, where a conference and its year is all that is said: "[SOSP 25]", "SOSP'25". A
    talk may well be called "SOSP 2025"."""
    words = text.strip(" []［］【】()（）")
    bare = words == text.strip()
    if not _is_dated(words) or (bare and words[-4:].isdecimal()):
        return None
    return parse_venue(words)


def wanted_words(text: str) -> str:
    """What somebody looks for, without the quotes and brackets around it; a conference with its
    year is one word, as the schedule has it: "SOSP 25" is "SOSP'25"."""
    words = _AROUND_WORDS.sub(" ", text).split()
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    dated = {place for place, pair in enumerate(pairs) if _is_dated(pair)}
    joined = [
        format_venue(*parse_venue(pairs[place])) if place in dated else word
        for place, word in enumerate(words)
        if place - 1 not in dated
    ]
    return " ".join(joined)


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


def _unseen(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZ"


def _split(url: str | None) -> SplitResult | None:
    return urlsplit(url) if url and is_web_url(url) else None


def _on(parts: SplitResult, *hosts: str) -> bool:
    name = (parts.hostname or "").rstrip(".")
    return any(name == host or name.endswith(f".{host}") for host in hosts)


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
