"""Sending and editing: what else is refused, and what an edit does to a keyboard."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData

from bot.clock import MovableClock
from bot.sandbox import Chat, Limits, Person, Sandbox
from bot.sandbox.composing import MAX_BUTTONS
from bot.sandbox.files import Upload
from bot.sandbox.messages import MAX_UPLOAD
from bot.sandbox.methods import ACTIONS, MAX_DOWNLOAD
from tests.sandbox.api import Api

YES = {"text": "Yes", "callback_data": "yes"}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


@pytest.mark.parametrize(
    ("text", "mode", "taken"),
    [
        ("😀" * 4096, "", True),
        ("😀" * 4097, "", False),
        (f"{'x' * 4096}\n", "", True),
        (f"<b>{'x' * 4096}</b>", "HTML", True),
        (f"<b>{'x' * 4097}</b>", "html", False),
        ("&amp;" * 4096, "HTML", True),
    ],
)
async def test_a_text_is_measured_in_characters_after_its_markup(
    api: Api, group: Chat, text: str, mode: str, *, taken: bool
) -> None:
    answer = await api.call("sendMessage", chat_id=group.id, text=text, parse_mode=mode)

    assert answer.get("description") == (None if taken else "Bad Request: message is too long")


async def test_a_mention_by_number_names_the_person_or_is_plain(
    api: Api, ada: Person, group: Chat
) -> None:
    links = f'<a href="tg://user?id={ada.id}">Ada</a> <a href="tg://user?id=99">who</a>'

    sent = await api.result("sendMessage", chat_id=group.id, text=links, parse_mode="HTML")

    assert sent["text"] == "Ada who"
    assert sent["entities"] == [
        {"type": "text_mention", "offset": 0, "length": 3, "user": ada.as_user()}
    ]


async def test_a_caption_is_shorter_than_a_text(sandbox: Sandbox, api: Api, group: Chat) -> None:
    document = sandbox.files.add(Upload("a.txt", b"x", "text/plain"))["file_id"]
    place = {"chat_id": group.id, "document": document}

    sent = await api.result("sendDocument", **place, caption="x" * 1024)
    refused = await api.refusal("sendDocument", **place, caption="x" * 1025)

    assert sent["caption"] == "x" * 1024
    assert refused == (400, "Bad Request: message caption is too long")


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "A"}, "can't parse inline keyboard button: Text buttons are unallowed"),
        (
            {"text": " ", "callback_data": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed",
        ),
        ({"text": "A", "callback_data": "a" * 65}, "BUTTON_DATA_INVALID"),
        (
            {"text": "A", "url": "example.org"},
            "inline keyboard button URL 'example.org' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_a_bad_button_is_refused(
    api: Api, group: Chat, button: dict[str, Any], reason: str
) -> None:
    answer = await api.refusal(
        "sendMessage", chat_id=group.id, text="x", reply_markup=keyboard([button])
    )

    assert answer == (400, f"Bad Request: {reason}")


async def test_a_button_carries_64_bytes(api: Api, group: Chat) -> None:
    markup = keyboard([{"text": "A", "callback_data": "ю" * 32}])

    sent = await api.result("sendMessage", chat_id=group.id, text="x", reply_markup=markup)

    assert sent["reply_markup"] == markup


async def test_a_keyboard_has_a_hundred_buttons_at_most(api: Api, group: Chat) -> None:
    place = {"chat_id": group.id, "text": "x"}
    rows = [[YES]] * MAX_BUTTONS

    sent = await api.result("sendMessage", **place, reply_markup=keyboard(*rows))
    refused = await api.refusal("sendMessage", **place, reply_markup=keyboard(*rows, [YES]))

    assert len(sent["reply_markup"]["inline_keyboard"]) == 100
    assert refused == (400, "Bad Request: reply markup is too long")


@pytest.mark.parametrize("markup", [keyboard(), keyboard([]), keyboard([], [])])
async def test_an_empty_keyboard_is_none(api: Api, group: Chat, markup: dict[str, Any]) -> None:
    sent = await api.result("sendMessage", chat_id=group.id, text="x", reply_markup=markup)

    assert "reply_markup" not in sent


async def test_an_edit_without_a_keyboard_takes_it_away(
    sandbox: Sandbox, api: Api, clock: MovableClock, group: Chat
) -> None:
    sent = await api.result("sendMessage", chat_id=group.id, text="x", reply_markup=keyboard([YES]))
    place = {"chat_id": group.id, "message_id": sent["message_id"]}
    clock.move(timedelta(minutes=1))

    same_text = await api.result("editMessageText", **place, text="x")
    put_back = await api.result("editMessageReplyMarkup", **place, reply_markup=keyboard([YES]))
    taken = await api.result("editMessageReplyMarkup", **place)
    again = await api.refusal("editMessageReplyMarkup", **place)

    assert "reply_markup" not in same_text
    assert put_back["reply_markup"] == keyboard([YES])
    assert "reply_markup" not in taken
    assert (taken["text"], taken["date"], taken["edit_date"]) == (
        "x",
        sent["date"],
        sent["date"] + 60,
    )
    assert again[1].startswith("Bad Request: message is not modified")
    assert sandbox.last(group).labels == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"text": " "}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
    ],
)
async def test_a_bad_edit_changes_nothing(
    sandbox: Sandbox, api: Api, group: Chat, given: dict[str, Any], reason: str
) -> None:
    sent = await api.result("sendMessage", chat_id=group.id, text="x")
    place = {"chat_id": group.id, "message_id": sent["message_id"]}

    assert await api.refusal("editMessageText", **place, **given) == (400, f"Bad Request: {reason}")
    assert sandbox.last(group).text == "x"


async def test_a_document_has_no_text_to_edit(sandbox: Sandbox, api: Api, group: Chat) -> None:
    document = sandbox.files.add(Upload("a.txt", b"x", "text/plain"))["file_id"]
    sent = await api.result("sendDocument", chat_id=group.id, document=document)

    refused = await api.refusal(
        "editMessageText", chat_id=group.id, message_id=sent["message_id"], text="x"
    )

    assert refused == (400, "Bad Request: there is no text in the message to edit")


async def upload(api: Api, chat: Chat, content: bytes) -> tuple[int, str]:
    form = FormData({"chat_id": str(chat.id)})
    form.add_field("document", content, filename="a.bin")
    url = f"{api.sandbox.origin}/bot{api.sandbox.token}/sendDocument"
    async with api.session.post(url, data=form) as response:
        return response.status, (await response.json()).get("description", "")


async def test_files_have_their_limits(
    api: Api, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_UPLOAD == 50 * 1024 * 1024
    monkeypatch.setattr("bot.sandbox.messages.MAX_UPLOAD", 3)

    assert await upload(api, group, b"") == (400, "Bad Request: file must be non-empty")
    assert await upload(api, group, b"123") == (200, "")
    assert await upload(api, group, b"1234") == (413, "Request Entity Too Large")


async def test_a_big_file_cannot_be_fetched(sandbox: Sandbox, api: Api, group: Chat) -> None:
    document = sandbox.files.add(Upload("a.bin", b"x", "text/plain"))
    document["file_size"] = MAX_DOWNLOAD
    taken = await api.result("getFile", file_id=document["file_id"])
    document["file_size"] = MAX_DOWNLOAD + 1
    refused = await api.refusal("getFile", file_id=document["file_id"])

    assert taken["file_size"] == 20 * 1024 * 1024
    assert refused == (400, "Bad Request: file is too big")


async def test_a_file_that_is_not_there_cannot_be_sent(api: Api, group: Chat) -> None:
    for parameters in ({"document": "attach://slides"}, {"document": "https://example.org/a"}):
        answer = await api.refusal("sendDocument", chat_id=group.id, **parameters)
        assert answer == (400, "Bad Request: wrong file identifier/HTTP URL specified")


async def test_an_action_is_one_of_those_there_are(api: Api, group: Chat) -> None:
    for action in ACTIONS:
        assert await api.result("sendChatAction", chat_id=group.id, action=action)

    assert await api.refusal("sendChatAction", chat_id=group.id, action="thinking") == (
        400,
        "Bad Request: wrong parameter action in request",
    )


async def test_edits_count_as_messages(clock: MovableClock, sandbox: Sandbox, api: Api) -> None:
    from bot.sandbox.limits import Meter

    sandbox.meter = Meter(Limits(group_per_minute=2), clock)
    group = sandbox.add_group("Readers", {sandbox.add_person("Ada"): "creator"})
    sent = await api.result("sendMessage", chat_id=group.id, text="x")
    place = {"chat_id": group.id, "message_id": sent["message_id"]}
    await api.result("editMessageText", **place, text="y")

    assert await api.refusal("editMessageText", **place, text="z") == (
        429,
        "Too Many Requests: retry after 60",
    )
    assert sandbox.last(group).text == "y"


@pytest.mark.parametrize("method", ["setMyCommands", "getMyCommands", "deleteMyCommands"])
async def test_commands_are_only_for_chats_that_there_are(api: Api, method: str) -> None:
    given: dict[str, Any] = {"scope": {"type": "chat", "chat_id": 99}}
    if method == "setMyCommands":
        given["commands"] = [{"command": "next", "description": "What is next"}]

    assert await api.refusal(method, **given) == (400, "Bad Request: chat not found")


async def test_a_private_chat_has_no_administrators_and_cannot_be_left(
    sandbox: Sandbox, api: Api, ada: Person
) -> None:
    sandbox.say(ada, None, "/start")

    assert await api.refusal("getChatAdministrators", chat_id=ada.id) == (
        400,
        "Bad Request: there are no administrators in the private chat",
    )
    assert await api.refusal("leaveChat", chat_id=ada.id) == (
        400,
        "Bad Request: chat member status can't be changed in private chats",
    )
    assert (await api.result("getChat", chat_id=ada.id))["first_name"] == "Ada"
