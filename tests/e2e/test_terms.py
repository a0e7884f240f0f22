"""A term from the chat: planned by buttons, its meetings changed, and closed."""

from datetime import datetime

from tests.e2e.room import Room

PLAN = """\
🗓 2026 Spring: 4 meetings, 8 slots
Tuesdays, 19:00 · 📍 Room 301

March: 3, 17, 24, 31

Left out: Mar 10

The page's texts are taken over from 2025 Fall. Shall I make it?"""

SUMMARY = """\
🏁 2025 Fall is over. Thank you all!

3 meetings, 2 talks
💡 arXiv 1, SOSP 1

📺 0 of 2 talks can be watched. Videos are missing of Jan 6, Jan 13"""


async def _reply(here: Room, text: str) -> None:
    here.sandbox.say(here.admin, here.chat, text, reply_to=here.sandbox.last(here.chat))
    await here.sandbox.settled()


async def test_a_term_is_planned_in_taps_and_replies_over_a_restart_and_taken_back(
    here: Room,
) -> None:
    assert (await here.say(here.ann, "/term new 2026 Spring")).startswith("Only organizers")
    await here.say(here.admin, "/term new 2026 Spring")
    question = here.sandbox.last(here.chat)
    assert question.labels == [
        *("Tue 3 March", "Tue 10 March", "Tue 17 March", "Tue 24 March"),
        *("Show the plan ›", "Rather not"),
    ]
    assert (await here.tap(here.ben, "Tue 3 March")).startswith("Only organizers can do that")
    await here.tap(here.admin, "Tue 3 March")
    assert question.text == (
        "🗓 2026 Spring · 2 of 8\nFrom Tue 3 March 2026. Until when? Tap, or reply with another day."
    )
    await here.stop()
    await here.start()
    await _reply(here, "whenever")
    assert here.told()[-1].startswith("I cannot read a date there.")
    await _reply(here, "or so")  # to that sentence, as one does
    assert here.told()[-1].startswith("I cannot read a date there.")
    await _reply(here, "mar 31")
    assert here.told()[-1].startswith("🗓 2026 Spring · 3 of 8")
    here.sandbox.say(here.admin, here.chat, "mar 31", reply_to=question)
    await here.sandbox.settled()
    for label in ("✓ Tue", "✓ 19:00"):
        await here.tap(here.admin, label)
    await _reply(here, "Room 301")
    for label in ("✓ 2", "China", "Mar 10", "That is all ›"):
        await here.tap(here.admin, label)
    assert here.told()[-1] == PLAN

    plan = here.sandbox.last(here.chat)
    await here.tap(here.admin, "Make it")
    made = (
        "✅ 2026 Spring is planned, Tue 3 March to Tue 31 March 2026: "
        "4 meetings with 8 open slots.\n/open shows them, /meeting changes one of them."
    )
    assert plan.text == made
    assert "📍 Room 301" in await here.say(here.ben, "/meeting mar 17")
    assert "Ada Admin planned 2026 Spring" in await here.say(here.admin, "/log")
    assert "Ada Admin planned 2026 Spring" in await here.say(here.admin, "/undo")
    await here.tap(here.admin, "Take that back")
    assert "no meeting on Tue 17 March" in await here.say(here.ben, "/meeting mar 17")
    assert (await here.tap(here.admin, "Take that back", plan)).startswith("That was changed")


async def test_what_an_organizer_does_with_a_meeting_is_a_tap_or_a_reply_away(here: Room) -> None:
    await here.say(here.ben, "/meeting jan 13")
    assert here.sandbox.last(here.chat).labels == []
    await here.say(here.admin, "/meeting jan 13")
    menu = here.sandbox.last(here.chat)
    assert menu.labels == [
        *("Move …", "Cancel …", "Place and link …", "Special …", "Add a slot", "Drop a slot"),
    ]
    assert (await here.tap(here.ann, "Move …", menu)).startswith("Only organizers can do that")

    await here.tap(here.admin, "Place and link …", menu)
    here.sandbox.say(here.ann, here.chat, "Room 1", reply_to=menu)
    await _reply(here, "Room 301 https://meet.example/301")
    assert here.told()[-1].startswith(
        "✏️ Done. In a few minutes I tell the group.\n\n"
        "Tue 13 January, 19:00 · in 4 days\n📍 Room 301 · Join online"
    )
    await here.tap(here.admin, "Special …")
    await here.tap(here.admin, "Guest talk")
    await here.tap(here.admin, "Drop a slot")
    await here.tap(here.admin, "Add a slot")
    await here.tap(here.admin, "Move …")
    shown = here.sandbox.last(here.chat)
    await here.tap(here.admin, "Thu 15 January")
    assert shown.text == (
        "✏️ Done. In a few minutes I tell the group.\n\n"
        "Thu 15 January, 19:00 · in 6 days\n✨ Guest talk\n📍 Room 301 · Join online\n\n"
        "Topic I\n💡 [arXiv] REFRAG: Rethinking RAG based Decoding\n🙋 Bosen Yang\n\n"
        "Topic II\n⭕ Open\n\n"
        "Take an open slot: /claim jan 15 2 TITLE LINK"
    )
    assert (await here.say(here.admin, "/meeting new")).startswith("When is it? Reply with a day")
    await here.say(here.admin, "/meeting new jan 27 SOSP Rehearsal")
    await here.go_to(datetime(2026, 1, 9, 10, 5))
    assert here.told()[-1] == (
        "🔁 The schedule changed.\n\n"
        "📅 Tue 13 January, 19:00 is now on Thu 15 January, 19:00.\n"
        "✨ Guest talk\n📍 Room 301 · Join online\n\n"
        "📅 There is one more meeting on Tue 27 January, 19:00: SOSP Rehearsal.\n\n"
        "/schedule shows what is on."
    )
    await here.go_to(datetime(2026, 1, 14, 19))
    reminder = next(text for text in reversed(here.told()) if text.startswith("⏰"))
    assert "📍 Room 301 · Join online" in reminder


