"""Where things are, on every kind of file system."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.publish.paths import Paths, short
from tests.publish.archives import archive, meeting, slot, talk, term

DAY = date(2026, 1, 13)


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("DiffKV: Differentiated Memory Management", "diffkv"),
        ("DiffKV - Differentiated Memory Management", "diffkv"),
        ("缓存：一种方法", "缓存-一种方法"),
        ("Fast-dLLM v2: Efficient Block-Diffusion LLM", "fast-dllm-v2"),
        (
            "Enabling Efficient GPU Communication over Multiple NICs with FuseLink",
            "enabling-efficient-gpu-communication",
        ),
        ("W" * 100, "w" * 40),
        (": a title", "a-title"),
        ("../../etc/passwd", "etc-passwd"),
        ("<script>", "script"),
        ("???", "talk"),
        ("", "talk"),
    ],
)
def test_a_talk_has_a_short_part_of_an_address(title: str, part: str) -> None:
    assert short(title) == part


def test_talks_and_terms_are_found_where_people_would_look() -> None:
    one = talk(7, "DiffKV: Differentiated Memory Management")
    held = meeting(DAY, slot(one), id=3)
    paths = Paths(archive(term("2025 Fall", held, id=5)), "https://reading.example/group")

    assert paths.of_term(5) == "2025-fall/index.html"
    assert paths.of_talk(7) == "2025-fall/2026-01-13-diffkv.html"
    assert paths.of_meeting(held) == "2025-fall/index.html#d2026-01-13"
    assert paths.invitation_of(held) == "2025-fall/2026-01-13.ics"
    assert paths.address("") == "https://reading.example/group/"
    assert paths.address("缓存/x.html#d1") == (
        "https://reading.example/group/%E7%BC%93%E5%AD%98/x.html#d1"
    )
    assert Paths(archive(), None).address("index.html") is None


def test_what_would_share_a_path_gets_a_number() -> None:
    same = meeting(DAY, *(slot(talk(n, t)) for n, t in enumerate(("A: x", "a: y", "A-2", "A"), 1)))
    terms = (term("Slides", id=3), term("2025 FALL", id=2), term("2025 Fall", same, id=1))
    paths = Paths(archive(*terms), None)

    assert [paths.of_talk(number).rpartition("/")[2] for number in (1, 2, 3, 4)] == [
        "2026-01-13-a.html",
        "2026-01-13-a-2.html",
        "2026-01-13-a-2-2.html",
        "2026-01-13-a-3.html",
    ]
    assert [paths.of_term(number) for number in (1, 2, 3)] == [
        "2025-fall/index.html",
        "2025-fall-2/index.html",
        "slides-2/index.html",
    ]


@given(st.lists(st.text(), max_size=6), st.lists(st.text(), max_size=3))
def test_no_title_leads_out_of_the_folder_or_onto_another(
    titles: list[str], names: list[str]
) -> None:
    talks = [slot(talk(number, title)) for number, title in enumerate(titles)]
    known = [term(name, id=number) for number, name in enumerate(names, 1)]
    paths = Paths(archive(term("Fall", meeting(DAY, *talks), id=0), *known), None)

    found = [paths.of_talk(number) for number in range(len(titles))]
    found += [paths.of_term(number) for number in range(len(names) + 1)]
    assert len({unicodedata.normalize("NFD", path).casefold() for path in found}) == len(found)
    for path in found:
        folder, name = path.split("/")
        assert folder.strip(". ") == folder != ""
        assert name.startswith(("index.html", "2026-01-13-"))
        assert max(len(folder.encode()), len(name.encode())) < 250
        assert path.isprintable()
