"""What people do, and what a bot hears of it."""

import asyncio

import pytest

from bot.sandbox import Chat, Person, Sandbox
from tests.sandbox.api import Api

BOT = {
    "id": 1_000_000_001,
    "is_bot": True,
    "first_name": "Reading",
    "last_name": "Group Bot",
    "username": "reading_group_bot",
}


async def with_button(api: Api, chat: Chat) -> None:
    rows = [
        [{"text": "Yes", "callback_data": "v1:yes"}],
        [{"text": "Page", "url": "https://example.org"}],
    ]
    markup = {"inline_keyboard": rows}
    await api.result("sendMessage", chat_id=chat.id, text="Well?", reply_markup=markup)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/next", True),
        ("/next@reading_group_bot please", True),
        ("/next@READING_group_bot", True),
        ("/next@another_bot", False),
        ("hello", False),
        ("hello @reading_group_bot", True),
        ("hello @reading_group_bot2", False),
        ("hello /next", True),
    ],
)
async def test_privacy_mode_lets_through_what_is_for_the_bot(
    sandbox: Sandbox, api: Api, bob: Person, group: Chat, text: str, heard: bool
) -> None:
    sandbox.say(bob, group, text)

    assert [u["message"]["text"] for u in await api.updates()] == ([text] if heard else [])


async def test_a_reply_to_the_bot_is_heard(
    sandbox: Sandbox, api: Api, bob: Person, group: Chat
) -> None:
    await api.result("sendMessage", chat_id=group.id, text="What?")
    sandbox.say(bob, group, "this", reply_to=sandbox.last(group))

    (update,) = await api.updates()

    assert update["message"]["reply_to_message"]["from"] == BOT


async def test_an_administrator_hears_everything(
    sandbox: Sandbox, api: Api, ada: Person, bob: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "administrator")
    sandbox.say(bob, group, "hello")

    assert [next(iter(update)) for update in await api.updates()] == ["my_chat_member", "message"]


