"""Pages in a git checkout, with a real bare repository as its remote."""

import asyncio
import logging
import os
import re
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.publish import git_program
from bot.publish.git import Checkout, checkout_of
from bot.publish.git_program import GitError
from bot.services import publications
from storage.store import Store
from tests.publish.press import AUTHOR, Press, clone, commit, git, press

PAGE = "public/systems-reading-group/2025-fall.md"


@pytest.fixture(name="here")
def _here(pushed: Press) -> Press:
    return pushed


def _subjects(at: Path) -> list[str]:
    return git(at, "log", "--format=%s", "main").splitlines()


async def test_what_changed_is_committed_in_the_groups_words_and_pushed(
    here: Press, remote: Path
) -> None:
    here.claim("LithOS")
    await here.after()
    here.claim("Spirit", "Topic I", 20)
    here.claim("--force\nmine", "Topic II", 20)
    await here.after()

    assert _subjects(remote)[:2] == [
        "2025 Fall: 2 changes",
        "2025 Fall: Ben claimed Topic II of Tue 13 January: “LithOS”",
    ]
    assert git(remote, "log", "-1", "--format=%b|%an <%ae>|%cn", "main") == (
        "- Ben claimed Topic I of Tue 20 January: “Spirit”\n"
        "- Ben claimed Topic II of Tue 20 January: “--force mine”\n"
        "|Reading bot <bot@reading.example>|Reading bot\n"
    )
    assert git(remote, "show", f"main:{PAGE}") == here.text
    shown = git(remote, "log", "-p", "-1", "--format=", "main~1", "--", PAGE)
    assert "-- 💡 *open*\n+- 💡 LithOS\n+- 🙎‍♂️ Ben\n" in shown
    assert here.told() == []


@pytest.mark.parametrize(
    ("link", "to", "told"),
    [
        ("2025-fall.md", "config.toml", "2025-fall.md is a symbolic link"),
        ("2025-fall", ".", "2025-fall is a symbolic link"),
        ("out", ".", "out is a symbolic link"),
    ],
)
async def test_a_link_that_somebody_pushed_leads_nowhere(
    here: Press, remote: Path, tmp_path: Path, link: str, to: str, told: str
) -> None:
    secret = tmp_path / "elsewhere" / "config.toml"
    secret.parent.mkdir()
    secret.write_text("token = 'secret'")
    other = clone(remote, tmp_path / "other")
    folder = (other / PAGE).parent
    git(other, "rm", "-r", "--quiet", "--ignore-unmatch", str(folder / link))
    (folder / link).symlink_to(secret.parent / to)
    listed = folder / ".published"
    listed.write_text(listed.read_text().replace("[", '["out/config.toml",', 1))
    commit(other, "A link")
    git(other, "push", "--quiet")

    here.claim()
    await here.after()
    await here.until_looked_at()
    here.restart()
    await here.until_looked_at()

    assert here.troubles() == [f"{here.folder} cannot be written: {told}."]
    assert "secret" not in str(here.told())
    assert [file.name for file in secret.parent.iterdir()] == ["config.toml"]


