"""A checkout in which git was killed, with the bot or with the machine."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from os import mkfifo
from pathlib import Path

import pytest

from bot.publish.git import COMMITS, UPDATES, checkout_of
from bot.publish.git_program import GitError
from tests.publish.press import AUTHOR, Press, clone, commit, git


def _begin_rebase(checkout: Path) -> None:
    git(checkout, "fetch", "--quiet")
    git(checkout, "-c", "sequence.editor=echo break >", "rebase", "-i", "@{upstream}")


def _begin_merge(checkout: Path) -> None:
    git(checkout, "fetch", "--quiet")
    git(checkout, "merge", "--quiet", "--no-ff", "--no-commit", "@{upstream}")


@pytest.fixture
async def apart(pushed: Press, checkout: Path, remote: Path, tmp_path: Path) -> Press:
    """Both sides have a commit that the other one has not."""
    git(checkout, "remote", "set-url", "--push", "origin", str(tmp_path / "nowhere"))
    pushed.claim("LithOS")
    await pushed.after()
    git(checkout, "remote", "set-url", "--push", "origin", str(remote))
    other = clone(remote, tmp_path / "other")
    (other / "NOTE").write_text("From a person\n")
    commit(other, "A note")
    git(other, "push", "--quiet")
    return pushed


@pytest.mark.parametrize("begin", [_begin_rebase, _begin_merge])
async def test_what_the_bot_had_begun_is_taken_back_and_done_anew(
    apart: Press, checkout: Path, remote: Path, begin: Callable[[Path], None]
) -> None:
    begin(checkout)
    (checkout / ".git" / UPDATES).touch()
    apart.restart()
    await apart.after(20)

    subjects = git(remote, "log", "--format=%s", "main")
    assert "LithOS" in subjects
    assert "A note" in subjects
    assert apart.troubles() == [None]
    assert git(checkout, "status", "--porcelain") == ""
    assert not (checkout / ".git" / UPDATES).exists()


async def test_a_rebase_that_somebody_has_begun_is_left_to_them(
    apart: Press, checkout: Path
) -> None:
    _begin_rebase(checkout)
    (checkout / ".git" / COMMITS).touch()  # of a commit that was made, before the bot was killed
    apart.restart()
    await apart.after(20)

    assert (checkout / ".git" / "rebase-merge").is_dir()
    assert apart.troubles() == [f"A rebase is under way in the checkout {checkout}. End it there."]


async def test_a_lock_that_the_bot_left_is_taken_away_once_it_is_nobodys(
    pushed: Press, checkout: Path, remote: Path
) -> None:
    lock = checkout / ".git" / "index.lock"
    lock.touch()
    (checkout / ".git" / COMMITS).touch()
    pushed.claim("LithOS")
    await pushed.after()
    assert "another program is at work there" in str(pushed.troubles())
    # Meanwhile it is another's.
    lock.unlink()
    lock.write_text("at work")
    await pushed.after(20)
    assert lock.exists()

    await pushed.after(60)
    assert not lock.exists()
    assert pushed.troubles() == [None]
    assert "LithOS" in git(remote, "log", "--format=%s", "main")


async def test_a_commit_that_is_cut_off_leaves_the_mark_and_one_that_is_made_none(
    pushed: Press, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = checkout / ".git" / COMMITS
    assert not mark.exists()
    found = await checkout_of(checkout / "public", AUTHOR)
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    pipe = tmp_path / "pipe"
    program.write_text(f"#!/bin/sh\necho begun > '{pipe}'; exec /bin/sleep 60\n")
    program.chmod(0o755)
    mkfifo(pipe)
    monkeypatch.setenv("PATH", str(program.parent))
    working = asyncio.create_task(found.commit({checkout / "README": " M"}, "Never made"))
    await asyncio.to_thread(pipe.read_text)

    working.cancel()
    with suppress(asyncio.CancelledError):
        await working

    assert mark.exists()


async def test_a_mark_that_cannot_be_made_is_told(pushed: Press, checkout: Path) -> None:
    (checkout / ".git" / COMMITS).mkdir()
    found = await checkout_of(checkout / "public", AUTHOR)
    with pytest.raises(GitError, match=r"git cannot use .*: Is a directory\."):
        await found.mend()
