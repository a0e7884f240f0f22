"""`export`: what was imported comes out again, in each format."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, WRONG_USE, main
from bot.clock import SystemClock
from bot.config import Settings
from bot.new_groups import new_group
from bot.services import groups
from storage.store import open_store
from tests.cli.terminal import REAL_PAGE, says

pytestmark = pytest.mark.usefixtures("sqlite_url")


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


def test_a_group_without_a_term_has_nothing_to_export(capsys: pytest.CaptureFixture[str]) -> None:
    now = SystemClock().now()
    with (
        closing(open_store("sqlite:///reading-group.db", now)) as store,
        store.writing() as session,
    ):
        groups.create(session, new_group(Settings(), "Systems"), now)

    assert main(["export"]) == FAILED
    assert says(capsys) == "“Systems” has no term yet. Import its page first."


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


def test_a_slot_of_a_meeting_that_is_over_is_not_called_open(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    page = "# 2025 Fall\n\n## Schedule\n\n### January 6\n\n- 💡 open\n"
    (folder / "old.md").write_text(page, "utf-8")
    main(["import", "old.md"])
    capsys.readouterr()
    main(["export"])

    assert capsys.readouterr().out == page.replace("open", "*no talk*")


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

    assert "--output" in says(capsys)


def test_a_site_that_cannot_be_written_is_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md"])
    capsys.readouterr()

    assert main(["export", "--format", "html", "--output", "small.md"]) == FAILED

    assert "was not written" in says(capsys)


def test_an_export_that_cannot_be_written_leaves_the_old_file(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    main(["import", "small.md"])
    capsys.readouterr()

    assert main(["export", "--output", "missing/page.md"]) == FAILED

    assert "missing" in says(capsys)
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".md") == ["small.md"]
