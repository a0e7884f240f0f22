"""A folder of its own for each command."""

import os
from pathlib import Path

import pytest

from bot.config import PREFIX
from tests.cli.terminal import SMALL_PAGE


@pytest.fixture(name="folder", autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test runs in a folder of its own, without settings from elsewhere."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    (tmp_path / "small.md").write_text(SMALL_PAGE, encoding="utf-8")
    return tmp_path
