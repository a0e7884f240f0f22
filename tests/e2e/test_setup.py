"""How a chat gets its group, and keeps it."""

from datetime import datetime

import pytest

from bot.sandbox import Chat
from storage.models import Group
from tests.e2e.room import COMMANDS, Room


def _names(here: Room) -> list[str]:
    with here.store.reading() as session:
        return [group.name for group in session.query(Group).order_by(Group.id)]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_before_setup_every_command_says_how_to_begin(bare: Room, kind: str) -> None:
    chat = bare.sandbox.add_group("New", {bare.ann: "member", bare.admin: "creator"}, kind)

    for command in ("/start", *COMMANDS, "/video https://v.example"):
        assert await bare.say(bare.ann, command, chat) == (
            "This chat has no reading group yet. An administrator begins with /setup."
        )


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_after_setup_every_command_answers(bare: Room, kind: str) -> None:
    chat = bare.sandbox.add_group("New", {bare.ann: "member", bare.admin: "creator"}, kind)
    assert "✅" in await bare.say(bare.admin, f"/setup {bare.code}", chat)

    for command in ("/start", *COMMANDS, "/video https://v.example"):
        before = len(bare.told(chat))
        answer = await bare.say(bare.ann, command, chat)
        assert len(bare.told(chat)) == before + 1
        assert "no reading group" not in answer


async def test_a_code_is_asked_for_while_a_group_waits(bare: Room) -> None:
    assert "/setup CODE" in await bare.say(bare.admin, "/setup")
    assert (await bare.say(bare.admin, "/setup WRONG")).startswith("I do not know that code")
    assert "✅" in await bare.say(bare.admin, "/setup new")
    assert "No meeting is planned" in await bare.say(bare.ann, "/next")
    assert bare.chat.title == "Systems"
    assert _names(bare) == ["Systems", "Systems 2"]


async def test_a_member_cannot_set_up_and_the_code_stays_good(bare: Room) -> None:
    for words in ("/setup", "/setup new", f"/setup {bare.code}"):
        assert (await bare.say(bare.ann, words)).startswith("Only organizers")

    assert "✅" in await bare.say(bare.admin, f"/setup {bare.code.lower()}")


async def test_a_code_works_once(bare: Room) -> None:
    await bare.set_up()
    other = bare.sandbox.add_group("Other", {bare.admin: "administrator"})

    assert (await bare.say(bare.admin, f"/setup {bare.code}", other)).startswith(
        "I do not know that code, or it was used already."
    )
    assert await bare.say(bare.ann, "/setup") != ""
    assert "already" in await bare.say(bare.admin, "/setup")
    assert "already" in await bare.say(bare.admin, f"/setup {bare.code}")
    assert _names(bare) == ["Systems"]


async def test_two_chats_of_one_name_are_two_groups(bare: Room) -> None:
    await bare.set_up()
    other = bare.sandbox.add_group("Systems", {bare.admin: "creator"})

    assert "✅ This chat belongs to Systems 2 now." in await bare.say(bare.admin, "/setup", other)
    assert "REFRAG" not in await bare.say(bare.admin, "/next", other)
    assert _names(bare) == ["Systems", "Systems 2"]


async def test_a_hostile_chat_title_is_only_a_name(bare: Room) -> None:
    title = "<b>&\"'{{7*7}}</b>\u202e" + "y" * 110
    other = bare.sandbox.add_group(title, {bare.admin: "creator"})

    answer = await bare.say(bare.admin, "/setup new", other)

    assert answer.startswith("✅ This chat belongs to <b>&\"'{{7*7}}</b>")
    assert "<b>&\"'{{7*7}}</b>" in await bare.say(bare.admin, "/help", other)


async def test_setup_in_private_points_to_the_group(bare: Room) -> None:
    private = bare.sandbox.private(bare.admin)

    assert await bare.say(bare.admin, f"/setup {bare.code}", private) == (
        "That works in the group's chat only."
    )
    assert "✅" in await bare.say(bare.admin, f"/setup {bare.code}")


async def test_an_administrator_who_writes_as_the_group_may_set_up_but_not_claim(
    bare: Room,
) -> None:
    bare.sandbox.say(bare.admin, bare.chat, f"/setup {bare.code}", anonymous=True)
    bare.sandbox.say(bare.admin, bare.chat, "/claim jan 13 2 A title", anonymous=True)
    await bare.sandbox.settled()

    assert bare.told()[0].startswith("✅")
    assert bare.told()[1].startswith("You write as the group itself.")


async def test_two_administrators_who_set_up_at_once_make_one_group(bare: Room) -> None:
    eve = bare.sandbox.add_person("Eve")
    bare.chat.members[eve.id] = "administrator"
    other = bare.sandbox.add_group("Other", {eve: "creator"})
    bare.sandbox.say(bare.admin, bare.chat, f"/setup {bare.code}")
    bare.sandbox.say(eve, other, f"/setup {bare.code}")
    bare.sandbox.say(eve, bare.chat, f"/setup {bare.code}")
    await bare.sandbox.settled()

    told = bare.told() + bare.told(other)
    assert sum(text.startswith("✅") for text in told) == 1


