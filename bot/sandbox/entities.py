"""Telegram's HTML, and the pieces of formatting that it becomes.

The rules are those of the server's own parser (`MessageEntity.cpp` in tdlib/td): a short list of
tags, four named entities, and an error with a byte offset for anything else. Offsets and lengths
of entities count UTF-16 units.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.refusals import ApiError, bad_request

Entity = dict[str, Any]

MAX_ENTITIES = 100
TAGS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_PLAIN = re.compile(r"[^<&]+")
_TAG_NAME = re.compile(r"[^\s>]*")
_TAG_END = re.compile(r"\s*>")
_SLASH = re.compile(r"\s*/")
_ATTRIBUTE = re.compile(r"""\s*([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]+)))?""")
_FOUND = re.compile(
    r"(?:(?<=^)|(?<=[\s(]))"
    r"(?:(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?P<url>https?://[^\s<>\"]+)"
    r"|(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b)",
    re.MULTILINE,
)


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    attributes: dict[str, str]


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """The plain text, trimmed, and its entities in order; what comes after the hundredth is
    dropped. Raises `ApiError` 400 for HTML that Telegram does not read."""
    text: list[str] = []
    length = position = 0
    opened: list[_Open] = []
    entities: list[Entity] = []
    while position < len(html):
        if plain := _PLAIN.match(html, position):
            piece, position = plain[0], plain.end()
        elif html[position] == "&":
            piece, position = _reference(html, position)
        else:
            position = _tag(html, position, length, opened, entities)
            continue
        text.append(piece)
        length += _units(piece)
    if opened:
        tag = opened[-1].tag
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\""
        )
    return trimmed("".join(text), entities)


def find_entities(text: str) -> list[Entity]:
    """Commands, links and mentions in what a person wrote."""
    return [
        {
            "type": match.lastgroup,
            "offset": _units(text[: match.start()]),
            "length": _units(match[0]),
        }
        for match in _FOUND.finditer(text)
    ]


def cut(text: str, entity: Entity) -> str:
    """The piece of the text that an entity is about."""
    start, stop = entity["offset"], entity["offset"] + entity["length"]
    return text.encode("utf-16-le")[2 * start : 2 * stop].decode("utf-16-le", "replace")


def to_html(text: str, entities: list[Entity]) -> str:
    """Safe HTML for a web page: everything escaped, links only to the web and to Telegram."""
    units = text.encode("utf-16-le")
    cuts = {0, len(units) // 2}
    for entity in entities:
        cuts |= {entity["offset"], entity["offset"] + entity["length"]}
    points = sorted(cut for cut in cuts if 0 <= cut <= len(units) // 2)
    made = []
    for start, end in pairwise(points):
        piece = escape(units[2 * start : 2 * end].decode("utf-16-le", "replace"))
        for entity in entities:
            if entity["offset"] <= start and end <= entity["offset"] + entity["length"]:
                piece = _wrapped(piece, entity, text)
        made.append(piece)
    return "".join(made)


def _tag(html: str, position: int, length: int, opened: list[_Open], entities: list[Entity]) -> int:
    """Read the tag at `position`; returns where it ends."""
    if html.startswith("</", position):
        end = html.find(">", position)
        if end < 0:
            raise _unreadable("Unclosed end tag", html, position)
        _check_end(html, position, html[position + 2 : end].strip().lower(), opened)
        _close(opened.pop(), length, entities)
        return end + 1
    name = _TAG_NAME.match(html, position + 1)
    tag = name[0].lower() if name else ""
    if name is None or name.end() == len(html):
        raise _unreadable("Unclosed start tag", html, position)
    if tag not in TAGS:
        raise _unreadable(f'Unsupported start tag "{tag}"', html, position)
    attributes, end = _attributes(html, name.end(), position, tag)
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _unreadable('Tag "span" must have class "tg-spoiler"', html, position)
    opened.append(_Open(tag, length, attributes))
    return end


def _attributes(html: str, position: int, begin: int, tag: str) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while True:
        rest = _TAG_END.match(html, position)
        if rest:
            return found, rest.end()
        attribute = _ATTRIBUTE.match(html, position)
        if _SLASH.match(html, position):
            raise _unreadable(f'Empty attribute name in the tag "{tag}"', html, begin)
        if attribute is None or position >= len(html):
            raise _unreadable("Unclosed start tag", html, begin)
        value = next((v for v in attribute.groups()[1:] if v is not None), "")
        found[attribute[1].lower()] = "".join(_decoded(value)) if "&" in value else value
        position = attribute.end()


def _check_end(html: str, position: int, tag: str, opened: list[_Open]) -> None:
    if not opened:
        raise _unreadable("Unexpected end tag", html, position)
    expected = opened[-1].tag
    if tag and tag != expected:
        end = f', expected "</{expected}>", found "</{tag}>"'
        raise _unreadable("Unmatched end tag", html, position, end)


def _close(begun: _Open, length: int, entities: list[Entity]) -> None:
    entity = _entity(begun)
    if entity is not None and length > begun.start:
        entities.append({**entity, "offset": begun.start, "length": length - begun.start})


def _entity(begun: _Open) -> Entity | None:
    """The entity without its place; `None` where the tag carries none."""
    kind = TAGS[begun.tag]
    if kind == "text_link":
        return _link(begun.attributes.get("href", ""))
    if kind == "blockquote" and "expandable" in begun.attributes:
        return {"type": "expandable_blockquote"}
    if kind == "custom_emoji":
        return {"type": kind, "custom_emoji_id": begun.attributes.get("emoji-id", "")}
    return {"type": kind}


def _link(href: str) -> Entity | None:
    try:
        parts = urlsplit(href.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme == "tg" and host == "user":
        user_id = parse_qs(parts.query).get("id", [""])[0]
        return {"type": "text_mention", "user_id": user_id} if user_id.isdecimal() else None
    if parts.scheme in ("http", "https", "tg") and host:
        return {"type": "text_link", "url": href.strip()}
    return None


def _reference(html: str, position: int) -> tuple[str, int]:
    match = _REFERENCE.match(html, position)
    if match is None:
        return "&", position + 1
    character = _character(match)
    return (character, match.end()) if character is not None else ("&", position + 1)


def _character(match: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal[:8])
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code)


def _decoded(value: str) -> Iterator[str]:
    position = 0
    while position < len(value):
        if value[position] == "&":
            character, position = _reference(value, position)
            yield character
        else:
            yield value[position]
            position += 1


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text without the space around it, and the first hundred entities moved along."""
    kept = text.rstrip()
    end = _units(kept)
    cut = _units(kept) - _units(kept.lstrip())
    shown = []
    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        start = max(entity["offset"], cut)
        stop = min(entity["offset"] + entity["length"], end)
        if stop > start:
            shown.append({**entity, "offset": start - cut, "length": stop - start})
    return kept.lstrip(), shown[:MAX_ENTITIES]


def _wrapped(piece: str, entity: Entity, text: str) -> str:
    plain = {
        "bold": "b",
        "italic": "i",
        "underline": "u",
        "strikethrough": "s",
        "code": "code",
        "pre": "code",
        "blockquote": "q",
        "expandable_blockquote": "q",
    }
    kind = entity["type"]
    if kind in plain:
        return f"<{plain[kind]}>{piece}</{plain[kind]}>"
    if kind == "spoiler":
        return f'<span class="spoiler">{piece}</span>'
    if kind == "bot_command":
        return f'<span class="command">{piece}</span>'
    if kind in ("url", "text_link"):
        url = entity.get("url") or cut(text, entity)
        if url.startswith(("http://", "https://", "tg://")):
            return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{piece}</a>'
    return piece


def _unreadable(what: str, html: str, position: int, end: str = "") -> ApiError:
    at = len(html[:position].encode("utf-8", "surrogatepass"))
    return bad_request(f"can't parse entities: {what} at byte offset {at}{end}")


def _units(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
