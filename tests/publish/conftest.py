"""A press whose pages are in a folder, or in a git checkout."""

import os
from pathlib import Path

import pytest

from bot.clock import MovableClock
from storage.store import Store
from tests.publish.press import Press, clone, commit, git, press


@pytest.fixture
def made(sqlite_store: Store, clock: MovableClock, tmp_path: Path) -> Press:
    """Nothing is published yet."""
    return press(sqlite_store, clock, tmp_path / "public")


@pytest.fixture
async def here(made: Press) -> Press:
    """The page is published."""
    await made.after()
    return made


@pytest.fixture
def nobodys_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git without anybody's settings."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def remote(nobodys_git: None, tmp_path: Path) -> Path:
    """A bare repository that has one commit."""
    at = tmp_path / "pages.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(at))
    first = clone(at, tmp_path / "first")
    git(first, "checkout", "--quiet", "-B", "main")
    (first / "README").write_text("Our pages\n")
    commit(first, "Begin")
    git(first, "push", "--quiet", "--set-upstream", "origin", "main")
    return at


@pytest.fixture
def checkout(remote: Path, tmp_path: Path) -> Path:
    return clone(remote, tmp_path / "checkout")


@pytest.fixture
async def pushed(sqlite_store: Store, clock: MovableClock, checkout: Path) -> Press:
    """A group whose page is pushed."""
    made = press(sqlite_store, clock, checkout / "public", git="push")
    await made.after()
    return made
