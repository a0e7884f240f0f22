from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.render import Html
from bot.text.split import MAX_CHARACTERS, MAX_ENTITIES, first_part, fits, measure, pack
from tests.telegram_html import parse, units

# Some letters cost two units, and some characters five in HTML and one in the message.
WORDS = st.text(st.sampled_from("ab &<>\"'é读😀"), min_size=1).map(lambda text: text.strip() or "x")
PIECES = st.builds(
    lambda text, shape: shape.format(escape(text)),
    WORDS,
    st.sampled_from(["{}", "<b>{}</b>", '<a href="https://x.example/?a=1&amp;b=2">{}</a>']),
)


@st.composite
def _blocks(draw: st.DrawFn, longest: int) -> list[str]:
    """Blocks that fit a message, some of them only just."""
    lines = draw(st.lists(st.lists(PIECES, min_size=1, max_size=4).map(" ".join), min_size=1))
    times = draw(st.lists(st.integers(1, longest), min_size=1, max_size=6))
    return ["\n".join(lines[: 1 + n % len(lines)] * n) for n in times]


def _fits(html: str) -> bool:
    text, entities = parse(html)
    return units(text) <= MAX_CHARACTERS and entities <= MAX_ENTITIES


@given(WORDS, st.integers(20, 2000))
def test_a_message_for_a_smaller_room_is_cut_to_it(words: str, most: int) -> None:
    html = Html(f"<b>{escape(words)}</b>\n\n" * 3 + escape(words))

    part = first_part(html, Html("more"), most)

    parse(part)
    assert measure(part)[0] <= most
    assert fits(part, most)


@given(_blocks(longest=12))
@settings(max_examples=40, deadline=None)
def test_every_part_is_taken_by_telegram_and_nothing_is_lost(blocks: list[str]) -> None:
    whole = Html("\n\n".join(block for block in blocks if _fits(block)) or "x")
    parts = pack(whole)
    assert all(_fits(part) for part in parts)
    assert "\n\n".join(parts) == whole


@given(_blocks(longest=10))
@settings(max_examples=40, deadline=None)
def test_the_first_part_alone_fits_with_the_word_where_the_rest_is(blocks: list[str]) -> None:
    whole = Html("\n\n".join([*blocks, *["y" * 1000] * 4]))
    part = first_part(whole, Html("The rest: /next"))
    assert _fits(part)
    if len(pack(whole)) == 1:
        assert part == whole
    else:
        kept = part.removesuffix("\n\nThe rest: /next")
        assert kept != part
        assert whole.startswith(kept)


def test_a_block_that_is_too_long_is_cut_between_lines() -> None:
    line = "<b>" + "x" * 999 + "</b>"
    block = "\n".join([line] * 9)
    parts = pack(Html(f"before\n\n{block}\n\nafter"))
    assert parts == [
        f"before\n\n{line}\n{line}\n{line}\n{line}",
        "\n".join([line] * 4),
        f"{line}\n\nafter",
    ]


def test_a_short_message_is_one_part() -> None:
    assert pack(Html("<b>One</b>\n\ntwo")) == ["<b>One</b>\n\ntwo"]


def test_a_line_that_is_too_long_loses_its_formatting_and_its_end() -> None:
    (part,) = pack(Html(f"<b>{'&amp;' * 5000}</b>"))
    assert part == "&amp;" * 4095 + "…"


def test_a_long_line_is_never_cut_through_a_character() -> None:
    (part,) = pack(Html("x" + "😀" * 3000))
    assert part == "x" + "😀" * 2047 + "…"


def test_a_line_with_too_much_formatting_keeps_all_its_words() -> None:
    line = Html("<b>x</b> " * 101)
    assert pack(line) == ["x " * 101]


@pytest.mark.parametrize(("bold", "parts"), [(100, 1), (101, 2)])
def test_the_hundred_and_first_piece_of_formatting_begins_a_new_part(bold: int, parts: int) -> None:
    assert len(pack(Html("\n\n".join(["<b>x</b>"] * bold)))) == parts


@pytest.mark.parametrize(("letters", "parts"), [(4096, 1), (4097, 2)])
def test_the_limit_is_4096_characters(letters: int, parts: int) -> None:
    assert len(pack(Html("x" * (letters - 3) + "\n\ny"))) == parts


def test_a_message_is_measured_without_its_tags() -> None:
    assert measure(Html('<b>é&amp;</b> <a href="https://x.example/">😀</a>')) == (5, 2)
