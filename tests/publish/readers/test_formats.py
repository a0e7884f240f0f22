"""Which kind of page a file is; what is none; and pages that nobody wrote by hand."""

import random
import string
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.publish.readers.decode import NoPage
from bot.publish.readers.files import read_file
from bot.publish.readers.formats import LARGEST, OWN
from tests.publish.readers.facts import PAGES, USUAL, facts, read

REAL = PAGES.parent / "2025-fall.md"
NONSENSE = 10_000
"""Lines."""


def _words(count: int, length: int = 8) -> list[str]:
    letters = random.Random(1)
    return ["".join(letters.choices(string.ascii_letters, k=length)) for _ in range(count)]


def test_the_groups_own_page_is_read_as_its_own() -> None:
    understood = read(REAL.read_bytes(), "anything.txt", None)
    assert understood.how == OWN
    assert len(understood.pages[0].page.meetings) == 15


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("systems-readme.md", "a Markdown table or list"),
        ("agenda.md", "a Markdown table or list"),
        ("calendar.ics", "a calendar"),
    ],
)
def test_other_pages_are_told_apart_by_what_is_in_them(name: str, how: str) -> None:
    term = "2025 Fall" if name.endswith(".ics") else None
    assert read((PAGES / name).read_bytes(), "page.txt", term).how == how


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.md", b"", "names no term"),
        ("schedule.json", b"{}", "is JSON, which is not read back"),
        ("index.html", b"<html>", "is HTML, which is not read back"),
        ("a.md", b"# 2025 Fall\n\nHello.\n", "has no meetings"),
        ("a.md", b"Hello.\n", "names no term"),
        ("a.md", b"- Sep 2: Jenga\n", "does not say which term it is$"),
        ("a.csv", b"date,title\n2025-09-02,Jenga\n", "does not say which term it is"),
        ("a.csv", b"", "has no column of dates"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20), "is not a text file"),
        ("a.md", bytes(range(256)) * 10, "is not a text file"),
        ("a.md", b"\xff\xfe\x00", "is not a text file"),
        ("a.md", b"\x81\n", "is not a text file in UTF-8"),
        ("a.xlsx", b"PK\x03\x04" + bytes(20), "is an Excel file. Save it as CSV"),
        ("a.md", b"x" * (LARGEST + 1), "is larger than 2 MB"),
        (
            "a.csv",
            b'date,title\n2025-09-02,"' + b"x" * 200_000,
            "has no end of the value in line 2",
        ),
        ("a.csv", b"date," + b"a," * 100 + b"\n", "has no column of dates"),
    ],
)
def test_what_is_no_page_says_why(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(NoPage, match=sentence):
        read(data, name, None)


def test_a_page_with_several_terms_takes_no_other_name() -> None:
    text = (PAGES / "systems-readme.md").read_bytes()
    with pytest.raises(NoPage, match="has several terms already"):
        read(text, "README.md", "2026 Spring")
    with pytest.raises(NoPage, match="names its term already: “2025 Fall”"):
        read(REAL.read_bytes(), "page.md", "2026 Spring")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("words.md", "\n".join(f"{word} 12 {word}" for word in _words(NONSENSE))),
        ("list.md", "\n".join(f"- {word} 12 {word}" for word in _words(NONSENSE))),
        ("dated.md", "\n".join(f"- 2025-09-02: {word}" for word in _words(NONSENSE))),
        (
            "table.md",
            "| Date | Paper |\n|---|---|\n" + "\n".join(f"| {w} |" for w in _words(NONSENSE)),
        ),
        ("values.csv", "\n".join(f"{word},{word},{word}" for word in _words(NONSENSE))),
        (
            "dated.csv",
            "date,title\n" + "\n".join(f"2025-09-02,{word}" for word in _words(NONSENSE)),
        ),
        ("lines.ics", "BEGIN:VCALENDAR\n" + "\n".join(_words(NONSENSE))),
        ("zero.md", "\0" * NONSENSE),
    ],
)
def test_ten_thousand_lines_of_nonsense_are_one_sentence(name: str, text: str) -> None:
    with pytest.raises(NoPage) as caught:
        read(text, name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("sign", ["[", "(", "*a ", "<a ", "http://x.y/) ", "a - ", "[a b](x) "])
def test_a_line_without_end_is_not_looked_into(sign: str) -> None:
    text = "- 2025-09-02: " + sign * (300_000 // len(sign))
    (parsed,) = read(text).pages
    (meeting,) = parsed.page.meetings
    assert len(facts(parsed.page)[0]) > 100_000
    assert meeting.slots[0].talk is not None


@pytest.mark.parametrize("depth", [60, 600])
def test_lists_within_lists_lose_no_line_in_silence(depth: int) -> None:
    text = "- 2025-09-02: Jenga\n" + "".join(
        "  " * level + f"- line {level}\n" for level in range(1, depth)
    )
    parsed = read(text).pages[-1]
    told = {problem.line for problem in parsed.problems}
    assert set(range(2, depth + 1)) <= told


def test_what_the_tables_have_no_room_for_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "2025-fall.csv"
    path.write_text(f"date,title,presenter\n2025-09-02,{'x' * 501},Ann\n", encoding="utf-8")
    with pytest.raises(OperatorError, match=r"2025-fall\.csv: 02 September 2025: the title .* 501"):
        read_file(path, None, lambda: USUAL)
