"""What people write with web links in it: the words apart from the links."""

import re
from typing import NamedTuple

from bot.domain import papers, web_links
from bot.domain.patterns import pattern

# Chinese is written without blanks, and no address holds its punctuation, or angle brackets.
_LINK = pattern(r"https?://[^\s<>，。；！？”’）》]+", re.IGNORECASE)
# Without "https://", as people type it on a phone: "arxiv.org/abs/2509.01092". Of other sites it
# may as well be a word of the title.
_SITES = (*papers.HOSTS, *web_links.KNOWN_HOSTS, *web_links.OTHER_NAMES)
_BARE_LINK = pattern(
    rf"(?<![\w@./:-])(?:[\w-]+\.)*(?:{'|'.join(map(re.escape, _SITES))})/[^\s<>，。；！？”’）》]+",
    re.IGNORECASE,
)
_PAPER_ID = pattern(
    r"(?<!\S)(?:(?:arxiv|doi)(?::\s*|\s+))?\d[^\s<>，。；！？”’）》]+", re.IGNORECASE
)
_IN_MARKDOWN = pattern(r"\[([^\[\]]+)\]\((https?://[^\s()]+)\)", re.IGNORECASE)
# A sentence goes on after a link: "(https://…)", "https://…,".
_AFTER_LINK = ".,;:!?'\""
_AROUND_LINK = {"(": ")", "<": ">", "（": "）", "《": "》", "“": "”", '"': '"', "'": "'"}


class Linked(NamedTuple):
    """The words around the links, the paper's link (else the first), and the others."""

    words: str
    url: str | None
    others: tuple[str, ...]


def apart(text: str) -> Linked:
    """Tell words and links apart. What a paper's number or an address without a scheme leads to is
    a link as well, and two ways to one paper are one."""
    words = _IN_MARKDOWN.sub(r"\1 \2", text)
    urls: list[str] = []
    while found := _first(words):
        start, written, address = found
        words = _without_link(words, start, written)
        urls.append(address)
    if len(urls) < 2:
        return Linked(words, urls[0] if urls else None, ())
    links: dict[str, str] = {}
    for one in sorted(urls, key=papers.is_papers_site, reverse=True):
        links.setdefault(papers.identity(one, one), one)
    url, *others = links.values()
    return Linked(words, url, tuple(others))


def first_link(text: str) -> str | None:
    """The paper's link in a text, else the first, without the punctuation behind it."""
    return apart(text).url


def _first(text: str) -> tuple[int, str, str] | None:
    """Where a link begins, how it is written, and where it leads."""
    if "://" in text and (found := _LINK.search(text)):
        url = _without_tail(found[0])
        return found.start(), url, url
    if "/" in text and (found := _BARE_LINK.search(text)):
        written = _without_tail(found[0])
        return found.start(), written, f"https://{written}"
    for found in _PAPER_ID.finditer(text) if "." in text else ():
        written = _without_tail(found[0])
        if address := papers.address_of(written):
            return found.start(), written, address
    return None


def _without_tail(link: str) -> str:
    url = link.rstrip(_AFTER_LINK)
    if url.endswith(")") and "(" not in url:
        url = url.rstrip(")").rstrip(_AFTER_LINK)
    return url


def _without_link(text: str, start: int, url: str) -> str:
    """The words around the link, without its brackets and the comma or full stop behind it."""
    before, after = text[:start], text[start + len(url) :]
    closing = _AROUND_LINK.get(before[-1:])
    if closing is not None and after.startswith(closing):
        before, after = before[:-1], after[1:]
    after = re.sub(r"^(?:[，。；：！？]+|[.,;:!?]+(?=\s|$))", "", after)
    return f"{before} {after}"
