"""The same handlers everywhere: in private, in groups, in forum topics, and in chats that are
nobody's."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import URL

from tests.e2e.room import Room, room

COMMANDS = (
    "/next",
    "/schedule",
    "/meeting jan 13",
    "/open",
    "/find refrag",
    "/mine",
    "/help",
    "/claim jan 20 1 A title",
    "/release",
)


@pytest.fixture(name="here")
async def _here(sqlite_url: URL) -> AsyncIterator[Room]:
    async with room(sqlite_url) as made:
        yield made


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_answers_in_the_group_and_in_private(here: Room, command: str) -> None:
    await here.set_up()
    private = here.sandbox.private(here.ann)
    assert "Hello Ann!" in await here.say(here.ann, "/start", private)

    assert await here.say(here.ben, command) != ""
    assert await here.say(here.ann, command, private) != ""


async def test_a_forum_topic_gets_its_answers_and_its_reminders(here: Room) -> None:
    forum = here.sandbox.add_group("Forum", {here.admin: "creator"}, forum=True)
    topic = here.sandbox.add_topic(forum, "Papers")
    here.sandbox.say(here.admin, forum, f"/setup {here.code}", topic=topic)
    here.sandbox.say(here.admin, forum, "/next", topic=topic)
    await here.sandbox.settled()
    await here.go_to(datetime(2026, 1, 10, 19))

    told = [m for m in here.sandbox.messages(forum) if m.from_bot and m.service is None]
    assert [message.topic for message in told] == [topic.id] * 3
    assert told[-1].text.startswith("📣")


async def test_reminders_follow_setup_into_another_topic(here: Room) -> None:
    forum = here.sandbox.add_group("Forum", {here.admin: "creator"}, forum=True)
    first, second = here.sandbox.add_topic(forum, "A"), here.sandbox.add_topic(forum, "B")
    here.sandbox.say(here.admin, forum, f"/setup {here.code}", topic=first)
    here.sandbox.say(here.admin, forum, "/setup", topic=second)
    await here.sandbox.settled()
    await here.go_to(datetime(2026, 1, 10, 19))

    assert here.sandbox.last(forum).topic == second.id


async def test_a_chat_without_a_group_is_told_how_to_begin(here: Room) -> None:
    assert await here.say(here.ann, "/next") == (
        "This chat has no reading group yet. An administrator begins with /setup."
    )


async def test_a_stranger_learns_nothing_in_private(here: Room) -> None:
    await here.set_up()
    stranger = here.sandbox.add_person("Stranger")
    private = here.sandbox.private(stranger)

    for words in ("/start", "/start g1", "/next", "/find refrag", "hello"):
        answer = await here.say(stranger, words, private)
        assert answer != ""
        assert "REFRAG" not in answer
        assert "Systems" not in answer


async def test_setup_wants_an_administrator(here: Room) -> None:
    assert (await here.say(here.ann, f"/setup {here.code}")).startswith("Only organizers")
    assert "✅" in await here.say(here.admin, f"/setup {here.code}")


async def test_an_administrator_who_writes_as_the_group_may_set_up_but_not_claim(
    here: Room,
) -> None:
    here.sandbox.say(here.admin, here.chat, f"/setup {here.code}", anonymous=True)
    here.sandbox.say(here.admin, here.chat, "/claim jan 13 2 A title", anonymous=True)
    await here.sandbox.settled()

    assert here.told()[0].startswith("✅")
    assert here.told()[1].startswith("You write as the group itself.")


async def test_a_code_is_asked_for_while_a_group_waits(here: Room) -> None:
    assert "/setup CODE" in await here.say(here.admin, "/setup")
    assert (await here.say(here.admin, "/setup WRONG")).startswith("I do not know that code")
    assert "✅" in await here.say(here.admin, "/setup new")
    assert "is planned" in await here.say(here.ann, "/next")


async def test_what_is_not_for_the_bot_is_left_alone(here: Room) -> None:
    await here.set_up()
    told = here.told()

    sent = here.sandbox.say(here.ann, here.chat, "Anybody for lunch?")
    here.sandbox.edit(sent, "/next")
    here.sandbox.say(here.ann, here.chat, "/next@some_other_bot")
    here.sandbox.say(here.ann, here.chat, "/dance")
    here.sandbox.send_file(here.ann, here.chat, "slides.pdf", b"%PDF")
    await here.sandbox.settled()

    assert here.told() == told


async def test_the_bot_says_hello_when_it_is_added_to_a_chat(here: Room) -> None:
    new = here.sandbox.add_group("New", {here.admin: "creator"})
    here.sandbox.set_bot_status(new, here.admin, "left")
    here.sandbox.set_bot_status(new, here.admin, "member")
    await here.sandbox.settled()

    assert len(here.told(new)) == 1
    assert "/setup" in here.told(new)[0]


async def test_a_person_in_two_groups_chooses_what_the_private_chat_is_about(here: Room) -> None:
    await here.set_up()
    other = here.sandbox.add_group("Databases", {here.ann: "creator"})
    await here.say(here.ann, "/setup new", other)
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/claim jan 13 2 A title")

    await here.say(here.ann, "/start", private)
    question = here.sandbox.last(private)
    assert sorted(question.labels) == ["Databases", "Systems"]
    await here.tap(here.ann, "Databases", question)
    assert "No meeting is planned" in await here.say(here.ann, "/next", private)
    await here.say(here.ann, "/start g1", private)
    assert "REFRAG" in await here.say(here.ann, "/next", private)


async def test_old_and_forged_buttons_are_answered_politely(here: Room) -> None:
    await here.set_up()
    await here.say(here.ann, "/schedule")
    message = here.sandbox.last(here.chat)
    forged = ("c0:page:1:0", "c1:page:999:0", "c1:book:1:1", "c1:arrived:1:1", "nonsense", "c1:")
    for data in forged:
        message.keyboard = [[{"text": "x", "callback_data": data}]]
        assert await here.tap(here.ben, "x", message) != ""


async def test_hostile_words_are_shown_as_they_are(here: Room) -> None:
    await here.set_up()
    title = "<b>x</b> &amp; \"'`$%{{7*7}} abc 🦄"
    turned = title.replace("abc", "\u202eabc")  # would turn the rest of the line around

    await here.say(here.ann, f"/claim jan 13 2 {turned}")

    assert title in await here.say(here.ben, "/next")
    assert title in await here.say(here.ben, "/find {{7*7}}")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/claim jan 13 2 https://arxiv.org/abs/1", "The title is missing."),
        ("/claim jan 13 2 " + "x" * 600, "That title is too long."),
        ("/claim jan 14 A title", "There is no meeting on Wed 14 January 2026."),
        ("/claim jan 13 7 A title", "Tue 13 January has no slot like that."),
        ("/claim jan 6 1 A title", ""),
        ("/meeting february 31", "I cannot read a date there."),
        ("/meeting feb 10", "There is no meeting on Tue 10 February 2026."),
        ("/video javascript:alert(1)", ""),
        ("/find", "Write what to look for"),
    ],
)
async def test_bad_input_gets_one_clear_sentence(here: Room, words: str, answer: str) -> None:
    await here.set_up()

    told = await here.say(here.admin, words)

    assert told.startswith(answer)
    assert told != ""
    assert "wrong on my side" not in told


async def test_a_group_that_becomes_a_supergroup_goes_on_working(here: Room) -> None:
    here.chat = here.sandbox.add_group(
        "Plain", {here.admin: "creator", here.ann: "member"}, "group"
    )
    await here.set_up()

    here.chat = here.sandbox.upgrade(here.chat)
    await here.sandbox.settled()

    assert "REFRAG" in await here.say(here.ann, "/next")
    await here.go_to(datetime(2026, 1, 10, 19))
    assert [text[:1] for text in here.told()].count("📣") == 1


async def test_an_account_that_the_settings_name_is_an_organizer(here: Room) -> None:
    await here.set_up()
    await here.go_to(datetime(2026, 1, 14, 10))
    words = "/video jan 13 1 https://www.bilibili.com/video/BV1aaa"
    assert (await here.say(here.ann, words)).startswith("Only organizers")
    await here.stop()
    telegram = here.settings.telegram.model_copy(update={"organizers": (here.ann.id,)})
    here.settings = here.settings.model_copy(update={"telegram": telegram})
    await here.start()

    assert (await here.say(here.ann, words)).startswith("📺")
    assert "For organizers:" in await here.say(here.ann, "/help")
    assert "For organizers:" not in await here.say(here.ben, "/help")
