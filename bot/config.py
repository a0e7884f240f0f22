"""The settings: one file of TOML, and the environment over it."""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
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

NO_TIME = 'is no time; write one like "19:00"'


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        from difflib import get_close_matches  # noqa: PLC0415 - no start that goes well wants it

        alike = {zone.casefold(): zone for zone in available_timezones()}
        near = get_close_matches(name.casefold(), alike, 1, 0.8)
        like = f"{alike[near[0]]} is one" if near else "take one like Asia/Shanghai"
        raise ValueError(f"is no time zone; {like}") from None
    return name


def _without_zone(given: time) -> time:
    if given.tzinfo is not None:
        raise ValueError(NO_TIME)
    return given


def _leads_to_a_host(url: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port, for one
        return False


def _web_address(url: str) -> str:
    if not _leads_to_a_host(url, "http", "https"):
        raise ValueError("is no web address; it begins with https:// or http://")
    return url.rstrip("/")


def _token(token: SecretStr) -> SecretStr:
    bot_id, _, secret = token.get_secret_value().partition(":")
    if not bot_id.isdecimal() or len(secret) < 10 or not secret.isascii():
        raise ValueError("is no bot token; @BotFather gives one like 123456789:AAE…")
    return token


def _proxy(url: SecretStr) -> SecretStr:
    if not _leads_to_a_host(url.get_secret_value(), "http", "socks4", "socks5"):
        raise ValueError("is no proxy; write one like http://host:8080 or socks5://host:1080")
    return url


def _author(name: str) -> str:
    if not re.fullmatch(r"[^<>\n]*[^<>\s] <[^<>\s]+@[^<>\s]+>", name):
        raise ValueError("is no author; write one like Reading group bot <bot@example.org>")
    return name


def _database(url: str) -> str:
    parse_url(url)
    return url


# A number would be read as seconds since midnight.
WallTime = Annotated[time, BeforeValidator(str), AfterValidator(_without_zone)]


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
    start_time: WallTime = time(19)
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
    tell_at: WallTime | None = None
    quiet_from: WallTime = time(22)
    quiet_until: WallTime = time(8)
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

    _file: Path | None = PrivateAttr(default=None)

    @property
    def source(self) -> str:
        """Where they come from, for whoever looks for a setting that is not the one they made."""
        if self._file is not None and self._file.exists():
            return str(self._file.absolute())
        return f"the environment alone, since there is no {DEFAULT_FILE.absolute()}"


_NOT = {
    "bool_": "is neither true nor false",
    "dict_": 'is no table; write one like { "Reading group" = "reading" }',
    "int_": "is no whole number",
    "model_": "is a section; write [its name] on a line of its own, and its settings below",
    "string_type": "is no text; put it in quotes",
    "path_type": "is no text; put it in quotes",
    "tuple_type": "is no list; put it in square brackets",
}
"""What settings are not, by how the library calls it."""


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
        _file: Path | None = PrivateAttr(default=file)

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
        problems += _unreadable_variables(os.environ)
    except OSError as error:
        problems.append(f"{file} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        problems.append(f"{file} cannot be read: save it in UTF-8.")
    except ValueError as error:
        problems.append(f"{file} cannot be read: {error}. config.example.toml shows the format.")
    if problems:
        raise OperatorError("\n".join(problems))
    return settings


def _content(file: Path) -> dict[str, Any]:
    """Editors on Windows put a mark before UTF-8, which TOML does not know."""
    return tomllib.loads(file.read_text("utf-8-sig")) if file.exists() else {}


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


def _unreadable_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each; the library names the section alone."""
    known = [_variable(section) for section in Settings.model_fields]
    for section, field in Settings.model_fields.items():
        settings = field.annotation.model_fields if field.annotation else {}
        lists = (n for n, setting in settings.items() if isinstance(setting.default, tuple | dict))
        known += [_variable(f"{section}.{name}") for name in lists]
    bad = [
        name for name in environment if name.upper() in known and not _is_json(environment[name])
    ]
    for name in bad or [f"A variable that begins with {PREFIX}"]:
        yield f"{name} in the environment cannot be read. Write lists as JSON: [1, 2]."


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


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
    kind = str(problem["type"])
    if kind == "value_error":
        return str(problem["msg"]).removeprefix("Value error, ")
    if kind.startswith("time_"):
        return NO_TIME
    for beginning, sentence in _NOT.items():
        if kind.startswith(beginning):
            return sentence
    return f"does not fit ({str(problem['msg'])[0].lower()}{str(problem['msg'])[1:]})"


def _variable(name: str) -> str:
    return PREFIX + name.upper().replace(".", "__")
