"""The command line: what it prints, what it ends with, and what it leaves alone."""

import os
import signal
import socket
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, main
from bot.clock import SystemClock
from storage.engine import parse_url
from storage.migrations import upgrade
from tests.cli.terminal import says
from tests.damage import damage


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run"], "config.toml. Ask @BotFather in Telegram for a token"),
        (["import", "none.md"], "There is no file none.md."),
        (["import", "empty"], "has no page in it"),
        (["import", "binary.md"], "is not a text file in UTF-8"),
        (["publish"], "Import a page first, or check storage.url."),
        (["import", "empty.md"], "names no term"),
        (["import", "no-meetings.md"], "has no meetings"),
        (["export"], "Import a page first, or check storage.url."),
        (["--config", "none.toml", "run"], "There is no settings file none.toml."),
        (["backup", "copy.db"], "There is no database"),
        (["restore", "copy.db"], "There is no copy copy.db. Name a file that backup made."),
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

    assert sentence in says(capsys)


def test_run_without_a_token_mentions_the_demo_and_makes_no_database(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["run"])

    assert "reading-group-bot demo" in says(capsys)
    assert not (folder / "reading-group.db").exists()


@pytest.mark.usefixtures("sqlite_url")
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

    assert sentence in says(capsys)


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

    assert sentence in says(capsys)


@pytest.mark.usefixtures("sqlite_url")
@pytest.mark.parametrize("command", [["export"], ["publish"]])
def test_a_database_without_a_group_has_nothing_to_show(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(command) == FAILED
    assert says(capsys) == "There is no group yet. Import a page, or send /setup in its chat."


@pytest.mark.parametrize("command", [["export"], ["publish"], ["doctor"], ["backup", "copy.db"]])
def test_whoever_looks_in_the_wrong_folder_leaves_no_database_there(
    folder: Path, command: list[str]
) -> None:
    assert main(command) == FAILED
    assert list(folder.glob("*.db*")) == []


@pytest.mark.parametrize("command", [["db", "upgrade"], ["import", "small.md"], ["doctor"]])
def test_no_new_database_is_begun_where_one_was_lost(
    capsys: pytest.CaptureFixture[str], folder: Path, command: list[str]
) -> None:
    log = folder / "reading-group.db-wal"
    log.write_bytes(b"what was claimed last")

    assert main(command) == FAILED

    said = "".join(capsys.readouterr())
    assert "reading-group.db is gone, and reading-group.db-wal is left of it." in said
    assert log.exists()
    assert not (folder / "reading-group.db").exists()


@pytest.mark.usefixtures("sqlite_url")
@pytest.mark.parametrize("command", [["export"], ["publish"], ["import", "small.md"]])
def test_a_damaged_table_is_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path, command: list[str]
) -> None:
    main(["import", "small.md"])
    damage(folder / "reading-group.db", "groups")
    capsys.readouterr()

    assert main(command) == FAILED
    assert (
        says(capsys)
        == "reading-group.db is damaged. Restore a backup: reading-group-bot restore FILE."
    )


def test_an_update_says_where_the_database_is_as_it_was(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    upgrade(parse_url("sqlite:///reading-group.db"), SystemClock().now(), "0003")

    assert main(["db", "upgrade"]) == DONE
    (copy,) = folder.glob("reading-group.db.before-*")
    assert capsys.readouterr().out == (
        f"The database is up to date. As it was before, it is in {copy.name}.\n"
    )
    assert main(["db", "upgrade"]) == DONE
    assert capsys.readouterr().out == "The database is up to date.\n"


@pytest.mark.usefixtures("sqlite_url")
def test_a_copy_brings_back_what_the_database_was(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "small.md"])
    capsys.readouterr()
    main(["export"])
    before = capsys.readouterr().out
    assert main(["backup", "copy.db"]) == DONE
    main(["import", "small.md", "--group", "Another"])
    capsys.readouterr()

    assert main(["restore", "copy.db"]) == DONE

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("reading-group.db is restored. The last change in it was made on ")
    assert said[1].startswith("As it was until now, it is in reading-group.db.before-")
    assert said[2:] == ["Start the bot to go on."]
    main(["export"])
    assert capsys.readouterr().out == before


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


@pytest.mark.usefixtures("sqlite_url")
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


def test_what_a_terminal_cannot_show_is_a_question_mark_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(shown, "latin-1"))

    assert main(["import", "small.md"]) == DONE

    assert "?Reading group?, 2026 Spring: 1 new meeting" in shown.getvalue().decode("latin-1")


def test_nobody_has_to_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["import", "small.md"]) == DONE
    assert main(["export"]) == DONE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_an_output_for_which_there_is_no_room_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["import", "small.md"])
    capsys.readouterr()
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["export"]) == FAILED
    assert says(capsys) == "The output cannot be written: No space left on device."


def test_an_interrupted_command_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("storage.backup.back_up", interrupted)

    assert main(["backup", "copy.db"]) == FAILED
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")


def test_an_interrupted_start_ends_at_once_and_without_a_word(folder: Path) -> None:
    """Python's own interrupt in the middle of an import could leave the lock held for which the
    thread that imports beside it waits, and nobody could end the bot any more."""
    begin = (
        "import os, signal, sys\n"
        "from importlib.abc import MetaPathFinder\n"
        "class Interrupting(MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'bot.app':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "from bot.cli import main\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.exit(main(['run']))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", begin], cwd=folder, capture_output=True, check=False, timeout=60
    )

    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")


def test_a_port_that_is_taken_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["demo", "--port", str(port)]) == FAILED
    assert says(capsys) == (
        f"The page cannot be served on port {port}: Address already in use. "
        "Name another one with --port."
    )


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
