"""Public holidays by country, from the library that keeps them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.public_holidays import between, name_of, of_zone, read_country


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Asia/Shanghai", "CN"),
        ("Europe/Berlin", "DE"),
        ("America/New_York", "US"),
        ("UTC", None),
        ("Etc/GMT+3", None),
        ("nowhere", None),
    ],
)
def test_a_time_zone_is_of_one_country_or_of_none(zone: str, country: str | None) -> None:
    assert of_zone(zone) == country


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("cn", "CN"),
        (" China ", "CN"),
        ("germany", "DE"),
        ("DE-BE", "DE-BE"),
        ("de be", "DE-BE"),
        ("de-zz", None),
        ("XX", None),
        ("Atlantis", None),
        ("Eurozone", None),
        ("", None),
        ("NYSE", None),
    ],
)
def test_a_country_is_read_by_its_code_or_its_name(words: str, country: str | None) -> None:
    assert read_country(words) == country


@given(st.text())
def test_any_words_are_a_country_or_none(words: str) -> None:
    country = read_country(words)
    assert country is None or between(country, date(2026, 1, 1), date(2026, 1, 1)) is not None


def test_the_holidays_of_some_days_have_english_names_of_a_lines_length() -> None:
    found = between("CN", date(2026, 5, 1), date(2026, 5, 5))
    assert set(found) == {date(2026, 5, day) for day in (1, 2, 4, 5)}
    assert found[date(2026, 5, 5)] == "Day off"
    turn = between("DE-BE", date(2026, 12, 26), date(2027, 1, 1))
    assert turn[date(2027, 1, 1)] == "New Year's Day"
    assert between(None, date(2026, 1, 1), date(2026, 12, 31)) == {}


def test_a_country_is_shown_by_its_name() -> None:
    shown = {"CN": "China", "DE-BE": "Germany (BE)", "CHN": "CHN"}
    assert {country: name_of(country) for country in shown} == shown
