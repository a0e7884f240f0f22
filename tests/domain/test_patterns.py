"""Patterns that are compiled late read what others read."""

import re

import pytest

from bot.domain.patterns import METHODS, pattern

TEXT = "Slot 2, slot 13"


@pytest.mark.parametrize("method", METHODS)
def test_a_pattern_that_is_compiled_late_finds_what_one_does_that_is_compiled_at_once(
    method: str,
) -> None:
    written, arguments = r"slot (\d+)", ("x", TEXT) if method.startswith("sub") else (TEXT,)

    def found(compiled: re.Pattern[str]) -> object:
        said = getattr(compiled, method)(*arguments)
        if method == "finditer":
            return [one.span() for one in said]
        return said.groups() if isinstance(said, re.Match) else said

    late = pattern(written, re.IGNORECASE)
    for _ in range(2):
        assert found(late) == found(re.compile(written, re.IGNORECASE))


def test_without_a_flag_capitals_count() -> None:
    assert pattern("slot").findall(TEXT) == ["slot"]


def test_a_pattern_can_be_asked_what_it_is() -> None:
    assert pattern("slot", re.IGNORECASE).pattern == "slot"
