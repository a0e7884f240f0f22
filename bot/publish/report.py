"""What an import took from a page, for a terminal."""

from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.domain.page import Page, PageLink, PageMeeting, PageSlot, PageTalk, ParsedPage, Problem
from bot.domain.titles import format_venue
from bot.publish.markdown.words import counted
from bot.publish.readers.files import Folder, PageFile
from storage.enums import LinkKind, MeetingKind


def print_report(console: Console, parsed: ParsedPage, today: date) -> None:
    """A table of every talk, a line of counts, and what could not be placed, by line number; then
    what else is to be known of it. Slots of days before `today` cannot be taken any more."""
    console.print(import_table(parsed.page, today))
    console.print(Text(summary(parsed, today)))
    _print_lines(console, parsed.problems, "Line")
    _print_lines(console, parsed.notes, "Note on line", quoted=False)


def print_file(console: Console, file: PageFile, today: date) -> None:
    """What was understood of a file, term by term; as `print_report`."""
    if not file.is_own:
        console.print(Text(f"{file.name} was read as {file.how}."))
    for parsed in file.pages:
        print_report(console, parsed, today)


def print_folder(console: Console, folder: Folder) -> None:
    """A table of the pages in a folder, and by file what could not be placed or was left out."""
    table = Table(expand=True, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("File", "Term", "Read as"):
        table.add_column(name, overflow="fold")
    for name in ("Meetings", "Talks", "Problems"):
        table.add_column(name, justify="right")
    for file in folder.files:
        for parsed in file.pages:
            talks = sum(slot.talk is not None for m in parsed.page.meetings for slot in m.slots)
            counts = (len(parsed.page.meetings), talks, len(parsed.problems))
            words = (file.name, parsed.page.title, file.how)
            table.add_row(*map(Text, [*words, *map(str, counts)]))
    console.print(table)
    for file in folder.files:
        _print_lines(console, file.problems, f"{file.name}, line")
        _print_lines(console, file.notes, f"{file.name}, note on line", quoted=False)
    for skipped in folder.skipped:
        console.print(Text(f"Left out: {skipped.name} {skipped.reason}"))


def _print_lines(
    console: Console, found: Sequence[Problem], where: str, *, quoted: bool = True
) -> None:
    for one in found:
        console.print(Text(f"{where} {one.line}: {one.reason}"))
        if quoted:
            text = Text(one.text, style="dim", overflow="ellipsis", no_wrap=True)
            console.print(Padding(text, (0, 0, 0, 4)))


def import_table(page: Page, today: date) -> Table:
    """One row a slot, newest meeting first; meant for 80 columns, and readable in fewer.

    Cells are `Text`, never markup: titles may hold square brackets.
    """
    table = Table(title=Text(page.title), expand=True, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Date", width=10)
    table.add_column("Talk", ratio=3, overflow="fold")
    table.add_column("Presenters", ratio=2, overflow="fold")
    table.add_column("Links", width=7, overflow="fold")
    for meeting in page.meetings:
        for row in _rows(meeting, today):
            table.add_row(*row)
        table.add_section()
    return table


def summary(parsed: ParsedPage, today: date) -> str:
    """`15 meetings, 25 talks, 0 open slots, 16 videos, 15 slides, 2 problems.`"""
    meetings = parsed.page.meetings
    talks = [slot.talk for meeting in meetings for slot in meeting.slots if slot.talk]
    empty = [m for m in meetings for slot in m.slots if slot.talk is None]
    links = [link for talk in talks for link in talk.links]
    links += [link for meeting in meetings for link in meeting.links]
    counts = [
        counted(len(meetings), "meeting"),
        counted(len(talks), "talk"),
        counted(sum(_takes_talks(meeting, today) for meeting in empty), "open slot"),
        counted(_of_kind(links, LinkKind.VIDEO), "video"),
        f"{_of_kind(links, LinkKind.SLIDES)} slides",
        counted(len(parsed.problems), "problem"),
    ]
    return ", ".join(counts) + "."


def _of_kind(links: Iterable[PageLink], kind: LinkKind) -> int:
    return sum(link.kind is kind for link in links)


def _takes_talks(meeting: PageMeeting, today: date) -> bool:
    return not meeting.cancelled and meeting.date >= today


def _rows(meeting: PageMeeting, today: date) -> list[tuple[Text, Text, Text, Text]]:
    day = meeting.date.isoformat()
    rows = []
    note = _note(meeting)
    if note or meeting.links or not meeting.slots:
        rows.append((Text(day), Text(note, style="bold"), Text(""), _link_names(meeting.links)))
        day = ""
    empty = "open" if _takes_talks(meeting, today) else "no talk"
    for slot in meeting.slots:
        talk = slot.talk
        presenters = _presenters(talk) if talk else Text("")
        rows.append(
            (Text(day), _talk(slot, empty), presenters, _link_names(talk.links if talk else ()))
        )
        day = ""
    return rows


def _note(meeting: PageMeeting) -> str:
    words = ["special"] if meeting.kind is MeetingKind.SPECIAL else []
    words += ["cancelled"] if meeting.cancelled else []
    note = ", ".join(words).capitalize()
    return f"{note}: {meeting.title}" if note and meeting.title else note


def _talk(slot: PageSlot, empty: str) -> Text:
    text = Text(f"{slot.topic}: " if slot.topic else "", style="dim")
    if slot.talk is None:
        return text.append(empty, style="not dim italic")
    venue = format_venue(slot.talk.venue, slot.talk.year)
    if venue:
        text.append(f"[{venue}] ", style="not dim cyan")
    return text.append(slot.talk.title, style="not dim")


def _presenters(talk: PageTalk) -> Text:
    return Text(", ".join(one.in_full for one in talk.presenters))


def _link_names(links: Iterable[PageLink]) -> Text:
    return Text("\n".join(link.label or link.kind.value for link in links))
