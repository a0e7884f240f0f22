"""Whatever stands in the way of writing a page, nothing is lost, and it is made good later."""

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.publish import files, folder, site, writing
from bot.publish.rounds import UNEXPECTED
from bot.services import page_edits, publications
from storage.models import Publication
from tests.publish.press import Press


class PowerCutError(BaseException):
    """The process ends here."""


def _cut(
    monkeypatch: pytest.MonkeyPatch, at: Callable[[], tuple[object, str]], after: bool
) -> None:
    owner, name = at()
    real = getattr(owner, name)

    def broken(*given: object, **named: object) -> object:
        if after:
            real(*given, **named)
        raise PowerCutError

    monkeypatch.setattr(owner, name, broken)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "at",
    [
        lambda: (publications, "begin"),
        lambda: (files, "write_whole"),
        lambda: (site, "build"),
        lambda: (folder, "put"),
        lambda: (publications, "wrote"),
        lambda: (publications, "settle"),
        lambda: (page_edits, "take"),
    ],
)
async def test_a_process_that_ends_in_the_middle_loses_nothing_and_the_next_one_completes_it(
    here: Press,
    monkeypatch: pytest.MonkeyPatch,
    at: Callable[[], tuple[object, str]],
    after: bool,
) -> None:
    here.edit("### January 13", "### January 14")
    here.edit("Ann\n", "Ann, Bo\n")
    here.claim("LithOS")
    with monkeypatch.context() as patched:
        _cut(patched, at, after)
        here.clock.move(timedelta(minutes=11))
        due = await here.keeper._due(here.clock.now())
        with pytest.raises(PowerCutError):
            await here.keeper.publish(due)
    here.claim("Spirit", "Topic I", 20)

    here.restart()
    await here.after()

    assert here.told() == []
    assert "- 🙎‍♂️ Ann, Bo\n" in here.text
    assert "### January 14" in here.text
    assert "### January 13" not in here.text
    for title in ("LithOS", "Spirit"):
        assert here.text.count(f"- 💡 {title}\n- 🙎‍♂️ Ben\n") == 1
    assert here.log().count(("Somebody", "page:edit")) == 1
    assert [one.name for one in here.folder.glob(".part-*")] == []


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_a_full_disk_is_told_once_and_made_good_later(
    here: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = here.text
    here.claim()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _no_space)
        for _ in range(4):
            await here.after()
    sentence = f"{here.folder} cannot be written: No space left on device."
    assert here.text == before
    assert here.told() == [(here.ada.member_id, sentence)]
    assert [one.message for one in caplog.records if one.levelname == "WARNING"] == [
        f"“Systems reading group” is not published: {sentence} The bot goes on trying."
    ]

    await here.after(15)
    assert "LithOS" in here.text
    with here.store.reading() as session:
        row = session.scalars(select(Publication)).one()
        assert (row.trouble, row.attempts) == (None, 0)


async def test_a_folder_that_cannot_be_made_is_told(made: Press) -> None:
    made.settings.folder.write_text("a file")
    await made.after()
    assert made.told() == [
        (made.ada.member_id, f"{made.folder} cannot be written: Not a directory.")
    ]
    made.settings.folder.unlink()
    await made.after()
    assert "REFRAG" in made.text


async def test_a_file_that_changes_while_it_is_written_is_looked_at_anew(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.claim()
    real = writing._make

    def busy(at: Path) -> None:
        here.edit("Ann\n", "Ann, Bo\n")
        monkeypatch.setattr(writing, "_make", real)

    monkeypatch.setattr(writing, "_make", busy)
    await here.after()
    assert "Ann, Bo" in here.text
    await here.after()
    assert "- 🙎‍♂️ Ann, Bo\n" in here.text
    assert "- 🙎‍♂️ Ben\n" in here.text


async def test_what_nobody_thought_of_is_told_in_a_sentence_and_made_good_later(
    here: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(site, "build", broken)
        here.claim()
        await here.after()
    assert "a fault of ours" in caplog.text
    assert [text for _, text in here.told()] == [UNEXPECTED]

    await here.after(20)
    assert "LithOS" in (here.folder / "2025-fall" / "index.html").read_text("utf-8")
    assert len(here.told()) == 1


async def test_somebodys_file_where_the_bot_wants_one_stays_and_is_logged(
    made: Press, caplog: pytest.LogCaptureFixture
) -> None:
    made.folder.mkdir(parents=True)
    (made.folder / "index.html").write_text("mine")
    await made.after()
    assert (made.folder / "index.html").read_text() == "mine"
    assert "index.html is not the bot's, so it stays as it is." in caplog.text
    assert "REFRAG" in made.text
