"""A list, or headings, with a date at the beginning of each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.publish.markdown.page_lines import Line
from bot.publish.readers.cells import cut
from bot.publish.readers.decode import limit
from bot.publish.readers.findings import Findings
from bot.publish.readers.phrases import Phrase, has_names_first, is_bare, labelled, read_phrase
from bot.publish.readers.schedule import Dated
from bot.publish.readers.spelled_dates import Spelled, spelled
from bot.publish.readers.tables import beside_date
from bot.publish.readers.talks import Row
from bot.publish.readers.vocabulary import Field

_AFTER_DATE = re.compile(
    r"(?:[\s,@(]*(?:at\s+)?T?\d\d?(?:[:：]\d\d(?:\s*[-–—]+\s*\d\d?[:：]\d\d)?(?:\s*[ap]m)?|\s*[ap]m)\b)?"
    r"[\s.,:：;)\]}）】*_|–—-]*",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\d{1,2}[-./]\d{1,2}\.?")


@dataclass(slots=True)
class Item:
    """What stands under one date. `inside` are its lines and how deep they are, from 1."""

    head: Line
    inside: list[tuple[int, Line]] = field(default_factory=list)


def date_of(line: Line) -> Spelled | None:
    """The date that an item begins with."""
    found = spelled(line.text)
    if found is None:
        return None
    rest = line.text[found.end :]
    # "3.5 Turbo" begins a title.
    if _SHORT.fullmatch(line.text[: found.end]) and rest and rest[0].isspace():
        return found if rest.lstrip()[:1] in "([|–—-" else None
    return found


def read_list(items: Sequence[Item], findings: Findings) -> list[Dated]:
    """The dated items, in their order; those without a date are problems."""
    limit(len(items))
    dated: list[tuple[Spelled, Line, str, Item]] = []
    for item in items:
        day = date_of(item.head)
        if day is None:
            reason = "This item does not begin with a date, so it was not taken."
            findings.problem(item.head.number, reason)
            continue
        after = _AFTER_DATE.match(item.head.text, day.end)
        end = after.end() if after else day.end
        time = item.head.text[day.end : end]
        if any(character.isdigit() for character in time):
            beside_date(item.head.number, time, findings)
        dated.append((day, cut(item.head, end), "", item))
    names_first = has_names_first([head for _, head, _, _ in dated])
    return [
        (day, Row(item.head.number, phrase, beside))
        for day, head, beside, item in dated
        for phrase in _talks(head, item, names_first=names_first, findings=findings)
    ]


def _talks(head: Line, item: Item, *, names_first: bool, findings: Findings) -> Iterator[Phrase]:
    """The talks of an item: the one that its first line names, or one for each line inside."""
    phrase: Phrase = {}
    if head.text or head.links:
        phrase = read_phrase(head, names_first=names_first, findings=findings)
    named = Field.TITLE in phrase
    top = min((depth for depth, _ in item.inside), default=0)
    for depth, line in item.inside:
        said = labelled(line)
        if said is not None:
            if said[0] is Field.TITLE and phrase.get(Field.TITLE) and not named:
                yield phrase
                phrase = {}
            _put(phrase, said[0], said[1], findings)
        elif is_bare(line) and phrase:
            phrase.setdefault(Field.LINKS, []).append(line)
        elif named or (depth > top and phrase):
            _add(phrase, read_phrase(line, names_first=names_first, findings=findings), findings)
        else:
            if Field.TITLE in phrase:
                yield phrase
                phrase = {}
            _add(phrase, read_phrase(line, names_first=names_first, findings=findings), findings)
    yield phrase


def _put(phrase: Phrase, about: Field, line: Line, findings: Findings) -> None:
    if about is Field.NO_PLACE:
        findings.note(line.number, f"A schedule has no place for “{line.text}”.")
    elif about is Field.TITLE and about in phrase:
        findings.problem(line.number, f"This talk has a title already: “{line.text}”.")
    elif line.text or line.links:
        phrase.setdefault(about, []).append(line)


def _add(phrase: Phrase, more: Phrase, findings: Findings) -> None:
    """What a line inside an item adds to its talk."""
    for about, lines in more.items():
        for line in lines:
            if about is Field.TITLE and about in phrase:
                reason = (
                    "This line was left out: it is no name, no link and no field like “Slides:”."
                )
                findings.problem(line.number, reason)
            else:
                _put(phrase, about, line, findings)
