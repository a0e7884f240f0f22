"""The command line: what it prints, what it ends with, and what it leaves alone."""

import json
import os
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, WRONG_USE, main
from bot.clock import SystemClock
from bot.config import PREFIX, Settings
from bot.new_groups import new_group
from bot.services import groups, leases, publications
from bot.services.leases import Holder
from storage.store import open_store

REAL_PAGE = Path(__file__).parent / "data" / "2025-fall.md"
SMALL_PAGE = """# 2026 Spring

## Schedule

### March 10

#### Topic I

- 💡 [arXiv] [REFRAG](https://arxiv.org/pdf/2509.01092)
- 🙎‍♂️ Bosen Yang

#### Topic II

- 💡 *open*
"""


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test runs in a folder of its own, without settings from elsewhere."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    (tmp_path / "small.md").write_text(SMALL_PAGE, encoding="utf-8")
    return tmp_path


def _says(capsys: pytest.CaptureFixture[str]) -> str:
    """What is on standard error: one line and no traceback."""
    said = capsys.readouterr().err.strip()
    assert said != ""
    assert "\n" not in said
    assert "Traceback" not in said
    return said


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


def test_the_json_has_the_agreed_shape_and_every_fact(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(REAL_PAGE), "--accept-problems", "--group", "Systems"])
    capsys.readouterr()
    assert main(["export", "--format", "json"]) == DONE

    page = json.loads(capsys.readouterr().out)
    talks = [talk for meeting in page["meetings"] for talk in meeting["talks"]]
    links = [link for talk in talks for link in talk["links"]]
    dates = [meeting["date"] for meeting in page["meetings"]]
    assert list(page) == ["group", "term", "meetings"]
    assert (page["group"], page["term"]) == ("Systems", "2025 Fall")
    assert {tuple(meeting) for meeting in page["meetings"]} == {
        ("date", "kind", "title", "status", "talks")
    }
    assert {tuple(talk) for talk in talks} == {
        ("topic", "venue", "year", "title", "url", "presenters", "links")
    }
    assert (len(dates), dates) == (15, sorted(dates, reverse=True))
    assert len(talks) == 25
    assert sum(link["kind"] == "video" for link in links) == 16
    assert [m["title"] for m in page["meetings"] if m["kind"] == "special"] == [
        "SOSP Rehearsal",
        "Kick-off meeting",
    ]


def test_a_calendar_is_looked_at_without_making_a_database(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    calendar = Path(__file__).parent / "data" / "pages" / "calendar.ics"
    assert main(["import", str(calendar), "--term", "2025 Fall", "--dry-run"]) == DONE

    assert "Nothing was stored: this was a dry run." in capsys.readouterr().out
    assert not (folder / "reading-group.db").exists()


def test_a_group_without_a_term_has_nothing_to_export(capsys: pytest.CaptureFixture[str]) -> None:
    now = SystemClock().now()
    with (
        closing(open_store("sqlite:///reading-group.db", now)) as store,
        store.writing() as session,
    ):
        groups.create(session, new_group(Settings(), "Systems"), now)

    assert main(["export"]) == FAILED
    assert _says(capsys) == "“Systems” has no term yet. Import its page first."


def test_an_open_slot_is_a_talk_without_a_title(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "small.md"])
    capsys.readouterr()
    main(["export", "--format", "json"])

    talks = json.loads(capsys.readouterr().out)["meetings"][0]["talks"]
    assert talks[1] == {
        "topic": "Topic II",
        "venue": None,
        "year": None,
        "title": None,
        "url": None,
        "presenters": [],
        "links": [],
    }


def test_the_calendar_has_all_terms_or_the_one_that_is_named(
    capsysbinary: pytest.CaptureFixture[bytes], folder: Path
) -> None:
    main(["import", "small.md"])
    main(["import", str(REAL_PAGE), "--accept-problems"])
    capsysbinary.readouterr()

    assert main(["export", "--format", "ics"]) == DONE
    assert capsysbinary.readouterr().out.count(b"BEGIN:VEVENT\r\n") == 16
    assert main(["export", "--format", "ics", "--term", "2026 Spring", "--output", "a.ics"]) == DONE
    assert (folder / "a.ics").read_bytes().count(b"BEGIN:VEVENT\r\n") == 1


