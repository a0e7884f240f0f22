"""What a row of a table, or an item of a list, says of a meeting's talks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.page import PageLink, PagePresenter, PageSlot, PageTalk
from bot.domain.titles import TO_BE_ANNOUNCED, parse_venue
from bot.publish.markdown import marks
from bot.publish.markdown.page_lines import Line
from bot.publish.markdown.presenters import read_names
from bot.publish.markdown.words import one_line
from bot.publish.readers.cells import joined
from bot.publish.readers.findings import Findings
from bot.publish.readers.titles import Links, Titled, is_labelled, read_links, read_title
from bot.publish.readers.vocabulary import LINK_FIELDS, OPEN, Field, cancelled
from storage.enums import LinkKind, Role

Fields = Mapping[Field, Sequence[Line]]

_BETWEEN_NAMES = str.maketrans(dict.fromkeys(";；/|+", ","))
_DEGREES = frozenset({"phd", "ph.d", "ph.d.", "md", "msc", "m.sc.", "dr", "prof"})
_STRUCK = "~~"
_SAYS_OFF = (Field.TITLE, Field.PRESENTERS, Field.STATUS, Field.TOPIC)


@dataclass(frozen=True, slots=True)
class Row:
    """A dated row; `beside` is what stood beside its date."""

    number: int
    fields: Fields
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says. `off` is why its meeting does not take place, "" without a reason and `None`
    if it does; `links` are the meeting's own."""

    number: int
    slots: tuple[PageSlot, ...] = ()
    off: str | None = None
    links: tuple[PageLink, ...] = ()


def read_row(row: Row, findings: Findings) -> Said:
    filled = {field: lines for field, lines in row.fields.items() if lines}
    off, fields = _off(cancelled(row.beside) if row.beside else None, filled)
    parts = list(_several(fields))
    if len(parts) > 1:
        return _said(row.number, off, parts, findings, _shared_links(fields, len(parts), findings))
    return _said(row.number, off, [fields], findings, ())


def _said(
    number: int,
    off: str | None,
    parts: Sequence[Fields],
    findings: Findings,
    shared: Sequence[PageLink],
) -> Said:
    slots, links = [], list(shared)
    for part in parts:
        slot, own = _slot(part, findings)
        links += own
        if off is None or slot.talk is not None:
            slots.append(slot)
    return Said(number, tuple(slots), off, tuple(links))


def _off(off: str | None, fields: Fields) -> tuple[str | None, Fields]:
    """Whether there is no meeting, and why; and the cells that say something else."""
    left: dict[Field, Sequence[Line]] = dict(fields)
    alone = len([field for field in fields if field not in LINK_FIELDS]) == 1
    for field in fields if alone else _SAYS_OFF:
        lines = left.get(field, ())
        why = cancelled(" ".join(line.text for line in lines)) if lines else None
        if why is not None and not any(line.links for line in lines):
            off = off or why
            del left[field]
    title = left.get(Field.TITLE, ())
    if len(title) == 1 and len(title[0].text) > len(_STRUCK) * 2:
        line = title[0]
        if line.text.startswith(_STRUCK) and line.text.endswith(_STRUCK):
            left[Field.TITLE] = (_unstruck(line),)
            off = off or ""
    return off, left


def _unstruck(line: Line) -> Line:
    inner = line.after(len(_STRUCK))
    end = len(inner.text) - len(_STRUCK)
    links = tuple(replace(link, end=min(link.end, end)) for link in inner.links)
    return replace(inner, text=inner.text[:end], mask=inner.mask[:end], links=links)


def _several(fields: Fields) -> Iterator[Fields]:
    """The talks of a row: a cell may list two papers, and another their presenters."""
    titles = fields.get(Field.TITLE, ())
    names = fields.get(Field.PRESENTERS, ())
    count = len(titles)
    linked = all(any(not is_labelled(line, link) for link in line.links) for line in titles)
    if count < 2 or not (len(names) == count or linked):
        yield fields
        return
    for place in range(count):
        part: dict[Field, Sequence[Line]] = {}
        for field, lines in fields.items():
            if len(lines) == count:
                part[field] = (lines[place],)
            elif field not in LINK_FIELDS:
                part[field] = lines
        yield part


def _shared_links(fields: Fields, count: int, findings: Findings) -> Sequence[PageLink]:
    """Links of a row with several talks that are not one for each: they are the meeting's."""
    found = Links()
    for field in LINK_FIELDS:
        if len(fields.get(field, ())) != count:
            read_links(field, fields.get(field, ()), found, findings)
    return [*found.links, *(PageLink(LinkKind.OTHER, url, "paper") for url in found.papers)]


def _slot(fields: Fields, findings: Findings) -> tuple[PageSlot, Sequence[PageLink]]:
    """The slot, and links for which it has no talk."""
    links = Links()
    titled = read_title(fields.get(Field.TITLE, ()), links, findings)
    for field in LINK_FIELDS:
        read_links(field, fields.get(field, ()), links, findings)
    presenters = tuple(_presenters(fields, findings))
    topic = _words(fields, Field.TOPIC)
    if titled.title is None and not presenters:
        spare = [PageLink(LinkKind.OTHER, url, "paper") for url in links.papers]
        return PageSlot(topic), [*links.links, *spare]
    papers = links.papers if titled.url is None else [titled.url, *links.papers]
    venue, year = _venue(fields, titled, findings)
    more = [PageLink(LinkKind.OTHER, url, "paper") for url in papers[1:] if url != papers[0]]
    talk = PageTalk(
        titled.title or TO_BE_ANNOUNCED,
        venue,
        year,
        papers[0] if papers else None,
        presenters,
        (*links.links, *more),
    )
    return PageSlot(topic, talk), ()


def _venue(fields: Fields, titled: Titled, findings: Findings) -> tuple[str | None, int | None]:
    words, years = _words(fields, Field.VENUE), _words(fields, Field.YEAR)
    venue, year = parse_venue(words) if words else (titled.venue, titled.year)
    if years and year is None:
        if years.isdecimal() and len(years) == 4 and venue:
            year = int(years)
        else:
            number = fields[Field.YEAR][0].number
            findings.problem(number, f"“{years}” is no venue's year, so it was left out.")
    return venue, year


def _presenters(fields: Fields, findings: Findings) -> Iterator[PagePresenter]:
    main = True
    for field in (Field.PRESENTERS, Field.SUPPORTERS):
        for name, affiliation in _names(fields.get(field, ()), findings):
            role = Role.MAIN if main and field is Field.PRESENTERS else Role.SUPPORTER
            yield PagePresenter(name, role, affiliation)
            main = False


def _names(lines: Iterable[Line], findings: Findings) -> Iterator[tuple[str, str | None]]:
    for line in lines:
        if line.links:
            findings.note(line.number, "Links on presenters were left out.")
        apart = replace(line, mask=line.mask.translate(_BETWEEN_NAMES))
        for name, affiliation in read_names(apart):
            if not OPEN.fullmatch(name) and name.casefold() not in _DEGREES:
                yield name, affiliation


def _words(fields: Fields, field: Field) -> str | None:
    lines = fields.get(field, ())
    text = one_line(joined(lines).text) if lines else ""
    return None if OPEN.fullmatch(text) else text


def is_occasion(slot: PageSlot) -> bool:
    """Whether the slot's title names a gathering rather than a paper ("Kick-off meeting")."""
    talk = slot.talk
    return (
        talk is not None
        and talk.venue is None
        and talk.url is None
        and marks.names_an_occasion(talk.title)
    )
