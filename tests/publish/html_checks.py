"""A page as a browser and a screen reader take it, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

VOID = {"br", "hr", "img", "input", "link", "meta"}
FIELDS = {"input", "select"}
HEADING = re.compile("h[1-6]")
LOADED = {("script", "src"), ("img", "src"), ("link", "href")}

Attributes = dict[str, str | None]


@dataclass
class Seen:
    tag: str
    attributes: Attributes
    inside: tuple[str, ...]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


class SeenPage(HTMLParser):
    """All elements of a page in order, each with the text in it; `faults` in the nesting."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[Seen] = []
        self.faults: list[str] = []
        self._open: list[Seen] = []
        self.feed(content.decode())
        self.close()
        self.faults += [f"<{one.tag}> is not closed" for one in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(dict(attrs)) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        seen = Seen(tag, dict(attrs), tuple(one.tag for one in self._open))
        self.elements.append(seen)
        if tag not in VOID:
            self._open.append(seen)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop().tag != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.words.append(data)

    def all(self, tag: str, css_class: str | None = None) -> list[Seen]:
        return [
            one
            for one in self.elements
            if one.tag == tag
            and (css_class is None or css_class in (one.attributes.get("class") or "").split())
        ]

    def texts(self, tag: str, css_class: str | None = None) -> list[str]:
        return [one.text for one in self.all(tag, css_class)]

    @property
    def ids(self) -> list[str]:
        return [one.attributes["id"] or "" for one in self.elements if "id" in one.attributes]


def faults_of(content: bytes) -> list[str]:
    """What a validator or somebody with a screen reader would complain of."""
    page = SeenPage(content)
    faults = list(page.faults)
    if (
        not content.startswith(b"<!doctype html>")
        or page.elements[0].attributes.get("lang") != "en"
    ):
        faults.append("no doctype or language")
    if len(page.ids) != len(set(page.ids)):
        faults.append("an id is there twice")
    faults += [f"not one <{tag}>" for tag in ("h1", "main", "title") if len(page.all(tag)) != 1]
    levels = [int(one.tag[1]) for one in page.elements if HEADING.fullmatch(one.tag)]
    if any(after > before + 1 for before, after in zip([0, *levels], levels, strict=False)):
        faults.append(f"headings leave out a level: {levels}")
    for one in page.elements:
        faults += _faults_of(one, page)
    return faults


def _faults_of(one: Seen, page: SeenPage) -> list[str]:
    given = one.attributes
    checks = {
        "a picture without alt": one.tag == "img" and "alt" not in given,
        "a field without a label": one.tag in FIELDS and "label" not in one.inside,
        "a link without words": one.tag == "a" and not one.text,
        "a heading without words": bool(HEADING.fullmatch(one.tag)) and not one.text,
        "a style or an action of its own": any(k == "style" or k.startswith("on") for k in given),
        "a script of its own": one.tag == "script" and one.text != "",
        "something by another element": one.tag in ("style", "iframe", "object", "embed", "base"),
        "a label by nobody": given.get("aria-labelledby") not in (None, *page.ids),
    }
    return [f"{fault}: <{one.tag} {given}>" for fault, is_so in checks.items() if is_so]


def targets(path: str, content: bytes) -> list[tuple[str, str]]:
    """Where a page at `path` leads inside its folder: each a path there and a fragment."""
    found = []
    for one in SeenPage(content).elements:
        for name in ("href", "src"):
            url = one.attributes.get(name)
            if url is None or (one.attributes.get("rel") == "canonical"):
                continue
            parts = urlsplit(url)
            if not parts.scheme:
                target = normpath(join(dirname(path), unquote(parts.path))) if parts.path else path
                found.append((target, unquote(parts.fragment)))
    return found


def schemes(content: bytes) -> set[str]:
    """What all links of the page begin with; "" for relative ones."""
    return {
        urlsplit(url).scheme
        for one in SeenPage(content).elements
        for name in ("href", "src", "action")
        if (url := one.attributes.get(name)) is not None
    }


def loaded(content: bytes) -> set[str]:
    """What a browser fetches by itself to show the page."""
    return {
        one.attributes.get(name) or ""
        for one in SeenPage(content).elements
        for tag, name in LOADED
        if one.tag == tag and (tag != "link" or one.attributes.get("rel") in ("icon", "stylesheet"))
        if name in one.attributes
    }