async def test_questions_about_a_meeting_have_a_way_back_and_a_slot_is_chosen(here: Room) -> None:
    await here.say(here.admin, "/meeting jan 20")
    menu = here.sandbox.last(here.chat)
    begin = menu.text
    await here.tap(here.admin, "Place and link …", menu)
    question = here.sandbox.last(here.chat)
    await here.tap(here.admin, "‹ Back", question)
    assert here.sandbox.last(here.chat).text == begin
    here.sandbox.say(here.admin, here.chat, "Room 9", reply_to=question)
    await here.sandbox.settled()
    assert "Room 9" not in await here.say(here.ben, "/meeting jan 20")

    await here.tap(here.admin, "Drop a slot", menu)
    assert menu.text == "Which slot of Tue 20 January goes? The others keep their talks."
    assert menu.labels == ["Topic I", "Topic II", "‹ Back"]
    await here.tap(here.admin, "Topic I", menu)
    shown = await here.say(here.ben, "/meeting jan 20")
    assert ("Topic I\n" in shown, "Topic II\n" in shown) == (True, False)  # it moved up


async def test_a_meeting_is_added_from_the_term_and_is_where_it_usually_is_again(
    here: Room,
) -> None:
    await here.say(here.admin, "/term")
    await here.tap(here.admin, "Add a meeting …")
    await _reply(here, "jan 27 18:00 SOSP Rehearsal")
    assert "Tue 27 January, 18:00" in await here.say(here.ben, "/meeting jan 27")

    await here.say(here.admin, "/meeting jan 27")
    await here.tap(here.admin, "Place and link …")
    await _reply(here, "Room 301")
    assert "📍 Room 301" in await here.say(here.ben, "/meeting jan 27")
    await here.say(here.admin, "/meeting jan 27")
    await here.tap(here.admin, "Place and link …")
    await here.tap(here.admin, "The usual place")
    assert "Room 301" not in await here.say(here.ben, "/meeting jan 27")


async def test_a_term_is_closed_when_it_is_over_and_sums_itself_up(here: Room) -> None:
    await here.say(here.admin, "/term")
    assert here.told()[-1] == (
        "2025 Fall, Tue 6 January to Tue 20 January 2026\n\n"
        "1 meeting held, 2 to come\n⭕ 3 slots are open: /open\n"
        "📺 Videos are missing of Jan 6\n"
        "📅 Next: Tue 13 January, 19:00. /next shows it."
    )
    assert (await here.tap(here.admin, "Close the term …")).startswith("2025 Fall still has 2")
    await here.say(here.ben, "/term")
    assert here.sandbox.last(here.chat).labels == []
    await here.go_to(datetime(2026, 1, 21, 10))
    assert (await here.say(here.ann, "/term close")).startswith("Only organizers can do that")
    await here.say(here.admin, "/term close")
    question = here.sandbox.last(here.chat)
    assert (await here.tap(here.ann, "Close it", question)).startswith("Only organizers")
    await here.tap(here.admin, "Close it", question)
    assert question.text.startswith("🏁 2025 Fall is closed.")
    await here.bot.tick()
    assert here.told()[-1] == SUMMARY
    assert (await here.say(here.ben, "/term")).startswith("No term is on.")
    await here.tap(here.admin, "Open it again", question)
    assert (await here.say(here.ben, "/term")).startswith("2025 Fall, Tue 6 January")
