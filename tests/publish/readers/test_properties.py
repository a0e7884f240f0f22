"""No text makes a reader raise anything but a sentence; what was written as a table is read."""

import csv
from datetime import date, time
from io import StringIO
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.publish.markdown import parse, tidy, write
from bot.publish.readers.calendars import Usual
from bot.publish.readers.decode import NoPage
from bot.publish.readers.formats import understand
from storage.enums import LinkKind, Role

USUAL = Usual(ZoneInfo("Asia/Shanghai"), time(19))
_PIECES = st.sampled_from(
    [
        "| Date | Paper | Presenter |\n|---|---|---|\n", "| ", " |\n", "\n", "\n\n", "- ", "  - ",
        "1. ", "### ", "# 2025 Fall\n", "2025-09-02", "Sep 2", "3/4", "13/1/25", "9月2日", "Tue ",
        ": ", " — ", " - ", "(", ")", "[", "](", "[a b](x.pdf)", "[slides](s/)",
        "https://arxiv.org/abs/2503.18292", "<br>", "<a href='x'>y</a>", "**", "~~", "`", "\\", ",",
        ";", "\t", '"', "sep=;\n", "=1+1", "\0", "TBD", "No meeting", "Ann", "Ann, Bo (USTC)",
        "SOSP'25", "Jenga: A Study", "Presenter: ", "date,title,presenter\n", "BEGIN:VCALENDAR\n",
        "END:VCALENDAR\n", "BEGIN:VEVENT\n", "END:VEVENT\n", "DTSTART:20250902T110000Z\n",
        "DTSTART;VALUE=DATE:20250902\n", "UID:a\n", "RRULE:FREQ=WEEKLY\n", "RRULE:FREQ=SECONDLY\n",
        "RRULE:X\n", "EXDATE:20250902T110000Z\n", "RECURRENCE-ID:20250902T110000Z\n",
        "SUMMARY:Jenga (Ann)\n", "DESCRIPTION:Slides: x\n", "STATUS:CANCELLED\n", "ğŸ’¡", "é",
        "\ufeff", "\ud800", "---\n", "```\n", "> ", "💡 ",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PIECES | st.text(max_size=6), max_size=40).map("".join)


def _pages(name: str, data: bytes) -> list[Page]:
    try:
        understood = understand(name, data, "2025 Fall", lambda: USUAL)
    except NoPage:
        return []
    return [parsed.page for parsed in understood.pages]


@given(name=st.sampled_from(["a.md", "a.csv", "a.txt"]), text=_TEXTS)
@settings(max_examples=80)
def test_any_text_is_read_or_refused_and_comes_back_from_the_groups_own_format(
    name: str, text: str
) -> None:
    for page in _pages(name, text.encode(errors="surrogatepass")):
        assert tidy(page) == page
        assert parse(write(page)).page == page


@given(text=_TEXTS)
@settings(max_examples=40)
def test_any_calendar_is_read_or_refused(text: str) -> None:
    whole = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{text}\nEND:VEVENT\nEND:VCALENDAR\n"
    for page in _pages("a.ics", whole.encode(errors="surrogatepass")):
        assert tidy(page) == page


@given(data=st.binary(max_size=300))
@settings(max_examples=40)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for name in ("a.md", "a.csv", "a.ics"):
        _pages(name, data)


_words = st.sampled_from(
    [
        "Jenga",
        "Pie: A System",
        "Fast-dLLM v2",
        "镕基之学",
        "Tally & Co",
        "Über-Cache",
        "Spirit, twice",
    ]
)
_talks = st.builds(
    PageTalk,
    st.lists(_words, min_size=1, max_size=3).map(" with ".join),
    st.sampled_from(["SOSP", "OSDI"]),
    st.integers(2020, 2026),
    st.sampled_from(["https://x.example/a.pdf", "papers/b.pdf"]),
    st.lists(st.sampled_from(["Ann", "Bo Chi", "张三"]), min_size=1, max_size=3, unique=True).map(
        lambda names: tuple(
            PagePresenter(name, Role.SUPPORTER if place else Role.MAIN)
            for place, name in enumerate(names)
        )
    ),
    st.lists(
        st.builds(
            PageLink,
            st.sampled_from([LinkKind.SLIDES, LinkKind.VIDEO]),
            st.sampled_from(["https://x.example/1", "files/2.pdf"]),
            st.none(),
        ),
        max_size=2,
        unique_by=lambda link: link.kind,
    ).map(lambda links: tuple(sorted(links, key=lambda link: link.kind))),
)
_slots = st.builds(PageSlot, st.none(), st.none() | _talks)
_schedules = st.dictionaries(
    st.dates(date(2025, 9, 1), date(2026, 1, 31)),
    st.lists(_slots, min_size=1, max_size=2).map(tuple),
    min_size=1,
    max_size=6,
).map(
    lambda days: Page(
        "2025 Fall",
        meetings=tuple(PageMeeting(day, days[day]) for day in sorted(days, reverse=True)),
    )
)


def _rows(page: Page) -> list[list[str]]:
    rows = [["Date", "Paper", "Presenters", "Venue", "Link", "Slides", "Video"]]
    for meeting in reversed(page.meetings):
        for slot in meeting.slots:
            talk = slot.talk or PageTalk("TBD")
            of_kind = {link.kind: link.url for link in talk.links}
            rows.append(
                [
                    meeting.date.isoformat(),
                    talk.title,
                    "、".join(one.name for one in talk.presenters),
                    f"{talk.venue} {talk.year}" if talk.venue else "",
                    talk.url or "",
                    of_kind.get(LinkKind.SLIDES, ""),
                    of_kind.get(LinkKind.VIDEO, ""),
                ]
            )
    return rows


@given(page=_schedules, delimiter=st.sampled_from(",;\t"))
@settings(max_examples=40)
def test_a_schedule_written_as_values_is_read_back(page: Page, delimiter: str) -> None:
    file = StringIO()
    csv.writer(file, delimiter=delimiter).writerows(_rows(page))
    assert _pages("a.csv", file.getvalue().encode()) == [page]


@given(page=_schedules)
@settings(max_examples=40)
def test_a_schedule_written_as_a_markdown_table_is_read_back(page: Page) -> None:
    header, *rows = [f"| {' | '.join(row)} |" for row in _rows(page)]
    text = "\n".join([header, "|---" * 7 + "|", *rows])
    assert _pages("a.md", text.encode()) == [page]
