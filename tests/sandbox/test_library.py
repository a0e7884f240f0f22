"""The real library reads every answer of every method and every kind of update."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    ChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
    ReplyParameters,
    Update,
    User,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.sandbox import ApiError, Chat, Person, Sandbox
from bot.sandbox.methods import METHODS
from tests.sandbox.test_photos import png

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="v1:yes")]])


def library(sandbox: Sandbox, token: str) -> Bot:
    return Bot(token, base_url=f"{sandbox.origin}/bot", base_file_url=f"{sandbox.origin}/file/bot")


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    made = library(sandbox, sandbox.token)
    async with made:
        yield made


async def test_the_bot_knows_itself(sandbox: Sandbox, bot: Bot) -> None:
    me = await bot.get_me()

    assert me == User(sandbox.world.bot.id, "Reading", is_bot=True)
    assert (me.username, me.can_join_groups, me.can_read_all_group_messages) == (
        "reading_group_bot",
        True,
        False,
    )


async def test_photos_are_sent_and_edited(sandbox: Sandbox, bot: Bot, group: Chat) -> None:
    sent = await bot.send_photo(group.id, png(), "<b>Tue</b>", parse_mode="HTML")
    recaptioned = await bot.edit_message_caption(group.id, sent.message_id, caption="Wed")
    redrawn = await bot.edit_message_media(
        InputMediaPhoto(png(50, 60), "Thu"), group.id, sent.message_id
    )

    assert (sent.caption, [size.width for size in sent.photo]) == ("Tue", [40])
    assert isinstance(recaptioned, Message)
    assert isinstance(redrawn, Message)
    assert (recaptioned.caption, recaptioned.photo) == ("Wed", sent.photo)
    assert (redrawn.caption, [size.width for size in redrawn.photo]) == ("Thu", [50])
    file = await bot.get_file(redrawn.photo[-1])
    assert bytes(await file.download_as_bytearray()) == png(50, 60)


async def test_an_inline_query_is_read_and_answered(
    sandbox: Sandbox, bot: Bot, ada: Person, group: Chat
) -> None:
    asked = sandbox.ask_inline(ada, "diffkv")
    (update,) = await bot.get_updates()
    query = update.inline_query

    assert query is not None
    assert (query.query, query.from_user.id, query.offset) == ("diffkv", ada.id, "")
    assert await bot.answer_inline_query(
        query.id,
        [InlineQueryResultArticle("talk1", "DiffKV", InputTextMessageContent("<b>x</b>", "HTML"))],
        cache_time=10,
        is_personal=True,
        next_offset="20",
        button=InlineQueryResultsButton("Open", start_parameter="inline"),
    )
    assert (asked.titles, asked.next_offset) == (["DiffKV"], "20")
    sandbox.share(ada, group, asked, "talk1")
    shared = (await bot.get_updates(offset=update.update_id + 1))[-1].message
    assert shared is not None
    assert (shared.text, shared.via_bot and shared.via_bot.username) == ("x", "reading_group_bot")


async def test_messages_are_sent_edited_pinned_and_deleted(
    sandbox: Sandbox, bot: Bot, ada: Person, group: Chat
) -> None:
    sandbox.set_bot_status(group, ada, "administrator")
    asked = sandbox.say(ada, group, "/next")

    sent = await bot.send_message(
        group.id,
        "<b>Well?</b>",
        parse_mode="HTML",
        reply_markup=BUTTONS,
        reply_parameters=ReplyParameters(asked.id),
        disable_notification=True,
    )
    assert await bot.pin_chat_message(group.id, sent.message_id, disable_notification=True)
    edited = await bot.edit_message_text("Well.", group.id, sent.message_id)
    marked = await bot.edit_message_reply_markup(group.id, sent.message_id, reply_markup=BUTTONS)
    assert await bot.unpin_chat_message(group.id, sent.message_id)
    assert await bot.send_chat_action(group.id, "typing")
    assert await bot.delete_message(group.id, sent.message_id)

    assert (sent.text, sent.entities[0].type, sent.reply_markup) == ("Well?", "bold", BUTTONS)
    assert sent.reply_to_message
    assert sent.reply_to_message.from_user
    assert sent.reply_to_message.from_user.id == ada.id
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup, edited.edit_date) == ("Well.", None, edited.date)
    assert isinstance(marked, Message)
    assert marked.reply_markup == BUTTONS


async def test_documents_go_up_and_come_down(bot: Bot, group: Chat) -> None:
    sent = await bot.send_document(
        group.id, b"%PDF", filename="slides.pdf", caption="<i>Slides</i>", parse_mode="HTML"
    )
    assert sent.document
    again = await bot.send_document(group.id, sent.document.file_id)

    file = await bot.get_file(sent.document.file_id)

    assert (sent.caption, sent.caption_entities[0].type) == ("Slides", "italic")
    assert (sent.document.file_name, sent.document.mime_type) == ("slides.pdf", "application/pdf")
    assert again.document == sent.document
    assert bytes(await file.download_as_bytearray()) == b"%PDF"


@pytest.mark.parametrize("status", ["creator", "administrator", "member", "restricted"])
async def test_who_is_there_is_read_whatever_they_are(
    sandbox: Sandbox, bot: Bot, status: str
) -> None:
    eve = sandbox.add_person("Eve")
    group = sandbox.add_group("Readers", {eve: status})

    member = await bot.get_chat_member(group.id, eve.id)
    administrators = await bot.get_chat_administrators(group.id)

    assert (member.status, member.user.id) == (status, eve.id)
    assert [one.user.id for one in administrators] == (
        [eve.id] if status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR) else []
    )
    assert await bot.get_chat_member_count(group.id) == 2


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_who_is_gone_is_read_too(
    sandbox: Sandbox, bot: Bot, bob: Person, group: Chat, status: str
) -> None:
    sandbox.set_status(group, bob, status)

    member = await bot.get_chat_member(group.id, bob.id)

    assert member.status == {"left": ChatMember.LEFT, "kicked": ChatMember.BANNED}[status]
    assert await bot.get_chat_member_count(group.id) == 2


async def test_chats_are_read_and_left(
    sandbox: Sandbox, bot: Bot, ada: Person, group: Chat
) -> None:
    sandbox.say(ada, None, "/start")
    forum = sandbox.add_group("Forum", {ada: "creator"}, forum=True)

    found = [await bot.get_chat(chat_id) for chat_id in (group.id, ada.id, forum.id)]
    assert await bot.leave_chat(group.id)

    assert [(chat.type, chat.title, chat.first_name, chat.is_forum) for chat in found] == [
        ("supergroup", "Readers", None, None),
        ("private", None, "Ada", None),
        ("supergroup", "Forum", None, True),
    ]
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_commands_are_set_read_and_taken_back(bot: Bot) -> None:
    commands = (BotCommand("next", "What is next"), BotCommand("open", "Free slots"))
    scope = BotCommandScopeAllGroupChats()

    assert await bot.set_my_commands(commands, scope)
    kept = await bot.get_my_commands(scope)
    assert await bot.delete_my_commands(scope)

    assert (kept, await bot.get_my_commands(scope)) == (commands, ())


async def test_there_is_no_webhook(bot: Bot, sandbox: Sandbox, ada: Person, group: Chat) -> None:
    sandbox.say(ada, group, "/next")
    info = await bot.get_webhook_info()
    assert await bot.delete_webhook(drop_pending_updates=True)

    assert (info.url, info.pending_update_count) == ("", 1)
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_every_kind_of_update_is_read(
    sandbox: Sandbox, bot: Bot, ada: Person, bob: Person, group: Chat
) -> None:
    assert await bot.get_updates(allowed_updates=Update.ALL_TYPES) == ()
    await bot.send_message(group.id, "Well?", reply_markup=BUTTONS)
    sandbox.set_bot_status(group, ada, "administrator")
    said = sandbox.say(ada, group, "/nxt", reply_to=sandbox.last(group))
    sandbox.edit(said, "/next")
    sandbox.tap(bob, sandbox.last(group), "Yes")
    sandbox.set_status(group, bob, "kicked", by=ada)
    sandbox.say(ada, group, "anybody?", anonymous=True)
    sandbox.say(ada, None, "/start")
    sandbox.send_file(ada, None, "page.md", b"# Term")

    updates = await bot.get_updates()

    assert [[name for name in update.to_dict() if name != "update_id"] for update in updates] == [
        ["my_chat_member"],
        ["message"],
        ["edited_message"],
        ["callback_query"],
        ["message"],
        ["chat_member"],
        ["message"],
        ["message"],
        ["message"],
    ]
    assert [update.update_id for update in updates] == list(sandbox.updates.pending)
    query = updates[3].callback_query
    assert query
    assert isinstance(query.message, Message)
    assert (query.data, query.message.text) == ("v1:yes", "Well?")
    assert await query.answer("Done", show_alert=True)
    change = updates[5].chat_member
    assert change
    assert change.difference()["status"] == ("member", "kicked")
    anonymous = updates[6].message
    assert anonymous
    assert anonymous.sender_chat
    assert anonymous.sender_chat.id == group.id
    assert await bot.get_updates(offset=updates[-1].update_id + 1) == ()


async def test_topics_and_upgrades_are_read(sandbox: Sandbox, bot: Bot, ada: Person) -> None:
    forum = sandbox.add_group("Forum", {ada: "creator"}, forum=True)
    topic = sandbox.add_topic(forum, "Papers")
    sandbox.say(ada, forum, "/next", topic=topic)
    small = sandbox.add_group("Small", {ada: "creator"}, kind="group")
    large = sandbox.upgrade(small)

    opened, said, to, from_ = [update.message for update in await bot.get_updates()]

    assert opened
    assert opened.forum_topic_created
    assert opened.forum_topic_created.name == "Papers"
    assert said
    assert (said.is_topic_message, said.message_thread_id) == (True, topic.id)
    answer = await said.reply_text("Here.")
    assert answer.message_thread_id == topic.id
    assert to
    assert from_
    assert (to.migrate_to_chat_id, from_.migrate_from_chat_id) == (large.id, small.id)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(small.id, "x")
    assert moved.value.new_chat_id == large.id


async def test_an_answer_in_a_chain_of_answers_arrives(
    sandbox: Sandbox, bot: Bot, ada: Person, group: Chat
) -> None:
    first = sandbox.say(ada, group, "/one")
    sandbox.say(ada, group, "/two", reply_to=first)
    said = (await bot.get_updates())[1].message
    assert said

    answer = await said.reply_text("Here.")

    assert answer.reply_to_message
    assert (said.message_thread_id, answer.message_thread_id) == (first.id, first.id)


async def test_refusals_become_the_librarys_errors(
    sandbox: Sandbox, bot: Bot, ada: Person, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # what the library will do one day
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(group.id, " ")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "x")
    with pytest.raises(Forbidden, match="bot can't initiate conversation"):
        await bot.send_message(ada.id, "x")
    sandbox.fail_next(
        "sendMessage", ApiError(429, "Too Many Requests: retry after 7", retry_after=7)
    )
    with pytest.raises(RetryAfter, match="Retry in 0:00:07"):
        await bot.send_message(group.id, "x")


async def test_a_wrong_token_is_the_librarys_invalid_token(sandbox: Sandbox) -> None:
    bot = library(sandbox, "1:wrong")
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


def test_these_tests_call_every_method_that_there_is() -> None:
    import re
    from pathlib import Path

    called = set(re.findall(r"bot\.(\w+)\(", Path(__file__).read_text(encoding="utf-8")))
    names = {re.sub(r"(?=[A-Z])", "_", name).lower() for name in METHODS}

    assert names - called == {"answer_callback_query"}  # by `query.answer`
