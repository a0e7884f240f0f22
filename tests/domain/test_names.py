import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import LONGEST, slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025 Fall", "2025-fall"),
        ("Systems reading group", "systems-reading-group"),
        ("2025 秋季", "2025-秋季"),
        ("../etc/passwd", "etc-passwd"),
        ("<b>&", "b"),
        ("…", ""),
    ],
)
def test_a_name_becomes_a_part_of_an_address(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_whatever_somebody_writes_names_no_other_folder(text: str) -> None:
    made = slug(text)

    assert len(made) <= LONGEST
    assert not set(made) & set("/\\.:<>\"' \n\0")
    assert slug(made) == made
