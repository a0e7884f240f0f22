"""The waiting list in the room: three wait for one slot, and one of them gets it."""

from datetime import datetime

from bot.sandbox import Person
from tests.e2e.room import Room

TAKEN = "/claim jan 20 1 Mantle"


async def _start(here: Room, *people: Person) -> None:
    for person in people:
        await here.say(person, "/start", here.sandbox.private(person))


def _private(here: Room, person: Person) -> str:
    """The last message to this person in private."""
    return here.told(here.sandbox.private(person))[-1]


async def _release(here: Room) -> None:
    await here.say(here.admin, "/release")
    await here.tap(here.admin, here.sandbox.last(here.chat).labels[0])
    await here.bot.tick()


async def test_a_slot_goes_down_the_waiting_list_until_somebody_takes_it(here: Room) -> None:
    robin = here.sandbox.add_person("Robin")
    here.sandbox.set_status(here.chat, robin, "member")
    await _start(here, here.ann, here.ben, robin)
    await here.say(here.admin, TAKEN)

    said = await here.say(here.ann, "/wait jan 20 1")
    assert said.startswith("⏳ You are next in line for Topic I of Tue 20 January")
    await here.say(here.ben, "/wait jan 20 1 LithOS")
    said = await here.say(robin, "/wait jan 20 1")
    assert said.startswith("⏳ You are number 3 in line")

    await _release(here)
    assert "is kept for you until Sat 10 January, 10:00" in _private(here, here.ann)
    assert "offered to Ann until Sat 10 January, 10:00" in await here.say(robin, "/open")
    assert "is offered to Ann" in await here.say(robin, "/claim jan 20 1 Quicker")

    private = here.sandbox.private(here.ann)
    await here.tap(here.ann, "Not this time", here.sandbox.last(private))
    assert _private(here, here.ann).endswith("is offered to Ben now.")
    await here.bot.tick()
    offered = here.sandbox.last(here.sandbox.private(here.ben))
    assert "LithOS" in offered.text
    await here.stop()
    await here.start()
    await here.tap(here.ben, "I take it", offered)

    assert offered.text.startswith("✅ Ben presents on Tue 20 January")
    assert "LithOS" in await here.say(robin, "/meeting jan 20")
    assert "You wait for no slot." in await here.say(here.ben, "/wait")
    assert "(next in line)" in await here.say(robin, "/wait")


async def test_an_offer_that_nobody_answers_goes_to_the_next_a_day_later(here: Room) -> None:
    await _start(here, here.ann, here.ben)
    await here.say(here.admin, TAKEN)
    await here.say(here.ann, "/wait jan 20 1")
    await here.say(here.ben, "/wait jan 20 1")
    await _release(here)
    offered = here.sandbox.last(here.sandbox.private(here.ann))

    await here.go_to(here.clock.now().astimezone(here.zone).replace(day=10, tzinfo=None))
    assert "is kept for you until Sun 11 January, 10:00" in _private(here, here.ben)
    assert (await here.tap(here.ann, "I take it", offered)).startswith("That offer has ended.")
    theirs = here.sandbox.last(here.sandbox.private(here.ben))
    await here.tap(here.ben, "I take it", theirs)
    assert "reply to this message with your paper" in theirs.text


async def test_a_tap_on_a_card_is_answered_to_whoever_tapped(here: Room) -> None:
    card_text = await here.say(here.admin, TAKEN)
    card = here.sandbox.last(here.chat)
    told = len(here.told())

    assert (await here.tap(here.ann, "Wait for it", card)).startswith("⏳ You are next in line")
    assert (await here.tap(here.ben, "Wait for it", card)).startswith("⏳ You are number 2")
    assert (await here.tap(here.admin, "Wait for it", card)).endswith("/mine shows your talks.")
    assert (len(here.told()), card.text) == (told, card_text)


