"""What a cell says of a paper: its title, venue and links."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.domain import papers, titles, venues
from bot.domain.page import PageLink
from bot.publish.markdown import marks
from bot.publish.markdown.page_lines import Line, LineLink
from bot.publish.markdown.page_links import is_folder, is_usable
from bot.publish.markdown.words import one_line
from bot.publish.readers.cells import cut, joined, without_links
from bot.publish.readers.findings import Findings
from bot.publish.readers.vocabulary import KINDS, OPEN, Field, meaning_of
from storage.enums import LinkKind

_SHORT_VENUE = re.compile(r"[^\W\d_][\w@&/+. -]{1,29}")
_PREPRINTS = ("arxiv", "preprint")
_BEFORE = re.compile(
    r"[\[(（]([^\[\]()（）]{2,40})[\])）]\s*[:：-]?\s*(?=\S)|([A-Za-z]{2,10}\s?['’]?\d{2,4})\s*[:：]\s+"
)
_AFTER = re.compile(
    r"(?<=\S)\s*(?:[\[(（]([^\[\]()（）]{2,40})[\])）]|[,，]\s*([A-Za-z]{2,10}\s?['’]?\d{2,4}))\s*\.?$"
)
_EMPTY_BRACKETS = re.compile(r"[\[(（][\s,，;|/·•&]*[\])）]")
_AROUND = " \t,，;；:：|/·•–—-&"
_QUOTES = (("“", "”"), ('"', '"'), ("«", "»"), ("《", "》"), ("「", "」"))
_PATH = re.compile(
    r"[\w./%~-]*(?:/|\.(?:pdf|pptx?|key|odp|html?|md|mp4|ipynb))[\w./%~-]*", re.IGNORECASE
)
_HOSTS = (
    (("youtube.com", "youtu.be", "bilibili.com", "b23.tv", "vimeo.com"), Field.VIDEO),
    (("slideshare.net", "speakerdeck.com", "slides.com"), Field.SLIDES),
    (("arxiv.org", "doi.org", "dl.acm.org", "usenix.org", "openreview.net", "ieeexplore.ieee.org",
      "aclanthology.org", "proceedings.mlr.press"), Field.PAPER),
    (("zhihu.com",), Field.SUMMARY),
    (("github.com", "gitlab.com"), Field.CODE),
)  # fmt: skip
_SLIDES = re.compile(r"\.(?:pptx?|key|odp)$|(?:^|/)slides?/|/presentation/", re.IGNORECASE)


@dataclass(slots=True)
class Links:
    """Links by what they lead to. `papers` are addresses of the paper itself."""

    papers: list[str] = field(default_factory=list)
    links: list[PageLink] = field(default_factory=list)

    def add(self, meaning: Field | None, url: str, label: str) -> None:
        if meaning is Field.PAPER:
            if url not in self.papers:
                self.papers.append(url)
        elif meaning in KINDS:
            self.links.append(PageLink(KINDS[meaning], url))
        else:
            own = "code" if meaning is Field.CODE else label
            self.links.append(PageLink(LinkKind.OTHER, url, own or None))


@dataclass(frozen=True, slots=True)
class Titled:
    """A paper as a cell names it; `title` is `None` where it says nothing or "TBD"."""

    title: str | None
    venue: str | None = None
    year: int | None = None
    url: str | None = None


def read_title(lines: Iterable[Line], links: Links, findings: Findings) -> Titled:
    """The paper in a cell; its other links go to `links`."""
    cell = list(lines)
    if not cell:
        return Titled(None)
    line = joined(cell)
    named = next((link for link in line.links if _is_title(line, link)), None)
    for link in line.links:
        if link is not named:
            take_link(line, link, None, links, findings)
    if named is None:
        words = tidy_words(without_links(line))
        return _plain(line.number, words, has_links=bool(line.links), findings=findings)
    words = one_line(line.text[named.start : named.end])
    inside = _plain(line.number, words, has_links=False, findings=findings)
    venue, year = _venue_beside(line, named, findings)
    if venue is None:
        venue, year, words = inside.venue, inside.year, inside.title or words
    return Titled(words, venue, year, _usable(line.number, named.url, findings))


def _venue_beside(line: Line, named: LineLink, findings: Findings) -> tuple[str | None, int | None]:
    """The venue before or behind the title; other words there are a problem."""
    venue, year = read_venue(_bare(without_links(line)))
    if venue is not None:
        return venue, year
    left = []
    for part in (cut(line, 0, named.start), cut(line, named.end)):
        words = tidy_words(without_links(part))
        found = read_venue(_bare(words)) if venue is None else (None, None)
        if found[0] is not None:
            venue, year = found
        elif words:
            left.append(words)
    if left:
        beside = " … ".join(left)
        reason = f"The words beside the title were left out: “{beside}”."
        findings.problem(line.number, reason)
    return venue, year


def _bare(text: str) -> str:
    return tidy_words(text).strip("()[]（）")


def read_links(where: Field, lines: Iterable[Line], links: Links, findings: Findings) -> None:
    """The links in a cell under the header `where`."""
    for line in lines:
        for link in line.links:
            take_link(line, link, where, links, findings)
        for words in re.split(r"[,，;；|\s]+", tidy_words(without_links(line))):
            bare = address_of(words)
            if bare is not None:
                links.add(_meaning(None, bare, where), bare, "")
            elif words and not OPEN.fullmatch(words):
                findings.problem(line.number, f"“{words}” is no link, so it was left out.")


def take_link(
    line: Line, link: LineLink, where: Field | None, links: Links, findings: Findings
) -> None:
    label = _label(line, link)
    meaning = _meaning(label, link.url, where)
    if meaning is Field.SLIDES and is_folder(link.url):
        findings.problem(
            line.number,
            "The slides are not there yet: the link leads to a folder, not to a file.",
        )
    elif url := _usable(line.number, link.url, findings):
        links.add(meaning, url, label)


def read_venue(text: str) -> tuple[str | None, int | None]:
    """Venue and year if `text` is one, like "SOSP '25" or "ICLR 2014"; else `(None, None)`."""
    name, year = titles.parse_venue(text.strip(" .,"))
    if name is None or len(name.split()) > 3:
        return None, None
    if name.casefold() in _PREPRINTS or venues.is_usual(name):
        return name, year
    short = year is not None and _SHORT_VENUE.fullmatch(name) and name != name.lower()
    return (name, year) if short and "et al" not in name else (None, None)


def tidy_words(text: str) -> str:
    """Words without what stood between links."""
    return one_line(_EMPTY_BRACKETS.sub(" ", text)).strip(_AROUND)


def is_labelled(line: Line, link: LineLink) -> bool:
    """Whether a link says what it is to the paper ("slides", an address), not what the paper is."""
    return meaning_of(_label(line, link)) is not None


def _is_title(line: Line, link: LineLink) -> bool:
    words = line.text[link.start : link.end]
    if is_labelled(line, link):
        return False
    if len(words.split()) > 1:
        return True
    beside = _bare(without_links(line))
    return len(beside.split()) < 2 or read_venue(beside)[0] is not None


def _label(line: Line, link: LineLink) -> str:
    words = line.text[link.start : link.end]
    label = "" if words == link.url else one_line(words).strip("[]()🔗📕📺📝📄🎥 ")
    return label if any(character.isalnum() for character in label) else ""


def _meaning(label: str | None, url: str, where: Field | None) -> Field | None:
    said = meaning_of(label or "")
    if said is not Field.LINKS and said is not None:
        return said
    if where is not None and where is not Field.LINKS:
        return where
    return None if said is None else _by_address(url)


def _by_address(url: str) -> Field | None:
    host = urlsplit(url).hostname or "" if is_usable(url) else ""
    for hosts, meaning in _HOSTS:
        if papers.is_on(host, hosts):
            return meaning
    return Field.SLIDES if _SLIDES.search(url) else None


def address_of(words: str) -> str | None:
    """The address that a single word without a scheme stands for."""
    if address := papers.address_of(words):
        return address
    is_path = _PATH.fullmatch(words) and is_usable(words) and any(map(str.isalnum, words))
    return words if is_path else None


def _usable(number: int, url: str, findings: Findings) -> str | None:
    if is_usable(url):
        return url
    findings.problem(number, "This link is no web address.")
    return None


def _plain(number: int, text: str, *, has_links: bool, findings: Findings) -> Titled:
    """A title without a link of its own."""
    venue, year, title = None, None, text
    for pattern in (_BEFORE, _AFTER):
        match = pattern.search(title) if pattern is _AFTER else pattern.match(title)
        if match and venue is None:
            venue, year = read_venue(match[1] or match[2])
            if venue is not None:
                title = (title[: match.start()] + title[match.end() :]).strip(_AROUND)
    for opening, closing in _QUOTES:
        if title.startswith(opening) and title.endswith(closing) and title.count(opening) <= 2:
            title = title.removeprefix(opening).removesuffix(closing).strip()
    if has_links and title.endswith(".") and title.count(".") == 1:
        title = title[:-1]  # the end of a sentence whose links followed
    if OPEN.fullmatch(title):
        if not has_links:
            return Titled(None)
        findings.problem(number, "This paper has no title.")
        return Titled(marks.UNTITLED, venue, year)
    return Titled(title, venue, year)
