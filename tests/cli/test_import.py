"""`import`: a page, or a folder of pages, goes in whole or not at all."""

import sys
from io import StringIO
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, WRONG_USE, main
from tests.cli.terminal import PAGES, REAL_PAGE, SMALL_PAGE, says


def test_the_real_page_is_refused_with_its_problems_by_line(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert main(["import", str(REAL_PAGE)]) == FAILED

    shown = capsys.readouterr()
    assert "15 meetings, 25 talks" in shown.out
    assert "Line 59: " in shown.out
    assert "Line 64: " in shown.out
    assert "--accept-problems" in shown.err
    assert not (folder / "reading-group.db").exists()


@pytest.mark.usefixtures("sqlite_url")
def test_the_real_page_comes_out_clean_and_goes_in_again_without_a_change(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert main(["import", str(REAL_PAGE), "--accept-problems", "--group", "Systems"]) == DONE
    assert main(["export", "--format", "markdown", "--output", "first.md"]) == DONE
    capsys.readouterr()
    assert main(["import", "first.md"]) == DONE
    assert "nothing is new" in capsys.readouterr().out
    assert main(["export", "--output", "second.md"]) == DONE

    assert (folder / "first.md").read_bytes() == (folder / "second.md").read_bytes()


def test_a_calendar_is_looked_at_without_making_a_database(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    calendar = Path(__file__).parents[1] / "data" / "pages" / "calendar.ics"
    assert main(["import", str(calendar), "--term", "2025 Fall", "--dry-run"]) == DONE

    assert "Nothing was stored: this was a dry run." in capsys.readouterr().out
    assert not (folder / "reading-group.db").exists()


def test_a_dry_run_stores_nothing(folder: Path) -> None:
    assert main(["import", "small.md", "--dry-run"]) == DONE

    assert not (folder / "reading-group.db").exists()


def test_a_new_group_is_told_its_setup_code(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "small.md", "--group", "Databases"])

    assert "send /setup " in capsys.readouterr().out


def _answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Somebody sits at the terminal and types this."""

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(answer))


@pytest.mark.usefixtures("sqlite_url")
def test_another_groups_page_is_imported_twice_without_a_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = str(PAGES / "agenda.md")
    assert main(["import", page, "--dry-run"]) == DONE
    assert "agenda.md was read as a Markdown table or list." in capsys.readouterr().out
    assert main(["import", page]) == DONE
    assert "7 meetings" not in capsys.readouterr().err
    assert main(["export", "--format", "json"]) == DONE
    first = capsys.readouterr().out
    assert main(["import", page]) == DONE
    assert "nothing is new" in capsys.readouterr().out
    assert main(["export", "--format", "json"]) == DONE
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("answer", "code", "stored"), [("y\n", DONE, True), ("\n", FAILED, False), ("", FAILED, False)]
)
def test_at_a_terminal_another_groups_page_is_asked_about(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    answer: str,
    code: int,
    stored: bool,
) -> None:
    _answering(monkeypatch, answer)
    assert main(["import", str(PAGES / "systems-readme.md")]) == code
    assert "Import this, without the lines above? [y/N]" in capsys.readouterr().err
    assert (folder / "reading-group.db").exists() is stored


def test_where_standard_input_is_closed_nobody_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["import", str(PAGES / "systems-readme.md")]) == FAILED
    assert "or leave them out with --accept-problems." in capsys.readouterr().err


@pytest.mark.usefixtures("sqlite_url")
def test_at_a_terminal_the_groups_own_page_is_not_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _answering(monkeypatch, "")
    assert main(["import", "small.md"]) == DONE


def test_without_a_terminal_a_page_with_problems_is_refused(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    page = str(PAGES / "systems-readme.md")
    assert main(["import", page]) == FAILED
    assert "--accept-problems" in says(capsys)
    assert not (folder / "reading-group.db").exists()
    assert main(["import", page, "--accept-problems"]) == DONE


@pytest.mark.usefixtures("sqlite_url")
def test_a_calendar_is_read_in_the_zone_of_the_group(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "config.toml").write_text('[group]\ntimezone = "Asia/Shanghai"\n', encoding="utf-8")
    main(["import", "small.md", "--group", "Systems"])
    (folder / "config.toml").write_text('[group]\ntimezone = "UTC"\n', encoding="utf-8")
    capsys.readouterr()

    arguments = ["import", str(PAGES / "calendar.ics"), "--term", "2025 Fall", "--dry-run"]
    assert main(arguments) == DONE
    assert "2025-12-26" in capsys.readouterr().out
    assert main([*arguments, "--group", "Databases"]) == DONE
    assert "2025-12-25" in capsys.readouterr().out


def test_a_folder_is_imported_as_an_archive_whole_or_not_at_all(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    archive = folder / "archive"
    archive.mkdir()
    (archive / "2025-fall.md").write_bytes(REAL_PAGE.read_bytes())
    (archive / "2026-spring.md").write_text(SMALL_PAGE, encoding="utf-8")
    (archive / "logo.png").write_bytes(b"\x89PNG" + bytes(50))

    assert main(["import", "archive"]) == FAILED
    shown = capsys.readouterr()
    assert "2025-fall.md, line 59: " in shown.out
    assert "Left out: logo.png is not a text file." in shown.out
    assert not (folder / "reading-group.db").exists()

    assert main(["import", "archive", "--accept-problems"]) == DONE
    said = capsys.readouterr().out
    assert said.index("“Reading group”, 2025 Fall: 15 new") < said.index("2026 Spring: 1 new")
    assert main(["import", "archive", "--accept-problems"]) == DONE
    assert capsys.readouterr().out.count("nothing is new") == 2


def test_a_term_for_a_whole_folder_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", ".", "--term", "2025 Fall"]) == WRONG_USE
    assert "--term is for one page" in says(capsys)
