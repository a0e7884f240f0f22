import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import address_of, arxiv_id, doi, identity, is_web_url, venue_of


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2412.03131",
        "http://www.arxiv.org/pdf/2412.03131v2",
        "https://arxiv.org/pdf/2412.03131.pdf",
        "https://arxiv.org/html/2412.03131v1#S2",
        "https://www.alphaxiv.org/abs/2412.03131?x=1",
        "https://arxiv.org./abs/2412.03131",
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
    "url",
    [
        "https://www.usenix.org/conference/osdi25/presentation/ren",
        "https://www.usenix.org/conference/osdi25/presentation/ren/#talk",
        "https://usenix.org/system/files/osdi25-ren.pdf",
        "https://www.usenix.org/system/files/osdi25-ren_0.pdf",
        "http://www.usenix.org/system/files/conference/osdi25/osdi25-paper-ren.pdf",
        "https://www.usenix.org/conference/osdi25/technical-sessions/presentation/ren",
    ],
)
def test_page_and_file_of_a_usenix_paper_are_the_same_paper(url: str) -> None:
    assert identity(url, "FuseLink") == "usenix:osdi25/ren"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.usenix.org/system/files/osdi23-zhang-qianxi_1.pdf",
         "usenix:osdi23/zhang-qianxi"),
        ("https://www.usenix.org/system/files/osdi25-slides-ren.pdf",
         "url:usenix.org/system/files/osdi25-slides-ren.pdf"),
        ("https://www.usenix.org/system/files/osdi25_slides_ren.pdf",
         "url:usenix.org/system/files/osdi25_slides_ren.pdf"),
        ("https://www.usenix.org/conference/osdi25", "url:usenix.org/conference/osdi25"),
        ("https://usenix.example/conference/osdi25/presentation/ren",
         "url:usenix.example/conference/osdi25/presentation/ren"),
    ],
)  # fmt: skip
def test_what_usenix_has_besides_is_told_apart(url: str, found: str) -> None:
    assert identity(url, "FuseLink") == found


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/alibaba/ROLL",
        "https://www.GitHub.com/Alibaba/roll/",
        "https://github.com/alibaba/ROLL.git",
        "https://github.com/alibaba/ROLL/blob/main/README.md?plain=1#install",
        "http://github.com:80/alibaba/ROLL/tree/main",
    ],
)
def test_every_page_of_a_repository_is_the_same_paper(url: str) -> None:
    assert identity(url, "ROLL") == "github:alibaba/roll"
    assert venue_of(url) == (None, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/alibaba",
        "https://github.com/orgs/alibaba/repositories",
        "https://gist.github.com/alibaba/123",
        "https://github.com.evil.example/alibaba/ROLL",
    ],
)
def test_what_is_no_repository_is_only_an_address(url: str) -> None:
    assert identity(url, "ROLL").startswith("url:")


@pytest.mark.parametrize(
    ("url", "arxiv", "number"),
    [
        ("https://arxiv.org/pdf/2509.01092v2", "2509.01092", None),
        ("https://arxiv.org/abs/math.GT/0309136v1", "math/0309136", None),
        ("https://doi.org/10.48550/arXiv.2412.03131", "2412.03131", None),
        ("https://dl.acm.org/doi/pdf/10.1145/3731569.3764810", None, "10.1145/3731569.3764810"),
        ("https://doi.org/10.1145/ABC(1):2;3", None, "10.1145/abc(1):2;3"),
        ("https://doi.org/10.1145/../secret", None, None),
        ("https://doi.org/10.1145/%2e/secret", None, None),
        ("https://doi.org/10.1145/a%3Fb", None, None),
        ("https://doi.org/10.1145/a%20b", None, None),
        ("https://doi.org/10.1145/" + "a" * 201, None, None),
        ("https://github.com/alibaba/ROLL", None, None),
        ("http://localhost/abs/2509.01092", None, None),
        ("http://arxiv.org@127.0.0.1/abs/2509.01092", None, None),
        (None, None, None),
    ],
)
def test_the_number_that_a_catalogue_is_asked_for(
    url: str | None, arxiv: str | None, number: str | None
) -> None:
    assert (arxiv_id(url), doi(url)) == (arxiv, number)


@pytest.mark.parametrize(
    ("url", "title", "found"),
    [
        ("https://arxiv.org/abs/cs/0101001v2", "x", "arxiv:cs/0101001"),
        ("https://arxiv.org/abs/math.GT/0309136", "x", "arxiv:math/0309136"),
        ("https://doi.org/10.1000/ABC", "x", "doi:10.1000/abc"),
        ("https://doi.org/10.1000/ABX/", "x", "doi:10.1000/abx"),
        (None, "a" * 1994, "title:" + "a" * 1994),
        (None, "a" * 1995,
         "sha256:6a29d2486fdfda870fcc0ae58981298fef30c5021f392407cb9a4d1611065d7e"),
        ("https://www.X.example:443/alibaba/ROLL/?utm_source=a&q=1#top", "x",
         "url:x.example/alibaba/ROLL?q=1"),
        ("http://x.example:8080/", "x", "url:x.example:8080"),
        ("https://x.example/X?a=&b", "x", "url:x.example/X?a=&b="),
        ("https://x.example/X", "x", "url:x.example/X"),
        ("https://notarxiv.org/abs/2412.03131", "x", "url:notarxiv.org/abs/2412.03131"),
        (None, "  Mantle: Ｅfficient—Metadata! ", "title:mantle efficient metadata"),
        ("javascript:x", "STRASSE", "title:strasse"),
        (None, "?!", "title:?!"),
        (None, "? !", "title:? !"),
    ],
)  # fmt: skip
def test_identity_of_other_papers(url: str | None, title: str, found: str) -> None:
    assert identity(url, title) == found


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("2412.03131", "https://arxiv.org/abs/2412.03131"),
        ("arXiv:2412.03131v2", "https://arxiv.org/abs/2412.03131v2"),
        ("doi:10.1145/3731569.3764810", "https://doi.org/10.1145/3731569.3764810"),
        ("10.1145/3731569.3764810", "https://doi.org/10.1145/3731569.3764810"),
        ("2413.03131", None),
        ("12.5", None),
        ("10.1", None),
    ],
)
def test_a_papers_number_has_an_address(number: str, address: str | None) -> None:
    assert address_of(number) == address


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
    kinds = ("arxiv", "doi", "usenix", "github", "url", "title")
    assert identity("https://" + url, title).partition(":")[0] in kinds
