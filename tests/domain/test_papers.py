import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import format_venue, identity, is_web_url, parse_venue, venue_of


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2412.03131",
        "http://www.arxiv.org/pdf/2412.03131v2",
        "https://arxiv.org/pdf/2412.03131.pdf",
        "https://arxiv.org/html/2412.03131v1#S2",
        "https://www.alphaxiv.org/abs/2412.03131?x=1",
        "https://doi.org/10.48550/arXiv.2412.03131",
    ],
)
def test_every_address_of_an_arxiv_paper_is_the_same_paper(url: str) -> None:
    assert identity(url, "DiffKV") == "arxiv:2412.03131"


@pytest.mark.parametrize(
    "url",
    [
        "https://dl.acm.org/doi/epdf/10.1145/3731569.3764806",
        "https://dl.acm.org/doi/10.1145/3731569.3764806?download=true",
        "https://dl.acm.org/doi/pdf/10.1145/3731569.3764806",
        "https://dl.acm.org/doi/abs/10.1145/3731569.3764806",
        "https://dl.acm.org/doi/full/10.1145/3731569.3764806/",
        "https://DOI.org/10.1145/3731569.3764806",
    ],
)
def test_every_address_of_a_doi_is_the_same_paper(url: str) -> None:
    assert identity(url, "HedraRAG") == "doi:10.1145/3731569.3764806"


@pytest.mark.parametrize(
    ("url", "title", "found"),
    [
        ("https://arxiv.org/abs/cs/0101001v2", "x", "arxiv:cs/0101001"),
        ("https://arxiv.org/abs/math.GT/0309136", "x", "arxiv:math.gt/0309136"),
        ("https://doi.org/10.1000/ABC", "x", "doi:10.1000/abc"),
        ("https://www.GitHub.com:443/alibaba/ROLL/?utm_source=a&q=1#top", "x",
         "url:github.com/alibaba/ROLL?q=1"),
        ("http://x.example:8080/", "x", "url:x.example:8080"),
        ("https://notarxiv.org/abs/2412.03131", "x", "url:notarxiv.org/abs/2412.03131"),
        (None, "  Mantle: Ｅfficient—Metadata! ", "title:mantle efficient metadata"),
        ("javascript:x", "STRASSE", "title:strasse"),
        (None, "?!", "title:?!"),
    ],
)  # fmt: skip
def test_identity_of_other_papers(url: str | None, title: str, found: str) -> None:
    assert identity(url, title) == found


@pytest.mark.parametrize(
    ("url", "venue"),
    [
        ("https://arxiv.org/abs/2412.03131", ("arXiv", None)),
        ("https://www.usenix.org/system/files/osdi25-ren.pdf", ("OSDI", 2025)),
        ("https://www.usenix.org/conference/nsdi24/presentation/x", ("NSDI", 2024)),
        ("https://dl.acm.org/doi/pdf/10.1145/3731569.3764805", ("SOSP", 2025)),
        ("https://dl.acm.org/doi/pdf/10.1145/1.2", (None, None)),
        ("https://evil.example/system/files/osdi25-ren.pdf", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_venue_is_guessed_from_an_address(
    url: str | None, venue: tuple[str | None, int | None]
) -> None:
    assert venue_of(url) == venue


@pytest.mark.parametrize(
    ("text", "venue", "clean"),
    [
        ("[SOSP'25]", ("SOSP", 2025), "SOSP'25"),
        ("[SOSP '25]", ("SOSP", 2025), "SOSP'25"),
        ("SOSP ’69", ("SOSP", 2069), "SOSP'69"),
        ("SOSP'70", ("SOSP", 1970), "SOSP'70"),
        ("OSDI 2025", ("OSDI", 2025), "OSDI'25"),
        ("SOSP 1967", ("SOSP", 1967), "SOSP 1967"),
        ("[arXiv]", ("arXiv", None), "arXiv"),
        ("[]", (None, None), ""),
    ],
)
def test_a_venue_is_read_and_written(
    text: str, venue: tuple[str | None, int | None], clean: str
) -> None:
    assert parse_venue(text) == venue
    assert format_venue(*venue) == clean


@given(st.text(st.characters(codec="ascii"), max_size=12), st.none() | st.integers(1900, 2099))
def test_a_written_venue_reads_back(venue: str, year: int | None) -> None:
    once = parse_venue(format_venue(venue, year))
    assert parse_venue(format_venue(*once)) == once


@pytest.mark.parametrize(
    "url",
    ["http://x", "https://x.example/a?b=c#d", "https://пример.рф/ä", "http://[::1]:80/",
     "HTTPS://X.example:8443", "https://x.example/" + "a" * 1982],
)  # fmt: skip
def test_a_web_address_is_accepted(url: str) -> None:
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    ["", "x.example", "ftp://x", "javascript:alert(1)", "https://", "https:///path", "https://a b",
     "https://x/\n", "https://u:p@x.example", "https://u@x", "https://x:99999", "https://x:0",
     "http://[::1", "https://x\\y", "https://x/\u202e", "//x.example", "https://..",
     "https://x.example/" + "a" * 1983],
)  # fmt: skip
def test_what_is_no_safe_web_address_is_refused(url: str) -> None:
    assert not is_web_url(url)


@given(st.text(), st.text())
def test_identity_takes_any_text(url: str, title: str) -> None:
    assert identity(url, title) == identity(url, title.strip())
    assert identity("https://" + url, title).partition(":")[0] in ("arxiv", "doi", "url", "title")
