from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import ApiError
from bot.sandbox.entities import MAX_ENTITIES, find_entities, parse_html, to_html

PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
PIECES = (
    """< > / </ <b> </b> <a href= " ' = & &lt; &# x41; pre span class= tg-spoiler http://[ é 😀"""
)
MARKUP = st.lists(st.sampled_from([*PIECES.split(), " ", "\n"])).map("".join)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("I <3 it", 'Unsupported start tag "3" at byte offset 2'),
        ("<b/>x</b>", 'Unsupported start tag "b/" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x<i>y</b></i>", 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("a <x", "Unclosed start tag at byte offset 2"),
        ('<a href="x"/>y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(html: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(html)

    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ('span class="tg-spoiler"', "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("blockquote expandable", "expandable_blockquote"),
    ],
)
def test_every_tag_becomes_its_entity(tag: str, kind: str) -> None:
    text, entities = parse_html(f"<{tag}>x</{tag.split(maxsplit=1)[0]}>")

    assert (text, entities) == ("x", [{"type": kind, "offset": 0, "length": 1}])


def test_offsets_count_utf_16_units() -> None:
    assert parse_html("😀<b>é😀</b>") == (
        "😀é😀",
        [{"type": "bold", "offset": 2, "length": 3}],
    )


def test_the_space_around_a_text_goes_and_its_entities_move_along() -> None:
    assert parse_html(" \n<b> x </b> ") == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_a_link_with_a_bad_address_is_plain_text() -> None:
    assert parse_html('<a href="javascript:alert(1)">x</a>') == ("x", [])


def test_only_the_named_references_of_telegram_and_numbers_are_decoded() -> None:
    text, entities = parse_html("&lt;&gt;&amp;&quot;&#39;&#x1F600;&nbsp;&copy;&")

    assert (text, entities) == ("<>&\"'😀&nbsp;&copy;&", [])


def test_a_reference_needs_no_semicolon() -> None:
    assert parse_html("A&lt B&#39s &ltx") == ("A< B's &ltx", [])


def test_what_comes_after_the_hundredth_entity_is_dropped() -> None:
    _text, entities = parse_html("<b>x</b> " * 150)

    assert len(entities) == MAX_ENTITIES == 100


@given(PLAIN)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(f"<b>x</b>{escape(text)}.")[0] == f"x{text}."


@given(MARKUP | st.text())
def test_garbage_is_read_or_refused_and_nothing_else(html: str) -> None:
    try:
        text, entities = parse_html(html)
    except ApiError as refused:
        text, entities = refused.description, []
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= units for e in entities)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/next", [("bot_command", 0, 5)]),
        ("😀 /next@some_bot now", [("bot_command", 3, 14)]),
        ("and/or", []),
        ("/usr/bin", []),
        ("see https://example.org/a?b=c", [("url", 4, 25)]),
        ("(@ada_l)", [("mention", 1, 6)]),
        ("ada@example.org", []),
    ],
)
def test_commands_links_and_mentions_are_found(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    assert [(e["type"], e["offset"], e["length"]) for e in find_entities(text)] == found


def test_html_for_the_page_is_escaped_and_links_open_elsewhere() -> None:
    text, entities = parse_html('&lt;i&gt; <a href="https://example.org/?a=1&amp;b=%22">x</a>')

    assert to_html(text, entities) == (
        '&lt;i&gt; <a href="https://example.org/?a=1&amp;b=%22" target="_blank" '
        'rel="noopener noreferrer">x</a>'
    )


class Reader(HTMLParser):
    """Checks that tags are closed in order; keeps the text and the names of tags."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.tags.add(tag)
        assert all(name in ("class", "href", "target", "rel") for name, _value in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# An entity may end within what takes two units, and leaves half of a character then.
ONE_UNIT_EACH = st.text(st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0xFFFF))
ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["bold", "pre", "spoiler", "bot_command", "url", "text_link"]),
            "offset": st.integers(0, 12),
            "length": st.integers(1, 12),
            "url": st.sampled_from(["https://example.org/?a=\"&b='<", "javascript:x"]),
        }
    ),
    max_size=5,
)


@given(ONE_UNIT_EACH, ENTITIES)
def test_html_for_the_page_is_well_formed_whatever_overlaps(
    text: str, entities: list[dict[str, Any]]
) -> None:
    reader = Reader()

    reader.feed(to_html(text, entities))
    reader.close()

    assert reader.opened == []
    assert reader.tags <= {"b", "code", "span", "a"}
    assert reader.text == text


def test_html_for_the_page_has_no_link_to_a_script() -> None:
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}

    assert to_html("x", [entity]) == "x"


@given(PLAIN)
def test_html_for_the_page_never_lets_text_be_markup(text: str) -> None:
    bold = {"type": "bold", "offset": 0, "length": len(text.encode("utf-16-le")) // 2}

    shown = to_html(text, [bold] if text else [])

    assert shown == (f"<b>{escape(text)}</b>" if text else "")
