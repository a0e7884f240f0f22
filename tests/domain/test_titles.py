import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.titles import completed, format_venue, parse_venue, split_venue, wanted_words


@pytest.mark.parametrize(
    ("text", "title", "venue"),
    [
        ("[Workshop] LithOS", "LithOS", "Workshop"),
        ("[Re]thinking RAG", "[Re]thinking RAG", None),
        ("(Deep) learning", "(Deep) learning", None),
        ("【深度】 学习", "【深度】 学习", None),
        ("(ICSE) LithOS", "LithOS", "ICSE"),
    ],
)
def test_square_brackets_and_a_blank_set_off_any_venue_and_others_a_known_one(
    text: str, title: str, venue: str | None
) -> None:
    assert split_venue(text) == (title, venue, None)


@pytest.mark.parametrize(
    ("text", "venue", "clean"),
    [
        ("[SOSP'25]", ("SOSP", 2025), "SOSP'25"),
        ("[SOSP '25]", ("SOSP", 2025), "SOSP'25"),
        ("SOSP ’69", ("SOSP", 2069), "SOSP'69"),
        ("SOSP'70", ("SOSP", 1970), "SOSP'70"),
        ("OSDI 2025", ("OSDI", 2025), "OSDI'25"),
        ("SOSP 1967", ("SOSP", 1967), "SOSP 1967"),
        ("SOSP 2070", ("SOSP", 2070), "SOSP 2070"),
        ("[arXiv]", ("arXiv", None), "arXiv"),
        ("[arXiv", ("[arXiv", None), "[arXiv"),
        ("[SOSP 25]", ("SOSP", 2025), "SOSP'25"),
        ("[SOSP25]", ("SOSP", 2025), "SOSP'25"),
        ("SOSP2025", ("SOSP", 2025), "SOSP'25"),
        ("osdi-26", ("OSDI", 2026), "OSDI'26"),
        ("[arxiv]", ("arXiv", None), "arXiv"),
        ("EUROSYS '26", ("EuroSys", 2026), "EuroSys'26"),
        ("［SOSP’25］", ("SOSP", 2025), "SOSP'25"),
        ("【OSDI 99】", ("OSDI", 1999), "OSDI'99"),
        ("USENIX ATC 25", ("USENIX ATC", 2025), "USENIX ATC'25"),
        ("[arXiv 25]", ("arXiv", 2025), "arXiv'25"),
        ("MICRO 57", ("MICRO 57", None), "MICRO 57"),
        ("[Web 3]", ("Web 3", None), "Web 3"),
        ("[IPv6]", ("IPv6", None), "IPv6"),
        ("[Top 10]", ("Top 10", None), "Top 10"),
        ("[H2020]", ("H2020", None), "H2020"),
        ("[ICML 07 workshop]", ("ICML 07 workshop", None), "ICML 07 workshop"),
        ("[]", (None, None), ""),
    ],
)
def test_a_venue_is_read_and_written(
    text: str, venue: tuple[str | None, int | None], clean: str
) -> None:
    assert parse_venue(text) == venue
    assert format_venue(*venue) == clean


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[SOSP'25]  DiffKV:\nKeys", ("DiffKV: Keys", "SOSP", 2025)),
        ("[arXiv] REFRAG", ("REFRAG", "arXiv", None)),
        ("Two  words", ("Two words", None, None)),
        ("[Re]thinking Storage", ("[Re]thinking Storage", None, None)),
        ("[sosp 25]DiffKV", ("DiffKV", "SOSP", 2025)),
        ("［SOSP’25］DiffKV", ("DiffKV", "SOSP", 2025)),
        ("(SOSP'25) DiffKV (short)", ("DiffKV (short)", "SOSP", 2025)),
        ("【arXiv】缓存", ("缓存", "arXiv", None)),
        ("【论文】缓存", ("【论文】缓存", None, None)),
        ("(Re)thinking Storage", ("(Re)thinking Storage", None, None)),
        ("SOSP'25: DiffKV", ("DiffKV", "SOSP", 2025)),
        ("SOSP'25 DiffKV", ("DiffKV", "SOSP", 2025)),
        ("SOSP 2025 trip report", ("SOSP 2025 trip report", None, None)),
        ("DiffKV (SOSP 25)", ("DiffKV", "SOSP", 2025)),
        ("DiffKV, SOSP 2025", ("DiffKV", "SOSP", 2025)),
        ("DiffKV (Extended 2025)", ("DiffKV (Extended 2025)", None, None)),
        ("Best of OSDI (SOSP)", ("Best of OSDI (SOSP)", None, None)),
        ("[arXiv] On OSDI'24 (SOSP'25)", ("On OSDI'24 (SOSP'25)", "arXiv", None)),
        ("“DiffKV”", ("DiffKV", None, None)),
        ('[SOSP\'25] "DiffKV"', ("DiffKV", "SOSP", 2025)),
        ("《缓存》", ("缓存", None, None)),
        ("💡 [SOSP'25] DiffKV", ("DiffKV", "SOSP", 2025)),
        ("💡", ("💡", None, None)),
        ("“[SOSP 25] DiffKV”", ("DiffKV", "SOSP", 2025)),
        ('"Fast" and "slow"', ('"Fast" and "slow"', None, None)),
        ("", ("", None, None)),
    ],
)
def test_a_venue_in_brackets_before_a_title_is_told_apart(
    text: str, named: tuple[str, str | None, int | None]
) -> None:
    assert split_venue(text) == named


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("[SOSP 25]", "[SOSP'25] DiffKV"),
        ("OSDI'26", "[OSDI'26] DiffKV"),
        ("(arXiv 2025)", "[arXiv'25] DiffKV"),
        ("SOSP 2025", "SOSP 2025"),
        ("LithOS", "LithOS"),
        ("[Top 10]", "[Top 10]"),
        ("[SOSP 25] LithOS", "[SOSP 25] LithOS"),
    ],
)
def test_a_venue_alone_is_completed_with_the_title(said: str, whole: str) -> None:
    assert completed(said, "DiffKV") == whole


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("“refrag”", "refrag"),
        ("[SOSP 25]", "SOSP'25"),
        ("kv sosp 2025 cache", "kv SOSP'25 cache"),
        ("top 10", "top 10"),
        ("[]", ""),
        ("refrag?", "refrag"),
        ("Bosen!", "Bosen"),
        ("(SOSP'25)", "SOSP'25"),
        ("DiffKV: memory.", "DiffKV memory"),
        ("缓存？", "缓存"),
        ("C++ and .NET, v2.5", "C++ and .NET v2.5"),
    ],
)
def test_what_is_looked_for_is_read_without_its_quotes(said: str, wanted: str) -> None:
    assert wanted_words(said) == wanted


@given(st.text(st.sampled_from("[](（'“”\"SOSP 25OSDI,:x ")))
def test_a_title_that_was_told_apart_stays_so(text: str) -> None:
    """A draft keeps what was read, and it is read again when the slot is chosen."""
    once = split_venue(text)
    venue = format_venue(once.venue, once.year)
    assert split_venue(f"[{venue}] {once.title}" if venue else once.title) == once


@given(
    st.text(st.characters(codec="ascii"), max_size=12)
    | st.from_regex(r"(SOSP|OSDI|x|2)[ '-]?[0-9]{1,4}", fullmatch=True),
    st.none() | st.integers(1900, 2099),
)
def test_a_written_venue_reads_back(venue: str, year: int | None) -> None:
    once = parse_venue(format_venue(venue, year))
    assert parse_venue(format_venue(*once)) == once
