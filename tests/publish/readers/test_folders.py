"""A folder of term pages: what is taken, in which order, and what is left out."""

import os
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.publish.readers.files import Folder, Skipped, read_file, read_folder
from bot.publish.readers.formats import OWN
from tests.publish.readers.facts import USUAL

OWN_PAGE = """# 2025 Fall

## Schedule

### September 2

- 💡 Jenga
- 🙎‍♂️ Ann
"""
CSV = "date,title,presenter\n2025-03-04,Spirit,Ann\n"


def folder_of(path: Path, **files: str) -> Folder:
    for name, text in files.items():
        (path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return read_folder(path, lambda: USUAL)


def test_pages_stand_in_the_order_of_their_terms_and_the_rest_is_named(tmp_path: Path) -> None:
    (tmp_path / "slides").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "logo.png").write_bytes(b"\x89PNG" + bytes(50))
    folder = folder_of(
        tmp_path,
        page__md=OWN_PAGE,
        spring25__csv=CSV,
        notes__txt="Remember the key.\n",
        undated__md="- Mar 4: Spirit (Ann)\n",
    )

    assert [(file.name, file.how) for file in folder.files] == [
        ("spring25.csv", "a table of values"),
        ("page.md", OWN),
    ]
    assert [parsed.page.title for parsed in folder.pages] == ["2025 Spring", "2025 Fall"]
    assert folder.skipped == (
        Skipped("logo.png", "is not a text file."),
        Skipped("notes.txt", "names no term. A page begins with a heading like “# 2025 Fall”."),
        Skipped("slides", "is a folder."),
        Skipped(
            "undated.md",
            "does not say which term it is. Call the file after it, with its year: 2025-fall.md.",
            is_page=True,
        ),
    )
    assert folder.has_problems


def test_of_two_files_with_one_term_the_groups_own_is_taken_and_the_other_told(
    tmp_path: Path,
) -> None:
    again = CSV.replace("03-04", "09-02")
    folder = folder_of(tmp_path, a2025_fall__csv=again, page__md=OWN_PAGE, spring25__csv=CSV)

    assert [file.name for file in folder.files] == ["spring25.csv", "page.md"]
    assert folder.skipped == (
        Skipped("a2025_fall.csv", "has “2025 Fall”, which was taken from page.md.", is_page=True),
    )


def test_problems_of_a_page_stay_when_one_of_its_terms_is_taken_elsewhere(tmp_path: Path) -> None:
    both = "# Group\n\n## Spring 2025\n\n- Mar 4: Spirit (Ann)\n- later\n- Mar 11: Pie (Bo)\n\n"
    folder = folder_of(
        tmp_path, both__md=f"{both}## Fall 2025\n\n- Sep 2: Tally (Bo)\n", a__md=OWN_PAGE
    )

    (spring, fall) = folder.files
    assert [parsed.page.title for parsed in spring.pages] == ["2025 Spring"]
    assert [problem.line for problem in spring.problems] == [6]
    assert fall.problems == ()


def test_a_folder_without_pages_and_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="has no page in it"):
        folder_of(tmp_path, notes__txt="Remember the key.\n")
    with pytest.raises(OperatorError, match="names no term"):
        read_file(tmp_path / "notes.txt", None, lambda: USUAL)
    (tmp_path / "undated.md").write_text("- Mar 4: Spirit (Ann)\n")
    with pytest.raises(OperatorError, match=r'which term it is\. .+--term "2025 Fall"'):
        read_file(tmp_path / "undated.md", None, lambda: USUAL)


def test_what_is_no_file_and_what_is_not_there_say_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for name, why in {
        "pipe.md": "pipe.md is not a file.",
        "none.md": "There is no file",
        f"{'x' * 300}.md": "cannot be read: File name too long.",
    }.items():
        with pytest.raises(OperatorError, match=why):
            read_file(tmp_path / name, None, lambda: USUAL)
    (tmp_path / "page.md").touch()
    with pytest.raises(OperatorError, match=r"page\.md cannot be read: Not a directory"):
        read_folder(tmp_path / "page.md", lambda: USUAL)


def test_what_cannot_be_kept_is_told_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"spring25\.csv: 04 March 2025: the title"):
        folder_of(tmp_path, page__md=OWN_PAGE, spring25__csv=CSV.replace("Spirit", "x" * 501))


def test_a_folder_with_everything_in_it_is_refused(tmp_path: Path) -> None:
    for number in range(501):
        (tmp_path / f"{number}.md").touch()
    with pytest.raises(OperatorError, match="more than 500 files"):
        read_folder(tmp_path, lambda: USUAL)
