"""Links as the page writes them: which addresses it may hold, and what a label means."""

import re

from bot.domain.page import PageLink
from bot.domain.papers import MAX_URL_LENGTH, is_web_url
from bot.publish.markdown import marks
from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.words import escape, escape_url, one_line
from storage.enums import LinkKind

BETWEEN_LINKS = " \t,，、;；:：|/·•&"

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_KINDS = {sign: kind for kind, sign in marks.LINK_SIGNS.items()}
_SIGN = re.compile("([" + "".join(_KINDS) + "])\ufe0f?\\s*")
_WORDS = {
    "slides": LinkKind.SLIDES,
    "slide": LinkKind.SLIDES,
    "video": LinkKind.VIDEO,
    "summary": LinkKind.SUMMARY,
}
_PLACEHOLDER = re.compile(r"#|(?:\./)?(?:tb[acd]|todo|待定)", re.IGNORECASE)
_BARE = re.compile(r"(?P<label>.*?)(?P<url>https?://[^\s<>,，、;；]+)>?")


def is_usable(url: str) -> bool:
    """Whether the page may link to `url`: a web address, or a path beside the page itself."""
    if _SCHEME.match(url):
        return is_web_url(url)
    # A path is as good as the same path on some host.
    return url != "" and len(url) <= MAX_URL_LENGTH and is_web_url(f"https://x/{url}"[:2000])


def is_folder(url: str) -> bool:
    """Whether a path beside the page names no file: `./slides/` stands for "not yet"."""
    return _SCHEME.match(url) is None and url.endswith("/")


def is_placeholder(url: str) -> bool:
    """Whether this stands where the address is to come."""
    return _PLACEHOLDER.fullmatch(url) is not None


def starts_with_sign(text: str) -> bool:
    return _SIGN.match(text) is not None


def is_sign(text: str) -> bool:
    return _SIGN.fullmatch(text) is not None


def names_kind(words: str) -> bool:
    """Whether this says alone what a link is, as in "Slides: ..."."""
    return read_link(words, "").kind is not LinkKind.OTHER


def announces_links(line: Line) -> bool:
    """Whether the line begins with a link, or with what the first one is: `Slides: [here](...)`."""
    if not line.links:
        return False
    before = line.mask[: line.links[0].start].strip(BETWEEN_LINKS)
    return not before or names_kind(before)


def bare_links(text: str) -> list[PageLink]:
    """The links in a line of addresses that are no links to Markdown, though many a page shows
    them as such: `📺 https://...`, `slides: https://...`. Empty if anything else is in it."""
    found: list[PageLink] = []
    position = 0
    while match := _BARE.match(text, position):
        link = read_link(match["label"].strip(BETWEEN_LINKS + "<"), match["url"])
        if link.label is not None or not is_usable(link.url):
            return []
        found.append(link)
        position = match.end()
    return [] if text[position:].strip(BETWEEN_LINKS) else found


def read_link(label: str, url: str) -> PageLink:
    """The link that `label` announces, by its word, else by its sign, else one of its own kind."""
    label = one_line(label)
    match = _SIGN.match(label)
    kind = _KINDS[match[1]] if match else None
    words = label[match.end() :] if match else label
    if kind is not LinkKind.OTHER:
        kind = _WORDS.get(words.casefold()) or (None if words else kind)
        if kind is not None:
            return PageLink(kind, url)
        words = label
    return PageLink(LinkKind.OTHER, url, _own_label(words))


def tidy_link(link: PageLink) -> PageLink | None:
    """`link` as the page can hold it, or `None` if it leads nowhere."""
    if not is_usable(link.url) or is_placeholder(link.url):
        return None
    if link.kind is LinkKind.SLIDES and is_folder(link.url):
        return None
    if link.kind is not LinkKind.OTHER:
        return PageLink(link.kind, link.url)
    return PageLink(LinkKind.OTHER, link.url, _own_label(one_line(link.label or "")))


def write_link(link: PageLink) -> str:
    words = link.label or marks.LINK_WORDS[link.kind]
    return f"[{marks.LINK_SIGNS[link.kind]} {escape(words)}]({escape_url(link.url)})"


def _own_label(words: str) -> str | None:
    return None if words in ("", marks.LINK_WORDS[LinkKind.OTHER]) else words