async def test_only_the_bots_own_files_are_committed(here: Press, checkout: Path) -> None:
    (checkout / "staged").write_text("somebody's")
    (here.folder / "notes.txt").write_text("somebody's")
    (checkout / "README").write_text("half done")
    (here.folder / "slides").mkdir()
    (here.folder / "slides" / "unknown.pdf").write_text("somebody's")
    git(checkout, "add", "staged")

    here.claim()
    await here.after()

    status = git(checkout, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert status == [
        " M README",
        "A  staged",
        "?? public/systems-reading-group/notes.txt",
        "?? public/systems-reading-group/slides/unknown.pdf",
    ]
    assert "LithOS" in git(checkout, "show", f"HEAD:{PAGE}")


async def test_files_that_are_no_more_are_committed_as_gone_also_after_a_kill(
    here: Press, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = "public/systems-reading-group/2025-fall/2026-01-13.ics"
    assert gone in git(remote, "ls-tree", "-r", "--name-only", "main").split()

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Checkout, "commit", killed)
        here.edit("### January 13\n", "### January 13\n\n- ✨ *cancelled*\n")
        here.clock.move(publications.SETTLING * 20)
        with pytest.raises(KeyboardInterrupt):
            await here.keeper.publish(await here.keeper._due(here.clock.now()))
    here.restart()
    await here.after()
    assert gone not in git(remote, "ls-tree", "-r", "--name-only", "main").split()


def _push_an_edit(remote: Path, tmp_path: Path) -> None:
    robin = clone(remote, tmp_path / "robin")
    page = robin / PAGE
    page.write_text(page.read_text().replace("Ann\n", "Ann, Bo\n"))
    commit(robin, "Bo helps Ann")
    git(robin, "push", "--quiet")


async def test_an_edit_on_the_other_side_is_read_back_and_nothing_of_both_is_lost(
    here: Press, remote: Path, tmp_path: Path
) -> None:
    _push_an_edit(remote, tmp_path)

    here.claim("LithOS")
    await here.after()

    assert "- 🙎‍♂️ Ann, Bo\n" in here.text
    assert "- 💡 LithOS\n- 🙎‍♂️ Ben\n" in here.text
    assert git(remote, "show", f"main:{PAGE}") == here.text
    assert _subjects(remote)[1] == "Bo helps Ann"
    assert ("Somebody", "page:edit") in here.log()
    assert here.told() == []


async def test_an_edit_on_the_other_side_is_read_back_though_nothing_happens_here(
    here: Press, remote: Path, tmp_path: Path
) -> None:
    _push_an_edit(remote, tmp_path)

    await here.until_looked_at()

    assert "- 🙎‍♂️ Ann, Bo\n" in here.text
    assert here.log()[-1] == ("Somebody", "page:edit")
    assert b"Bo" in (here.folder / "schedule.json").read_bytes()
    assert git(remote, "show", f"main:{PAGE}") == here.text
    assert here.told() == []


async def test_a_remote_is_asked_every_ten_minutes_and_one_that_is_away_is_no_news(
    here: Press, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = Checkout.update

    async def counted(self: Checkout) -> bool:
        asked.append(self.top)
        return await real(self)

    monkeypatch.setattr(Checkout, "update", counted)
    for _ in range(4):
        await here.after(6)
    assert len(asked) == 2

    git(here.folder, "remote", "set-url", "origin", str(remote.with_suffix(".away")))
    for _ in range(4):
        await here.after(6)
    assert len(asked) == 4
    assert here.told() == []
    assert here.troubles() == [None]


async def test_what_others_pushed_and_cannot_be_taken_over_is_told_once_though_nothing_happens_here(
    here: Press, remote: Path, checkout: Path, tmp_path: Path
) -> None:
    robin = clone(remote, tmp_path / "robin")
    (robin / "README").write_text("Theirs\n")
    commit(robin, "Theirs")
    git(robin, "push", "--quiet")
    (checkout / "README").write_text("Ours\n")
    commit(checkout, "Ours")
    for _ in range(4):
        await here.until_looked_at()

    ((_, told),) = here.told()
    assert "does not go together with the checkout" in told


async def test_an_edit_that_comes_between_fetching_and_pushing_is_read_back_too(
    here: Press, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robin = clone(remote, tmp_path / "robin")
    real = Checkout.push

    async def late(self: Checkout) -> None:
        monkeypatch.setattr(Checkout, "push", real)
        page = robin / PAGE
        page.write_text(page.read_text().replace("45 minutes", "50 minutes"))
        commit(robin, "Longer")
        git(robin, "push", "--quiet")
        await real(self)

    monkeypatch.setattr(Checkout, "push", late)
    here.claim("LithOS")
    await here.after()

    assert "At least 50 minutes." in here.text
    assert git(remote, "show", f"main:{PAGE}") == here.text
    assert "Longer" in _subjects(remote)
    assert not any(subject.startswith("Merge") for subject in _subjects(remote))
    assert here.told() == []


async def test_unfinished_work_of_others_survives_what_comes_from_the_other_side(
    here: Press, remote: Path, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robin = clone(remote, tmp_path / "robin")
    (robin / "NEWS").write_text("new\n")
    commit(robin, "News")
    (checkout / "README").write_text("half done")

    async def nothing(_self: Checkout) -> bool:
        return False

    with monkeypatch.context() as patched:
        patched.setattr(Checkout, "update", nothing)
        git(robin, "push", "--quiet")
        here.claim("LithOS")
        await here.after()
    await here.after(15)

    assert (checkout / "README").read_text() == "half done"
    assert "News" in _subjects(remote)
    assert "LithOS" in git(remote, "show", f"main:{PAGE}")


async def test_a_remote_that_refuses_is_told_once_and_served_later(
    here: Press, remote: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    here.claim("LithOS")
    for _ in range(3):
        await here.after()
    told = "The remote origin refuses it: pre-receive hook declined."
    assert here.told() == [(here.ada.member_id, told)]
    assert "LithOS" in here.text

    hook.unlink()
    here.claim("Spirit", "Topic I", 20)
    await here.after(20)

    assert [subject.rpartition(": ")[2] for subject in _subjects(remote)[:2]] == [
        "“Spirit”",
        "“LithOS”",
    ]
    assert len(here.told()) == 1
    about_us = [r.message for r in caplog.records if r.name.startswith("bot.publish")]
    assert about_us == [
        f"“Systems reading group” is not published: {told} The bot goes on trying.",
        "“Systems reading group” is published again.",
    ]


async def test_a_remote_that_is_away_is_told_and_the_page_is_committed(
    here: Press, remote: Path, checkout: Path, tmp_path: Path
) -> None:
    git(checkout, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
    here.claim("LithOS")
    await here.after()
    assert "LithOS" in git(checkout, "show", f"HEAD:{PAGE}")
    ((_, told),) = here.told()
    assert told.startswith("The remote origin cannot be asked: ")

    git(checkout, "remote", "set-url", "origin", str(remote))
    await here.after(20)
    assert "LithOS" in git(remote, "show", f"main:{PAGE}")


def _change_both(checkout: Path, remote: Path) -> None:
    robin = clone(remote, remote.with_name("robin"))
    (robin / "README").write_text("Robin's\n")
    commit(robin, "Robin's")
    git(robin, "push", "--quiet")
    (checkout / "README").write_text("Another's\n")
    commit(checkout, "Another's")


async def test_both_sides_of_a_line_are_for_people_to_bring_together(
    here: Press, remote: Path, checkout: Path
) -> None:
    _change_both(checkout, remote)
    here.claim("LithOS")
    await here.after()

    ((_, told),) = here.told()
    assert told.startswith("What is new on origin does not go together with the checkout")
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "symbolic-ref", "--short", "HEAD") == "main\n"
    assert "LithOS" in git(checkout, "show", f"HEAD:{PAGE}")

    git(checkout, "pull", "--quiet", "--no-rebase", "-X", "ours")
    await here.after(20)
    assert "LithOS" in git(remote, "show", f"main:{PAGE}")


async def test_both_sides_of_a_line_are_told_also_if_the_remote_was_away_before(
    here: Press, remote: Path, checkout: Path, tmp_path: Path
) -> None:
    _change_both(checkout, remote)
    git(checkout, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
    here.claim("LithOS")
    await here.after()
    git(checkout, "remote", "set-url", "origin", str(remote))
    await here.after(20)

    away, apart = (text for _, text in here.told())
    assert away.startswith("The remote origin cannot be asked: ")
    assert apart.startswith("What is new on origin does not go together with the checkout")


async def test_another_programs_lock_is_waited_out(here: Press, checkout: Path) -> None:
    lock = checkout / ".git" / "index.lock"
    lock.touch()
    here.claim("LithOS")
    await here.after()
    ((_, told),) = here.told()
    assert "another program is at work there (index.lock)" in told
    assert "LithOS" in here.text

    lock.unlink()
    await here.after(20)
    assert _subjects(checkout)[0].endswith("“LithOS”")


async def test_no_branch_and_no_upstream_are_told_with_what_to_do(
    here: Press, checkout: Path
) -> None:
    git(checkout, "checkout", "--quiet", "--detach")
    here.claim("LithOS")
    await here.after()
    assert "is on no branch" in here.told()[-1][1]
    assert "LithOS" in here.text

    git(checkout, "checkout", "--quiet", "-b", "other")
    await here.after(20)
    (trouble,) = here.troubles()
    assert trouble is not None
    assert "“git push -u origin other” there gives it one." in trouble

    git(checkout, "push", "--quiet", "--set-upstream", "origin", "other")
    await here.after(20)
    assert here.troubles() == [None]
    assert len(here.told()) == 2


async def test_a_merge_that_somebody_has_begun_is_left_to_them(here: Press, checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "-b", "other")
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "Aside")
    git(checkout, "checkout", "--quiet", "main")
    git(checkout, "merge", "--quiet", "--no-ff", "--no-commit", "other")
    here.claim("LithOS")
    await here.after()
    assert "A merge is under way" in here.told()[-1][1]
    assert "LithOS" in here.text
    assert "LithOS" not in _subjects(checkout)[0]

    git(checkout, "commit", "--quiet", "--message", "Both")
    await here.after(20)
    assert _subjects(checkout)[0].endswith("“LithOS”")
    assert here.troubles() == [None]


async def test_a_push_that_leads_nowhere_is_told_with_gits_own_words(
    here: Press, checkout: Path, tmp_path: Path
) -> None:
    git(checkout, "remote", "set-url", "--push", "origin", str(tmp_path / "gone"))
    here.claim("LithOS")
    await here.after()
    ((_, told),) = here.told()
    assert told.startswith("Pushing to origin did not work: '")
    assert "does not appear to be a git repository" in told


async def test_news_that_would_overwrite_unfinished_work_are_not_taken(
    checkout: Path, remote: Path, tmp_path: Path
) -> None:
    other = clone(remote, tmp_path / "other")
    (other / "README").write_text("New pages\n")
    commit(other, "News")
    git(other, "push", "--quiet")
    (checkout / "README").write_text("half done")
    with pytest.raises(GitError, match="does not go together with the checkout"):
        await Checkout(checkout, AUTHOR, checkout / ".git").update()
    assert (checkout / "README").read_text() == "half done"


async def test_a_checkout_that_git_cannot_use_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nonsense")
    with pytest.raises(GitError, match=r"git cannot use .*: invalid gitfile format"):
        await checkout_of(tmp_path, AUTHOR)


async def test_a_folder_outside_any_checkout_is_written_and_told(
    sqlite_store: Store, clock: MovableClock, tmp_path: Path
) -> None:
    made = press(sqlite_store, clock, tmp_path / "public", git="commit")
    await made.after()
    assert "REFRAG" in made.text
    ((_, told),) = made.told()
    assert "is in no git checkout" in told

    git(tmp_path, "init", "--quiet")
    await made.after(20)
    assert git(tmp_path, "log", "--format=%s") == (
        "2025 Fall: whoever runs the bot imported the page of 2025 Fall\n"
    )


async def test_without_git_the_page_is_written_and_told(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    here.claim("LithOS")
    await here.after()
    assert "LithOS" in here.text
    assert [text for _, text in here.told()] == [
        "There is no git here. Install it, or set publish.git to off."
    ]


async def test_two_groups_of_one_checkout_go_in_one_push(
    here: Press, remote: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed = []
    real = Checkout.push

    async def push(self: Checkout) -> None:
        pushed.append(self.top)
        await real(self)

    monkeypatch.setattr(Checkout, "push", push)
    second = press(here.store, clock, here.settings.folder)
    here.claim("LithOS")
    await here.after()

    assert len(pushed) == 1
    assert _subjects(remote)[:2] == [
        "2025 Fall: whoever runs the bot imported the page of 2025 Fall",
        "2025 Fall: Ben claimed Topic II of Tue 13 January: “LithOS”",
    ]
    assert "REFRAG" in git(remote, "show", f"main:public/{second.name}/2025-fall.md")


async def test_hooks_of_the_checkout_and_questions_do_not_hang(
    here: Press, checkout: Path, remote: Path
) -> None:
    for name in ("pre-commit", "pre-push", "commit-msg"):
        hook = checkout / ".git" / "hooks" / name
        hook.write_text("#!/bin/sh\nread answer\nexit 1\n")
        hook.chmod(0o755)
    here.claim("LithOS")
    await here.after()
    assert "LithOS" in git(remote, "show", f"main:{PAGE}")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that is found in the place of git; it does nothing yet and cannot be started."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.touch(mode=0o644)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


def _does(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


async def _until_gone(process: int) -> None:
    """Python hears of the end of a process on a thread of its own, maybe a moment later."""
    async with asyncio.timeout(20):
        while True:
            os.kill(process, 0)
            await asyncio.sleep(0)


async def test_git_that_does_not_start_is_told(checkout: Path, stand_in: Path) -> None:
    with pytest.raises(GitError, match=r"git does not start: Permission denied\."):
        await Checkout(checkout, AUTHOR, checkout / ".git").branch()


async def test_git_that_does_not_end_is_ended(
    checkout: Path, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _does(stand_in, "exec /bin/sleep 60")
    monkeypatch.setattr(git_program, "LOCAL_SECONDS", 0.05)
    with pytest.raises(GitError, match="git symbolic-ref took longer than 0 seconds"):
        await Checkout(checkout, AUTHOR, checkout / ".git").branch()


async def test_git_ends_with_the_bot_even_if_it_does_not_want_to(
    checkout: Path, stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    _does(stand_in, f"trap '' TERM; echo $$ > '{pipe}'; exec /bin/sleep 60")
    monkeypatch.setattr(git_program, "ENDING_SECONDS", 0.05)
    working = asyncio.create_task(Checkout(checkout, AUTHOR, checkout / ".git").branch())
    process = int(await asyncio.to_thread(pipe.read_text))

    working.cancel()

    with pytest.raises(asyncio.CancelledError):
        await working
    with pytest.raises(ProcessLookupError):
        await _until_gone(process)


async def test_an_address_is_told_without_its_password(checkout: Path) -> None:
    address = "https://robin:secret@and@more@127.0.0.1:9/pages.git"  # of which git takes the last
    git(checkout, "remote", "set-url", "origin", address)
    with pytest.raises(GitError) as caught:
        await (await checkout_of(checkout, AUTHOR)).update()
    assert not re.search("secret|and@|more", str(caught.value))
    assert "127.0.0.1" in str(caught.value)
