import os
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Connection

from storage import migrations


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], str]:
    """Make a revision that follows the newest one out of the body of its `upgrade`, for this
    test alone, and return its name."""
    folder = tmp_path / "versions"
    folder.mkdir()
    shipped = migrations.config

    def config(connection: Connection | None = None) -> Config:
        settings = shipped(connection)
        package = Path(migrations.__file__).parent / "versions"
        settings.set_main_option("path_separator", "os")
        settings.set_main_option("version_locations", f"{package}{os.pathsep}{folder}")
        return settings

    def add(body: str) -> str:
        newest = migrations.head()
        monkeypatch.setattr(migrations, "config", config)
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        (folder / "later.py").write_text(
            "import sqlalchemy as sa\n"
            "from alembic import op\n\n"
            f"revision = 'later'\ndown_revision = {newest!r}\n"
            f"branch_labels = None\ndepends_on = None\n\n"
            f"def upgrade():\n{lines}\n"
        )
        return "later"

    return add