def test_the_site_is_written_into_a_folder_with_its_address_if_that_is_known(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md", "--group", "Systems"])
    capsys.readouterr()
    assert main(["export", "--format", "html", "--output", "new/site"]) == DONE
    assert "open new/site/index.html" in capsys.readouterr().out
    (folder / "config.toml").write_text('[publish]\nsite_url = "https://reading.example"\n')
    assert main(["export", "--format", "html", "--output", "site"]) == DONE

    assert (folder / "new/site/2026-spring/2026-03-10-refrag.html").is_file()
    address = "https://reading.example/systems/index.html"
    assert address not in (folder / "new/site/index.html").read_text(encoding="utf-8")
    assert address in (folder / "site/index.html").read_text(encoding="utf-8")


def test_a_site_without_a_folder_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--format", "html"]) == WRONG_USE

    assert "--output" in _says(capsys)


def test_a_site_that_cannot_be_written_is_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md"])
    capsys.readouterr()

    assert main(["export", "--format", "html", "--output", "small.md"]) == FAILED

    assert "was not written" in _says(capsys)


def test_a_dry_run_stores_nothing(folder: Path) -> None:
    assert main(["import", "small.md", "--dry-run"]) == DONE

    assert not (folder / "reading-group.db").exists()


def test_a_new_group_is_told_its_setup_code(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "small.md", "--group", "Databases"])

    assert "send /setup " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run"], "There is no bot token. Ask @BotFather"),
        (["import", "none.md"], "There is no file none.md."),
        (["import", "empty"], "has no page in it"),
        (["import", "binary.md"], "is not a text file in UTF-8"),
        (["publish"], "no group yet"),
        (["import", "empty.md"], "names no term"),
        (["import", "no-meetings.md"], "has no meetings"),
        (["export"], "There is no group yet. Import a page first."),
        (["--config", "none.toml", "run"], "There is no settings file none.toml."),
        (["backup", "copy.db"], "There is no database"),
    ],
)
def test_a_fault_is_one_line_that_says_what_to_do(
    capsys: pytest.CaptureFixture[str], folder: Path, arguments: list[str], sentence: str
) -> None:
    (folder / "empty").mkdir()
    (folder / "binary.md").write_bytes(b"\xff\xfe\x00")
    (folder / "empty.md").write_text("", encoding="utf-8")
    (folder / "no-meetings.md").write_text("# 2026 Spring\n", encoding="utf-8")

    assert main(arguments) == FAILED

    assert sentence in _says(capsys)


PAGES = REAL_PAGE.parent / "pages"


