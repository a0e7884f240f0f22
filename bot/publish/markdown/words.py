"""Plain text in and out of Markdown: broken encodings, blanks, escapes."""

import re
import unicodedata
from collections.abc import Sequence

from bot.publish.markdown import marks

_SIGNS = (
    "🙎‍♂️", "🙎‍♀️", "🙎", "🙋‍♂️", "🙋‍♀️", "🙍‍♂️", "🙍‍♀️", "👨‍🏫", "👩‍🏫", "🧑‍🏫",
    "👨‍💻", "👩‍💻", "🧑‍💻", "🧑‍🎓", "🗣️", "📝",
)  # fmt: skip
_CODE_PAGES = ("cp1254", "cp1252")


def _mangled() -> dict[str, str]:
    """Signs as they look after UTF-8 was read in a code page that lacks some of their bytes.

    The bytes are gone, so the text cannot be decoded back; but the ruin is still recognisable.
    """
    ruins: dict[str, str] = {}
    for page in _CODE_PAGES:
        for sign in _SIGNS:
            ruin = sign.encode().decode(page, errors="ignore")
            if ruin.encode(page) != sign.encode():
                ruins.setdefault(ruin, sign)
    return ruins


_MANGLED = _mangled()
_RUIN = re.compile("(?:" + "|".join(sorted(_MANGLED, key=len, reverse=True)) + r")(?=\s|$)")
_ESCAPED = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w+;)")
# Where a site is generated from the page, what stands in these is carried out: Liquid's and Hugo's
# tags, kramdown's attributes. They are looked for before the Markdown is read, so that no backslash
# hides them.
_GENERATORS_TAG = re.compile(r"\{(?=[{%:]|\\?#)")


# The page's own signs, which no mojibake has in it.
_OURS = dict.fromkeys(
    map(ord, "".join([marks.PAPER, marks.PRESENTERS, marks.SPECIAL, *marks.LINK_SIGNS.values()]))
)


def repair(line: str) -> str:
    """A line of the page with its mojibake undone; a sound line comes back unchanged."""
    if line.translate(_OURS).isascii():
        return line
    # A sixth of what making a page takes, and some pages have nothing else that is not ASCII.
    import ftfy  # noqa: PLC0415

    return ftfy.fix_encoding(_RUIN.sub(lambda match: _MANGLED[match[0]], line))


def one_line(text: str) -> str:
    """`text` with single blanks and without what no page can show: control characters,
    lone surrogates and code points that are no characters."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(c for c in " ".join(text.split()) if _shown(c)).split())


def counted(number: int, noun: str) -> str:
    """ "1 talk", "2 talks" """
    return f"{number} {noun}{'s' * (number != 1)}"


def lines_of(text: str) -> list[str]:
    """The lines of `text` whatever ends them: repaired, and without control characters."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return [_sound(line) for line in plain.split("\n")]


def text_block(lines: Sequence[str]) -> str:
    """The text that `lines` make, without blank ones at its edges."""
    written = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[written[0] : written[-1] + 1]).rstrip() if written else ""


def _sound(line: str) -> str:
    # Mojibake holds control characters, so it is mended first; without them there may be more.
    while (better := "".join(c for c in repair(line) if c == "\t" or _shown(c))) != line:
        line = better
    return line


def _shown(character: str) -> bool:
    code = ord(character)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return unicodedata.category(character) not in ("Cc", "Cs")


def escape(text: str) -> str:
    """`text` as Markdown that means nothing but itself, to site generators as well."""
    return _without_tags(_ESCAPED.sub(r"\\\g<0>", text))


def escape_heading(text: str) -> str:
    """As `escape`; a heading would also lose number signs at its end."""
    return _without_tags(_ESCAPED.sub(r"\\\g<0>", text).replace("#", "\\#"))


def escape_literally(title: str) -> str:
    """As `escape`; a first character spelled as a reference says that no sign is meant."""
    return _entity(title[0]) + escape(title[1:])


def escape_name(name: str) -> str:
    """As `escape`; signs that separate names or set off an affiliation are hidden as well."""
    parts = []
    position = 0
    for match in re.finditer(r"[,，、&()（）]|(?:^|(?<=\s))and(?=\s|$)", name, re.IGNORECASE):
        parts += [escape(name[position : match.start()]), _entity(match[0][0]), match[0][1:]]
        position = match.end()
    return "".join([*parts, escape(name[position:])])


def escape_url(url: str) -> str:
    """`url` as the destination of a link."""
    return _without_tags(re.sub(r"[\\()<>]|&(?=#?\w+;)", r"\\\g<0>", url))


def _without_tags(text: str) -> str:
    return _GENERATORS_TAG.sub(_entity("{"), text)


def written(start: str, content: str) -> str:
    """A line of the page. If its reader would take it for mojibake, it is spelled in ASCII."""
    line = start + content
    if repair(line) == line:
        return line
    return start + "".join(c if c.isascii() else _entity(c) for c in content)


def _entity(character: str) -> str:
    return f"&#{ord(character)};"
