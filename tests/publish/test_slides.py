"""A file in a group's folder of slides: whole under its name, or not there at all."""

from pathlib import Path

import pytest

from bot.publish.slides import content_of, remove, stage


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_is_seen_once_it_has_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "public" / "systems" / "slides"
    staged = stage(folder, b"one")
    assert not staged.is_taken("a.pdf")
    staged.place("a.pdf")
    staged.discard()

    assert names(folder) == ["a.pdf"]
    assert content_of(folder, "a.pdf") == b"one"
    assert stage(folder, b"two").is_taken("A.PDF")


@pytest.mark.parametrize("before", [None, b"before"])
def test_what_is_taken_back_leaves_the_folder_as_it_was(
    tmp_path: Path, before: bytes | None
) -> None:
    if before is not None:
        (tmp_path / "a.pdf").write_bytes(before)
    staged = stage(tmp_path, b"after")
    staged.place("a.pdf")
    assert content_of(tmp_path, "a.pdf") == b"after"
    staged.take_back()

    assert content_of(tmp_path, "a.pdf") == before
    assert names(tmp_path) == (["a.pdf"] if before else [])


def test_one_that_was_not_needed_leaves_nothing(tmp_path: Path) -> None:
    stage(tmp_path, b"x").discard()
    stage(tmp_path, b"x").take_back()

    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("a file is in the way")

    with pytest.raises(OSError, match="public"):
        stage(tmp_path / "public" / "slides", b"x")


def test_slides_are_not_looked_for_behind_a_link(tmp_path: Path) -> None:
    folder, secret = tmp_path / "slides", tmp_path / "config.toml"
    secret.write_bytes(b"secret")
    folder.mkdir()
    (folder / "a.pdf").symlink_to(secret)
    (tmp_path / "linked").symlink_to(tmp_path)

    for act in (
        lambda: content_of(folder, "a.pdf"),
        lambda: content_of(tmp_path / "linked", "config.toml"),
        lambda: remove(tmp_path / "linked", "config.toml"),
        lambda: stage(tmp_path / "linked", b"one"),
    ):
        with pytest.raises(OSError, match="is a symbolic link"):
            act()
    assert secret.read_bytes() == b"secret"
