"""Requests checked against the published table of the Bot API, and nothing by hand.

Telegram ignores parameters that it does not know; here they are refused, so that a misspelt one
is found.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Any

from bot.sandbox.files import Upload
from bot.sandbox.refusals import ApiError, bad_request

Check = Callable[[Any, str], Any]
"""Takes a value and the name it was given under; returns the value as its type, or raises
`ApiError`."""

Fields = Callable[[Mapping[str, Any], str], dict[str, Any]]

MAX_INTEGER = 2**63 - 1

ATTACHABLE = ("media",)
"""Fields that the table calls a string, since a file there is named by `attach://`; whoever takes
the request apart puts the file in its place."""


class Schema:
    """The methods that the sandbox has, with their parameters."""

    def __init__(self) -> None:
        text = files("bot.sandbox").joinpath("bot_api.json").read_text(encoding="utf-8")
        self._table: dict[str, Any] = json.loads(text)
        # Telegram does not mind how a method's name is capitalised.
        self._names = {name.lower(): name for name in self._table["names"]}
        self._methods = {
            name: self._fields(parameters) for name, parameters in self._table["methods"].items()
        }

    def canonical(self, method: str) -> str | None:
        """The method's name as it is published; `None` for one that is not."""
        return self._names.get(method.lower())

    def read(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with the types that the table wants, also when a form gave them as
        text. Raises `ApiError` 400 for what is missing, unknown or of a wrong type."""
        return self._methods[method](given, "")

    def _fields(self, facts: Mapping[str, Any]) -> Fields:
        checks = {
            name: _media
            if name in ATTACHABLE and about["types"] == ["String"]
            else self._any_of(tuple(about["types"]))
            for name, about in facts.items()
        }
        required = [name for name, about in facts.items() if about["required"]]

        def check(given: Mapping[str, Any], path: str) -> dict[str, Any]:
            for name in required:
                if given.get(name) is None:
                    raise bad_request(f'parameter "{path}{name}" is required')
            read = {}
            for name, value in given.items():
                if name not in checks:
                    raise bad_request(f'unknown parameter "{path}{name}"')
                if value is not None:
                    read[name] = checks[name](value, path + name)
            return read

        return check

    def _any_of(self, types: tuple[str, ...]) -> Check:
        if len(types) == 1:
            return self._one(types[0])
        objects = [name for name in types if name in self._table["types"]]
        if len(objects) == len(types):
            return self._union(types)
        plain = [self._one(name) for name in types]

        def check(value: Any, path: str) -> Any:
            for each in plain[:-1]:
                with suppress(ApiError):
                    return each(value, path)
            return plain[-1](value, path)

        return check

    def _one(self, name: str) -> Check:
        if name.startswith("Array of "):
            return _array(self._one(name.removeprefix("Array of ")))
        if name in _PLAIN:
            return _PLAIN[name]
        return self._union((name,))

    def _union(self, names: tuple[str, ...]) -> Check:
        # Types may refer to each other in a circle, so they are looked at when they are needed.
        @cache
        def members() -> list[tuple[str | None, set[str], Fields]]:
            found = []
            for name in names:
                about = self._table["types"][name]
                for member in about.get("one_of", [name]):
                    facts = self._table["types"][member]["fields"]
                    is_told = "one_of" in about and "type" in facts
                    kind = _kind(member, name) if is_told else None
                    required = {field for field, about in facts.items() if about["required"]}
                    found.append((kind, required, self._fields(facts)))
            return found

        def check(value: Any, path: str) -> Any:
            given = _object(value, path)
            candidates = [
                (required, fields)
                for kind, required, fields in members()
                if kind is None or kind == given.get("type")
            ]
            if not candidates:
                raise bad_request(f'parameter "{path}.type" is none of {" or ".join(names)}')
            # What has all that a type requires is meant to be of it: name its mistake.
            meant = [fields for required, fields in candidates if required <= given.keys()]
            tried = meant or [fields for _required, fields in candidates]
            for fields in tried[:-1]:
                with suppress(ApiError):
                    return fields(given, f"{path}.")
            return tried[-1](given, f"{path}.")

        return check


def _kind(member: str, union: str) -> str:
    """`all_private_chats` for `BotCommandScopeAllPrivateChats`: what its `type` says. What Telegram
    has already is of the same type as what is new to it."""
    own = member.removeprefix(union).removeprefix("Cached")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", own).lower()


def _wrong(path: str, wanted: str) -> Exception:
    return bad_request(f'parameter "{path}" must be {wanted}')


def _integer(value: Any, path: str) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_INTEGER:
        raise _wrong(path, "Integer")
    return value


def _string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(path, "String")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value


def _boolean(value: Any, path: str) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise _wrong(path, "Boolean")
    return value


def _float(value: Any, path: str) -> float:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise _wrong(path, "Float") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(path, "Float")
    return float(value)


def _file(value: Any, path: str) -> Any:
    if not isinstance(value, Upload | str):
        raise _wrong(path, "InputFile")
    return value


def _media(value: Any, path: str) -> Any:
    return value if isinstance(value, Upload) else _string(value, path)


def _object(value: Any, path: str) -> Mapping[str, Any]:
    value = _parsed(value, path)
    if not isinstance(value, dict):
        raise _wrong(path, "an object")
    return value


def _array(check: Check) -> Check:
    def read(value: Any, path: str) -> list[Any]:
        value = _parsed(value, path)
        if not isinstance(value, list):
            raise _wrong(path, "an array")
        return [check(item, f"{path}[{index}]") for index, item in enumerate(value)]

    return read


def _parsed(value: Any, path: str) -> Any:
    """A form carries objects and arrays as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise bad_request(f"can't parse {path}: it is no JSON") from None


_PLAIN: dict[str, Check] = {
    "Integer": _integer,
    "String": _string,
    "Boolean": _boolean,
    "True": _boolean,
    "Float": _float,
    "InputFile": _file,
}
