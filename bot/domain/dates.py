"""Dates as people write them in a command: `jan 13`, `13.1`, `1月13日`, `tue`, `下周二`,
`Dienstag`, `next`."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.domain.month_days import closest, nth, spelled
from bot.domain.patterns import pattern
from bot.domain.week_days import by_word, in_chinese, in_german

_AROUND = " \t\n,:;!?，；：！？"
_CONJUNCTION = r"(?:(?:and|or|to|till|until)\b|[&+/、和到])"
_AND = pattern(rf"\A\s*{_CONJUNCTION}?\s*(?:on\b)?|\s{_CONJUNCTION}\s*\Z", re.IGNORECASE)
_AND_NUMBER = pattern(
    rf"\s*{_CONJUNCTION}\s*(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\W*", re.IGNORECASE
)
_DAY_ALONE = pattern(r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th|\s*[日号號])?", re.IGNORECASE)
_WORDS = pattern(r"\S+")
_CHINESE_INSIDE = pattern(
    r"\d{1,2}\s*月|(?:上|这|這|本|下下|下)个?(?:周|週|星期|礼拜|禮拜)|[周週][一二三四五六日天]|今天|明天|下一?次"
)


class Days(NamedTuple):
    """When a group meets, in order: all its meetings, and those that take place and have not
    begun."""

    known: Sequence[date] = ()
    ahead: Sequence[date] = ()


def split_date(
    text: str, today: date, known: Sequence[date] = (), ahead: Sequence[date] = ()
) -> tuple[date | None, str]:
    """The date at the beginning of `text` and what follows it, or `None` and all of `text`.

    `known` are the dates of meetings: they decide the year, what `next` and `last` mean, and
    which of two readings of `5/6` is right. Without them the year is the one nearest to `today`.
    `next` is the first of those `ahead`, if there are any: not one that is cancelled or has begun.
    A title is no date: "May the force be with you" and "2 Fast 2 Furious" stay what they are.
    """
    whole = text.strip()
    found = (
        spelled(whole, today, known)
        or by_word(whole, today, known, ahead)
        or in_chinese(whole, today, known, ahead)
        or in_german(whole, today, known, ahead)
        or nth(whole, today, known)
    )
    if found is None:
        return None, whole
    day, length = found
    return day, whole[length:].lstrip(" \t\n,:;，：；–—-")


def find_date(
    text: str, today: date, known: Sequence[date] = (), ahead: Sequence[date] = ()
) -> date | None:
    """The first date anywhere in `text`; see `find_split`."""
    return find_split(text, today, known, ahead)[0]


def find_split(
    text: str, today: date, known: Sequence[date] = (), ahead: Sequence[date] = ()
) -> tuple[date | None, str]:
    """The first date anywhere in `text` and what follows it, or `None` and all of `text`; see
    `split_date`.

    Within a sentence `3.5` and `2/3` are taken for a date only if a meeting has it, and so is
    `the 13th` alone.
    """
    whole = text.strip()
    day, rest = split_date(whole, today, known, ahead)
    if day is None and (alone := _DAY_ALONE.fullmatch(whole)):
        day, rest = closest([one for one in known if one.day == int(alone[1])], today), ""
    if day is not None:
        return day, rest
    for word in list(_WORDS.finditer(whole))[1:]:
        rest = whole[word.start() :].lstrip("(\"'“‘")
        found = (
            spelled(rest, today, known, inside=True)
            or nth(rest, today, known)
            or by_word(rest, today, known, ahead, inside=True)
            or in_german(rest, today, known, ahead)
        )
        if found is not None:
            return found[0], rest[found[1] :]
    for word in _CHINESE_INSIDE.finditer(whole):
        day, rest = split_date(whole[word.start() :], today, known, ahead)
        if day is not None:
            return day, rest
    return None, whole


def names_another(
    rest: str, day: date, today: date, known: Sequence[date], *, whole: bool = False
) -> bool:
    """Whether behind `day` another meeting's date follows: "and jan 20", "and 20"; without `known`
    any other date. In figures, and if it is to be the `whole`, nothing may follow it: "1.20
    Trillion Parameters" is a title."""
    if number := _AND_NUMBER.fullmatch(rest):
        return any(one.day == int(number[1]) != day.day for one in known)
    said = _AND.sub("", rest).strip(_AROUND)
    found = spelled(said, today, known)
    if found is None or found[0] == day or (known and found[0] not in known):
        return False
    named = not whole and any(sign.isalpha() for sign in said[: found[1]])
    return named or found[1] == len(said)
