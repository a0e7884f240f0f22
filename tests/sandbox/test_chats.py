"""What a chat is to a bot: topics, threads, upgrades, who is in it, and who may write."""

from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.sandbox import Chat, Person, Sandbox, Topic
from bot.sandbox.world import MAX_MESSAGES
from tests.sandbox.api import Api


@pytest.fixture
def forum(sandbox: Sandbox, ada: Person, bob: Person) -> Chat:
    return sandbox.add_group("Forum", {ada: "creator", bob: "member"}, forum=True)


@pytest.fixture
def papers(sandbox: Sandbox, forum: Chat) -> Topic:
    return sandbox.add_topic(forum, "Papers")


async def test_a_topic_begins_with_a_message_of_its_own(
    api: Api, ada: Person, papers: Topic
) -> None:
    (update,) = await api.updates()

    opened = update["message"]
    assert opened["forum_topic_created"] == {"name": "Papers", "icon_color": 7322096}
    assert (opened["message_id"], opened["message_thread_id"]) == (papers.id, papers.id)
    assert opened["from"]["id"] == ada.id
    assert "reply_to_message" not in opened


async def test_a_message_in_a_topic_seems_to_answer_the_one_that_opened_it(
    sandbox: Sandbox, api: Api, ada: Person, forum: Chat, papers: Topic
) -> None:
    sandbox.say(ada, forum, "/next", topic=papers)

    _opened, update = await api.updates()

    assert update["message"]["reply_to_message"]["message_id"] == papers.id
    assert "forum_topic_created" in update["message"]["reply_to_message"]


async def test_an_answer_of_a_person_stays_in_the_topic_too(
    sandbox: Sandbox, ada: Person, forum: Chat, papers: Topic
) -> None:
    asked = sandbox.say(ada, forum, "/next", topic=papers)

    assert sandbox.say(ada, forum, "/open", reply_to=asked).topic == papers.id


@pytest.mark.parametrize("topic", [1, 99])
async def test_the_general_topic_has_no_number_to_send_to(
    api: Api, forum: Chat, papers: Topic, topic: int
) -> None:
    answer = await api.refusal("sendMessage", chat_id=forum.id, text="x", message_thread_id=topic)

    assert answer == (400, "Bad Request: message thread not found")


async def test_only_administrators_write_in_a_closed_topic(
    sandbox: Sandbox, api: Api, ada: Person, bob: Person, forum: Chat, papers: Topic
) -> None:
    papers.closed = True
    place = {"chat_id": forum.id, "message_thread_id": papers.id, "text": "x"}

    refused = await api.refusal("sendMessage", **place)
    sandbox.set_bot_status(forum, ada, "administrator")
    sent = await api.result("sendMessage", **place)

    assert refused == (400, "Bad Request: TOPIC_CLOSED")
    assert sent["is_topic_message"]
    assert sandbox.say(ada, forum, "x", topic=papers).topic == papers.id
    with pytest.raises(ValueError, match="That topic is closed"):
        sandbox.say(bob, forum, "x", topic=papers)


async def test_nobody_writes_in_a_topic_that_is_not_there(
    sandbox: Sandbox, ada: Person, forum: Chat
) -> None:
    with pytest.raises(ValueError, match="no such topic"):
        sandbox.say(ada, forum, "x", topic=99)


async def test_a_chain_of_answers_has_a_thread_number_that_is_no_topic(
    sandbox: Sandbox, api: Api, ada: Person, bob: Person, group: Chat
) -> None:
    first = sandbox.say(ada, group, "/one")
    second = sandbox.say(bob, group, "/two", reply_to=first)
    sandbox.say(ada, group, "/three", reply_to=second)

    told = [update["message"] for update in await api.updates()]
    answer = await api.refusal(
        "sendMessage", chat_id=group.id, text="x", message_thread_id=first.id
    )

    assert [m.get("message_thread_id") for m in told] == [None, first.id, first.id]
    assert not any("is_topic_message" in message for message in told)
    assert answer == (400, "Bad Request: message thread not found")


async def test_small_groups_number_no_threads(sandbox: Sandbox, api: Api, ada: Person) -> None:
    small = sandbox.add_group("Small", {ada: "creator"}, kind="group")
    asked = sandbox.say(ada, small, "/one")
    sandbox.say(ada, small, "/two", reply_to=asked)

    assert "message_thread_id" not in (await api.updates())[1]["message"]


