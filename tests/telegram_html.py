"""Reading a message as strictly as we write it: only the tags that the templates use, balanced,
with nothing bare. Telegram refuses a message for less, and then nobody gets it."""

import re
from html import unescape

_TOKEN = re.compile(
    r'<(?P<open>b|i|code|a href="(?P<url>(?:https?://|tg://user\?id=)[^"<>\s]+)")>'
    r"|</(?P<close>b|i|code|a)>"
    r"|(?P<entity>&(?:amp|lt|gt|quot|#\d+|#x[0-9a-f]+);)"
    r"|(?P<text>[^<>&]+)"
)


def parse(html: str) -> tuple[str, int]:
    """The words of a message, and how many pieces of formatting it has.

    Raises `ValueError` for anything that the templates should never write.
    """
    words, open_tags, entities, at = [], [], 0, 0
    while at < len(html):
        found = _TOKEN.match(html, at)
        if found is None:
            raise ValueError(f"stray character: {html[at : at + 40]!r}")
        if found["open"]:
            open_tags.append(found["open"].split()[0])
            entities += 1
        elif found["close"]:
            if not open_tags or open_tags.pop() != found["close"]:
                raise ValueError(f"closed but not open: {html[at : at + 40]!r}")
        else:
            words.append(unescape(found[0]))
        at = found.end()
    if open_tags:
        raise ValueError(f"left open: {open_tags}")
    return "".join(words), entities


def units(text: str) -> int:
    """UTF-16 units, in which Telegram's limits are counted."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
