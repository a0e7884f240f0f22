"""From bytes to text, whatever saved them."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What programs in China and in the West save when they do not save UTF-8. Two bytes of Western
# text are seldom a character of GB 2312; GB 18030 has nearly all pairs, so it must make sense.
_OLD = (("gb2312", "GB 2312"), ("gb18030", "GB 18030"), ("cp1252", "Windows-1252"))
_HAN = re.compile("[\x00-\x7f\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]*")


class NoPage(Exception):  # noqa: N818 - it is what the file is
    """A file is no page. The text follows the file's name: "is not a text file"."""


class Unusable(NoPage):
    """It is a page, and cannot be taken as it stands."""


class NoTerm(Unusable):
    """Neither the page nor its file's name says which term it is."""

    def __init__(self) -> None:
        super().__init__("does not say which term it is")


MOST_ROWS = 2000


def limit(rows: int) -> None:
    """Refuse what no group has written: it would take minutes to read."""
    if rows > MOST_ROWS:
        raise Unusable(f"has more than {MOST_ROWS:,} dated rows; no schedule has")


def decode(data: bytes) -> tuple[str, str | None]:
    """The text, and the name of its encoding where that is a guess.

    Raises `NoPage` for what is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding), None
    # Files of programs are full of zero bytes; one that slipped into a text is dropped later.
    if data.count(0) > len(data) // 1000 + 1:
        raise NoPage("is not a text file")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    for encoding, name in _OLD:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb18030" or _HAN.fullmatch(text):
            return text, name
    raise NoPage("is not a text file in UTF-8. Save it as one")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise NoPage("is not a text file in UTF-8. Save it as one") from None
