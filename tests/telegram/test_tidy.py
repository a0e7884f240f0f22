"""Whatever comes in place of an update, what is let through can be read and kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.tidy import LARGEST, NEEDED, TYPES, tidied

TEXTS = st.text(st.characters(codec=None))
KNOWN = st.sampled_from(sorted({*TYPES, *NEEDED}))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS | KNOWN, inner),
    max_leaves=20,
)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []


@given(JSON)
def test_what_is_let_through_can_be_stored_and_its_texts_keep_their_length(raw: Any) -> None:
    try:
        kept = tidied(raw)
    except ValueError:
        return
    lengths = [len(text) for text in _texts(raw)]
    if not isinstance(raw, dict):  # two keys may become one
        assert [len(text) for text in _texts(kept)] == lengths
    for text in _texts(kept):
        assert "\0" not in text
        text.encode()


@given(JSON.filter(lambda raw: "\\u0000" not in json.dumps(raw)))
def test_what_is_fine_stays_as_it_is(raw: Any) -> None:
    try:
        json.dumps(raw, ensure_ascii=False).encode()
        kept = tidied(raw)
    except ValueError:
        return
    assert json.dumps(kept) == json.dumps(raw)


def test_zero_bytes_become_blanks_and_halves_of_characters_a_mark() -> None:
    raw = {"text": "a\0b \ud83d c\udca9 😀", "message_id": 7}

    assert tidied(raw) == {"text": "a b \ufffd c\ufffd 😀", "message_id": 7}


@pytest.mark.parametrize(
    "raw",
    [
        {"chat": {"id": [1]}},
        {"chat": {"id": True}},
        {"chat": {"id": LARGEST + 1}},
        {"chat": {"id": 0}},
        {"chat": None},
        {"from": {"id": 0}},
        {"reply_to_message": {"message_id": 1, "chat": {"id": -1}, "from": {"id": 0}}},
        {"new_chat_member": {"user": {"id": -7}, "status": "member"}},
        {"from": 7},
        {"text": ["/next"]},
        {"entities": "x"},
        {"document": {"file_id": "f", "file_name": True}},
        {"document": {"file_id": "f", "file_size": "9"}},
        {"date": "now"},
        {"callback_query": {"id": "1", "data": 7}},
        {"callback_query": {"id": None}},
        {"inline_query": {"id": "1", "query": []}},
        {"chat_member": {"from": {"id": 1}}},
        {"message": {"chat": {"id": 1}}},
        {"callback_query": {"message": {"message_id": 1.5}}},
    ],
)
def test_what_has_not_the_shape_of_an_update_is_none(raw: Any) -> None:
    with pytest.raises(ValueError, match="Telegram"):
        tidied(raw)


def test_what_is_nested_without_end_is_none() -> None:
    raw: dict[str, Any] = {}
    for _ in range(1000):
        raw = {"x": [raw]}

    with pytest.raises(ValueError, match="Telegram"):
        tidied(raw)