def _answering(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Somebody sits at the terminal and types this."""

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(answer))


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
    assert "--accept-problems" in _says(capsys)
    assert not (folder / "reading-group.db").exists()
    assert main(["import", page, "--accept-problems"]) == DONE


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
    assert "--term is for one page" in _says(capsys)


def test_run_without_a_token_mentions_the_demo_and_makes_no_database(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["run"])

    assert "reading-group-bot demo" in _says(capsys)
    assert not (folder / "reading-group.db").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["export", "--group", "None"], "There is no group “None”."),
        (["export", "--term", "None"], "has no term “None”. It has: 2026 Spring."),
        (["export", "--format", "ics", "--term", "None"], "It has: 2026 Spring."),
        (["export"], "Say which group:"),
        (["import", "small.md"], "Say which group it is for:"),
    ],
)
def test_with_two_groups_the_command_asks_which(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    for name in ("Databases", "Systems"):
        main(["import", "small.md", "--group", name])
    capsys.readouterr()
    extra = ["--group", "Systems"] if "--term" in arguments else []

    assert main(arguments + extra) == FAILED

    assert sentence in _says(capsys)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (
            lambda path: path.write_text("not a database, but a text of some length" * 40),
            "is not a",
        ),
    ],
)
def test_an_unusable_database_is_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path, make: object, sentence: str
) -> None:
    assert callable(make)
    make(folder / "reading-group.db")

    assert main(["db", "upgrade"]) == FAILED

    assert sentence in _says(capsys)


def test_an_export_that_cannot_be_written_leaves_the_old_file(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md"])
    capsys.readouterr()

    assert main(["export", "--output", "missing/page.md"]) == FAILED

    assert "missing" in _says(capsys)
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".md") == ["small.md"]


def test_a_backup_is_a_database_of_its_own(folder: Path) -> None:
    main(["import", "small.md"])

    assert main(["backup", "copy.db"]) == DONE

    (folder / "reading-group.db").unlink()
    (folder / "copy.db").rename(folder / "reading-group.db")
    assert main(["export"]) == DONE


def test_wrong_use_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])

    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_program_itself_prints_one_line_and_ends_with_one(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == FAILED
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [["export"], ["db", "upgrade"]])
def test_whoever_reads_no_further_gets_no_complaint(folder: Path, command: list[str]) -> None:
    main(["import", "small.md"])
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)

    assert (ended.returncode, ended.stderr) == (FAILED, b"")


def test_an_interrupted_command_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("storage.backup.back_up", interrupted)

    assert main(["backup", "copy.db"]) == FAILED
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")


def test_the_tour_ends_well_and_the_process_with_it(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--tour"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ended.returncode == DONE
    assert ended.stdout.rstrip().endswith("Every step went as told.")
    assert ended.stderr == ""
    assert sorted(path.name for path in folder.iterdir()) == ["small.md"]


def test_publish_writes_every_groups_page_over_the_one_that_was_imported(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md", "--group", "Systems"])
    page = folder / "public" / "systems" / "2026-spring.md"
    page.parent.mkdir(parents=True)
    page.write_text(SMALL_PAGE.replace("\n\n- ", "\n- "), encoding="utf-8")
    capsys.readouterr()

    assert main(["publish"]) == DONE
    assert capsys.readouterr().out == "“Systems”: published in public/systems.\n"
    main(["export"])
    assert page.read_text("utf-8") == capsys.readouterr().out


def test_publish_leaves_it_to_the_bot_where_that_runs(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md"])
    now = SystemClock().now()
    with closing(open_store("sqlite:///reading-group.db", now)) as store:
        with store.writing() as session:
            leases.acquire(session, Holder("elsewhere", 4711), now, lambda _: True)
        capsys.readouterr()

        assert main(["publish"]) == DONE
        with store.reading() as session:
            (group,) = groups.all_groups(session)
            assert publications.due(session, SystemClock().now()) == (group.id,)
    told = "The bot is running: it publishes all groups within a minute.\n"
    assert capsys.readouterr().out == told
    assert not (folder / "public").exists()


def test_publish_says_what_stands_in_the_way(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md", "--group", "Systems"])
    (folder / "public").write_text("a file")
    capsys.readouterr()

    assert main(["publish"]) == FAILED
    assert capsys.readouterr().out == (
        "“Systems”: public/systems cannot be written: Not a directory.\n"
    )


@pytest.mark.parametrize(
    "late",
    [
        "aiohttp_socks",
        "alembic",
        "click",
        "feedparser",
        "matplotlib",
        "rapidfuzz",
        "rich",
        "sqlalchemy.dialects.postgresql",
    ],
)
def test_what_nobody_asked_for_yet_is_not_imported(late: str, imported: frozenset[str]) -> None:
    assert "telegram.ext" in imported
    assert late not in imported


@pytest.fixture(scope="module")
def imported() -> frozenset[str]:
    """The modules of a bot that is about to run."""
    said = subprocess.run(
        [sys.executable, "-c", "import sys, bot.cli, bot.app; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return frozenset(said.stdout.split())
