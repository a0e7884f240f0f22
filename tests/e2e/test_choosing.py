"""From a paper's link, or from nothing at all, to a talk."""

from bot.sandbox import ApiError
from tests.e2e.room import Room

ARXIV = "https://arxiv.org/abs/2504.15465"
LITHOS = "LithOS: An Operating System for Efficient Machine Learning on GPUs"
UNKNOWN = "https://arxiv.org/abs/2501.00001"


async def test_a_link_alone_is_a_claim(here: Room) -> None:
    question = await here.say(here.ann, f"/claim {ARXIV}")
    assert question == f"Which slot is for “[arXiv] {LITHOS}”?"

    await here.tap(here.ann, "Tue 20 January · Topic I")

    card = here.sandbox.last(here.chat)
    assert card.text == f"✅ Ann presents on Tue 20 January, 19:00, Topic I\n💡 [arXiv] {LITHOS}"
    assert card.labels == ["Support", "Wait for it"]


async def test_a_claim_as_a_reply_takes_the_link_of_that_message(here: Room) -> None:
    about = here.sandbox.say(here.ben, here.chat, f"Worth a look: {ARXIV}.")

    here.sandbox.say(here.ann, here.chat, "/claim jan 20 1", reply_to=about)
    await here.sandbox.settled()

    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January, 19:00, Topic I")
    assert LITHOS in here.told()[-1]


async def test_a_line_that_was_copied_from_the_bot_has_its_link_behind_the_words(
    here: Room,
) -> None:
    text = "/claim jan 20 1 💡 [SOSP'25] LithOS"
    entities = [
        {"type": "bot_command", "offset": 0, "length": 6},
        {"type": "text_link", "offset": len(text) - 5, "length": 6, "url": ARXIV},
    ]
    copied = here.chat.add(here.ann, here.clock.now(), text=text, entities=entities)
    here.sandbox.updates.put("message", copied.as_api())
    await here.sandbox.settled()

    assert f"💡 [SOSP'25] {LITHOS}" in here.told()[-1]


async def test_a_link_that_no_catalogue_knows_is_asked_for_its_title(here: Room) -> None:
    question = await here.say(here.ann, f"/claim jan 20 1 {UNKNOWN}")
    assert question == "I could not look that paper up. Reply to this message with its title."
    asked = here.sandbox.last(here.chat)

    here.sandbox.say(here.ben, here.chat, "No idea either", reply_to=asked)
    await here.sandbox.settled()
    assert here.told()[-1] == question
    here.sandbox.say(here.ann, here.chat, f"NanoFlow, at last {UNKNOWN}", reply_to=asked)
    await here.sandbox.settled()

    assert here.told()[-1].endswith("💡 [arXiv] NanoFlow, at last")


async def test_no_title_is_asked_for_where_the_slot_is_not_to_be_had(here: Room) -> None:
    said = await here.say(here.ann, f"/claim jan 13 1 {UNKNOWN}")
    assert said.startswith("Bosen Yang has Topic I on Tue 13 January.")

    await here.say(here.ann, "/claim jan 20 1 LithOS")
    said = await here.say(here.ann, f"/claim jan 20 1 {UNKNOWN}")
    assert said.startswith("Topic I on Tue 20 January is yours already.")
    assert (await here.say(here.ben, f"/claim jan 20 2 {UNKNOWN}")).startswith("I could not look")


async def test_a_slot_is_taken_by_a_tap_and_its_paper_named_by_a_reply(here: Room) -> None:
    await here.say(here.ann, "/open")
    await here.tap(here.ben, "Tue 13 January · Topic II")
    card = here.sandbox.last(here.chat)
    assert card.text == (
        "Ben, reply to this message with your paper's link or title.\n\n"
        "✅ Ben presents on Tue 13 January, 19:00, Topic II\n💡 To be announced"
    )

    here.sandbox.say(here.ann, here.chat, "Nice!", reply_to=card)
    here.sandbox.say(here.ben, here.chat, "[SOSP'25] DiffKV", reply_to=card)
    await here.sandbox.settled()

    assert "💡 [SOSP'25] DiffKV" in here.told()[-1]
    assert card.text == here.told()[-1]
    assert card.labels == []
    assert "To be announced" not in await here.say(here.ann, "/next")


async def test_a_reminder_has_a_button_for_its_open_slot(here: Room) -> None:
    from datetime import datetime

    await here.go_to(datetime(2026, 1, 10, 19))
    reminder = here.sandbox.last(here.chat)
    assert reminder.labels == ["Take Topic II"]

    await here.tap(here.ann, "Take Topic II", reminder)

    assert reminder.text.startswith("📣")
    assert "✅ Ann presents on Tue 13 January, 19:00, Topic II" in here.told()[-1]


