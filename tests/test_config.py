"""Settings: one file, the environment over it, and one sentence for whatever is wrong."""

import tomllib
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.config import PREFIX, Settings, load
from bot.domain.reminders import DEFAULT_RULES
from bot.errors import OperatorError
from bot.new_groups import new_group

EXAMPLE = Path("config.example.toml")


def _defaults(model: Any, section: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in model:
        if isinstance(value, BaseModel):
            yield from _defaults(value, f"{section}{name}.")
        else:
            yield f"{section}{name}", value


def test_the_example_names_every_setting_and_no_other() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    bare = [line.removeprefix("# ") if " = " in line else line for line in lines]
    example = tomllib.loads("\n".join(line for line in bare if not line.startswith("# ")))

    named = {f"{section}.{name}" for section, names in example.items() for name in names}
    assert named == {name for name, _ in _defaults(Settings())}


def test_the_example_shows_the_true_defaults() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown_otherwise = {"telegram.token", "telegram.proxy_url", "group.place", "group.online_url"}
    shown_otherwise |= {"reminders.tell_at", "publish.site_url"}

    for name, value in _defaults(Settings()):
        if name in shown_otherwise:
            assert value is None
            continue
        assert f"# {name.rpartition('.')[2]} = {_toml(value)}\n" in text


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str() | Path():
            return f'"{value}"'
        case time():
            return f'"{value:%H:%M}"'
        case tuple():
            return f"[{', '.join(_toml(one) for one in value)}]"
    return str(value)


def test_the_environment_goes_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[group]\nname = "From the file"\nplace = "Room 1"\n', encoding="utf-8")
    monkeypatch.setenv(f"{PREFIX}GROUP__NAME", "From the environment")

    settings = load(file)

    assert (settings.group.name, settings.group.place) == ("From the environment", "Room 1")


def test_secrets_show_nowhere() -> None:
    settings = Settings.model_validate(
        {"telegram": {"token": "123456:AAE-very-secret", "proxy_url": "http://u:hidden@proxy:1"}}
    )

    assert "very-secret" not in f"{settings!r} {settings}"
    assert "hidden" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[telegram]\ntoken = 'nonsense-very-secret'", "telegram.token is no bot token"),
        ("[telegram]\nproxy_url = 'ftp://x'", "telegram.proxy_url is no proxy"),
        ("[telegram]\napi_base_url = 'nowhere'", "telegram.api_base_url is no web address"),
        ("[telegram]\ntokn = 'x'", "telegram.tokn is no setting"),
        ("[storage]\nurl = 'mysql://x/y'", "storage.url names 'mysql'"),
        ("[storage]\nurl = 'sqlite://'", "storage.url names no file"),
        ("[group]\ntimezone = 'Mars/Olympus'", "group.timezone is no time zone"),
        ("[group]\nweekday = 'someday'", "group.weekday"),
        ("[group]\nstart_time = '25:00'", "group.start_time"),
        ("[group]\nduration_minutes = 'long'", "group.duration_minutes"),
        ("[group]\nstart_time = '7pm'", 'group.start_time is no time; write one like "19:00"'),
        ("[reminders]\nannouncement_days = 1", "reminders.announcement_days is 0 for none"),
        ("[reminders]\nsoon_minutes = 1", "reminders.soon_minutes is 0 for none"),
        ("[publish]\nauthor = 'Robin'", "publish.author is no author"),
        ("[publish]\nfolders = {Systems = '../x'}", "names folders inside publish.folder"),
        ("[publish]\nfolders = {Systems = '/x'}", "names folders inside publish.folder"),
        ("[publish]\nfolders = {Systems = 'x', Theory = 'X'}", "names one folder for two groups"),
        (
            "[reminders]\nopen_slots = 'never'",
            "'saturday' or 'sunday'), or does not fit (input should be 'off'). Set it in ",
        ),
        ("[reminders]\nchecklist = ['', 'Slides', '']", "reminders.checklist does not fit"),
        ("[telegram]\norganizers = 5", "telegram.organizers is no list; put it in square brackets"),
        ("[group\n", "cannot be read"),
        (f"[group]\nduration_minutes = {'9' * 5000}", "cannot be read"),
        ("[group]\ntimezone = 'asia/shanghai'", "is no time zone; Asia/Shanghai is one. Set"),
        ("[group]\ntimezone = 'Europe/Belrin'", "is no time zone; Europe/Berlin is one. Set"),
        ("[group]\nstart_time = 19", 'group.start_time is no time; write one like "19:00"'),
        ("[group]\nstart_time = '19:00+02:00'", "group.start_time is no time"),
        ("[reminders]\ntell_at = 1200", "reminders.tell_at is no time"),
        ("[group]\nduration_minutes = 'long'", "group.duration_minutes is no whole number. Set it"),
        ("[group]\nname = 5", "group.name is no text; put it in quotes. Set it"),
        ("[reminders]\ncard = 'maybe'", "reminders.card is neither true nor false. Set it"),
        ("[publish]\nfolders = 5", "publish.folders is no table; write one like {"),
        ("telegram = 5", "telegram is a section; write [its name] on a line of its own"),
        ("[telegram]\nproxy_url = 'http://host:x'", "telegram.proxy_url is no proxy"),
        (
            "[telegram]\napi_base_url = 'http://host:99999'",
            "telegram.api_base_url is no web address",
        ),
    ],
)
def test_a_bad_setting_is_named_in_one_line(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(OperatorError) as refused:
        load(file)

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "very-secret" not in str(refused.value)


def test_all_that_is_wrong_is_told_at_once_a_line_for_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        "[group]\ntimezone = 'Mars'\nweekday = 'someday'\n[grup]\nname = 'x'\n", "utf-8"
    )
    monkeypatch.setenv(f"{PREFIX}TELEGRAM_TOKEN", "very-secret")

    with pytest.raises(OperatorError) as refused:
        load(file)

    lines = str(refused.value).splitlines()
    named = [f"{PREFIX}TELEGRAM_TOKEN", "group.timezone", "group.weekday", "grup"]
    assert [line.partition(" ")[0] for line in lines] == named
    assert lines[-1] == "grup is no setting. See config.example.toml for those there are."


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_file_of_a_windows_editor_is_read(tmp_path: Path, ends: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(f"\ufeff[group]{ends}name = '读书会'{ends}".encode())

    assert load(file).group.name == "读书会"


def test_a_bad_variable_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}TELEGRAM__ORGANIZERS", "me")

    with pytest.raises(OperatorError, match=PREFIX):
        load()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("TELEGRAM_TOKEN", f"Write {PREFIX}TELEGRAM__TOKEN."),
        ("TOKEN", "See config.example.toml"),
        ("TELEGRAM__TOKN", "telegram.tokn is no setting."),
    ],
)
def test_a_variable_that_is_misspelt_is_not_left_out_in_silence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, hint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PREFIX + name, "very-secret")

    with pytest.raises(OperatorError) as refused:
        load()

    assert hint in str(refused.value)
    assert "very-secret" not in str(refused.value)


