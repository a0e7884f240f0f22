"""What the code may not do, wherever it stands, and what `docs/security.md` promises."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted(file for name in ("bot", "storage") for file in (ROOT / name).rglob("*.py"))

NO_CALLS = {"eval", "exec", "compile", "__import__", "breakpoint"}
NO_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "ctypes", "code"}
NO_ATTRIBUTES = {("os", "system"), ("os", "popen"), ("yaml", "load"), ("tempfile", "mktemp")}
CSV = "a table may hold formulas: whoever writes one quotes what begins with = + - @"


class Called(NamedTuple):
    where: str
    what: str
    node: ast.Call


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            yield f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


@pytest.fixture(scope="module")
def calls() -> list[Called]:
    return [
        Called(where, ast.unparse(node.func), node)
        for where, node in _nodes()
        if isinstance(node, ast.Call)
    ]


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return set()


def test_nothing_is_evaluated_unpickled_or_loaded_by_name() -> None:
    found = []
    for where, node in _nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found += [where] if node.func.id in NO_CALLS else []
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found += [where] if (node.value.id, node.attr) in NO_ATTRIBUTES else []
        found += [where] if _imported(node) & NO_MODULES else []

    assert found == []


def test_no_shell_is_started(calls: list[Called]) -> None:
    found = []
    for where, named, node in calls:
        shell = any(
            keyword.arg == "shell" and not _is_false(keyword.value) for keyword in node.keywords
        )
        if shell or named.endswith(("create_subprocess_shell", "getoutput", "getstatusoutput")):
            found.append(where)
        # A program is started with a list of words, so that none of them can be two.
        if named.startswith("subprocess.") and node.args and _is_text(node.args[0]):
            found.append(where)

    assert found == []


def test_no_sql_is_made_of_text(calls: list[Called]) -> None:
    """Constants of our own stand in what SQLite and PostgreSQL take no parameters for."""
    ours = {"storage/engine.py", "storage/backup.py"}
    found = []
    for where, called, node in calls:
        name = where.partition(":")[0]
        if name in ours or "/migrations/" in name:
            continue
        if re.fullmatch(r"((sa|sqlalchemy)\.)?text|.*\.(exec_driver_sql|executescript)", called):
            found += [where] if not isinstance(node.args[0], ast.Constant) else []

    assert found == []


def test_there_is_no_table_with_formulas(calls: list[Called]) -> None:
    """Tables of others are read; none is written."""
    writers = re.compile(r"csv\.(writer|DictWriter)|.*\.(to_csv|to_excel)|(Workbook|Xlsx.*)")
    found = [where for where, called, _ in calls if writers.fullmatch(called)]

    assert found == [], CSV


def test_nobodys_words_pass_for_html(calls: list[Called]) -> None:
    """Autoescape is on wherever a template is read, and nothing is marked safe by hand."""
    for where, called, node in calls:
        if called.endswith("Environment"):
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
            assert given.get("autoescape", "False") != "False", where
    for file in (ROOT / "bot").rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape false", file.read_text("utf-8")), file


def test_what_is_installed_is_checked_by_its_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    install = makefile[makefile.index("$(READY): requirements.lock") :]

    assert "--require-hashes -r requirements.lock" in install
    for command in install.split("pip install")[2:]:
        assert "--require-hashes -r" in command or "--no-deps --no-build-isolation -e ." in command


def test_every_threat_names_a_test_that_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", page)
    rows = [line for line in page.splitlines() if line.startswith("| **")]

    assert len(rows) >= 20
    assert all(re.search(r"`tests/[\w/]+\.py::test_\w+`", row) for row in rows)
    missing = [
        (file, test)
        for file, test in named
        if not (ROOT / file).exists() or f"def {test}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["S102", "S301", "S307", "S602", "S605", "S608"])
def test_the_linter_looks_for_the_same(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lint = project["tool"]["ruff"]["lint"]

    assert "S" in lint["select"]
    assert name not in lint["ignore"]


def _is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
