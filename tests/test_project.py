"""What the repository promises about itself."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in listed.stdout.splitlines()]


@pytest.mark.parametrize(
    ("file", "group"),
    [("requirements.lock", "dev"), ("benchmarks/requirements.lock", "bench")],
)
def test_everything_that_is_installed_is_locked_with_hashes_and_without_a_host(
    file: str, group: str
) -> None:
    lock = (ROOT / file).read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["dependency-groups"][group]
    if group == "dev":
        wanted = wanted + project["project"]["dependencies"]

    entries = re.split(r"\n(?=\S)", lock.strip())
    locked = {entry.partition("==")[0] for entry in entries}
    names = {re.match(r"[a-z0-9-]+", line)[0] for line in wanted}  # type: ignore[index]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert names <= locked
    assert "://" not in lock


def test_no_file_names_a_place_of_one_machine() -> None:
    places = re.compile(rb"/(?:work|root|home/[a-z]+)/|pypi\.org|files\.pythonhosted")
    pages = {Path(__file__)}

    found = [
        path.relative_to(ROOT)
        for path in _tracked()
        if path not in pages and path.is_file() and places.search(path.read_bytes())
    ]

    assert found == []


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md", "docs/security.md"])
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:bot|storage|tests|docs)/[\w/.-]+)`", text)
    linked = re.findall(r"\]\(([\w/.-]+)\)", text)

    missing = [path for path in [*named, *linked] if not (ROOT / path).exists()]

    assert missing == []


def test_every_make_target_that_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    named = set(re.findall(r"\bmake ([a-z]+)", readme))

    assert named <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {"demo", "test", "lint"} <= named


def test_the_readme_lists_every_command_of_the_chat() -> None:
    from bot.text.commands import COMMANDS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [c.name for c in COMMANDS if c.name != "start" and f"`/{c.name}" not in readme]

    assert missing == []


def test_what_time_it_is_only_the_clock_says() -> None:
    """Everything else is given the time, so that tests and the demo can move it. How old a file is,
    the disk's own time tells."""
    asks = re.compile(r"\b(?:datetime\.(?:now|today|utcnow)|date\.today|time\.time)\(")
    sources = [file for name in ("bot", "storage") for file in (ROOT / name).rglob("*.py")]
    asking = {file for file in sources if asks.search(file.read_text("utf-8"))}

    assert asking == {ROOT / "bot" / "clock.py", ROOT / "bot" / "publish" / "files.py"}