async def test_a_paper_that_was_there_before_needs_a_second_tap(here: Room) -> None:
    said = await here.say(here.ann, "/claim jan 20 1 Refrag https://arxiv.org/pdf/2509.01092v3")
    assert said.startswith("Bosen Yang presents that on Tue 13 January 2026:")

    assert await here.tap(here.ben, "Take it all the same") == (
        "This button belongs to somebody else. Send your own command."
    )
    await here.tap(here.ann, "Take it all the same")

    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January, 19:00, Topic I")


async def test_second_thoughts_on_a_paper_seen_before_change_nothing(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 https://arxiv.org/abs/2509.01092")
    await here.tap(here.ann, "Rather not")

    assert here.told()[-1] == "All right, nothing was done."
    assert "Talk" not in await here.say(here.ann, "/mine")


async def test_a_paper_that_bends_the_rule_is_an_organizers_to_allow(here: Room) -> None:
    question = await here.say(here.ann, f"/claim jan 13 2 {ARXIV}")
    assert question.startswith("Ann would like to present on Tue 13 January:\n💡 [arXiv] LithOS")
    assert "The group's rule for a meeting is SOSP/OSDI + arXiv" in question
    asked = here.sandbox.last(here.chat)

    assert (await here.tap(here.ben, "Agree", asked)).startswith("Only organizers")
    await here.tap(here.admin, "Agree", asked)

    assert asked.text.startswith("✅ An organizer allowed it: Ann presents “[arXiv] LithOS")
    assert LITHOS in await here.say(here.ben, "/next")


async def test_a_declined_paper_leaves_the_slot_open(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    await here.say(here.admin, "/start", here.sandbox.private(here.admin))

    said = await here.say(here.ann, f"/claim jan 13 2 {ARXIV}", private)
    assert said == (
        "I asked the organizers, since that day has a paper of this kind already. "
        "You will hear from me here."
    )
    await here.bot.tick()
    told = here.sandbox.messages(here.sandbox.private(here.admin))
    question = next(message for message in told if "No" in message.labels)
    await here.tap(here.admin, "No", question)
    await here.bot.tick()

    assert "the organizers would rather not have" in here.told(private)[-1]
    assert "Topic II" in await here.say(here.ben, "/open")


async def test_an_answer_given_in_private_shows_in_the_group_as_well(here: Room) -> None:
    private = here.sandbox.private(here.admin)
    await here.say(here.admin, "/start", private)
    await here.say(here.ann, f"/claim jan 13 2 {ARXIV}")
    asked = here.sandbox.last(here.chat)

    await here.bot.tick()
    told = here.sandbox.messages(private)
    await here.tap(here.admin, "Agree", next(message for message in told if "No" in message.labels))

    assert asked.text.startswith("✅ An organizer allowed it: Ann presents")
    assert asked.labels == []


async def test_one_message_in_the_group_shows_a_slot_as_it_changes(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    card = here.sandbox.last(here.chat)

    await here.say(here.ann, "/edit [OSDI'25] NanoFlow", private)
    assert "💡 [OSDI'25] NanoFlow" in card.text
    await here.say(here.ann, "/release", private)
    await here.tap(here.ann, "Tue 20 January: NanoFlow", here.sandbox.last(private))

    assert card.text == "⭕ Topic I of Tue 20 January, 19:00 is open."
    assert card.labels == ["Take it"]


async def test_a_card_that_was_deleted_is_no_fault(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    here.sandbox.fail_next("editMessageText", ApiError(400, "Bad Request: message can't be edited"))

    said = await here.say(here.ann, "/edit NanoFlow")

    assert "NanoFlow" in said


async def test_what_is_said_for_one_of_several_talks_is_kept_for_the_tap(here: Room) -> None:
    for number, title in ((1, "LithOS"), (2, "DiffKV")):
        await here.say(here.ann, f"/claim jan 20 {number} {title}")

    await here.say(here.ann, "/edit jan 20 1 NanoFlow")
    assert await here.say(here.ann, f"/edit {ARXIV}") == "Which talk gets another title or link?"
    await here.tap(here.ann, "Tue 20 January: DiffKV")

    assert f"💡 [arXiv] {LITHOS}" in here.sandbox.last(here.chat).text
    said = await here.say(here.ben, "/meeting jan 20")
    assert "💡 NanoFlow" in said
    assert f"💡 [arXiv] {LITHOS}" in said
