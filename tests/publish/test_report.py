from datetime import date
from io import StringIO
from pathlib import Path

from rich.console import Console

from bot.domain.page import (
    Page,
    PageMeeting,
    PagePresenter,
    PageSlot,
    PageTalk,
    ParsedPage,
    Problem,
)
from bot.publish.markdown import parse
from bot.publish.report import print_report, summary
from storage.enums import MeetingKind, Role

TODAY = date(2026, 1, 6)
REAL = (Path(__file__).parent.parent / "data" / "2025-fall.md").read_bytes().decode()


def printed(parsed: ParsedPage, width: int = 80) -> str:
    console = Console(file=StringIO(), width=width, color_system=None)
    with console.capture() as capture:
        print_report(console, parsed, TODAY)
    return capture.get()


def test_the_summary_of_the_real_page_counts_what_was_taken() -> None:
    assert summary(parse(REAL), TODAY) == (
        "15 meetings, 25 talks, 0 open slots, 16 videos, 14 slides, 2 problems."
    )


def test_the_report_on_the_real_page_fits_80_columns_and_names_both_lines() -> None:
    lines = printed(parse(REAL)).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert [line for line in lines if line.startswith("Line")] == [
        "Line 59: This line is no paper, presenter, link or special meeting.",
        "Line 64: The slides are not there yet: the link leads to a folder, not to a ",
    ]


def test_square_brackets_in_titles_and_problems_are_shown_as_they_are() -> None:
    talk = PageTalk("[red]Hot[/red] [/]", "SOSP", 2025, None, (PagePresenter("[b]A", Role.MAIN),))
    page = Page("[i]", meetings=(PageMeeting(date(2026, 1, 6), (PageSlot(None, talk),)),))
    shown = printed(ParsedPage(page, (Problem(3, "[/x] oops", "It is [odd]."),)))
    assert "[SOSP'25] [red]Hot[/red] [/]" in shown
    assert "[b]A" in shown
    assert shown.endswith("Line 3: It is [odd].\n    [/x] oops" + " " * 67 + "\n")


def test_special_cancelled_and_open_are_marked() -> None:
    meetings = (
        PageMeeting(date(2026, 1, 20), (PageSlot("Topic I"),)),
        PageMeeting(date(2026, 1, 13), (), cancelled=True, title="Holiday"),
        PageMeeting(date(2026, 1, 6), (), MeetingKind.SPECIAL, "Rehearsal"),
    )
    shown = printed(ParsedPage(Page("2025 Fall", meetings=meetings)))
    assert "2026-01-13 │Cancelled: Holiday" in shown
    assert "Topic I: open" in shown
    assert "2026-01-06 │Special: Rehearsal" in shown


def test_only_what_can_be_claimed_is_called_open() -> None:
    page = Page(
        "2025 Fall",
        meetings=(
            PageMeeting(date(2026, 1, 13), (PageSlot("Off"),), cancelled=True),
            PageMeeting(TODAY, (PageSlot("Now"), PageSlot("Later"))),
            PageMeeting(date(2026, 1, 5), (PageSlot("Over"),)),
        ),
    )
    shown = printed(ParsedPage(page))
    for words in ("Off: no talk", "Now: open", "Later: open", "Over: no talk", " 2 open slots,"):
        assert words in shown
