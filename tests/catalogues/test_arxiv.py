"""What is read from an answer of arXiv."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogues import arxiv
from bot.catalogues.fetch import NoAnswerError
from bot.domain.papers import PaperFacts
from tests.catalogues.server import recorded

REFRAG = recorded("arxiv-2509.01092.xml")


def feed(title: str, *, number: str = "2509.01092v1", more: str = "") -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">'
        f"<entry><id>http://arxiv.org/abs/{number}</id><title>{title}</title>{more}</entry></feed>"
    ).encode()


def title_of(title: str) -> str:
    facts = arxiv.read(feed(title), "2509.01092")
    assert facts is not None
    return facts.title


def test_title_authors_and_year_are_read() -> None:
    assert arxiv.read(REFRAG, "2509.01092") == PaperFacts(
        "REFRAG: Rethinking RAG based Decoding",
        ("Xiaoqiang Lin", "Aritra Ghosh", "Anshumali Shrivastava"),
        "arXiv",
        2025,
    )


def test_the_conference_that_the_authors_name_is_the_venue() -> None:
    facts = arxiv.read(recorded("arxiv-2412.03131.xml"), "2412.03131")
    assert facts is not None
    assert (facts.venue, facts.year) == ("SOSP", 2025)


def test_a_journal_that_is_no_conference_we_know_leaves_the_paper_on_arxiv() -> None:
    more = "<arxiv:journal_ref>Nature 2024</arxiv:journal_ref><published>2023-05-01</published>"
    facts = arxiv.read(feed("x", more=more), "2509.01092")
    assert facts == PaperFacts("x", (), "arXiv", 2023)


@pytest.mark.parametrize("name", ["arxiv-empty.xml", "arxiv-error.xml"])
def test_an_empty_feed_and_an_error_are_a_paper_that_is_not_there(name: str) -> None:
    assert arxiv.read(recorded(name), "2509.01092") is None


def test_another_paper_is_not_taken_for_the_one_asked_for() -> None:
    assert arxiv.read(REFRAG, "2509.01093") is None


@pytest.mark.parametrize("number", ["math/0309136", "math/0309136v2"])
def test_an_old_number_is_found(number: str) -> None:
    facts = arxiv.read(feed("x", number=number), "math/0309136")
    assert facts is not None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A\n  long\t title ", "A long title"),
        ("Is a &lt; b &amp; c &gt; d?", "Is a < b & c > d?"),
        ("An $O(n \\log n)$ bound", "An $O(n \\log n)$ bound"),
        ("Lists of Option&lt;T&gt;", "Lists of Option<T>"),
        ("dif\u00adfer\u202eent\u2028lines", "different lines"),
        ("é" * 600, "é" * 500),
    ],
)
def test_a_title_is_one_tidy_line(written: str, read: str) -> None:
    assert title_of(written) == read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Rate exceeded.",
        b"<html><title>Maintenance</title></html>",
        b"{}",
        b"\xff\xfe\x00",
        REFRAG[:900],
    ],
)
def test_what_is_no_whole_feed_is_no_answer(body: bytes) -> None:
    with pytest.raises(NoAnswerError):
        arxiv.read(body, "2509.01092")


def test_a_feed_is_in_the_encoding_that_it_says_or_no_answer() -> None:
    body = feed("Café").decode().encode("latin-1")
    facts = arxiv.read(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + body, "2509.01092")
    assert facts is not None
    assert facts.title == "Café"
    with pytest.raises(NoAnswerError):
        arxiv.read(b'<?xml version="1.0" encoding="UTF-8"?>' + body, "2509.01092")


def test_an_answer_that_is_the_name_of_a_file_does_not_open_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(REFRAG)
    with pytest.raises(NoAnswerError):
        arxiv.read(str(secret).encode(), "2509.01092")


@given(st.binary(max_size=200) | st.text(max_size=100).map(feed))
def test_any_answer_is_read_or_refused(body: bytes) -> None:
    try:
        facts = arxiv.read(body, "2509.01092")
    except NoAnswerError:
        return
    assert facts is None or 0 < len(facts.title) <= 500
