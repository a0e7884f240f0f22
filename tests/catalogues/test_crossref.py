"""What is read from an answer of Crossref."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogues import crossref
from bot.catalogues.fetch import NoAnswerError
from bot.domain.papers import PaperFacts
from tests.catalogues.server import recorded

DOI = "10.1145/3731569.3764810"
SOSP = "Proceedings of the ACM SIGOPS 31st Symposium on Operating Systems Principles"


def facts(**message: Any) -> PaperFacts:
    work = {"title": ["DiffKV"]} | {key.replace("_", "-"): said for key, said in message.items()}
    found = crossref.read(json.dumps({"message": work}).encode(), DOI)
    assert found is not None
    return found


def test_title_authors_conference_and_year_are_read() -> None:
    assert crossref.read(recorded("crossref-10.1145-3731569.3764810.json"), DOI) == PaperFacts(
        "DiffKV: Differentiated Memory Management for Large Language Models with Parallel KV "
        "Compaction",
        ("Yanqi Zhang", "Yuwei Hu"),
        "SOSP",
        2025,
    )


def test_without_an_event_the_proceedings_tell_the_conference() -> None:
    found = facts(container_title=[SOSP], published={"date-parts": [[2025, 10]]})
    assert (found.venue, found.year) == ("SOSP", 2025)


@pytest.mark.parametrize(
    ("acronym", "venue"),
    [
        ("EUROSYS '26", ("EuroSys", 2026)),
        ("ASPLOS 2025", ("ASPLOS", 2025)),
        ("<script>", (None, 2024)),
        ("", (None, 2024)),
        (7, (None, 2024)),
    ],
)
def test_an_events_short_name_is_the_venue(acronym: object, venue: tuple[str, int]) -> None:
    found = facts(event={"acronym": acronym}, issued={"date-parts": [[2024]]})
    assert (found.venue, found.year) == venue


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<i>DiffKV</i>: Caches &amp; <b>more</b>", "DiffKV: Caches & more"),
        ("H<sub>2</sub>O", "H2O"),
        ("a < b > c &lt; d", "a < b > c < d"),
        ("An $O(n)$ bound", "An $O(n)$ bound"),
        ("one\n two\x00three\x1b[0m", "one two three [0m"),
        ("\ud800lone", "lone"),
        ("e\u0301", "é"),
        ("x" * 501, "x" * 500),
    ],
)
def test_a_title_is_one_tidy_line(written: str, read: str) -> None:
    assert facts(title=[written]).title == read


def test_a_subtitle_that_the_title_has_already_is_not_said_twice() -> None:
    assert facts(title=["DiffKV: Less Memory"], subtitle=["Less Memory"]).title == (
        "DiffKV: Less Memory"
    )


def test_authors_are_people_or_organisations_and_not_thousands() -> None:
    people: list[Any] = [{"given": "Ann", "family": "Bo"}, {"name": "The Team"}, {}, 7, None]
    assert facts(author=people).authors == ("Ann Bo", "The Team")
    assert len(facts(author=[{"family": f"B{n}"} for n in range(3000)]).authors) == 100
    assert [len(name) for name in facts(author=[{"family": "B" * 900}]).authors] == [200]


@pytest.mark.parametrize("date", [[[10**30]], [[-5]], [["2025"]], [[None]], [[]], [], None, 2025])
def test_a_strange_year_is_none(date: object) -> None:
    assert facts(published={"date-parts": date}).year is None


def test_a_work_without_a_title_is_not_there() -> None:
    assert crossref.read(b'{"message": {"title": []}}', DOI) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Busy</html>", b"{", b"[1]", b"7", b'{"message": []}', b'{"status": "ok"}',
     b"\xff\xfe", "café".encode("latin-1"), b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_record_is_no_answer(body: bytes) -> None:
    with pytest.raises(NoAnswerError):
        crossref.read(body, DOI)


KEYS = st.sampled_from(
    ["message", "title", "subtitle", "author", "given", "family", "event", "acronym", "published",
     "container-title", "date-parts"],
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, JSON))
def test_a_record_of_any_shape_is_read_without_a_fault(message: dict[str, Any]) -> None:
    found = crossref.read(json.dumps({"message": message}).encode(), DOI)
    assert found is None or 0 < len(found.title) <= 500
