"""What presenters do with their talks: supporters, swaps, handing over."""

from datetime import datetime

from tests.e2e.room import Room


async def _two_talks(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 [SOSP'25] DiffKV")
    await here.say(here.ben, "/claim jan 20 1 [SOSP'25] LithOS")


async def test_a_tap_on_the_card_joins_as_a_supporter(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    card = here.sandbox.last(here.chat)

    await here.tap(here.ben, "Support", card)
    await here.tap(here.ben, "Support", card)
    own = await here.tap(here.ann, "Support", card)

    assert card.text.endswith("💡 LithOS\n🙋 with Ben")
    assert own.startswith("Topic I on Tue 20 January is yours already.")
    assert "LithOS" in await here.say(here.ben, "/mine")


async def test_support_by_command_offers_what_has_room(here: Room) -> None:
    assert await here.say(here.ann, "/support") == "Which talk would you like to support?"
    await here.tap(here.ann, "Tue 13 January: REFRAG: Rethinking RAG…")

    assert here.told()[-1].endswith("🙋 with Ann")
    assert "🙋 with Ann, Ben" in await here.say(here.ben, "/support jan 13")


async def test_a_talk_to_support_is_found_by_a_word_of_its_title_or_its_presenter(
    here: Room,
) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS: a system")
    await here.say(here.admin, "/claim jan 20 2 The System of All")

    which = await here.say(here.ben, "/support system")
    assert which == "Which talk would you like to support?"
    assert len(here.sandbox.last(here.chat).labels) == 2
    assert "🙋 with Ben" in await here.say(here.ben, "/support lithos")
    assert "🙋 with Ann" in await here.say(here.ann, "/support bosen")


async def test_the_main_presenter_changes_roles_and_lets_supporters_go(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    await here.tap(here.ben, "Support")
    await here.tap(here.admin, "Support")
    await here.say(here.ann, "/mine")
    menu = here.sandbox.last(here.chat)
    assert (await here.tap(here.admin, "Tue 20 January: LithOS", menu)) == ""
    await here.say(here.ann, "/mine")
    menu = here.sandbox.last(here.chat)
    await here.tap(here.ann, "Tue 20 January: LithOS", menu)

    await here.tap(here.ann, "Supporters", menu)
    await here.tap(here.ann, "‹ Back", menu)
    assert menu.text.endswith("What would you like to change?")
    await here.tap(here.ann, "Supporters", menu)
    await here.tap(here.ann, "Let go: Ada Admin", menu)
    await here.say(here.ann, "/mine")
    menu = here.sandbox.last(here.chat)
    await here.tap(here.ann, "Tue 20 January: LithOS", menu)
    await here.tap(here.ann, "Supporters", menu)
    await here.tap(here.ann, "Main: Ben", menu)

    assert menu.text.startswith("✅ Ben presents on Tue 20 January")
    assert menu.text.endswith("🙋 with Ann")


async def test_a_swap_is_asked_of_the_other_side_and_made_by_their_tap(here: Room) -> None:
    await _two_talks(here)

    question = await here.say(here.ann, "/swap jan 20 1")
    asked = here.sandbox.last(here.chat)
    assert question.startswith("Ben, Ann would like to change places with you:\nTue 13 January")
    assert (await here.tap(here.ann, "Agree", asked)).startswith("This button belongs to somebody")
    await here.stop()
    await here.start()
    await here.tap(here.ben, "Agree", asked)

    assert asked.text == (
        "🔁 Ben and Ann changed places:\n"
        "Tue 13 January: Ben, [SOSP'25] LithOS\n"
        "Tue 20 January: Ann, [SOSP'25] DiffKV"
    )
    assert "LithOS" in await here.say(here.ann, "/meeting jan 13")


async def test_a_day_on_which_one_presents_nothing_is_no_part_of_a_title(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 DiffKV")
    await here.say(here.ann, "/claim jan 20 2 Mantle")
    await here.say(here.ben, "/claim jan 20 1 LithOS")

    for words in ("/edit jan 13 Orca", "/handover jan 13 Ann", "/release 13.1."):
        assert await here.say(here.ben, words) == (
            "You present nothing on Tue 13 January. /mine shows your talks."
        )
    await here.go_to(datetime(2026, 1, 13, 20))
    for words in ("/edit jan 13 DiffKV: the title", "/handover jan 13 Ben", "/release 13.1."):
        said = await here.say(here.ann, words)
        assert said.startswith("The meeting of Tue 13 January has begun or is over.")
    assert (await here.say(here.ben, "/edit jan 20 Orca")).endswith("💡 Orca")
    assert (await here.say(here.ben, "/edit tuesday Ruby")).endswith("💡 tuesday Ruby")


async def test_both_talks_of_a_swap_may_be_named_by_their_days(here: Room) -> None:
    await _two_talks(here)
    await here.say(here.ann, "/claim jan 20 2 [arXiv] Mantle")

    for words in ("jan 13 with jan 20 1", "jan 13 2 jan 20 1", "jan 20 1 with jan 13"):
        said = await here.say(here.ann, f"/swap {words}")
        assert said.startswith("Ben, Ann would like to change places with you:")
        assert "DiffKV\nfor\nTue 20 January, 19:00, Topic I\n" in said
    over = await here.say(here.ann, "/swap jan 6 with jan 20")
    assert over.startswith("The meeting of Tue 6 January has begun")


async def test_a_swap_that_cannot_be_made_any_more_is_not_asked_any_more(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    await _two_talks(here)
    await here.say(here.ann, "/swap jan 20 1")
    question = here.sandbox.last(here.chat)
    await here.say(here.admin, "/unassign jan 20 1")
    await here.go_to(datetime(2026, 1, 9, 10, 1))

    gone = "Ann, Ben does not have that talk any more. You stay on Tue 13 January: nothing changed."
    assert (question.text, question.labels) == (gone, [])
    assert here.told(private)[-1] == gone


async def test_a_swap_is_asked_by_name_and_as_a_reply(here: Room) -> None:
    await _two_talks(here)
    wrote = here.sandbox.say(here.ben, here.chat, "I am away then")
    for words in ("with Ben", "me with @ben", "jan 20 with ben"):
        said = await here.say(here.ann, f"/swap {words}")
        assert said.startswith("Ben, Ann would like to change places"), words
    here.sandbox.say(here.ann, here.chat, "/swap", reply_to=wrote)
    await here.sandbox.settled()
    assert here.told()[-1].startswith("Ben, Ann would like to change places")
    assert (await here.say(here.ann, "/swap with Zoe")).startswith("With which talk")

    await here.say(here.ben, "/claim jan 20 2 [arXiv] Tally")
    await here.say(here.ann, "/swap jan 20")

    assert here.sandbox.last(here.chat).labels == [
        "Tue 20 January · Topic I: Ben",
        "Tue 20 January · Topic II: Ben",
    ]


async def test_of_several_talks_the_one_for_a_named_other_is_chosen_by_a_tap(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 [SOSP'25] DiffKV")
    await here.say(here.ann, "/claim jan 20 1 [SOSP'25] LithOS")
    await here.say(here.ben, "/claim jan 20 2 [arXiv] Tally")

    await here.say(here.ann, "/swap with Ben")
    await here.tap(here.ann, "Tue 13 January: DiffKV")
    swapped = here.told()[-1]
    await here.say(here.ann, "/handover to Ben")
    await here.tap(here.ann, "Tue 13 January: DiffKV")
    handed = here.told()[-1]
    of_day = await here.say(here.ann, "/handover jan 20 to Ben")
    await here.say(here.ann, "/release jan 20")

    assert swapped.startswith("Ben, Ann would like to change places with you:\nTue 13 January")
    assert handed.startswith("Ben, Ann would like you to take this talk over:\nTue 13 January")
    assert of_day.startswith("Ben, Ann would like you to take this talk over:\nTue 20 January")
    assert here.sandbox.last(here.chat).labels == ["Tue 20 January: LithOS"]


async def test_a_swap_that_is_declined_or_taken_back_changes_nothing(here: Room) -> None:
    await _two_talks(here)
    before = await here.say(here.ann, "/schedule")

    await here.say(here.ann, "/swap")
    await here.tap(here.ann, "Tue 20 January: Ben")
    asked = here.sandbox.last(here.chat)
    await here.tap(here.ben, "No", asked)
    assert asked.text.startswith("Ann, Ben would rather stay on Tue 20 January.")

    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    await here.say(here.ann, "/swap jan 20 1", private)
    assert here.told(private)[-1] == "I asked Ben. You will hear from me here."
    await here.tap(here.ann, "Take it back", here.sandbox.last(private))

    assert "took the question about changing places back" in here.told(private)[-1]
    assert await here.say(here.ann, "/schedule") == before


async def test_a_swap_is_void_once_one_of_the_talks_changed_hands(here: Room) -> None:
    await _two_talks(here)
    await here.say(here.ann, "/swap jan 20 1")
    asked = here.sandbox.last(here.chat)
    await here.say(here.ann, "/release")
    await here.tap(here.ann, "Tue 13 January: DiffKV")
    await here.say(here.ann, "/claim jan 13 2 [OSDI'25] Another")

    said = await here.tap(here.ben, "Agree", asked)

    assert said.startswith("That was changed in the meantime")


async def test_who_is_asked_in_private_answers_there_and_the_asker_hears_of_it(here: Room) -> None:
    await _two_talks(here)
    ann, ben = here.sandbox.private(here.ann), here.sandbox.private(here.ben)
    await here.say(here.ann, "/start", ann)
    await here.say(here.ben, "/start", ben)

    await here.say(here.ann, "/swap jan 20 1", ann)
    await here.bot.tick()
    await here.tap(here.ben, "Agree", here.sandbox.last(ben))
    await here.bot.tick()

    assert here.told(ann)[-1].startswith("🔁 Ben and Ann changed places:")


async def test_a_talk_is_handed_over_to_who_agrees(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    await here.say(here.ben, "/start", here.sandbox.private(here.ben))

    unknown = await here.say(here.ann, "/handover Bne")
    assert unknown.startswith("I know nobody here called “Bne”. If they are in the group, answer")
    question = await here.say(here.ann, "/handover ben")
    asked = here.sandbox.last(here.chat)
    assert question.startswith("Ben, Ann would like you to take this talk over:")
    await here.tap(here.ben, "Agree", asked)

    assert asked.text == "✅ Ben takes over from Ann on Tue 20 January."
    assert "LithOS" in await here.say(here.ben, "/mine")
    assert (await here.say(here.ann, "/swap")).startswith("You have no coming talk to swap.")


async def test_a_talk_is_handed_to_whoever_wrote_what_is_answered(here: Room) -> None:
    robin = here.sandbox.add_person("Robin")
    here.sandbox.set_status(here.chat, robin, "member")
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    wrote = here.sandbox.say(robin, here.chat, "I would love to present that")

    here.sandbox.say(here.ann, here.chat, "/handover", reply_to=wrote)
    await here.sandbox.settled()
    asked = here.sandbox.last(here.chat)
    await here.tap(robin, "Agree", asked)

    assert asked.text == "✅ Robin takes over from Ann on Tue 20 January."

    here.sandbox.set_status(here.chat, here.ben, "left")
    gone = here.chat.add(here.ben, here.clock.now(), text="bye")
    here.sandbox.say(robin, here.chat, "/handover", reply_to=gone)
    await here.sandbox.settled()
    assert here.told()[-1].startswith("Who shall take it over?")
    assert "Ben" not in here.sandbox.last(here.chat).labels