async def test_the_choice_has_what_is_taken_and_gives_places_up(here: Room) -> None:
    await here.say(here.admin, TAKEN)
    await here.say(here.admin, "/claim jan 20 2 LithOS")
    await here.say(here.admin, "/claim jan 13 2 TrainVerify")

    assert (await here.say(here.ann, "/wait")).startswith("You wait for no slot. Tap one")
    choice = here.sandbox.last(here.chat)
    assert choice.labels == [
        "Tue 13 January · Topic I",
        "Tue 13 January · Topic II",
        "Tue 20 January · Topic I",
        "Tue 20 January · Topic II",
        "Any slot of the term",
    ]
    notice = await here.tap(here.ann, "Any slot of the term", choice)
    assert "any slot of 2025 Fall" in notice
    await here.say(here.ann, "/wait")
    mine = here.sandbox.last(here.chat)
    assert mine.labels[0] == "Stop: 2025 Fall"
    assert (await here.tap(here.ben, "Stop: 2025 Fall", mine)).startswith("This button belongs to")
    await here.tap(here.ann, "Stop: 2025 Fall", mine)
    assert mine.text == "All right, you no longer wait for any slot of 2025 Fall."


async def test_who_waits_for_what_is_free_is_told_how_to_take_it(here: Room) -> None:
    assert "is free. Take it: /claim jan 20 2 TITLE LINK" in await here.say(
        here.ann, "/wait jan 20 2"
    )
    assert here.sandbox.last(here.chat).labels == ["Take it"]
    await here.tap(here.ann, "Take it")
    assert here.told()[-1].startswith("Ann, reply to this message")


async def test_any_slot_of_the_term_is_waited_for_in_words(here: Room) -> None:
    for place in ("jan 13 2", "jan 20 1", "jan 20 2"):
        await here.say(here.admin, f"/claim {place} Talk of {place}")
        for sure in here.sandbox.last(here.chat).labels[:1]:
            if sure == "Take it all the same":
                await here.tap(here.admin, sure)

    said = await here.say(here.ann, "/wait for any slot")

    assert said.startswith("⏳ You are next in line for any slot of 2025 Fall.")


async def test_of_two_taken_slots_one_is_chosen_by_a_tap(here: Room) -> None:
    await here.say(here.admin, TAKEN)
    await here.say(here.admin, "/claim jan 20 2 LithOS")

    assert (await here.say(here.ann, "/wait jan 20")).startswith("Tue 20 January has 2 slots.")
    said = await here.tap(here.ann, "Wait for Topic II")

    assert said.startswith("⏳ You are next in line for Topic II of Tue 20 January")


async def test_what_cannot_be_waited_for_gets_one_sentence(here: Room) -> None:
    for words, answer in (
        ("soonish", ""),
        ("jan 21", ""),
        ("jan 13 9", "Tue 13 January has no slot like that."),
        ("jan 20", "Tue 20 January has 2 slots."),
        ("jan 6 1", "The meeting of Tue 6 January has begun"),
    ):
        told = len(here.told())
        said = await here.say(here.ann, f"/wait {words}")
        assert said.startswith(answer)
        assert len(here.told()) == told + 1
        assert "wrong on my side" not in said


async def test_a_slot_that_was_given_back_too_late_to_be_kept_is_told_as_free(here: Room) -> None:
    await here.say(here.admin, TAKEN)
    await here.say(here.ann, "/wait jan 20 1")
    await here.go_to(datetime(2026, 1, 20, 17))
    await _release(here)

    said = await here.say(here.ann, "/wait")
    assert "Topic I of Tue 20 January – it is free now" in said
    assert here.sandbox.last(here.chat).labels[0] == "Take it: Tue 20 January · Topic I"


async def test_who_asks_for_what_is_kept_for_them_can_take_it_there(here: Room) -> None:
    await here.say(here.admin, TAKEN)
    await here.say(here.ann, "/wait jan 20 1 LithOS")
    await _release(here)

    kept = "is kept for you until Sat 10 January, 10:00"
    assert f"Topic I of Tue 20 January – it {kept}" in await here.say(here.ann, "/wait")
    assert here.sandbox.last(here.chat).labels[0] == "Take it: Tue 20 January · Topic I"
    assert "is kept for you. Take it:" in await here.say(here.ann, "/wait jan 20 1")
    await here.tap(here.ann, "Take it")

    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January")
    assert "LithOS" in here.told()[-1]
