"""A line that names a talk in a few words: "DiffKV — Ann [slides](…)"."""

import re
from collections.abc import Sequence

from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.words import one_line
from bot.publish.readers.cells import cut, joined, without_links
from bot.publish.readers.findings import Findings
from bot.publish.readers.names import looks_like_names
from bot.publish.readers.titles import is_labelled, read_venue, tidy_words
from bot.publish.readers.vocabulary import OPEN, Field, label_of

_SEPARATOR = re.compile(r"\s+[-–—|•·]+\s+|\s*[—|•·]+\s*|\s*--+\s*|\s*[;；]\s+")
_LABELLED = re.compile(r"([^\W\d_][^:：()\[\]]{0,30}?)\s*[:：]\s*(?=\S|$)")
_LEADING_NAMES = re.compile(r"[(（\[]([^()（）\[\]]{1,100})[)）\]]\s*[:：,–—-]?\s*")
_TRAILING_NAMES = re.compile(r"\s*[(（\[]([^()（）\[\]]{1,100})[)）\]]\s*[.:：]?$")
_BY = re.compile(
    r"\s+(?:presented by|led by|by|speaker|presenter)\s*[:：]?\s+(?=\S)", re.IGNORECASE
)
_EDGES = " \t,，;；:：|•·–—-"

_SURE = (Field.TITLE, Field.PRESENTERS)
"""Labels that are one also where they stand alone; "Code: The Hidden Language" is a title."""

Phrase = dict[Field, list[Line]]


def labelled(line: Line) -> tuple[Field, Line] | None:
    """What a line like "Presenter: Ann" is about, and the rest of it."""
    match = _LABELLED.match(line.mask)
    if match is None or any(link.start < match.end() for link in line.links):
        return None
    field = label_of(line.text[: match.end(1)])
    return (field, cut(line, match.end())) if field else None


def read_phrase(line: Line, *, names_first: bool, findings: Findings) -> Phrase:
    """The cells that a line stands for. `names_first`: where both halves may be names, the first
    are the presenters."""
    phrase: Phrase = {}
    line = _take_links(line, phrase)
    line = _take_names(line, phrase)
    segments = [part for one in _segments(line) if one.text for part in _around_link(one)]
    titles: list[Line] = []
    rest: list[Line] = []
    for segment in segments:
        said = labelled(segment)
        if said is not None and (said[0] in _SURE or len(segments) > 1):
            phrase.setdefault(said[0], []).append(said[1])
        elif segment.links:
            titles.append(segment)
        else:
            rest.append(segment)
    _share_out(rest, titles, phrase, names_first=names_first)
    if titles:
        phrase.setdefault(Field.TITLE, []).append(_with_dashes(titles))
    if Field.NO_PLACE in phrase:
        for left in phrase.pop(Field.NO_PLACE):
            findings.note(left.number, f"A schedule has no place for “{left.text}”.")
    return phrase


def has_names_first(lines: Sequence[Line]) -> bool:
    """Whether a list as a whole puts presenters before the title."""
    first = last = 0
    for line in lines:
        segments = [one for one in _segments(_take_links(line, {})) if one.text]
        if len(segments) == 2:
            names = [not one.links and looks_like_names([one]) for one in segments]
            first += names == [True, False]
            last += names == [False, True]
    return first > last


def _take_links(line: Line, phrase: Phrase) -> Line:
    """The line without the links that say what they are."""
    parts, position = [], 0
    for link in line.links:
        if is_labelled(line, link):
            parts.append(cut(line, position, link.start))
            phrase.setdefault(Field.LINKS, []).append(cut(line, link.start, link.end))
            position = link.end
    parts = [part for part in [*parts, cut(line, position)] if tidy_words(part.text) or part.links]
    if not parts:
        return Line(line.number, "", "")
    return _trimmed(joined(parts))


def _trimmed(line: Line) -> Line:
    text = line.text
    start = len(text) - len(text.lstrip(_EDGES))
    line = cut(line, start, max(start, len(text.rstrip(_EDGES))))
    # Brackets around links that are gone: "[[paper](…)]", "(slides)".
    while match := re.search(
        r"\s*[\[(（][\s,，;|/·•&]*[\])）]?$|^[\s,，;|/·•&]*[\])）]\s*", line.mask
    ):
        line = cut(line, 0, match.start()) if match.start() else cut(line, match.end())
    return line


def _take_names(line: Line, phrase: Phrase) -> Line:
    """The line without presenters in brackets, or behind "by"."""
    for pattern in (_LEADING_NAMES, _TRAILING_NAMES):
        match = pattern.match(line.mask) if pattern is _LEADING_NAMES else pattern.search(line.mask)
        if match is None or any(
            link.start < match.end() and link.end > match.start() for link in line.links
        ):
            continue
        inside = cut(line, *match.span(1))
        rest = cut(line, match.end()) if match.start() == 0 else cut(line, 0, match.start())
        if not rest.text or read_venue(inside.text)[0] is not None:
            continue
        if looks_like_names([inside]):
            phrase.setdefault(Field.PRESENTERS, []).append(inside)
            return _trimmed(rest)
    by = _BY.search(line.mask)
    if by and by.start() > 0 and looks_like_names([cut(line, by.end())]):
        phrase.setdefault(Field.PRESENTERS, []).append(cut(line, by.end()))
        return _trimmed(cut(line, 0, by.start()))
    return line


def _segments(line: Line) -> list[Line]:
    segments, position = [], 0
    for match in _SEPARATOR.finditer(line.mask):
        inside = any(link.start < match.end() and link.end > match.start() for link in line.links)
        before = line.mask[: match.start()]
        open_bracket = before.count("(") > before.count(")")
        if not inside and not open_bracket:
            segments.append(_trimmed(cut(line, position, match.start())))
            position = match.end()
    return [*segments, _trimmed(cut(line, position))]


def _around_link(segment: Line) -> list[Line]:
    """A title that is a link ends with it: names behind it are the presenters."""
    if len(segment.links) != 1:
        return [segment]
    link = segment.links[0]
    behind = _trimmed(cut(segment, link.end))
    if not behind.text or not looks_like_names([behind]):
        return [segment]
    return [cut(segment, 0, link.end), behind]


def _share_out(
    rest: Sequence[Line], titles: list[Line], phrase: Phrase, *, names_first: bool
) -> None:
    """Segments without a label: presenters, a venue, and what is left is the title."""
    if not titles and len(rest) == 1:
        titles.append(rest[0])
        return
    wanted = Field.PRESENTERS not in phrase
    names = [one for one in rest if looks_like_names([one]) or OPEN.fullmatch(one.text)]
    if not titles and len(names) == len(rest):
        names = names[:1] if names_first else names[-1:]
    elif not titles and names:
        names = names[:1] if names_first and names[0] is rest[0] else names[-1:]
    for segment in rest:
        if wanted and segment in names:
            phrase.setdefault(Field.PRESENTERS, []).append(segment)
        elif read_venue(segment.text)[0] is not None and Field.VENUE not in phrase:
            phrase.setdefault(Field.VENUE, []).append(segment)
        else:
            titles.append(segment)
    titles.sort(key=lambda one: one in rest and rest.index(one))


def _with_dashes(titles: Sequence[Line]) -> Line:
    """Segments of one title, which has dashes itself."""
    dash = Line(titles[0].number, "–", "–")
    parts = [part for one in titles for part in (dash, one)][1:]
    return joined(parts)


def is_bare(line: Line) -> bool:
    """Whether a line is nothing but links."""
    return bool(line.links) and not tidy_words(one_line(without_links(line)))