async def test_an_answer_may_point_into_another_chat(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    said = sandbox.say(ada, None, "/start")
    sandbox.say(ada, None, "/again")
    elsewhere = {"message_id": said.id, "chat_id": ada.id}

    sent = await api.result("sendMessage", chat_id=group.id, text="x", reply_parameters=elsewhere)
    missing = await api.refusal(
        "sendMessage", chat_id=group.id, text="x", reply_parameters={**elsewhere, "message_id": 99}
    )

    assert "reply_to_message" not in sent
    assert missing == (400, "Bad Request: message to be replied not found")


async def test_a_bot_that_is_added_hears_that_it_joined(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "kicked")
    sandbox.set_bot_status(group, ada, "member")

    removed, added, joined = await api.updates()

    assert removed["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert [u["id"] for u in joined["message"]["new_chat_members"]] == [sandbox.world.bot.id]


async def test_a_bot_that_is_out_hears_nothing(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await api.result("sendMessage", chat_id=group.id, text="?", reply_markup=markup)
    sandbox.set_bot_status(group, ada, "kicked")

    sandbox.say(ada, group, "/next")
    sandbox.tap(ada, sandbox.last(group), "Yes")

    assert [next(iter(update)) for update in await api.updates()] == ["my_chat_member"]


async def test_who_removes_somebody_is_named(
    sandbox: Sandbox, api: Api, ada: Person, bob: Person, group: Chat
) -> None:
    sandbox.set_status(group, bob, "kicked", by=ada)

    (update,) = await api.updates()

    assert update["message"]["from"]["id"] == ada.id
    assert update["message"]["left_chat_member"]["id"] == bob.id
    with pytest.raises(ValueError, match="Bob is not in that chat"):
        sandbox.say(bob, group, "/next")


async def test_a_restricted_bot_may_look_but_not_write(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "restricted")

    text = await api.refusal("sendMessage", chat_id=group.id, text="x")
    document = await api.refusal("sendDocument", chat_id=group.id, document="x")

    assert text == (400, "Bad Request: not enough rights to send text messages to the chat")
    assert document == (400, "Bad Request: not enough rights to send documents to the chat")
    assert (await api.result("getChat", chat_id=group.id))["title"] == "Readers"


async def test_somebody_whom_the_bot_never_met_is_no_chat_at_all(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    eve = sandbox.add_person("Eve")

    stranger = await api.refusal("sendMessage", chat_id=eve.id, text="x")
    sandbox.set_status(group, eve, "member")
    member = await api.refusal("sendMessage", chat_id=eve.id, text="x")

    assert stranger == (400, "Bad Request: chat not found")
    assert member == (403, "Forbidden: bot can't initiate conversation with a user")


async def test_a_start_with_a_payload_arrives_as_it_is(
    sandbox: Sandbox, api: Api, ada: Person
) -> None:
    sandbox.say(ada, None, "/start claim-41")

    (update,) = await api.updates()

    assert update["message"]["text"] == "/start claim-41"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["chat"]["type"] == "private"


async def test_only_administrators_are_anonymous(
    sandbox: Sandbox, bob: Person, group: Chat
) -> None:
    with pytest.raises(ValueError, match="Bob is no administrator"):
        sandbox.say(bob, group, "/next", anonymous=True)


async def test_a_bot_does_not_hear_itself(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "administrator")
    await api.result("sendMessage", chat_id=group.id, text="/next")

    assert [next(iter(update)) for update in await api.updates()] == ["my_chat_member"]


async def test_a_person_can_delete_nothing_that_the_bot_may_not(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    mine = sandbox.say(ada, None, "/start")
    hers = sandbox.say(ada, group, "hello")

    refused = await api.refusal("deleteMessage", chat_id=group.id, message_id=hers.id)
    sandbox.set_bot_status(group, ada, "administrator")
    await api.result("deleteMessage", chat_id=group.id, message_id=hers.id)
    await api.result("deleteMessage", chat_id=ada.id, message_id=mine.id)

    assert refused == (400, "Bad Request: message can't be deleted")
    assert [sandbox.messages(chat) for chat in (group, sandbox.private(ada))] == [[], []]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("supergroup", "message can't be deleted"),
        ("group", "message can't be deleted for everyone"),
    ],
)
async def test_after_two_days_a_message_stays(
    sandbox: Sandbox, api: Api, clock: MovableClock, ada: Person, kind: str, reason: str
) -> None:
    chat = sandbox.add_group("Readers", {ada: "creator"}, kind=kind)
    sent = [await api.result("sendMessage", chat_id=chat.id, text="x") for _ in range(2)]
    young, old = ({"chat_id": chat.id, "message_id": m["message_id"]} for m in sent)

    clock.move(timedelta(hours=48) - timedelta(seconds=1))
    await api.result("deleteMessage", **young)
    clock.move(timedelta(seconds=1))

    assert await api.refusal("deleteMessage", **old) == (400, f"Bad Request: {reason}")


async def test_a_deleted_message_is_pinned_no_more(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "administrator")
    sent = await api.result("sendMessage", chat_id=group.id, text="x")
    place = {"chat_id": group.id, "message_id": sent["message_id"]}
    await api.result("pinChatMessage", **place)

    await api.result("deleteMessage", **place)

    assert group.pinned == []
    assert await api.refusal("unpinChatMessage", chat_id=group.id) == (
        400,
        "Bad Request: message to unpin not found",
    )


def test_a_chat_forgets_its_oldest_messages(
    sandbox: Sandbox, clock: MovableClock, ada: Person, group: Chat
) -> None:
    first = group.add(ada, clock.now(), text="first")
    group.pinned.append(first.id)
    for _ in range(MAX_MESSAGES):
        group.add(ada, clock.now(), text="x")

    assert len(group.messages) == MAX_MESSAGES
    assert first.id not in group.messages
    assert group.pinned == []
    assert group.last_id == MAX_MESSAGES + 1
