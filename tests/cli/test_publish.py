"""`publish`: every group's page, now."""

from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, main
from bot.clock import SystemClock
from bot.config import PREFIX
from bot.services import groups, leases, publications
from bot.services.leases import Holder
from storage.store import open_store
from tests.cli.terminal import SMALL_PAGE
from tests.publish.press import git

pytestmark = pytest.mark.usefixtures("sqlite_url")


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
            leases.acquire(session, Holder("elsewhere", 4711, now), now, lambda _: True)
        capsys.readouterr()

        assert main(["publish"]) == DONE
        with store.reading() as session:
            (group,) = groups.all_groups(session)
            assert publications.due(session, SystemClock().now()) == (group.id,)
    told = "The bot is running: it publishes all groups within a minute.\n"
    assert capsys.readouterr().out == told
    assert not (folder / "public").exists()


def test_publish_says_what_stands_in_the_way(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, folder: Path
) -> None:
    main(["import", "small.md", "--group", "Systems"])
    (folder / "public").write_text("a file")
    capsys.readouterr()

    assert main(["publish"]) == FAILED
    assert capsys.readouterr().out == (
        "“Systems”: public/systems cannot be written: Not a directory.\n"
    )
    assert caplog.messages == []  # said once


def test_a_folder_that_git_leaves_out_is_not_said_to_be_published(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(folder, "init", "--quiet")
    (folder / ".gitignore").write_text("public\n")
    main(["import", "small.md", "--group", "Systems"])
    capsys.readouterr()
    monkeypatch.setenv(f"{PREFIX}PUBLISH__GIT", "commit")

    assert main(["publish"]) == FAILED

    ignored = folder / "public" / "systems"
    assert f"“Systems”: Git ignores {ignored}. Set publish.folder" in capsys.readouterr().out
    assert (ignored / "2026-spring.md").exists()
