import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import venues


@pytest.mark.parametrize(
    ("doi", "venue"),
    [
        ("10.1145/3731569.3764810", ("SOSP", 2025)),
        ("10.1145/3694715.3695964", ("SOSP", 2024)),
        ("10.1145/3600006.3613165", ("SOSP", 2023)),
        ("10.1145/3689031.3696098", ("EuroSys", 2025)),
        ("10.1145/3669940.3707215", ("ASPLOS", 2025)),
        ("10.1145/3676641.3716278", ("ASPLOS", 2025)),
        ("10.1145/3731569", ("SOSP", 2025)),
        ("10.1145/37315690.3764810", None),
        ("10.1000/3731569.3764810", None),
    ],
)
def test_acm_numbers_its_proceedings(doi: str, venue: venues.Venue | None) -> None:
    assert venues.of_doi(doi) == venue


@pytest.mark.parametrize(
    ("title", "short"),
    [
        (
            "Proceedings of the ACM SIGOPS 31st Symposium on Operating Systems Principles",
            "SOSP",
        ),
        ("Proceedings of the Twentieth European Conference on Computer Systems", "EuroSys"),
        ("30th Conference on Architectural Support for Programming Languages and Operating Systems",
         "ASPLOS"),
        ("2025 IEEE International Symposium on High Performance Computer Architecture (HPCA)",
         "HPCA"),
        ("Communications of the ACM", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_conference_is_known_by_its_proceedings(title: str, short: str | None) -> None:
    assert venues.of_proceedings(title) == short


def test_a_conference_is_written_as_the_field_writes_it() -> None:
    assert venues.usual_name("EUROSYS") == venues.usual_name("eurosys") == "EuroSys"
    assert venues.usual_name("Nonesuch") == "Nonesuch"
    assert venues.is_usual("sosp")
    assert not venues.is_usual("Nonesuch")


@pytest.mark.parametrize(
    ("comment", "venue"),
    [
        ("SOSP 2025", ("SOSP", 2025)),
        ("Accepted to OSDI'25.", ("OSDI", 2025)),
        ("13 pages, 12 figures; to appear in the ACM SOSP ’25", ("SOSP", 2025)),
        ("EUROSYS '26", ("EuroSys", 2026)),
        ("Submitted to SOSP 2025", None),
        ("Under review at OSDI 2026", None),
        ("Rejected from SOSP 2025 twice", None),
        ("fast 25", None),
        ("Technical report 2025", None),
        ("15 pages, 5 figures", None),
        ("", None),
    ],
)
def test_only_a_plain_word_of_the_authors_makes_a_venue(
    comment: str, venue: venues.Venue | None
) -> None:
    assert venues.of_comment(comment) == venue


@given(st.text())
def test_any_text_is_read_without_a_fault(text: str) -> None:
    venues.of_comment(text)
    venues.of_doi(text)
    venues.of_proceedings(text)
    venues.of_usenix_path(text)
