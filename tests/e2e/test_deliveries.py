"""Organizers look at the ledger and write to the group."""

from datetime import datetime

from bot.sandbox import Drop
from tests.e2e.room import Room


async def test_an_organizer_sees_what_was_told_and_settles_what_may_have_arrived(
    here: Room,
) -> None:
    here.sandbox.fail_next("sendPhoto", Drop.AFTER, chat=here.chat)
    await here.go_to(datetime(2026, 1, 10, 19))

    said = await here.say(here.admin, "/deliveries")
    assert said.startswith("What I told, and what not")
    assert "❓ Sat 10 January, 19:00: Announcement of Tue 13 January, to the group" in said
    page = here.sandbox.last(here.chat)
    assert page.labels == ["1. It arrived", "1. Send again", "To come"]
    await here.tap(here.admin, "To come", page)
    assert "🕖 Mon 12 January, 19:00: Reminder of the day before of Tue 13 January" in page.text
    await here.tap(here.admin, "What was told", page)
    await here.tap(here.admin, "1. It arrived", page)
    assert "counts as sent" in page.text
    assert (await here.say(here.ann, "/deliveries")).startswith("Only organizers")


async def test_an_organizer_writes_looks_and_says_when(here: Room) -> None:
    said = await here.say(here.admin, "/announce Room 401 is closed.\n\nWe meet in <204>.")
    assert said.startswith("📢 Room 401 is closed.")
    assert "We meet in <204>." in said
    question = here.sandbox.last(here.chat)
    assert question.labels == [
        "Post now",
        "In an hour",
        "Tomorrow, 09:00",
        "Tue 13 January, 09:00",
        "Rather not",
    ]
    assert "organizers" in await here.tap(here.ann, "Post now", question)
    await here.tap(here.admin, "In an hour", question)
    assert question.text.startswith("🕖 I post it on Fri 9 January, 11:00.")
    told = len(here.told())
    await here.go_to(datetime(2026, 1, 9, 10, 59))
    assert len(here.told()) == told
    await here.go_to(datetime(2026, 1, 9, 11))
    assert here.told()[-1].startswith("📢 Room 401 is closed.")


async def test_a_message_for_a_named_time_can_be_taken_back(here: Room) -> None:
    await here.say(here.admin, "/announce jan 13 18:00: Bring your laptops")
    question = here.sandbox.last(here.chat)
    assert "Bring your laptops" in question.text
    assert "18:00" not in question.text
    await here.tap(here.admin, "Tue 13 January, 18:00", question)
    await here.tap(here.admin, "Take it back", question)
    assert question.text == "🚫 I do not post it."
    await here.go_to(datetime(2026, 1, 13, 18))
    assert "📢 Bring your laptops" not in here.told()


async def test_a_day_without_a_time_stays_in_the_text_and_is_told(here: Room) -> None:
    said = await here.say(here.admin, "/announce tomorrow: bring your laptops")
    timed = await here.say(here.admin, "/announce jan 13 9:00: bring your laptops")

    assert said.startswith("📢 tomorrow: bring your laptops")
    assert said.endswith("write a time behind it: /announce tomorrow 9:00: TEXT")
    assert "part of the text" not in timed
    assert here.sandbox.last(here.chat).labels.count("Tue 13 January, 09:00") == 1
    assert "part of the text" not in await here.say(here.admin, "/announce Please: no food")


async def test_what_cannot_be_announced_gets_one_sentence(here: Room) -> None:
    assert (await here.say(here.admin, "/announce")).startswith("What shall I tell the group?")
    assert (await here.say(here.ann, "/announce Hello")).startswith("Only organizers")
    assert "At most 3000" in await here.say(here.admin, "/announce " + "x" * 3001)
    past = await here.say(here.admin, "/announce jan 6 18:00: Too late")
    assert "6 January" in past
    await here.say(here.admin, "/announce Never mind me")
    await here.tap(here.admin, "Rather not")
    await here.bot.tick()
    assert not any(text.startswith("📢 Never mind me\n") for text in here.told()[-1:])
