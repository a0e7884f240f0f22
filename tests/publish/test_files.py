"""Files that are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from bot.publish import files


def test_a_file_is_replaced_and_everybody_may_read_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("old")

    files.write_whole(page, b"new")

    assert page.read_bytes() == b"new"
    assert page.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [page]


def test_whoever_has_a_file_open_reads_it_to_its_end(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_bytes(b"old")

    with page.open("rb") as reader:
        files.write_whole(page, b"new and longer")
        assert reader.read() == b"old"


def test_a_full_disk_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text("old")

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_whole(page, b"new")

    assert page.read_text() == "old"
    assert list(tmp_path.iterdir()) == [page]


def test_what_a_killed_process_left_is_cleared_once_it_is_old(tmp_path: Path) -> None:
    left, young, page = (tmp_path / name for name in (".part-1", ".part-2", "page.md"))
    for file in (left, young, page):
        file.write_text("half")
        if file is not young:
            os.utime(file, (0, 0))

    files.clear(tmp_path)

    assert sorted(tmp_path.iterdir()) == [young, page]


def test_a_file_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert files.read(tmp_path / "page.md") is None
