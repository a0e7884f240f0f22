"""Links as the page writes them: which addresses it may hold, and what a label means."""

import re

from bot.domain.page import PageLink
from bot.domain.papers import MAX_URL_LENGTH, is_web_url
from bot.publish.markdown import marks
from bot.publish.markdown.words import escape, escape_url, one_line
from storage.enums import LinkKind

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_KINDS = {sign: kind for kind, sign in marks.LINK_SIGNS.items()}
_SIGN = re.compile("([" + "".join(_KINDS) + "])\ufe0f?\\s*")
_WORDS = {
    "slides": LinkKind.SLIDES,
    "slide": LinkKind.SLIDES,
    "video": LinkKind.VIDEO,
    "summary": LinkKind.SUMMARY,
}


def is_usable(url: str) -> bool:
    """Whether the page may link to `url`: a web address, or a path beside the page itself."""
    if _SCHEME.match(url):
        return is_web_url(url)
    # A path is as good as the same path on some host.
    return url != "" and len(url) <= MAX_URL_LENGTH and is_web_url(f"https://x/{url}"[:2000])


def is_folder(url: str) -> bool:
    """Whether a path beside the page names no file: `./slides/` stands for "not yet"."""
    return _SCHEME.match(url) is None and url.endswith("/")


def starts_with_sign(text: str) -> bool:
    return _SIGN.match(text) is not None


def is_sign(text: str) -> bool:
    return _SIGN.fullmatch(text) is not None


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
    if not is_usable(link.url) or (link.kind is LinkKind.SLIDES and is_folder(link.url)):
        return None
    if link.kind is not LinkKind.OTHER:
        return PageLink(link.kind, link.url)
    return PageLink(LinkKind.OTHER, link.url, _own_label(one_line(link.label or "")))


def write_link(link: PageLink) -> str:
    words = link.label or marks.LINK_WORDS[link.kind]
    return f"[{marks.LINK_SIGNS[link.kind]} {escape(words)}]({escape_url(link.url)})"


def _own_label(words: str) -> str | None:
    return None if words in ("", marks.LINK_WORDS[LinkKind.OTHER]) else words
