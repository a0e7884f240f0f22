"""Moving and cancelling a meeting, from the chat."""

from datetime import datetime, timedelta

import pytest

from tests.e2e.room import Room

NEWS = """\
🔁 The schedule changed.

📅 Tue 13 January, 19:00 is now on Wed 14 January, 18:00.
🙋 Topic II: Ada Admin presents

/schedule shows what is on."""


async def test_an_organizer_moves_a_meeting_and_everybody_sees_where_it_is(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 LithOS")
    card = here.sandbox.last(here.chat)

    said = await here.say(here.admin, "/move jan 13 jan 15 18:00")

    assert said == (
        "📅 The meeting of Tue 13 January is now on Thu 15 January, 18:00.\n"
        "Its talks moved with it. /meeting jan 15 shows them.\n"
        "In a few minutes I tell the group, with whatever else you change until then."
    )
    assert card.text.startswith("✅ Ann presents on Thu 15 January, 18:00, Topic II")
    assert (await here.say(here.ben, "/next")).startswith("Thu 15 January, 18:00 · in 6 days")
    for words in (
        "/claim jan 13 2 Tally",
        "/meeting jan 13",
        "/edit jan 13 LithOS 2",
        "/handover jan 13 Ben",
        "/release jan 13",
        "/claim DiffKV on jan 13, slot 2",
        "/wait DiffKV on jan 13",
    ):
        assert await here.say(here.ann, words) == (
            "The meeting of Tue 13 January 2026 was moved: it is on Thu 15 January 2026. "
            "Write jan 15 instead."
        )


async def test_a_meeting_is_cancelled_with_a_second_tap_and_can_be_restored(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 LithOS")
    card = here.sandbox.last(here.chat)

    said = await here.say(here.admin, "/cancel jan 13")
    question = here.sandbox.last(here.chat)
    assert "LithOS" in said
    assert (await here.say(here.ben, "/next")).startswith("Tue 13 January")
    await here.tap(here.admin, "Cancel it", question)
    assert question.text.startswith("❌ The meeting of Tue 13 January is cancelled.")
    assert card.labels == []
    assert "Tue 13 January 2026, cancelled · Ann" in await here.say(here.ann, "/mine")
    assert (await here.say(here.ben, "/next")).startswith("Tue 20 January")
    assert (await here.say(here.ben, "/claim jan 13 2 X")).startswith("The meeting of Tue 13")

    assert "is cancelled" in await here.say(here.admin, "/cancel jan 13")
    await here.tap(here.admin, "Restore it")
    assert here.told()[-1].startswith("📅 The meeting of Tue 13 January, 19:00 takes place")
    assert "LithOS" in await here.say(here.ben, "/next")
    assert "is not cancelled" in await here.tap(here.admin, "Restore it", question)


async def test_only_organizers_move_and_cancel(here: Room) -> None:
    await here.say(here.admin, "/cancel jan 13")
    question = here.sandbox.last(here.chat)

    for words in ("/move jan 13 jan 15", "/move", "/cancel jan 13", "/cancel"):
        assert (await here.say(here.ann, words)).startswith("Only organizers can do that")
    assert (await here.tap(here.ben, "Cancel it", question)).startswith("Only organizers")
    assert (await here.say(here.ben, "/next")).startswith("Tue 13 January")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/move", "Name the meeting and its new day"),
        ("/move jan 13", "Name the meeting and its new day"),
        ("/move jan 13 jan 20", "There is a meeting on Tue 20 January already. Choose another"),
        ("/move jan 13 jan 2", "That is past already (Fri 2 January 2026)"),
        ("/move jan 13 jan 15 late", "I cannot read a time there."),
        ("/move jan 14 jan 15", "There is no meeting on Wed 14 January 2026."),
        ("/move jan 6 jan 15", "The meeting of Tue 6 January has begun or is over."),
        ("/cancel", "Which one? Write its day behind the command"),
        ("/unassign", "Which one? Write its day behind the command"),
        ("/cancel soon", "I cannot read a date there."),
        ("/cancel jan 13 jan 20", "Name one day at a time, please"),
        ("/meeting jan 13 or jan 20", "Name one day at a time, please"),
        ("/meeting new mar 3 mar 10", "Name one day at a time, please"),
        ("/assign jan 13 jan 20 2 Ann", "Name one day at a time, please"),
        ("/undo jan 13 jan 20", "Name one day at a time, please"),
        ("/claim jan 13 jan 20", "Name one day at a time, please"),
        ("/cancel jan 14", "There is no meeting on Wed 14 January 2026."),
        ("/cancel jan 6", "The meeting of Tue 6 January has begun or is over."),
    ],
)
async def test_what_cannot_be_done_gets_one_sentence(here: Room, words: str, answer: str) -> None:
    assert (await here.say(here.admin, words)).startswith(answer)


async def test_what_an_organizer_changes_is_told_once_and_the_announcement_is_kept_true(
    here: Room,
) -> None:
    here.sandbox.set_bot_status(here.chat, here.admin, "administrator")
    await here.sandbox.settled()
    saturday = datetime(2026, 1, 10, 19)
    await here.go_to(saturday)
    announcement = here.sandbox.last(here.chat)
    assert here.chat.pinned == [announcement.id]

    await here.say(here.admin, "/assign jan 13 2 ada admin")
    await here.say(here.admin, "/move jan 13 jan 14 18:00")
    await here.bot.tick()
    assert announcement.text.startswith("📣 Wed 14 January, 18:00")
    assert "🙋 Ada Admin" in announcement.text
    told = len(here.told())
    for minutes in (1, 2, 3, 4):
        await here.go_to(saturday + timedelta(minutes=minutes))

    assert here.told()[told:] == [NEWS]
