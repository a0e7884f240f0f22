"""The files of a group's folder that are made from its schedule, among those of other people."""

from pathlib import Path

import pytest

from bot.publish.folder import LIST, listed_in, put

PAGE = "2025-fall.md"


def _all(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_what_is_wanted_is_there_and_what_was_is_gone(tmp_path: Path) -> None:
    put(tmp_path, {"index.html": b"1", "2025/a.html": b"a"}, [])
    put(tmp_path, {"index.html": b"2", "2026/b.html": b"b"}, [])

    assert _all(tmp_path) == {"index.html": "2", "2026/b.html": "b"}
    assert not (tmp_path / "2025").exists()


def test_what_is_as_it_should_be_is_not_touched(tmp_path: Path) -> None:
    put(tmp_path, {"index.html": b"1"}, [])
    before = [_written(tmp_path / name) for name in ("index.html", LIST)]
    put(tmp_path, {"index.html": b"1"}, [])
    assert [_written(tmp_path / name) for name in ("index.html", LIST)] == before


def _written(path: Path) -> tuple[int, int]:
    """Which file it is, and when it was written."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def test_other_peoples_files_stay(tmp_path: Path) -> None:
    (tmp_path / "2025").mkdir()
    for name in ("index.html", "2025/notes.txt", "same.css"):
        (tmp_path / name).write_text("mine")

    wanted = {"index.html": b"1", "2025/a.html": b"a", "same.css": b"mine"}
    assert put(tmp_path, wanted, []) == ("index.html",)
    put(tmp_path, {}, [])

    assert _all(tmp_path) == {"index.html": "mine", "2025/notes.txt": "mine"}


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("# 2025 Fall\n## Schedule\n### January 13\n- 💡 *open*\n", False),
        ("# 2025 Fall\n## Schedule\n### January 13\n- 💡 REFRAG\n- 🙎‍♂️ Ann\n", True),
    ],
)
def test_the_page_of_a_term_that_was_taken_back_goes_unless_it_tells_of_talks(
    tmp_path: Path, text: str, stays: bool
) -> None:
    (tmp_path / PAGE).write_text(text)
    put(tmp_path, {}, [PAGE])
    put(tmp_path, {}, [])
    assert (tmp_path / PAGE).exists() is stays


@pytest.mark.parametrize("listed", ["", "nonsense", "{}", '["/etc/passwd", "../x", "", 1]'])
def test_a_list_that_is_none_names_nothing(listed: str) -> None:
    assert listed_in(listed) == set()


def test_what_broke_off_is_listed_so_that_it_can_be_cleared_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").write_text("a file in the way of a folder")
    with pytest.raises(OSError, match="b"):
        put(tmp_path, {"a.html": b"a", "b/c.html": b"c"}, [])
    assert (tmp_path / "a.html").exists()
    put(tmp_path, {}, [])
    assert _all(tmp_path) == {"b": "a file in the way of a folder"}
