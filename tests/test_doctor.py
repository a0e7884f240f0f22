"""`doctor` against the sandbox: what it finds, and what it says to do."""

import io
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import URL

from bot.clock import SystemClock
from bot.config import Settings, StorageSettings, TelegramSettings
from bot.doctor import examine
from bot.sandbox import Drop
from storage import engine
from tests.damage import damage
from tests.e2e.room import Room, room
from tests.publish.press import git


@pytest.fixture(name="here")
async def _here(sqlite_url: URL) -> AsyncIterator[Room]:
    async with room(sqlite_url) as made:
        yield made


async def _findings(settings: Settings) -> tuple[bool, str]:
    out = io.StringIO()
    well = await examine(settings, Console(file=out, width=200))
    return well, out.getvalue()


def _file(here: Room) -> Path:
    return Path(str(here.store.url.database))


def _changed(here: Room, **telegram: object) -> Settings:
    known = here.settings.telegram.model_dump()
    return here.settings.model_copy(
        update={"telegram": TelegramSettings.model_validate(known | telegram)}
    )


async def test_all_is_well_when_the_bot_is_in_its_groups_chat(here: Room) -> None:
    await here.set_up()

    well, says = await _findings(here.settings)

    assert well
    assert "Telegram knows the bot as @reading_group_bot." in says
    assert "✗" not in says


async def test_inline_queries_that_are_off_are_told(here: Room) -> None:
    await here.set_up()
    here.sandbox.inline.is_on = False

    well, says = await _findings(here.settings)

    assert not well
    assert "Send /setinline to @BotFather." in says


async def test_a_group_without_a_chat_is_told_its_code(here: Room) -> None:
    well, says = await _findings(here.settings)

    assert not well
    assert f"Send /setup {here.code} in its chat." in says


async def test_a_bot_that_was_removed_from_the_chat_is_found(here: Room) -> None:
    await here.set_up()
    here.sandbox.set_bot_status(here.chat, here.admin, "kicked")

    well, says = await _findings(here.settings)

    assert not well
    assert "Add it there." in says


async def test_a_missing_token_says_where_to_get_one(here: Room) -> None:
    well, says = await _findings(_changed(here, token=None))

    assert not well
    assert "Ask @BotFather" in says


async def test_a_wrong_token_is_found_and_not_shown(here: Room) -> None:
    wrong = SecretStr("1234567:not-the-right-one")
    well, says = await _findings(_changed(here, token=wrong))

    assert not well
    assert "Telegram does not accept the token." in says
    assert "not-the-right-one" not in says


async def test_a_damaged_database_is_found(here: Room) -> None:
    damage(_file(here), "groups")

    well, says = await _findings(here.settings)

    assert not well
    assert "✗ The database is damaged: " in says
    assert says.endswith("\n  Stop the bot, and restore a backup: reading-group-bot restore FILE\n")


