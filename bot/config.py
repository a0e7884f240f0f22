"""The settings: one file of TOML, and the environment over it."""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from bot.errors import OperatorError
from storage.engine import parse_url
from storage.enums import Weekday

DEFAULT_FILE = Path("config.toml")
PREFIX = "READING_GROUP_"
SHORTEST_NOTICE = 5
"""Minutes before a meeting; a tick and a slow network must fit in."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone; take one like Asia/Shanghai or Europe/Berlin") from None
    return name


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no web address; it begins with https:// or http://")
    return url.rstrip("/")


def _token(token: SecretStr) -> SecretStr:
    bot_id, _, secret = token.get_secret_value().partition(":")
    if not bot_id.isdecimal() or len(secret) < 10 or not secret.isascii():
        raise ValueError("is no bot token; @BotFather gives one like 123456789:AAE…")
    return token


def _proxy(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("http", "socks4", "socks5") or not parts.hostname:
        raise ValueError("is no proxy; it begins with http://, socks5:// or socks4://")
    return url


def _author(name: str) -> str:
    if not re.fullmatch(r"[^<>\n]*[^<>\s] <[^<>\s]+@[^<>\s]+>", name):
        raise ValueError("is no author; write one like Reading group bot <bot@example.org>")
    return name


def _database(url: str) -> str:
    parse_url(url)
    return url


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramSettings(Section):
    token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    api_base_url: Annotated[str, AfterValidator(_web_address)] = "https://api.telegram.org"
    proxy_url: Annotated[SecretStr, AfterValidator(_proxy)] | None = None
    organizers: tuple[int, ...] = ()


class StorageSettings(Section):
    # It may hold a password.
    url: Annotated[str, AfterValidator(_database)] = Field(
        default="sqlite:///reading-group.db", repr=False
    )


class GroupSettings(Section):
    """What a new group starts with. `start_time` is wall time in `timezone`."""

    name: str = Field(default="Reading group", min_length=1, max_length=100)
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    weekday: Weekday = Weekday.TUESDAY
    start_time: time = time(19)
    duration_minutes: int = Field(default=90, ge=15, le=720)
    place: str | None = Field(default=None, max_length=200)
    online_url: Annotated[str, AfterValidator(_web_address)] | None = None


class ReminderSettings(Section):
    """What a new group is told; 0 and "off" leave a message out. Times are on the group's wall."""

    announcement_days: int = Field(default=3, ge=0, le=7)
    day_before: bool = True
    soon_minutes: int = Field(default=30, ge=0, le=180)
    open_slots: Weekday | Literal["off"] = Weekday.FRIDAY
    slides_missing: bool = True
    video_missing: bool = True
    no_meeting: bool = True
    pin: bool = True
    online: bool = True
    checklist: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = (
        "At least 45 minutes",
        "Strengths and weaknesses",
        "Related work of the past three years",
        "Slides",
    )
    tell_at: time | None = None
    quiet_from: time = time(22)
    quiet_until: time = time(8)
    card: bool = True

    @field_validator("announcement_days")
    @classmethod
    def _before_the_day_before(cls, days: int) -> int:
        if days == 1:
            raise ValueError("is 0 for none, or 2 to 7; one day before has a message of its own")
        return days

    @field_validator("soon_minutes")
    @classmethod
    def _in_time(cls, minutes: int) -> int:
        if 0 < minutes < SHORTEST_NOTICE:
            raise ValueError(f"is 0 for none, or {SHORTEST_NOTICE} to 180")
        return minutes


