import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import ApiError
from bot.sandbox.files import Upload
from bot.sandbox.methods import METHODS
from bot.sandbox.schema import Schema

SCHEMA = Schema()
MESSAGE = {"chat_id": 7, "text": "x"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({"text": "x"}, 'parameter "chat_id" is required'),
        ({**MESSAGE, "txet": "y"}, 'unknown parameter "txet"'),
        ({**MESSAGE, "text": 5}, 'parameter "text" must be String'),
        ({**MESSAGE, "chat_id": 1.5}, 'parameter "chat_id" must be String'),
        ({**MESSAGE, "message_thread_id": "1a"}, 'parameter "message_thread_id" must be Integer'),
        ({**MESSAGE, "message_thread_id": True}, 'parameter "message_thread_id" must be Integer'),
        ({**MESSAGE, "message_thread_id": 2**63}, 'parameter "message_thread_id" must be Integer'),
        ({**MESSAGE, "protect_content": "maybe"}, 'parameter "protect_content" must be Boolean'),
        ({**MESSAGE, "entities": "{"}, "can't parse entities: it is no JSON"),
        ({**MESSAGE, "entities": "{}"}, 'parameter "entities" must be an array'),
        ({**MESSAGE, "reply_parameters": "[]"}, 'parameter "reply_parameters" must be an object'),
        (
            {**MESSAGE, "reply_parameters": {}},
            'parameter "reply_parameters.message_id" is required',
        ),
        (
            {**MESSAGE, "link_preview_options": {"disabled": True}},
            'unknown parameter "link_preview_options.disabled"',
        ),
        (
            {**MESSAGE, "entities": [{"type": "bold", "offset": 0, "length": "one"}]},
            'parameter "entities[0].length" must be Integer',
        ),
    ],
)
def test_what_the_table_does_not_allow_is_refused(given_: dict[str, Any], reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        SCHEMA.read("sendMessage", given_)

    assert (caught.value.code, caught.value.description) == (400, f"Bad Request: {reason}")


def test_a_mistake_in_an_inline_keyboard_is_named() -> None:
    keyboard = {"inline_keyboard": [[{"text": "A", "callback": "a"}]]}

    with pytest.raises(ApiError) as caught:
        SCHEMA.read("sendMessage", {**MESSAGE, "reply_markup": keyboard})

    assert caught.value.description == (
        'Bad Request: unknown parameter "reply_markup.inline_keyboard[0][0].callback"'
    )


def test_a_form_gives_the_same_as_json() -> None:
    values: dict[str, Any] = {
        "chat_id": -1002000000001,
        "text": "5",
        "protect_content": True,
        "reply_parameters": {"message_id": 3, "allow_sending_without_reply": True},
        "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]},
        "link_preview_options": {"is_disabled": True},
    }
    form = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
    }

    assert SCHEMA.read("sendMessage", form) == SCHEMA.read("sendMessage", values) == values


def test_an_empty_value_is_as_if_it_were_not_given() -> None:
    assert SCHEMA.read("sendMessage", {**MESSAGE, "parse_mode": None}) == MESSAGE


def test_a_chat_may_be_named_by_number_or_by_name() -> None:
    read = [SCHEMA.read("getChat", {"chat_id": chat})["chat_id"] for chat in (5, "5", "@readers")]

    assert read == [5, 5, "@readers"]


@pytest.mark.parametrize(
    "scope",
    [
        {"type": "default"},
        {"type": "all_private_chats"},
        {"type": "all_group_chats"},
        {"type": "all_chat_administrators"},
        {"type": "chat", "chat_id": 1},
        {"type": "chat_administrators", "chat_id": 1},
        {"type": "chat_member", "chat_id": 1, "user_id": 2},
    ],
)
def test_every_scope_of_commands_is_known_by_its_type(scope: dict[str, Any]) -> None:
    assert SCHEMA.read("getMyCommands", {"scope": scope}) == {"scope": scope}


@pytest.mark.parametrize("scope", [{"type": "chats"}, {}, {"type": "chat"}, {"type": ["chat"]}])
def test_a_scope_of_no_kind_or_without_its_chat_is_refused(scope: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as caught:
        SCHEMA.read("getMyCommands", {"scope": scope})

    assert caught.value.code == 400


def test_a_file_is_taken_as_an_upload_or_by_its_id() -> None:
    upload = Upload("a.pdf", b"x", "application/pdf")

    read = [
        SCHEMA.read("sendDocument", {"chat_id": 1, "document": document})["document"]
        for document in (upload, "file-id")
    ]

    assert read == [upload, "file-id"]


def test_a_string_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(ApiError) as caught:
        SCHEMA.read("sendMessage", {**MESSAGE, "text": "\ud800"})

    assert caught.value.description == "Bad Request: strings must be encoded in UTF-8"


def test_names_of_methods_may_be_written_in_any_case() -> None:
    found = [SCHEMA.canonical(name) for name in ("SENDmessage", "sendInvoice", "sendMesage")]

    assert found == ["sendMessage", "sendInvoice", None]


@given(st.sampled_from(sorted(METHODS)), st.data())
def test_no_request_does_worse_than_be_refused(method: str, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(SCHEMA._table["methods"][method]) or [""])

    given_ = data.draw(st.dictionaries(names, JSON, max_size=4))

    meant = {name for name, value in given_.items() if value is not None}

    try:
        read = set(SCHEMA.read(method, given_))
    except ApiError as refused:
        read = meant if refused.code == 400 else set()
    assert read == meant