async def test_a_database_that_another_program_holds_is_found(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 1)
    with closing(sqlite3.connect(_file(here), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        well, says = await _findings(here.settings)

    assert not well
    assert says.splitlines()[2:4] == [
        "✗ The bot cannot save anything at this moment.",
        f"  {_file(here)} is in use by another program. Close that one and try again.",
    ]


async def test_a_database_that_may_not_be_written_to_is_found(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rights do not stop root, who may be running this.
    monkeypatch.setattr(os, "access", lambda path, how: how != os.W_OK or path != _file(here))

    well, says = await _findings(here.settings)

    assert not well
    assert f"  {_file(here)} may not be written to. Let the bot write to it" in says


async def test_a_disk_that_is_full_is_found(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    used = shutil.disk_usage(_file(here).parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: used._replace(free=4096))

    well, says = await _findings(here.settings)

    assert not well
    assert f"  {_file(here)} cannot grow: the disk is full. Make room and try again." in says


async def test_where_no_database_can_be_made_is_found(
    here: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def of(path: Path) -> list[str]:
        storage = StorageSettings(url=f"sqlite:///{path}")
        _, says = await _findings(here.settings.model_copy(update={"storage": storage}))
        return says.splitlines()[1:3]

    new, lost = tmp_path / "new.db", tmp_path / "missing" / "new.db"
    assert (await of(new))[0] == f"✓ The database will be made at {new}."
    assert await of(lost) == [
        f"✗ There is no database at {lost}, and none can be made.",
        f"  There is no folder {lost.parent}. Create it, or change storage.url.",
    ]
    monkeypatch.setattr(os, "access", lambda *_: False)  # rights do not stop root
    assert await of(new) == [
        f"✗ There is no database at {new}, and none can be made.",
        f"  Let the bot's account write into {tmp_path}, or change storage.url.",
    ]


async def test_a_clock_that_was_set_back_is_found(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = here.clock.now() - timedelta(days=1)
    monkeypatch.setattr(SystemClock, "now", lambda _: long_ago)

    well, says = await _findings(here.settings)

    assert not well
    assert "Set this machine's clock." in says


def _publishing(here: Room, folder: Path, git: str) -> Settings:
    publish = here.settings.publish.model_copy(update={"folder": folder, "git": git})
    return here.settings.model_copy(update={"publish": publish})


async def test_a_folder_for_pages_that_cannot_be_used_is_found(here: Room, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    well, says = await _findings(_publishing(here, tmp_path / "file", "off"))
    assert not well
    assert "Pages cannot be written into" in says

    well, says = await _findings(_publishing(here, tmp_path / "public", "push"))
    assert not well
    assert "is in no git checkout" in says


async def test_a_checkout_for_pages_is_looked_at(here: Room, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")

    _, says = await _findings(_publishing(here, tmp_path / "public", "push"))
    assert "The branch main of" in says
    assert "has no upstream: “git push -u origin main” there gives it one." in says

    _, says = await _findings(_publishing(here, tmp_path / "public", "commit"))
    assert f"✓ Pages are committed to main in {tmp_path}." in says

    (tmp_path / ".gitignore").write_text("public\n")
    well, says = await _findings(_publishing(here, tmp_path / "public", "commit"))
    assert not well
    assert "Git ignores" in says


async def test_a_folder_for_a_group_that_is_not_there_is_told(here: Room, tmp_path: Path) -> None:
    await here.set_up()
    publish = here.settings.publish.model_copy(update={"folders": {"Sytems": Path("reading")}})

    well, says = await _findings(here.settings.model_copy(update={"publish": publish}))

    assert not well
    assert "publish.folders names “Sytems”, and there is no group of that name." in says
    assert "There is: “Systems”." in says


async def test_without_a_database_the_rest_is_looked_at(here: Room, tmp_path: Path) -> None:
    nowhere = StorageSettings(url=f"sqlite:///{tmp_path / 'none.db'}")

    well, says = await _findings(here.settings.model_copy(update={"storage": nowhere}))

    assert not well
    assert "✗ There is no group." in says
    assert "✓ Telegram knows the bot as @reading_group_bot." in says


async def test_a_telegram_that_falls_silent_while_asked_is_told(here: Room) -> None:
    here.sandbox.fail_next("getWebhookInfo", Drop.BEFORE)

    well, says = await _findings(here.settings)

    assert not well
    assert "✗ Telegram cannot be reached" in says


async def test_a_telegram_out_of_reach_points_to_the_proxy(here: Room) -> None:
    well, says = await _findings(_changed(here, api_base_url="http://127.0.0.1:9"))

    assert not well
    assert "telegram.proxy_url" in says


async def test_where_a_proxy_is_the_way_out_it_is_named(here: Room) -> None:
    well, says = await _findings(_changed(here, proxy_url="http://127.0.0.1:1"))

    assert not well
    assert "No connection to 127.0.0.1:1 (Connection refused). Nothing was sent.\n" in says
    assert "  Check the network and telegram.proxy_url, the way out that is set.\n" in says
