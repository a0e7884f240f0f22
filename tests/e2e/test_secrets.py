"""The token and other passwords: in no log line, no error, no `repr`, no backup and no report."""

import io
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import URL
from telegram.error import NetworkError

from bot.app import ReadingGroupBot
from bot.cli import main
from bot.clock import MovableClock
from bot.config import Settings, StorageSettings, TelegramSettings, load
from bot.sandbox import ApiError, Drop, Garbage
from bot.telegram.transport import AiohttpRequest
from storage.backup import back_up
from tests.e2e.room import FRIDAY, Room

TOKEN = "123456789:AAE-this-is-nobodys-business"
PASSWORD = "pass-word-of-the-proxy"
DATABASE = "pass-word-of-the-database"
SECRETS = (TOKEN, TOKEN.partition(":")[2], PASSWORD, DATABASE)


@contextmanager
def _everything_logged() -> Iterator[io.StringIO]:
    """What every logger says at its most talkative."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    try:
        yield heard
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


async def test_no_log_line_has_the_token_whatever_happens(here: Room) -> None:
    sandbox = here.sandbox
    faults = (
        ApiError(429, "Too Many Requests", retry_after=0),
        ApiError(500, f"Internal Server Error at /bot{sandbox.token}/sendMessage"),
        Garbage(502, f"<html>/bot{sandbox.token}/sendMessage</html>"),
        Drop.BEFORE,
        Drop.AFTER,
    )
    with _everything_logged() as heard:
        await here.stop()
        await here.start()
        for fault in faults:
            sandbox.fail_next("sendMessage", fault)
            await here.say(here.ann, "/next")
        sandbox.updates.put("message", {"message_id": "no number", "chat": None})
        await here.say(here.ann, "/next")
        await here.go_to(FRIDAY.replace(day=12, hour=19))
        await here.stop()
    said = heard.getvalue()
    await here.start()

    assert "update" in said
    assert len(said) > 1000
    assert sandbox.token not in said
    assert sandbox.token.partition(":")[2] not in said


async def test_an_error_of_the_transport_has_no_secret_in_all_its_depth() -> None:
    transport = AiohttpRequest(proxy_url=f"http://somebody:{PASSWORD}@127.0.0.1:9")
    await transport.initialize()
    try:
        await transport.do_request(f"http://127.0.0.1:9/bot{TOKEN}/getMe", "POST")
    except Exception as error:  # noqa: BLE001 - whichever it is
        told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.__cause__)
    finally:
        await transport.shutdown()

    assert "Nothing was sent" in told
    assert not any(secret in told for secret in SECRETS)


async def test_whatever_the_transport_is_told_of_its_proxy_has_no_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = f"http://somebody:{PASSWORD}@proxy.example:9"

    async def told(*_: object) -> tuple[int, bytes]:
        raise OSError(f"{proxy} does not work")

    monkeypatch.setattr(AiohttpRequest, "_exchange", told)

    with pytest.raises(NetworkError, match=r"proxy\.example") as caught:
        await AiohttpRequest(proxy_url=proxy).do_request(f"http://127.0.0.1:9/bot{TOKEN}/x", "POST")

    assert PASSWORD not in "".join(traceback.format_exception(caught.value))


def _settings() -> Settings:
    return Settings(
        telegram=TelegramSettings(
            token=SecretStr(TOKEN),
            proxy_url=SecretStr(f"socks5://me:{PASSWORD}@127.0.0.1:9"),
        ),
        storage=StorageSettings(url=f"postgresql://me:{DATABASE}@127.0.0.1:9/name"),
    )


async def test_nothing_that_is_printed_to_find_a_fault_has_a_secret(sqlite_url: URL) -> None:
    from tests.fuzz.inside import AtOnce

    settings = _settings()
    store = AtOnce(sqlite_url)
    bot = ReadingGroupBot(settings, store, MovableClock(FRIDAY.astimezone()))
    things = (settings, settings.telegram, settings.storage, bot, bot._upkeep._tools, bot._requests,
              bot._poller, bot._upkeep, store, bot._application, bot._application.bot)  # fmt: skip
    printed = "\n".join(f"{thing!r} {thing!s}" for thing in things)
    store.close()

    assert [secret for secret in SECRETS if secret in printed] == []


@pytest.mark.parametrize(
    "wrong",
    [
        f'[telegram]\ntoken = "{TOKEN[:-20]}é{TOKEN[-20:]}"',
        f'[telegram]\ntoken = "x{TOKEN}"',
        f'[telegram]\nproxy_url = "ftp://me:{PASSWORD}@host"',
        f'[storage]\nurl = "mysql://me:{DATABASE}@host/name"',
        f'[storage]\nurl = "postgresql://me:{DATABASE}@host:port/name"',
        f'[telegram]\ntoken = "{TOKEN}"\nnosuch = 1',
        f"[telegram]\ntoken = {TOKEN}",
    ],
)
def test_what_is_wrong_with_a_setting_is_told_without_it(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(wrong, encoding="utf-8")

    assert main(["--config", str(file), "doctor"]) != 0

    told = "".join(capsys.readouterr())
    assert told
    assert not any(secret in told for secret in (*SECRETS, TOKEN[-20:]))


def test_the_operators_report_has_no_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        f"[telegram]\ntoken = '{TOKEN}'\nproxy_url = 'socks5://me:{PASSWORD}@127.0.0.1:9'\n"
        f"[storage]\nurl = 'postgresql://me:{DATABASE}@127.0.0.1:9/name'\n",
        encoding="utf-8",
    )

    assert main(["--config", str(file), "doctor"]) != 0

    told = "".join(capsys.readouterr())
    assert "127.0.0.1" in told
    assert not any(secret in told for secret in SECRETS)


async def test_a_backup_has_no_secret(here: Room, sqlite_url: URL, tmp_path: Path) -> None:
    await here.say(here.ann, "/claim jan 20 1 A title")
    copy = tmp_path / "copy.db"

    back_up(sqlite_url, copy)

    assert b"A title" in copy.read_bytes()
    assert here.sandbox.token.partition(":")[2].encode() not in copy.read_bytes()


def test_the_settings_are_read_with_their_secrets_kept(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[telegram]\ntoken = "{TOKEN}"\n', encoding="utf-8")

    settings = load(file)

    assert settings.telegram.token is not None
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)
