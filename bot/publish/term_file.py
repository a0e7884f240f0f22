"""A term's page in its file: what to do with it, given what is in it now."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from bot.domain.page import Page, ParsedPage, TermState
from bot.domain.page_changes import merge
from bot.publish.markdown import parse, tidy, write
from bot.publish.markdown.front_matter import front_of
from bot.publish.steps import Clash, ReadBack, Settled, Step, Write, digest
from storage.enums import PageChoice

MOST_BYTES = 2_000_000
"""The longest file that is looked into; a page of a hundred meetings has a tenth of it."""

MAX_SHOWN = 60
"""Characters of a line that is shown to find it by."""


def look(term: TermState, found: bytes | None) -> Step:
    """What to do about a file in which this is `found`; `None` when there is no file."""
    schedule = tidy(term.page)
    text = _front(found, term.written) + write(schedule, term.past)
    if found == text.encode():
        return Settled(text)
    written = term.written.encode() if term.written is not None else None
    if found is None or found == written or digest(found) == term.writing:
        return Write(text, found)
    chosen = term.choice if term.conflict == digest(found) else None
    if chosen is PageChoice.SCHEDULE:
        return Write(text, found, copy=True)
    parsed = _read(found)
    if isinstance(parsed, str):
        return Clash(digest(found), (parsed,), takable=False)
    if term.written is None and parsed.page == schedule:
        return Write(text, found)  # it was there before us, and says the same
    return _edited(term, schedule, parsed, text, found, agreed=chosen is PageChoice.PAGE)


def _front(found: bytes | None, written: str | None) -> str:
    """The settings before the page, which are not ours: as they stand in the file, or stood."""
    text = written or ""
    if found is not None and len(found) <= MOST_BYTES:
        with suppress(UnicodeDecodeError):
            text = found.decode("utf-8-sig")
    return front_of(text)


def _read(found: bytes) -> ParsedPage | str:
    if len(found) > MOST_BYTES:
        return f"The file is longer than {MOST_BYTES // 1_000_000} MB."
    if not found.strip():
        return "The file is empty."
    try:
        return parse(found.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "The file is no text in UTF-8."


def _edited(
    term: TermState,
    schedule: Page,
    parsed: ParsedPage,
    text: str,
    found: bytes,
    *,
    agreed: bool,
) -> Step:
    before = parse(term.written) if term.written is not None else ParsedPage(schedule)
    problems = tuple(_new_problems(before, parsed))
    merged = merge(before.page, parsed.page, schedule, page_wins=agreed)
    clashes = (*problems, *merged.clashes)
    if clashes and not (agreed and merged.takable):
        return Clash(digest(found), clashes, merged.takable)
    copy = agreed and (bool(problems) or merged.page != parsed.page)
    if merged.page == schedule and not merged.moves:
        return Write(text, found, copy)
    return ReadBack(merged, schedule, found, agreed, copy)


def _new_problems(before: ParsedPage, parsed: ParsedPage) -> Iterable[str]:
    """Lines that cannot be placed. What stood there before, when the page was imported, was told
    and accepted then."""
    known = Counter((problem.text, problem.reason) for problem in before.problems)
    for problem in parsed.problems:
        if known[problem.text, problem.reason]:
            known[problem.text, problem.reason] -= 1
        else:
            words = " ".join(problem.text.split())[:MAX_SHOWN]
            yield f"Line {problem.line}, “{words}”: {problem.reason}"
