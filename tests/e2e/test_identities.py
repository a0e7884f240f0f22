"""Saying which name on the page is oneself."""

from datetime import timedelta

from tests.e2e.room import Room


async def test_an_organizer_confirms_who_somebody_is(here: Room) -> None:
    question = await here.say(here.ann, "/iam bosen yang")
    assert question.startswith("Ann says: I am Bosen Yang on the schedule. Is that right?")
    asked = here.sandbox.last(here.chat)

    assert (await here.tap(here.ben, "Agree", asked)).startswith("Only organizers")
    await here.tap(here.admin, "Agree", asked)

    assert asked.text == "✅ Bosen Yang it is. /mine shows all your talks now."
    assert "REFRAG" in await here.say(here.ann, "/mine")
    assert (await here.say(here.ann, "/claim jan 20 1 LithOS")).startswith("✅ Bosen Yang presents")


async def test_near_spellings_are_offered(here: Room) -> None:
    assert await here.say(here.ann, "/iam Bosen Yan") == (
        "Which of these names on the schedule is you?"
    )
    await here.tap(here.ann, "Bosen Yang")

    assert "Ann says: I am Bosen Yang" in here.told()[-1]


async def test_two_accounts_cannot_be_one_name(here: Room) -> None:
    await here.say(here.ann, "/iam Bosen Yang")
    first = here.sandbox.last(here.chat)
    await here.say(here.ben, "/iam Bosen Yang")
    second = here.sandbox.last(here.chat)

    await here.tap(here.admin, "Agree", first)
    said = await here.tap(here.admin, "Agree", second)

    assert said.startswith("Bosen Yang is in Telegram already, so that name is taken.")
    here.clock.move(timedelta(minutes=1))
    await here.bot.tick()
    assert second.text.startswith("Ben, Bosen Yang is somebody else in Telegram by now.")
    assert second.labels == []
    assert "REFRAG" not in await here.say(here.ben, "/mine")
    assert (await here.say(here.ann, "/iam Zoe")).startswith("You are Bosen Yang here already.")
    assert await here.say(here.ben, "/iam Zoe") == (
        "Every name on the schedule is somebody's in Telegram already."
    )


async def test_a_name_that_is_somebodys_is_said_to_be_theirs(here: Room) -> None:
    await here.say(here.admin, "/iam Bosen Yang")

    assert (await here.say(here.ben, "/iam bosen yang")).startswith(
        "Bosen Yang is in Telegram already, so that name is taken."
    )
    assert (await here.say(here.admin, "/iam")).startswith("You are Bosen Yang here already.")
    assert (await here.say(here.ben, "/iam Ben")).startswith("You are Ben here already.")


async def test_an_organizers_own_word_is_enough(here: Room) -> None:
    said = await here.say(here.admin, "/iam Bosen Yang")

    assert (
        said == "✅ You are Bosen Yang here now, with 1 talk from the page. /mine shows your talks."
    )


async def test_a_declined_name_changes_nothing(here: Room) -> None:
    await here.say(here.ann, "/iam Bosen Yang")
    asked = here.sandbox.last(here.chat)
    await here.tap(here.admin, "No", asked)

    assert asked.text == "Ann, the organizers do not know you as Bosen Yang. Nothing changed."
    assert "REFRAG" not in await here.say(here.ann, "/mine")
