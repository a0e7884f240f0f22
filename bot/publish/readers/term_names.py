"""The term that a heading, a file or a calendar is named after, and when it is."""

import re
from datetime import date, timedelta

from bot.publish.markdown.marks import middle_of
from bot.publish.markdown.words import one_line

HALF = timedelta(weeks=14)
"""A season's term lasts this long before and after its middle, at the most."""

HALF_A_YEAR = timedelta(weeks=26)

_SEASONS = "fall|autumn|winter|spring|summer"
_LONG = r"(?:19|20)\d\d"
_NAMED = (
    re.compile(
        rf"(?P<season>{_SEASONS})[\s_,-]*(?:of[\s_]+)?(?P<year>{_LONG}|['’]?\d\d)(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\d–-])(?P<year>{_LONG}|\d\d)[\s_,-]*(?P<season>{_SEASONS})(?![a-z])",
        re.IGNORECASE,
    ),
)
_TWO_YEARS = re.compile(r"(?:19|20)\d\d\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d)(?!\d)")
# What a heading may say besides the years, so that "ImageNet (2012)" is none.
_PLAIN = re.compile(
    r"(?:[\W\d_]|\b(?:reading|paper|papers|group|schedule|meetings?|sessions?|talks?|term|semester"
    r"|academic|year|archive|past|previous|current|upcoming|the|of|for|in|our)\b"
    r"|日程|安排|学期|学年|年度?|月|论文|分享|组会|第|上|下|春|秋|夏|冬|季)*",
    re.IGNORECASE,
)


def named(text: str, *, loosely: bool = True) -> str | None:
    """The term's title in `text`, or `None` if it has no year: "Systems group, Fall 2025" is
    "2025 Fall". Not `loosely`: only if the text says nothing else, as headings inside a page."""
    plain = one_line(text)
    season = next((match for one in _NAMED if (match := one.search(plain))), None)
    if season and not _TWO_YEARS.search(plain):
        year = int(season["year"].strip("'’"))
        return f"{year if year > 99 else 2000 + year} {season['season'].capitalize()}"
    if middle_of(plain) is None or not (loosely or _PLAIN.fullmatch(plain)):
        return None
    return plain


def of_file(stem: str) -> str | None:
    """The term in a file's name, without its ending: "2025-fall" is "2025 Fall"."""
    words = re.sub(r"(?<!\d)[-_]+|[-_]+(?!\d)|_+", " ", stem)
    return named(words)


def bounds(title: str) -> tuple[date, date] | None:
    """The first and the last day that the term of this title may have."""
    middle = middle_of(title)
    half = HALF if re.search(f"{_SEASONS}|[春夏秋冬]", title, re.IGNORECASE) else HALF_A_YEAR
    return (middle - half, middle + half) if middle else None
