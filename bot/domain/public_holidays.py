"""Public holidays, by country, from a library that keeps them; and which country a group is in."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

# Only who plans a term needs the two libraries, which take longer to load than all the rest of the
# bot's text.
# ruff: noqa: PLC0415

_ENGLISH = ("en_GB", "en_US", "en")
_SEPARATORS = re.compile(r"[\s_/]+")


def of_zone(timezone: str) -> str | None:
    """The country of a time zone, as ISO 3166 has it: "CN" for "Asia/Shanghai"; `None` for a zone
    of no country, or of one whose holidays nobody keeps."""
    from babel.core import get_global

    code = get_global("zone_territories").get(timezone)
    return code if code and _supported(code) is not None else None


def read_country(text: str) -> str | None:
    """The country that somebody names: "China", "cn", or "DE-BE" with a part of it. `None` for
    one that is not known."""
    words = " ".join(text.split())
    code = _SEPARATORS.sub("-", words.upper())
    country, _, part = code.partition("-")
    parts = _supported(country)
    if parts is not None and (not part or part in parts):
        return code
    for known, name in _names().items():
        if name.casefold() == words.casefold():
            return known if _supported(known) is not None else None
    return None


def name_of(country: str) -> str:
    """ "China"; with a part of the country, "Germany (BE)"."""
    code, _, part = country.partition("-")
    name = _names().get(code, code)
    return f"{name} ({part})" if part else name


def between(country: str | None, first: date, last: date) -> dict[date, str]:
    """The public holidays of the country from one day to the other, by their English names where
    the library has them; none for no country."""
    if country is None:
        return {}
    years = tuple(range(first.year, last.year + 1))
    return {day: name for day, name in _of_years(country, years) if first <= day <= last}


def _names() -> Mapping[str, str]:
    """In English, by the countries' codes."""
    from babel import Locale

    return Locale("en").territories


@cache
def _supported(country: str) -> tuple[str, ...] | None:
    """The parts of a country that the library tells apart; `None` for one that it does not have."""
    from holidays import list_supported_countries

    found = list_supported_countries().get(country)
    return None if found is None or not country.isalpha() else tuple(found)


@cache
def _of_years(country: str, years: tuple[int, ...]) -> tuple[tuple[date, str], ...]:
    from holidays import country_holidays

    code, _, part = country.partition("-")
    plain = country_holidays(code, subdiv=part or None, years=years)
    language = next((one for one in _ENGLISH if one in plain.supported_languages), None)
    named = country_holidays(code, subdiv=part or None, years=years, language=language)
    # "Day off (substituted from 05/09/2026)" says more than a phone's line holds.
    return tuple((day, re.sub(r"\s*\(.*\)$", "", name)) for day, name in sorted(named.items()))