async def test_the_answer_to_every_command_stands_in_its_topic(bare: Room) -> None:
    members = {bare.ann: "member", bare.admin: "creator"}
    forum = bare.sandbox.add_group("Forum", members, forum=True)
    first, second = (bare.sandbox.add_topic(forum, name) for name in ("A", "B"))

    def topics(chat: Chat) -> list[int | None]:
        return [m.topic for m in bare.sandbox.messages(chat) if m.from_bot and m.service is None]

    bare.sandbox.say(bare.admin, forum, f"/setup {bare.code}", topic=first)
    for command in COMMANDS:
        bare.sandbox.say(bare.ann, forum, command, topic=second)
        bare.sandbox.say(bare.ann, forum, command)
    await bare.sandbox.settled()

    assert topics(forum) == [first.id] + [second.id, None] * len(COMMANDS)
    await bare.go_to(datetime(2026, 1, 10, 19))
    assert topics(forum)[-1] == first.id


async def test_setup_again_in_the_general_topic_brings_the_reminders_there(bare: Room) -> None:
    forum = bare.sandbox.add_group("Forum", {bare.admin: "creator"}, forum=True)
    topic = bare.sandbox.add_topic(forum, "A")
    bare.sandbox.say(bare.admin, forum, f"/setup {bare.code}", topic=topic)
    bare.sandbox.say(bare.admin, forum, "/setup")
    await bare.sandbox.settled()
    await bare.go_to(datetime(2026, 1, 10, 19))

    told = [m for m in bare.sandbox.messages(forum) if m.from_bot and m.service is None]
    assert [m.topic for m in told] == [topic.id, None, None]
    assert told[-1].text.startswith("📣")


async def test_the_bot_greets_once_and_never_a_channel(bare: Room) -> None:
    new = bare.sandbox.add_group("New", {bare.admin: "creator"})
    for status in ("left", "member", "administrator", "member"):
        bare.sandbox.set_bot_status(new, bare.admin, status)
    channel = bare.sandbox.add_group("News", {bare.admin: "creator"})
    channel.type = "channel"
    channel.bot_status = "left"
    bare.sandbox.set_bot_status(channel, bare.admin, "administrator")
    await bare.sandbox.settled()

    assert [text[:6] for text in bare.told(new)] == ["Hello!"]
    assert bare.told(channel) == []


async def test_a_bot_that_comes_back_to_its_group_goes_on_without_a_word(bare: Room) -> None:
    await bare.set_up()
    told = bare.told()
    bare.sandbox.set_bot_status(bare.chat, bare.admin, "kicked")
    bare.sandbox.set_bot_status(bare.chat, bare.admin, "member")
    await bare.sandbox.settled()

    assert bare.told() == told
    assert "REFRAG" in await bare.say(bare.ann, "/next")


@pytest.mark.parametrize("order", ["old first", "new first"])
async def test_a_supergroup_keeps_group_and_reminders_of_the_group_it_was(
    bare: Room, order: str
) -> None:
    plain = bare.sandbox.add_group("Plain", {bare.admin: "creator", bare.ann: "member"}, "group")
    await bare.say(bare.admin, f"/setup {bare.code}", plain)
    await bare.stop()
    new = bare.sandbox.upgrade(plain)
    if order == "new first":
        waiting = bare.sandbox.updates._waiting
        first, second = waiting[0]["message"], waiting[1]["message"]
        waiting[0]["message"], waiting[1]["message"] = second, first
    await bare.start()
    await bare.sandbox.settled()

    assert "REFRAG" in await bare.say(bare.ann, "/next", new)
    await bare.go_to(datetime(2026, 1, 10, 19))
    await bare.go_to(datetime(2026, 1, 12, 19))
    assert [text[:1] for text in bare.told(new)][1:] == ["📣", "⏰"]
    assert "already" in await bare.say(bare.admin, "/setup", new)


async def test_a_group_whose_move_was_missed_is_followed_when_an_answer_does_not_get_there(
    bare: Room,
) -> None:
    plain = bare.sandbox.add_group("Plain", {bare.admin: "creator", bare.ann: "member"}, "group")
    await bare.say(bare.admin, f"/setup {bare.code}", plain)
    await bare.stop()
    bare.sandbox.say(bare.ann, plain, "/next")
    new = bare.sandbox.upgrade(plain)
    for _told in range(2):
        bare.sandbox.updates._waiting.pop()
    await bare.start()
    await bare.sandbox.settled()

    assert "REFRAG" in await bare.say(bare.ann, "/next", new)


async def test_a_group_that_becomes_a_supergroup_goes_on_working(bare: Room) -> None:
    plain = bare.sandbox.add_group("Plain", {bare.admin: "creator", bare.ann: "member"}, "group")
    await bare.say(bare.admin, f"/setup {bare.code}", plain)
    new = bare.sandbox.upgrade(plain)
    await bare.sandbox.settled()

    assert "REFRAG" in await bare.say(bare.ann, "/next", new)
