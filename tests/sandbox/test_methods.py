"""What the Bot API refuses, in Telegram's words, and what its methods do."""

from typing import Any

import pytest

from bot.sandbox import Chat, Person, Sandbox
from tests.sandbox.api import Api

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "A", **button}]]}


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("sendMessage", {"text": ""}, "message text is empty"),
        ("sendMessage", {"text": " \n "}, "message text is empty"),
        ("sendMessage", {"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ("sendMessage", {"text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ("sendMessage", {"text": "x", "chat_id": 99}, "chat not found"),
        ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ("sendMessage", {"text": "x", "message_thread_id": 99}, "message thread not found"),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard(callback_data="ю" * 33)},
            "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard(callback_data="")},
            "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": keyboard(url="javascript:alert(1)")},
            "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL",
        ),
        ("editMessageText", {"text": "x", "message_id": 99}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageReplyMarkup", {"message_id": 99}, "message to edit not found"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        (
            "pinChatMessage",
            {"message_id": 1},
            "not enough rights to manage pinned messages in the chat",
        ),
        ("getChatMember", {"user_id": 99}, "PARTICIPANT_ID_INVALID"),
    ],
)
async def test_a_bad_request_is_refused_in_telegrams_words(
    api: Api, group: Chat, method: str, parameters: dict[str, Any], reason: str
) -> None:
    answer = await api.refusal(method, **{"chat_id": group.id, **parameters})

    assert answer == (400, f"Bad Request: {reason}")


async def test_what_does_not_exist_cannot_be_fetched_or_answered(api: Api) -> None:
    file = await api.refusal("getFile", file_id="x")
    query = await api.refusal("answerCallbackQuery", callback_query_id="1")

    assert file == (400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    assert query == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )


@pytest.mark.parametrize(
    ("status", "description"),
    [
        ("kicked", "Forbidden: bot was kicked from the supergroup chat"),
        ("left", "Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_a_bot_that_is_out_of_a_group_cannot_write_there(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat, status: str, description: str
) -> None:
    sandbox.set_bot_status(group, ada, status)

    assert await api.refusal("sendMessage", chat_id=group.id, text="x") == (403, description)


async def test_a_bot_cannot_write_first(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    before = await api.refusal("sendMessage", chat_id=ada.id, text="x")
    sandbox.say(ada, None, "/start")
    sent = await api.result("sendMessage", chat_id=ada.id, text="x")
    sandbox.block(ada)
    after = await api.refusal("sendMessage", chat_id=ada.id, text="x")

    assert before == (403, "Forbidden: bot can't initiate conversation with a user")
    assert sent["chat"] == {
        "id": ada.id,
        "type": "private",
        "first_name": "Ada",
        "last_name": "Lovelace",
    }
    assert after == (403, "Forbidden: bot was blocked by the user")


async def test_a_group_that_became_a_supergroup_names_the_new_one(
    sandbox: Sandbox, api: Api, ada: Person
) -> None:
    old = sandbox.add_group("Small", {ada: "creator"}, kind="group")
    new = sandbox.upgrade(old)

    answer = await api.call("sendMessage", chat_id=old.id, text="x")

    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert (await api.result("sendMessage", chat_id=new.id, text="x"))["chat"]["id"] == new.id


async def test_topics_take_messages_until_they_are_closed(
    sandbox: Sandbox, api: Api, ada: Person
) -> None:
    forum = sandbox.add_group("Forum", {ada: "creator"}, forum=True)
    topic = sandbox.add_topic(forum, "Papers")
    place = {"chat_id": forum.id, "message_thread_id": topic.id, "text": "x"}

    sent = await api.result("sendMessage", **place)
    topic.closed = True

    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic.id, True)
    assert await api.refusal("sendMessage", **place) == (400, "Bad Request: TOPIC_CLOSED")


async def test_an_answer_stays_in_the_topic_of_what_it_answers(
    sandbox: Sandbox, api: Api, ada: Person
) -> None:
    forum = sandbox.add_group("Forum", {ada: "creator"}, forum=True)
    topic = sandbox.add_topic(forum, "Papers")
    asked = sandbox.say(ada, forum, "/next", topic=topic)

    sent = await api.result(
        "sendMessage", chat_id=forum.id, text="x", reply_parameters={"message_id": asked.id}
    )

    assert sent["message_thread_id"] == topic.id


async def test_a_text_of_exactly_4096_characters_is_sent(api: Api, group: Chat) -> None:
    html = f"<b>{'&lt;' * 4096}</b>"

    sent = await api.result("sendMessage", chat_id=group.id, text=html, parse_mode="HTML")

    assert sent["text"] == "<" * 4096
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_a_message_that_is_the_answer_carries_what_it_answers(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    asked = sandbox.say(ada, group, "/next")

    sent = await api.result(
        "sendMessage", chat_id=group.id, text="x", reply_parameters={"message_id": asked.id}
    )
    alone = await api.result(
        "sendMessage",
        chat_id=group.id,
        text="x",
        reply_parameters={"message_id": 99, "allow_sending_without_reply": True},
    )

    assert sent["reply_to_message"]["text"] == "/next"
    assert "reply_to_message" not in alone


async def test_an_edit_changes_the_message_and_an_edit_to_the_same_is_refused(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    sent = await api.result("sendMessage", chat_id=group.id, text="one")
    place = {"chat_id": group.id, "message_id": sent["message_id"]}

    edited = await api.result("editMessageText", **place, text="two")
    again = await api.refusal("editMessageText", **place, text="two")
    with_button = await api.result(
        "editMessageReplyMarkup", **place, reply_markup=keyboard(callback_data="a")
    )

    assert (edited["text"], "edit_date" in edited) == ("two", True)
    assert again == (400, f"Bad Request: {NOT_MODIFIED}")
    assert with_button["reply_markup"] == keyboard(callback_data="a")
    assert [message.text for message in sandbox.messages(group)] == ["two"]


async def test_only_its_own_messages_can_be_edited_or_deleted(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    said = sandbox.say(ada, group, "hello")
    place = {"chat_id": group.id, "message_id": said.id}

    edit = await api.refusal("editMessageText", **place, text="x")
    delete = await api.refusal("deleteMessage", **place)

    assert edit == (400, "Bad Request: message can't be edited")
    assert delete == (400, "Bad Request: message can't be deleted")


async def test_a_deleted_message_is_gone(sandbox: Sandbox, api: Api, group: Chat) -> None:
    sent = await api.result("sendMessage", chat_id=group.id, text="x")

    assert await api.result("deleteMessage", chat_id=group.id, message_id=sent["message_id"])

    assert sandbox.messages(group) == []


async def test_an_administrator_pins_and_unpins(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "administrator")
    said = sandbox.say(ada, group, "hello")

    await api.result("pinChatMessage", chat_id=group.id, message_id=said.id)
    pinned = list(group.pinned)
    await api.result("unpinChatMessage", chat_id=group.id)

    assert (pinned, group.pinned) == ([said.id], [])


async def test_members_and_administrators_are_told_as_they_are(
    sandbox: Sandbox, api: Api, ada: Person, bob: Person, group: Chat
) -> None:
    stranger = sandbox.add_person("Eve")
    statuses = [
        (await api.result("getChatMember", chat_id=group.id, user_id=user))["status"]
        for user in (ada.id, bob.id, stranger.id, sandbox.world.bot.id)
    ]
    administrators = await api.result("getChatAdministrators", chat_id=group.id)

    assert statuses == ["creator", "member", "left", "member"]
    assert [one["user"]["id"] for one in administrators] == [ada.id]
    assert await api.result("getChatMemberCount", chat_id=group.id) == 3


async def test_a_bot_that_left_is_gone(api: Api, group: Chat) -> None:
    await api.result("leaveChat", chat_id=group.id)

    code, _description = await api.refusal("getChat", chat_id=group.id)

    assert code == 403


async def test_commands_are_kept_for_each_scope(api: Api) -> None:
    commands = [{"command": "next", "description": "What is next"}]
    scope = {"type": "all_group_chats"}
    await api.result("setMyCommands", commands=commands, scope=scope)

    kept = [await api.result("getMyCommands", scope=scope), await api.result("getMyCommands")]
    await api.result("deleteMyCommands", scope=scope)

    assert kept == [commands, []]
    assert await api.result("getMyCommands", scope=scope) == []


async def test_given_entities_are_kept(api: Api, group: Chat) -> None:
    bold = {"type": "bold", "offset": 1, "length": 1}

    sent = await api.result("sendMessage", chat_id=group.id, text=" xy", entities=[bold])

    assert (sent["text"], sent["entities"]) == ("xy", [{**bold, "offset": 0}])