def test_variables_of_a_section_and_of_the_file_are_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("CONFIG", "x.toml"), ("GROUP", '{"name": "Theory"}')):
        monkeypatch.setenv(PREFIX + name, value)
    monkeypatch.setenv(f"{PREFIX}PUBLISH__FOLDERS__Theory", "theory")

    assert load().group.name == "Theory"


def test_a_settings_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"There is no settings file .*none\.toml"):
        load(tmp_path / "none.toml")


def test_a_new_group_is_told_by_default_what_the_rules_say() -> None:
    assert new_group(Settings()).reminders == DEFAULT_RULES


@pytest.mark.parametrize("name", ["TELEGRAM__ORGANIZERS", "REMINDERS__CHECKLIST", "PUBLISH"])
def test_a_variable_that_is_no_list_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable in (f"{PREFIX}{name}", f"{PREFIX}{name}".lower()):
        monkeypatch.setenv(variable, "5, 6")
        with pytest.raises(OperatorError) as refused:
            load()
        monkeypatch.delenv(variable)
        assert str(refused.value) == (
            f"{variable} in the environment cannot be read. Write lists as JSON: [1, 2]."
        )


def test_a_folder_in_the_files_place_and_another_encoding_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "config.toml"
    file.write_bytes('[group]\nname = "Größe"'.encode("latin-1"))
    with pytest.raises(OperatorError, match=r"config\.toml cannot be read: save it in UTF-8\.$"):
        load(file)
    file.unlink()
    Path("config.toml").mkdir()  # what mounting a file makes that is not there
    with pytest.raises(OperatorError, match=r"^config\.toml cannot be read: Is a directory\.$"):
        load()


def test_the_settings_know_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = Path("config.toml").absolute()
    assert load().source == f"the environment alone, since there is no {here}"
    here.touch()
    assert load().source == str(here)
    another = tmp_path / "another.toml"
    another.touch()
    assert load(another).source == str(another)
