"""What organizers do in the chat, and what others are told when they try."""

import pytest

from tests.e2e.room import Room


@pytest.mark.parametrize(
    "command",
    ["/assign jan 20 1 Ann", "/unassign jan 13 1", "/undo", "/log", "/settings", "/rule off"],
)
async def test_a_member_who_tries_is_told_who_can(here: Room, command: str) -> None:
    said = await here.say(here.ann, command)

    assert said == "Only organizers can do that: the administrators of the group's chat."


async def test_a_slot_is_given_to_a_name_of_the_page_and_emptied_again(here: Room) -> None:
    card = await here.say(here.admin, "/assign jan 20 1 bosen yang [SOSP'25] DiffKV")
    assert card.startswith("✅ Bosen Yang presents on Tue 20 January, 19:00, Topic I\n💡 [SOSP'25]")

    taken = await here.say(here.admin, "/assign jan 20 1 ada admin")
    assert taken.startswith("Bosen Yang has Topic I on Tue 20 January.")
    await here.say(here.admin, "/unassign jan 20 1")

    assert here.told()[-1] == (
        "Bosen Yang no longer has this slot:\n💡 [SOSP'25] DiffKV\n\n"
        "⭕ Topic I of Tue 20 January, 19:00 is open."
    )


async def test_a_misspelt_name_is_asked_about_and_a_new_one_can_be_noted(here: Room) -> None:
    said = await here.say(here.admin, "/assign jan 20 1 Bosen Yan")
    assert said == "I know nobody called “Bosen Yan”. Whom do you mean?"
    question = here.sandbox.last(here.chat)
    assert question.labels == ["Bosen Yang", "New: Bosen Yan"]

    await here.tap(here.admin, "Bosen Yang", question)
    assert question.text.startswith("✅ Bosen Yang presents on Tue 20 January")
    await here.say(here.admin, "/assign jan 20 2 Robin Li https://arxiv.org/abs/2504.15465")
    await here.tap(here.admin, "New: Robin Li")

    assert "✅ Robin Li presents on Tue 20 January, 19:00, Topic II" in here.told()[-1]
    assert "LithOS: An Operating System" in here.told()[-1]


async def test_nobody_is_noted_under_the_name_of_an_account(here: Room) -> None:
    said = await here.say(here.admin, "/assign jan 20 1 @robin_li LithOS")

    assert said.startswith("I do not know people by their @name.")
    assert here.sandbox.last(here.chat).labels == []


async def test_what_is_too_long_is_told_although_nobody_knows_the_name_either(here: Room) -> None:
    said = await here.say(here.admin, f"/assign jan 20 1 Robin Li https://{'a' * 2100}.example")
    assert said.startswith("That link has more than the 2000 characters")
    said = await here.say(here.admin, f"/assign jan 20 1 Robin Li {'LithOS ' * 80}")
    assert said.startswith("That title is too long.")


async def test_a_slot_is_given_to_whoever_wrote_what_is_answered(here: Room) -> None:
    wish = here.sandbox.say(here.ann, here.chat, "I could do the 20th")

    here.sandbox.say(here.admin, here.chat, "/assign jan 20 1", reply_to=wish)
    await here.sandbox.settled()

    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January, 19:00, Topic I")
    assert "To be announced" in await here.say(here.ann, "/mine")
    here.chat.members[here.ann.id] = "left"
    here.sandbox.say(here.admin, here.chat, "/assign jan 20 2", reply_to=wish)
    await here.sandbox.settled()
    assert here.told()[-1].startswith("The name is missing.")


async def test_whom_a_slot_is_for_stands_behind_a_preposition_or_first(here: Room) -> None:
    for words in ("jan 20 2 to Bosen Yang", "jan 20 2 for bosen yang", "Bosen Yang to jan 20 2"):
        said = await here.say(here.admin, f"/assign {words}")
        assert said.startswith("✅ Bosen Yang presents on Tue 20 January, 19:00, Topic II"), words
        await here.say(here.admin, "/unassign jan 20 2")
    assert "nobody called “Zoe”" in await here.say(here.admin, "/assign jan 20 2 to Zoe")
    assert "name is missing" in await here.say(here.admin, "/assign jan 20 2 to")


