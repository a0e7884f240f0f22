"""Lines that fit: cut, and wrapped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.canvas import Canvas, Style
from bot.pictures.fonts import drawable

STYLE = Style(44)
CANVAS = Canvas()


@given(st.text(max_size=80), st.integers(60, 900), st.integers(1, 3))
@settings(max_examples=60)
def test_whatever_is_written_no_line_is_wider_than_its_room(
    text: str, room: int, most: int
) -> None:
    lines = CANVAS.wrapped(text, STYLE, room, most)

    assert len(lines) <= most
    assert all(CANVAS.measure(line, STYLE) <= room for line in lines)
    assert bool(lines) == bool(drawable(text))


@given(st.text(max_size=60))
@settings(max_examples=40)
def test_with_lines_enough_nothing_is_lost(text: str) -> None:
    lines = CANVAS.wrapped(text, STYLE, 300, 99)

    assert "".join("".join(lines).split()) == "".join(drawable(text).split())


def test_words_stay_whole_and_chinese_breaks_between_characters() -> None:
    assert CANVAS.wrapped("Rethinking RAG based Decoding", STYLE, 420, 3) == [
        "Rethinking RAG",
        "based Decoding",
    ]
    assert CANVAS.wrapped("面向大语言模型推理的缓存，设计", STYLE, 44 * 5 + 4, 9) == [
        "面向大语言",
        "模型推理的",
        "缓存，设计",
    ]


def test_no_line_begins_with_a_comma() -> None:
    lines = CANVAS.wrapped("面向大语言，模型", STYLE, 44 * 5 + 4, 9)

    assert lines == ["面向大语", "言，模型"]


@pytest.mark.parametrize(
    "words", ["Xiaoyang Deng the Second", "欧阳娜娜欧阳娜娜欧阳娜娜", "x" * 500]
)
def test_what_is_too_long_ends_with_an_ellipsis(words: str) -> None:
    cut = CANVAS.shortened(words, STYLE, 300)

    assert cut.endswith("…")
    assert words.startswith(cut[:-1])
    assert 220 < CANVAS.measure(cut, STYLE) <= 300
