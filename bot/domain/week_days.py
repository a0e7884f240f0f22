"""Days named by their week or by what they are to today: `tue`, `下周二`, `next`, `tomorrow`."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.calendar import WEEKDAYS
from bot.domain.month_days import behind_weekday, closest, spelled
from bot.domain.patterns import pattern

_SHORT_DAYS = {day[:3]: number for number, day in enumerate(WEEKDAYS)} | {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
DAYS = {day: number for number, day in enumerate(WEEKDAYS)} | _SHORT_DAYS
_CHINESE_DAYS = {"今天": 0, "明天": 1, "后天": 2, "後天": 2}
# 下周二 is in the calendar week after this one, and 周二 alone the one to come.
_CHINESE_WEEKDAY = pattern(
    r"(上|这|這|本|下下|下)?个?(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])?|今天|明天|后天|後天|下一?次"
)
_WEEKS = {"上": -1, "这": 0, "這": 0, "本": 0, "下": 1, "下下": 2}
_WEEK = pattern(r"\s+(next|this)\s+week\b", re.IGNORECASE)
_FOLLOWING = pattern(r"\s+(?:(meeting)\b|([a-z]+)\b)", re.IGNORECASE)
_WORD = pattern(r"[a-z]+(?![\w'’])(?!-\w)", re.IGNORECASE)
# Inside a sentence "sat" and "last" are mostly verbs; at its end, or before a day, they are dates.
_LAST_WORD = pattern(
    rf"(?:(?:next|last|this)\s+)?(?:{'|'.join(DAYS)}|meeting)(?=\W*$)"
    rf"|(?:(?:next|last|this)\s+)?(?:{'|'.join(WEEKDAYS)})\b"
    r"|(?:next|last)(?=\W*$)|(?:next|last)\s+(?:meeting|week)\b|(?:today|tomorrow)\b",
    re.IGNORECASE,
)


_GERMAN_DAYS = {
    day: number
    for number, days in enumerate(
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend", "sonntag")
    )
    for day in days.split()
}
# "Morgen!" is a greeting.
_GERMAN = pattern(
    r"(?:(?:am|den|für)\s+)?(?:(?P<which>nächste|naechste|kommende|diese)[nrsm]?\s+)?"
    rf"(?P<what>{'|'.join(_GERMAN_DAYS)}|woche|treffen|termin|mal)\b"
    r"|(?P<day>heute|(?-i:morgen|übermorgen))\b",
    re.IGNORECASE,
)
_SHORT_GERMAN = pattern(r"(?:mo|di|mi|do|fr|sa|so)\.?,?\s+(?=\d)", re.IGNORECASE)


def by_word(
    text: str, today: date, known: Sequence[date], ahead: Sequence[date], *, inside: bool = False
) -> tuple[date, int] | None:
    """`today`, `next`, `tuesday` at the beginning of `text`, which may stand `inside` a sentence,
    and the length of what was taken.

    Capitals and more words after it make it a title ("Next Generation", "Sun RPC").
    """
    if inside and not _LAST_WORD.match(text):
        return None
    match = _WORD.match(text)
    if match is None:
        return None
    word, alone = match[0].lower(), match.end() == len(text)
    if word in DAYS and (dated := _dated(text, match.end(), today, known)):
        return dated
    if not alone and match[0] != word and word not in WEEKDAYS:
        return None
    if word in DAYS:
        return _weekday(text, match, today, known)
    if word in ("next", "this", "last"):
        return _relative(text, match, today, known, ahead)
    day = {"today": today, "tomorrow": today + timedelta(days=1)}.get(word)
    return (day, match.end()) if day else None


def _dated(text: str, start: int, today: date, known: Sequence[date]) -> tuple[date, int] | None:
    """The date behind a weekday: in "Tuesday, January 13" the figures say more than the name."""
    rest = text[start:].lstrip(" .,")
    dated = behind_weekday(rest, today, known)
    return (dated[0], len(text) - len(rest) + dated[1]) if dated is not None else None


def _weekday(
    text: str, match: re.Match[str], today: date, known: Sequence[date]
) -> tuple[date, int]:
    weekday, week = DAYS[match[0].lower()], _WEEK.match(text, match.end())
    if week is None:
        return _coming(weekday, today, known), match.end()
    weeks = 1 if week[1].lower() == "next" else 0
    return _in_week(weeks, weekday, today), week.end()


def _coming(weekday: int, after: date, known: Sequence[date]) -> date:
    """The first such weekday from `after` on that has a meeting, or else the first of all."""
    day = after + timedelta(days=(weekday - after.weekday()) % 7)
    return min((one for one in known if one.weekday() == weekday and one >= after), default=day)


def _relative(
    text: str, match: re.Match[str], today: date, known: Sequence[date], ahead: Sequence[date]
) -> tuple[date, int] | None:
    word = match[0].lower()
    follow = _FOLLOWING.match(text, match.end())
    weekday = DAYS.get(follow[2].lower()) if follow and follow[2] else None
    if follow and weekday is not None:
        if word == "last":
            day = today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
        else:
            day = _coming(weekday, today + timedelta(days=word == "next"), ())
        return day, follow.end()
    if follow and follow[2] and follow[2].lower() in ("week", "month", "year"):
        weeks = {"last": -1, "this": 0, "next": 1}[word]
        first = _of_week(weeks, today, known, ahead) if follow[2].lower() == "week" else None
        return (first, follow.end()) if first else None
    if word == "this":
        return None
    end = follow.end() if follow and follow[1] else match.end()
    if word == "last":
        found = closest([one for one in known if one < today], today)
    else:
        found = _next(today, known, ahead)
    return (found, end) if found else None


def _next(today: date, known: Sequence[date], ahead: Sequence[date]) -> date | None:
    return min(ahead or [one for one in known if one >= today], default=None)


def _in_week(weeks: int, weekday: int, today: date) -> date:
    """Such a weekday of the calendar week so many weeks from this one."""
    return today + timedelta(days=7 * weeks - today.weekday() + weekday)


def _of_week(weeks: int, today: date, known: Sequence[date], ahead: Sequence[date]) -> date | None:
    """The first meeting of the calendar week so many weeks from this one, one that is ahead before
    others."""
    monday = _in_week(weeks, 0, today)
    there = [one for one in known if 0 <= (one - monday).days < 7]
    return min([one for one in there if one in ahead] or there, default=None)


def in_chinese(
    text: str, today: date, known: Sequence[date], ahead: Sequence[date]
) -> tuple[date, int] | None:
    """`周二`, `下周二`, `明天`, `下次` at the beginning of `text`, and the length of it."""
    match = _CHINESE_WEEKDAY.match(text)
    if match is None:
        return None
    weeks = _WEEKS.get(match[1] or "")
    weekday = "一二三四五六日".find((match[2] or "").replace("天", "日"))
    day: date | None
    if match[0] in _CHINESE_DAYS:
        day = today + timedelta(days=_CHINESE_DAYS[match[0]])
    elif match[0].endswith("次"):
        day = _next(today, known, ahead)
    elif match[2] is None:
        day = _of_week(weeks, today, known, ahead) if weeks is not None else None
    elif weeks is None:
        day = _coming(weekday, today, known)
    else:
        day = _in_week(weeks, weekday, today)
    return (day, match.end()) if day else None


def in_german(
    text: str, today: date, known: Sequence[date], ahead: Sequence[date]
) -> tuple[date, int] | None:
    """`Dienstag`, `nächsten Dienstag`, `Di 20.1.`, `morgen`, `nächste Woche` at the beginning of
    `text`, and the length of it."""
    if short := _SHORT_GERMAN.match(text):
        found = spelled(text[short.end() :], today, known)
        return (found[0], short.end() + found[1]) if found and found[0] in known else None
    match = _GERMAN.match(text)
    if match is None:
        return None
    if match["day"]:
        later = ("heute", "morgen", "übermorgen").index(match["day"].lower())
        return today + timedelta(days=later), match.end()
    what, which = match["what"].lower(), (match["which"] or "").lower()
    day: date | None
    if what in _GERMAN_DAYS:
        if dated := _dated(text, match.end(), today, known):
            return dated
        day = _in_german_week(which, _GERMAN_DAYS[what], today, known)
    elif what == "woche":
        day = _of_week(which != "diese", today, known, ahead) if which else None
    else:
        day = _next(today, known, ahead) if which else None
    return (day, match.end()) if day else None


def _in_german_week(which: str, weekday: int, today: date, known: Sequence[date]) -> date:
    if which == "diese":
        return _in_week(0, weekday, today)
    if which:
        return _coming(weekday, today + timedelta(days=1), ())
    return _coming(weekday, today, known)
