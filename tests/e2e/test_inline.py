"""`@bot words` in any chat."""

from bot.sandbox import ApiError, Asked, Person
from tests.e2e.room import Room


async def ask(here: Room, person: Person, words: str) -> Asked:
    asked = here.sandbox.ask_inline(person, words)
    await here.sandbox.wait_for(asked.answered.is_set)
    return asked


async def test_a_member_finds_a_talk_and_shares_it_elsewhere(here: Room) -> None:
    await here.say(here.ann, "/wait")  # the group knows whoever spoke to the bot
    elsewhere = here.sandbox.add_group("Friends", {here.ann: "member"})

    asked = await ask(here, here.ann, "refrag")
    shared = here.sandbox.share(here.ann, elsewhere, asked, asked.results[0]["id"])
    await here.sandbox.settled()

    assert asked.titles == ["REFRAG: Rethinking RAG based Decoding"]
    assert asked.results[0]["description"] == "Bosen Yang · Tue 13 January 2026"
    assert shared.text == (
        "💡 [arXiv] REFRAG: Rethinking RAG based Decoding\n"
        "🙋 Bosen Yang\n"
        "🗓 Tue 13 January 2026 · Systems"
    )
    assert (asked.is_personal, asked.cache_time) == (True, 10)
    assert asked.button is None
    assert here.told(elsewhere) == []
    assert (await ask(here, here.ann, "“sosp 25”")).titles == ["Jenga"]


async def test_without_words_the_coming_talks_are_offered(here: Room) -> None:
    await here.say(here.ann, "/wait")

    assert (await ask(here, here.ann, "")).titles == ["REFRAG: Rethinking RAG based Decoding"]


async def test_a_stranger_sees_nothing_but_the_way_to_the_bot(here: Room) -> None:
    stranger = here.sandbox.add_person("Zoe")

    for words in ("refrag", "", "jenga"):
        asked = await ask(here, stranger, words)
        assert asked.results == []
        assert asked.button == {"text": "Open me once first", "start_parameter": "inline"}


async def test_where_nothing_matches_a_button_says_so(here: Room) -> None:
    await here.say(here.ann, "/wait")

    asked = await ask(here, here.ann, "<b>no such paper\0 &")

    assert asked.results == []
    assert asked.button is not None
    assert asked.button["text"] == "No talk matches that"


async def test_an_answer_that_comes_too_late_is_no_fault(here: Room) -> None:
    late = ApiError(
        400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    here.sandbox.fail_next("answerInlineQuery", late)

    here.sandbox.ask_inline(here.ann, "refrag")
    await here.sandbox.settled()

    assert "REFRAG" in await here.say(here.ann, "/next")
