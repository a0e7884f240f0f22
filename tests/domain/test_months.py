"""The months as people name them, in their languages."""

import pytest
from babel import Locale

from bot.domain.months import month_named


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt", "ru"])
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
@pytest.mark.parametrize("context", ["format", "stand-alone"])
def test_every_name_that_the_languages_have_for_a_month_is_known(
    language: str, width: str, context: str
) -> None:
    for number, name in Locale(language).months[context][width].items():
        said = name.rstrip(".")
        for word in (said, said.upper(), said.title()):
            assert month_named(word) == number, word


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("fevrier", 2),
        ("Jänner", 1),
        ("Maerz", 3),
        ("marz", 3),
        ("setiembre", 9),
        ("Febuary", 2),
        ("Sept", 9),
    ],
)
def test_a_month_is_known_without_its_accents_with_slips_and_as_others_write_it(
    word: str, month: int
) -> None:
    assert month_named(word) == month


@pytest.mark.parametrize("word", ["", "llama", "mar\0", "decembrist", "for", "一月", "Mayor", "ma"])
def test_other_words_name_no_month(word: str) -> None:
    assert month_named(word) is None