class PublishSettings(Section):
    """Where the groups' pages are written: in `folder`, in one of its own for each group. `folders`
    names another one inside it, by the group's name. `site_url` is where `folder` is served."""

    folder: Path = Path("public")
    folders: dict[str, Path] = {}
    site_url: Annotated[str, AfterValidator(_web_address)] | None = None
    git: Literal["off", "commit", "push"] = "off"
    author: Annotated[str, AfterValidator(_author)] = "Reading group bot <bot@localhost>"

    @field_validator("folders")
    @classmethod
    def _inside(cls, folders: dict[str, Path]) -> dict[str, Path]:
        for path in folders.values():
            if path.is_absolute() or ".." in path.parts:
                raise ValueError("names folders inside publish.folder, like reading or .")
        if len({path.as_posix().casefold() for path in folders.values()}) < len(folders):
            raise ValueError("names one folder for two groups")
        return folders


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    telegram: TelegramSettings = TelegramSettings()
    storage: StorageSettings = StorageSettings()
    group: GroupSettings = GroupSettings()
    reminders: ReminderSettings = ReminderSettings()
    publish: PublishSettings = PublishSettings()


def load(path: Path | None = None) -> Settings:
    """The settings from `path` (default: `config.toml` here, if there is one) and the environment.

    Raises `OperatorError` with a line for each setting that is wrong, which says what to do; a
    value never shows in it.
    """
    if path is not None and not path.is_file():
        raise OperatorError(f"There is no settings file {path}. Copy config.example.toml there.")
    file = path or DEFAULT_FILE
    problems = list(_strange_variables(os.environ))

    class FromFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (init_settings, env_settings, InitSettingsSource(settings_cls, _content(file)))

    try:
        settings = FromFile()
    except ValidationError as error:
        problems += _problems(error, file)
    except SettingsError:
        problems.append(
            f"An environment variable beginning with {PREFIX} has an unreadable value. "
            "Lists are written as JSON: [1, 2]."
        )
    except (ValueError, OSError) as error:  # not TOML, not UTF-8, not readable
        why = error.strerror if isinstance(error, OSError) else error
        problems.append(f"{file} cannot be read: {why}.")
    if problems:
        raise OperatorError("\n".join(problems))
    return settings


def _content(file: Path) -> dict[str, Any]:
    """Editors on Windows put a mark before UTF-8, which TOML does not know."""
    return tomllib.loads(file.read_text("utf-8-sig")) if file.is_file() else {}


def _strange_variables(names: Iterable[str]) -> Iterator[str]:
    """The library leaves out a variable that is misspelt, as with one underscore for two: a
    sentence for each."""
    known = [f"{PREFIX}CONFIG"]
    for section, field in Settings.model_fields.items():
        settings = field.annotation.model_fields if field.annotation else ()
        known += [_variable(section), *(_variable(f"{section}.{name}") for name in settings)]
    for name in names:
        given = name.upper()
        within = any(given == one or given.startswith(f"{one}__") for one in known)
        if given.startswith(PREFIX) and not within:
            meant = [one for one in known if one.replace("_", "") == given.replace("_", "")]
            hint = f"Write {meant[0]}." if meant else "See config.example.toml for those there are."
            yield f"{name} in the environment is no setting. {hint}"


def _problems(error: ValidationError, file: Path) -> Iterator[str]:
    """A sentence for each setting that is wrong."""
    found: dict[str, list[Any]] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        found.setdefault(".".join(map(str, problem["loc"][:2])), []).append(problem)
    for name, problems in found.items():
        if problems[0]["type"] == "extra_forbidden":
            yield f"{name} is no setting. See config.example.toml for those there are."
        else:
            # What may be one thing or another has a problem with each.
            says = ", or ".join(dict.fromkeys(map(_plain, problems)))
            yield f"{name} {says}. Set it in {file} or as {_variable(name)}."


def _plain(problem: Any) -> str:
    if problem["type"] == "value_error":
        return str(problem["msg"]).removeprefix("Value error, ")
    if str(problem["type"]).startswith("time_"):
        return 'is no time; write one like "19:00"'
    if problem["type"] == "tuple_type":
        return "is no list; put it in square brackets"
    return f"does not fit ({str(problem['msg'])[0].lower()}{str(problem['msg'])[1:]})"


def _variable(name: str) -> str:
    return PREFIX + name.upper().replace(".", "__")
