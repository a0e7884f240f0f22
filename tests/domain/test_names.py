import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import LONGEST, slides_in, slides_link, slides_name, slug

DAY = date(2025, 12, 16)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025 Fall", "2025-fall"),
        ("Systems reading group", "systems-reading-group"),
        ("2025 秋季", "2025-秋季"),
        ("../etc/passwd", "etc-passwd"),
        ("<b>&", "b"),
        ("…", ""),
    ],
)
def test_a_name_becomes_a_part_of_an_address(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_name_that_is_too_long_for_an_address_is_cut_and_ends_in_no_hyphen() -> None:
    whole = "a" * LONGEST
    assert slug(f"({whole})") == slug(f"{whole}b") == whole
    assert slug(f"{whole[1:]} b") == whole[1:]


@given(st.text())
def test_whatever_somebody_writes_names_no_other_folder(text: str) -> None:
    made = slug(text)

    assert len(made) <= LONGEST
    assert not set(made) & set("/\\.:<>\"' \n\0")
    assert slug(made) == made


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("NanoFlow: Towards Optimal Large Language Model Serving", "251216_NanoFlow.pdf"),
        ("IC-Cache：Efficient Serving", "251216_IC-Cache.pdf"),
        ("Fast-dLLM v2: Efficient Block-Diffusion LLM", "251216_Fast-dLLM-v2.pdf"),
        (
            "Enabling Efficient GPU Communication over Multiple NICs with FuseLink",
            "251216_Enabling-Efficient-GPU-Communication.pdf",
        ),
        ("大模型推理", "251216_大模型推理.pdf"),
        (": a colon first", "251216_a-colon-first.pdf"),
        ("XLA: a compiler: a story", "251216_XLA.pdf"),
        (f"{'a' * 35} four", f"251216_{'a' * 35}-four.pdf"),
        (f"{'a' * 35} fives", f"251216_{'a' * 35}.pdf"),
        ("../../etc/passwd", "251216_etc-passwd.pdf"),
        ("?", "251216_talk.pdf"),
    ],
)
def test_slides_are_called_after_the_meeting_and_the_talk(title: str, expected: str) -> None:
    assert slides_name(DAY, title) == expected
    assert slides_name(DAY, title, 2) == expected.replace(".pdf", "-2.pdf")


@given(st.text(), st.dates(), st.integers(1, 99))
def test_whatever_a_talk_is_called_its_slides_stay_in_their_folder(
    title: str, day: date, number: int
) -> None:
    name = slides_name(day, title, number)

    assert re.fullmatch(r"\d{6}_[\w-]+\.pdf", name)
    assert len(name) <= LONGEST
    assert slides_in(slides_link(name)) == name
    assert len({slides_name(day, title, n) for n in range(1, 5)}) == 4


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("./slides/251216_Nanoflow.pdf", "251216_Nanoflow.pdf"),
        ("slides/a%20b.pdf", "a b.pdf"),
        ("./slides/", None),
        ("./slides/../config.toml", None),
        ("./slides/..%2fconfig.toml", None),
        ("./slides/%2e%2e", None),
        ("./slides/a%00.pdf", None),
        ("./slides/.part-x", None),
        ("/slides/a.pdf", None),
        ("https://example.org/slides/a.pdf", None),
    ],
)
def test_only_a_file_beside_the_page_is_one_of_its_slides(url: str, name: str | None) -> None:
    assert slides_in(url) == name