async def test_the_last_changes_are_taken_back_one_after_the_other(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    await here.say(here.ann, "/edit NanoFlow")

    said = await here.say(here.admin, "/undo")
    assert said == (
        "The last change that can be taken back: Fri 9 January, 10:00 · Ann changed the paper of "
        "Topic I of Tue 20 January, which was “LithOS”"
    )
    first = here.sandbox.last(here.chat)
    assert (await here.tap(here.ann, "Take that back", first)).startswith("Only organizers")
    await here.tap(here.admin, "Take that back", first)
    assert "LithOS" in await here.say(here.ben, "/meeting jan 20")
    await here.say(here.admin, "/undo jan 20 1")
    await here.tap(here.admin, "Take that back")

    assert "Take an open slot" in await here.say(here.ben, "/meeting jan 20")
    assert (await here.say(here.admin, "/undo")).startswith("There is no change to take back")


async def test_what_was_changed_since_is_not_taken_back(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    await here.say(here.admin, "/undo")
    question = here.sandbox.last(here.chat)
    await here.say(here.ann, "/edit NanoFlow")

    said = await here.tap(here.admin, "Take that back", question)

    assert said.startswith("That was changed in the meantime")
    assert "NanoFlow" in await here.say(here.ben, "/meeting jan 20")


async def test_the_log_tells_who_did_what_and_pages_back(here: Room) -> None:
    for number in range(6):
        await here.say(here.ann, f"/claim jan 20 1 Paper {number}")
        await here.say(here.ann, "/release")
        await here.tap(here.ann, f"Tue 20 January: Paper {number}")

    log = await here.say(here.admin, "/log")
    assert log.split("\n")[0] == (
        "Fri 9 January, 10:00 · Ann gave back Topic I of Tue 20 January: “Paper 5”"
    )
    page = here.sandbox.last(here.chat)
    await here.tap(here.admin, "‹ Earlier", page)

    assert "Ada Admin tied the chat to the group" in page.text
    assert "whoever runs the bot imported the page of 2025 Fall" in page.text


async def test_the_groups_rules_are_set_by_taps_and_words(here: Room) -> None:
    said = await here.say(here.admin, "/settings")
    assert "A meeting takes: SOSP/OSDI + arXiv" in said
    shown = here.sandbox.last(here.chat)

    assert (await here.tap(here.ann, "Rule off", shown)).startswith("Only organizers")
    await here.tap(here.admin, "Rule off", shown)
    assert "A meeting takes: any papers" in shown.text
    await here.tap(here.admin, "Supporters 2", shown)
    await here.tap(here.admin, "Fill: 5 days", shown)
    assert "at most 2 supporters" in shown.text
    assert "Slots that are open 5 days before a meeting go to whose turn it is." in shown.text

    assert "A meeting takes: SOSP/OSDI + arXiv" in await here.say(here.admin, "/rule on")
    assert "A meeting takes: any papers" in await here.say(here.admin, "/rule any")
    assert (await here.say(here.admin, "/rule <b>")).startswith("I cannot read that rule.")
    slip = await here.say(here.admin, "/rule whatever, sosp")
    assert "A meeting takes: whatever + SOSP\n⚠️ I know no papers from whatever yet." in slip
    await here.say(here.ben, "/claim jan 20 2 [Whatever] A paper")
    assert "⚠️" not in await here.say(here.admin, "/rule whatever, sosp")
    assert "A meeting takes: NSDI/OSDI + arXiv" in await here.say(
        here.admin, "/rule NSDI or OSDI, arXiv"
    )