async def test_a_message_is_told_with_all_that_a_library_reads(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    said = sandbox.say(ada, group, "😀 /next@reading_group_bot")

    assert await api.updates() == [
        {
            "message": {
                "message_id": said.id,
                "date": 1767920400,
                "chat": {"id": group.id, "type": "supergroup", "title": "Readers"},
                "from": {
                    "id": ada.id,
                    "is_bot": False,
                    "first_name": "Ada",
                    "last_name": "Lovelace",
                    "username": "ada",
                },
                "text": "😀 /next@reading_group_bot",
                "entities": [{"type": "bot_command", "offset": 3, "length": 23}],
            }
        }
    ]


def test_ids_are_of_the_sizes_that_telegram_uses(
    sandbox: Sandbox, ada: Person, group: Chat
) -> None:
    small = sandbox.add_group("Small", {ada: "creator"}, kind="group")

    assert ada.id > 2**31
    assert str(group.id).startswith("-100")
    assert len(str(group.id)) == 14
    assert small.id < 0
    assert not str(small.id).startswith("-100")


async def test_an_anonymous_administrator_speaks_as_the_group(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.say(ada, group, "/next", anonymous=True)

    (update,) = await api.updates()

    assert update["message"]["from"]["id"] == 1087968824
    assert update["message"]["sender_chat"]["id"] == group.id


async def test_a_message_in_a_topic_names_it(sandbox: Sandbox, api: Api, ada: Person) -> None:
    forum = sandbox.add_group("Forum", {ada: "creator"}, forum=True)
    topic = sandbox.add_topic(forum, "Papers")
    sandbox.say(ada, forum, "/next", topic=topic)
    sandbox.say(ada, forum, "/next")

    told = [update["message"] for update in await api.updates()]

    assert [message["chat"].get("is_forum") for message in told] == [True] * 3
    assert [message.get("message_thread_id") for message in told[1:]] == [topic.id, None]
    assert told[1]["is_topic_message"]


async def test_an_upgrade_is_told_in_both_chats(sandbox: Sandbox, api: Api, ada: Person) -> None:
    old = sandbox.add_group("Small", {ada: "creator"}, kind="group")
    new = sandbox.upgrade(old)

    to, from_ = (update["message"] for update in await api.updates())

    assert (to["chat"]["id"], to["migrate_to_chat_id"]) == (old.id, new.id)
    assert (from_["chat"]["id"], from_["migrate_from_chat_id"]) == (new.id, old.id)
    assert new.members == {ada.id: "creator"}
    with pytest.raises(ValueError, match="became a supergroup"):
        sandbox.say(ada, old, "hello?")


async def test_an_edit_is_told_as_one(sandbox: Sandbox, api: Api, ada: Person, group: Chat) -> None:
    said = sandbox.say(ada, group, "/nxt")
    sandbox.edit(said, "/next")

    _said, edited = await api.updates()

    assert edited["edited_message"]["text"] == "/next"
    assert edited["edited_message"]["edit_date"] == 1767920400


async def test_joining_and_leaving_are_told_by_service_messages(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    eve = sandbox.add_person("Eve")
    sandbox.set_status(group, eve, "member")
    sandbox.set_status(group, eve, "left")

    joined, left = (update["message"] for update in await api.updates())

    assert [user["id"] for user in joined["new_chat_members"]] == [eve.id]
    assert left["left_chat_member"]["id"] == eve.id


async def test_an_administrator_that_asked_hears_of_promotions(
    sandbox: Sandbox, api: Api, ada: Person, bob: Person, group: Chat
) -> None:
    await api.updates(allowed_updates=["chat_member"])
    sandbox.set_bot_status(group, ada, "administrator")
    sandbox.set_status(group, bob, "administrator", by=ada)

    (update,) = await api.updates()

    change = update["chat_member"]
    assert change["from"]["id"] == ada.id
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"]["status"] == "administrator"
    assert change["new_chat_member"]["can_pin_messages"] is True


async def test_blocking_and_coming_back_are_told(sandbox: Sandbox, api: Api, ada: Person) -> None:
    sandbox.say(ada, None, "/start")
    sandbox.block(ada)
    sandbox.say(ada, None, "/start")

    told = await api.updates()

    changes = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        for update in told
        if (change := update.get("my_chat_member"))
    ]
    assert changes == [("member", "kicked"), ("kicked", "member")]
    assert [next(iter(u)) for u in told][-1] == "message"


async def test_a_tap_is_told_with_its_message_and_answered(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    asked = sandbox.say(ada, group, "/claim")
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "v1:yes"}]]}
    reply = {"message_id": asked.id}
    await api.result(
        "sendMessage", chat_id=group.id, text="?", reply_markup=markup, reply_parameters=reply
    )
    tap = sandbox.tap(ada, sandbox.last(group), "Yes")
    _said, update = await api.updates()
    query = update["callback_query"]

    await api.result(
        "answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True
    )
    again = await api.refusal("answerCallbackQuery", callback_query_id=query["id"])

    assert (query["data"], query["from"]["id"]) == ("v1:yes", ada.id)
    assert query["message"]["reply_to_message"]["text"] == "/claim"
    assert (tap.text, tap.alert, tap.answered.is_set()) == ("Done", True, True)
    assert again[1].startswith("Bad Request: query is too old")


async def test_a_tap_may_name_the_data_and_an_unknown_one_lists_the_labels(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    await with_button(api, group)
    message = sandbox.last(group)

    assert sandbox.tap(ada, message, "v1:yes").data == "v1:yes"
    for label in ("No", "Page"):
        with pytest.raises(ValueError, match=r"\['Yes', 'Page'\]"):
            sandbox.tap(ada, message, label)


async def test_who_is_not_there_cannot_speak_or_tap(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    await with_button(api, group)
    eve = sandbox.add_person("Eve")

    for act in (
        lambda: sandbox.say(eve, group, "hello"),
        lambda: sandbox.tap(eve, sandbox.last(group), "Yes"),
        lambda: sandbox.send_file(eve, group, "a.txt", b"x"),
    ):
        with pytest.raises(ValueError, match="Eve is not in that chat"):
            act()


async def test_a_file_is_told_and_can_be_fetched(sandbox: Sandbox, api: Api, ada: Person) -> None:
    sandbox.say(ada, None, "/start")
    sandbox.send_file(ada, None, "page.md", b"# Term")
    document = (await api.updates())[1]["message"]["document"]

    found = await api.result("getFile", file_id=document["file_id"])
    url = f"{sandbox.origin}/file/bot{sandbox.token}/{found['file_path']}"
    async with api.session.get(url) as response:
        content = await response.read()

    assert (document["file_name"], document["file_size"], content) == ("page.md", 6, b"# Term")


async def test_waiting_wakes_on_what_the_bot_does(sandbox: Sandbox, api: Api, group: Chat) -> None:
    waiting = asyncio.create_task(sandbox.wait_for(lambda: sandbox.messages(group)))

    await api.result("sendMessage", chat_id=group.id, text="here")

    await waiting
    assert sandbox.last(group).text == "here"
