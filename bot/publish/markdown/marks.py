"""The page's signs and words, shared by its reader and its writer."""

import re
from datetime import date

from bot.domain.dates import split_date
from bot.domain.months import MONTHS
from storage.enums import LinkKind

PAPER = "💡"
PRESENTERS = "🙎‍♂️"
SPECIAL = "✨"
OPEN = "*open*"
NO_TALK = "*no talk*"
CANCELLED = "*cancelled*"
UNNAMED = "*special*"
UNTITLED = "Untitled"
BREAK = "<br><br>"

REQUIREMENTS = "Specific Requirements"
OTHER_INFORMATION = "Other Information"
SCHEDULE = "Schedule"

LINK_SIGNS = {
    LinkKind.SLIDES: "📕",
    LinkKind.VIDEO: "📺",
    LinkKind.SUMMARY: "📝",
    LinkKind.OTHER: "🔗",
}
LINK_WORDS = {
    LinkKind.SLIDES: "slides",
    LinkKind.VIDEO: "video",
    LinkKind.SUMMARY: "summary",
    LinkKind.OTHER: "link",
}

# A person, with or without a colour of skin, a sex or a trade (joined by U+200D).
PERSON = re.compile(
    "[🙎🙋🙍🙇🧑👨👩👤👥🗣👦👧][\U0001f3fb-\U0001f3ff]?\ufe0f?(?:\u200d[^\\s\\w]\ufe0f?)*"
)
OPEN_WORDS = re.compile(
    r"\*?(?:open(?: slot)?|tb[acd]|no talk|待定|to be (?:announced|confirmed|decided))\*?",
    re.IGNORECASE,
)
# What was put off does not take place on this day either, and the words say until when.
CANCELLED_WORDS = re.compile(
    r"(?:\*?cancell?ed\b\*?|no meeting\b|取消)(?:\s*[:：]\s*)?"
    r"|(?=postponed\b|rescheduled\b|推迟|改期)",
    re.IGNORECASE,
)
UNNAMED_WORDS = re.compile(r"\*special\*")
BETWEEN_NAMES = re.compile(r"\s*[,，、]\s*(?:and\s+)?|\s*&\s*|(?:\s+|(?<=\)))and\s+", re.IGNORECASE)
BRACKETS = re.compile(r"\([^()（）]*\)|（[^()（）]*）")
VENUE = re.compile(r"\[([^\[\]]+)\]\s*")

_AROUND_REASON = re.compile(r"\s*(?:[(（](?P<inner>[^()（）]*)[)）]|[-–—,，]*\s*(?P<bare>.*))")
_OCCASION = re.compile(
    r"\b(?:kick-?off|rehearsal|dry run|orientation|wrap-?up|retreat|party|celebration|farewell)\b"
    r"|\b(?:meeting|session|ceremony|workshop)$",
    re.IGNORECASE,
)
_LONGEST_OCCASION = 6
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Month and day in the middle of a term, and by how many years its own differs from the title's.
_MIDDLES = (
    (re.compile(r"fall|autumn|秋", re.IGNORECASE), (11, 1, 0)),
    (re.compile(r"winter|冬", re.IGNORECASE), (1, 15, 1)),
    (re.compile(r"spring|春", re.IGNORECASE), (4, 15, 0)),
    (re.compile(r"summer|夏", re.IGNORECASE), (7, 15, 0)),
)
_TWO_DAYS = (date(1904, 2, 29), date(2096, 2, 29))


def names_an_occasion(title: str) -> bool:
    """Whether a few words name a gathering ("Kick-off meeting") rather than a paper."""
    return len(title.split()) <= _LONGEST_OCCASION and _OCCASION.search(title) is not None


def read_cancelled(words: str, mask: str) -> str | None:
    """What the day gave way to, "" where that is not said: `*cancelled*: Holiday`, `Cancelled
    (holiday)`, `postponed to May 5`. `None` where this does not say that the meeting is off.
    Patterns look at the `mask`, which is as long (see `page_lines.Line`)."""
    match = CANCELLED_WORDS.match(mask)
    if match is None:
        return None
    reason = words[match.end() :]
    if match[0].rstrip().endswith((":", "：")):
        return reason
    around = _AROUND_REASON.fullmatch(reason)
    return (around["inner"] or around["bare"] or "") if around else reason


def middle_of(title: str) -> date | None:
    """A day in the middle of the term: dates without a year are those nearest to it.

    "2025 Fall" runs from May 2025 to April 2026 at most, "2026 Spring" from October 2025 to
    October 2026. A year alone is that calendar year, two years ("2025-2026") are an academic one.
    """
    years = [int(year) for year in _YEAR.findall(title)]
    if not years:
        return None
    if len(years) > 1:
        return date(max(years), 2, 1)
    for season, (month, day, later) in _MIDDLES:
        if season.search(title):
            return date(years[0] + later, month, day)
    return date(years[0], 7, 1)


def read_date(text: str, title: str) -> date | None:
    """The date in a meeting's heading, or `None` if it is none or its year is unknown."""
    if not any(character.isdigit() for character in text):
        return None
    middle = middle_of(title)
    days = (middle, middle) if middle else _TWO_DAYS
    (day, rest), (again, _) = (split_date(text, one) for one in days)
    return day if day == again and not rest else None


def date_heading(day: date, title: str) -> str:
    """`January 13`, with the year only where the term's title does not give it."""
    short = f"{MONTHS[day.month - 1]} {day.day}"
    return short if read_date(short, title) == day else f"{short}, {day.year:04d}"
