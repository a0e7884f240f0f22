"""What a commit of a group's page says: what changed, in the group's own words."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.views import ChangeView
from bot.text.render import render

LONGEST_SUBJECT = 100
"""Characters of the first line; what is longer is told in full below it."""

# "closes #3", "see !3", a web address of an issue, "@somebody": a blank makes words of them.
_ACTED_ON = re.compile(r"(?<=[#!&])(?=\d)|(?<=:)(?=//)|(?<=@)(?=\w)")
# "fixes GH-3", "closes PROJ-4", "skip-checks: true".
_HYPHENS = re.compile(r"(?<![a-z0-9_])([a-z]\w*)-(?=\d|checks)", re.IGNORECASE | re.ASCII)
# "[skip ci]" and "***NO_CI***" would keep the page from being built.
_MARKS = str.maketrans("[]", "()", "*")
_NOT_ON_THE_PAGE = ("group", "message")


def message(about: str, changes: Iterable[ChangeView], zone: ZoneInfo) -> str:
    """`2025 Fall: Bosen Yang claimed Topic I of Tue 13 January: “REFRAG”`, or the number of
    changes with a list of them. `about` is the term, or the group; times are those in `zone`."""
    on_the_page = (one for one in changes if one.action.partition(":")[0] not in _NOT_ON_THE_PAGE)
    told = [_words(one, zone) for one in on_the_page]
    if not told:
        return _subject(about, "brought up to date")
    if len(told) > 1:
        return "\n".join([_subject(about, f"{len(told)} changes"), "", *_listed(told)])
    subject = _subject(about, told[0])
    return "\n".join([subject, "", *_listed(told)]) if subject.endswith("…") else subject


def _words(change: ChangeView, zone: ZoneInfo) -> str:
    """As the log has it, with a paper's name alone: "REFRAG" of "REFRAG: Rethinking RAG"."""
    name = (change.title or "").partition(": ")[0] or None
    return _plain(html.unescape(render("commit", change=replace(change, title=name), zone=zone)))


def _subject(about: str, what: str) -> str:
    subject = f"{_plain(about)}: {what}"
    if len(subject) > LONGEST_SUBJECT:
        return subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    return subject


def _listed(told: Sequence[str]) -> list[str]:
    return [f"- {words}" for words in told]


def _plain(words: str) -> str:
    """One line, without what would end it early, or what a code host would act on."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return _HYPHENS.sub(r"\1 ", _ACTED_ON.sub(" ", line.translate(_MARKS)))
