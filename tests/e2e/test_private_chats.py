"""What the bot tells a person alone, and whom."""

from datetime import datetime

import pytest

from bot.sandbox import Chat
from tests.e2e.room import COMMANDS, Room

SECRETS = ("REFRAG", "Systems", "13 January", "Bosen")


async def _second_group(here: Room) -> Chat:
    """A group of Ben's, number 2, in which Ann is not."""
    other = here.sandbox.add_group("Databases", {here.ben: "creator"})
    await here.say(here.ben, "/setup new", other)
    return other


async def test_a_stranger_gets_one_sentence_and_no_facts(here: Room) -> None:
    stranger = here.sandbox.add_person("Stranger")
    private = here.sandbox.private(stranger)

    links = (
        "/video https://v.example",
        "/claim jan 20 1 https://arxiv.org/abs/2509.01092",
        "can I take https://arxiv.org/abs/2509.01092 next week?",
        "my slides https://x.example",
    )
    for words in ("/start", "/start g1", "/start g999", *COMMANDS, *links):
        before = len(here.told(private))
        answer = await here.say(stranger, words, private)
        assert len(here.told(private)) == before + 1
        assert answer.startswith("I do not know your reading group yet.")
        assert not any(secret in answer for secret in SECRETS)
    assert here.catalogues.asked == []


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_who_is_out_of_the_chat_is_not_let_in_by_its_link(here: Room, status: str) -> None:
    gone = here.sandbox.add_person("Gone")
    here.chat.members[gone.id] = status

    answer = await here.say(gone, "/start g1", here.sandbox.private(gone))

    assert answer.startswith("I do not know your reading group yet.")


async def test_a_link_to_another_group_opens_none_of_its_facts(here: Room) -> None:
    await _second_group(here)
    private = here.sandbox.private(here.ann)

    for link in ("g2", "g999", "g" + "9" * 18):
        answer = await here.say(here.ann, f"/start {link}", private)
        assert answer.startswith("I do not know your reading group yet.")
    for link in ("g-1", "g" + "9" * 40, "x", "g2 g1", "g²", "<b>", "g2"):
        answer = await here.say(here.ann, f"/start {link}", private)
        assert answer.startswith("Hello Ann! I keep the schedule of Systems")


async def test_the_button_in_the_group_opens_the_private_chat(here: Room) -> None:
    await here.say(here.ann, "/start")
    button = here.sandbox.last(here.chat).keyboard[0][0]

    assert button["url"] == "https://t.me/reading_group_bot?start=g1"
    private = here.sandbox.private(here.ann)
    assert "Hello Ann!" in await here.say(here.ann, "/start g1", private)
    for command in COMMANDS:
        before = len(here.told(private))
        assert await here.say(here.ann, command, private) != ""
        assert len(here.told(private)) == before + 1


async def test_who_is_in_two_groups_moves_between_them_by_link_and_button(here: Room) -> None:
    other = await _second_group(here)
    other.members[here.ann.id] = "member"
    private = here.sandbox.private(here.ann)

    assert "Databases" in await here.say(here.ann, "/start g2", private)
    assert "No meeting is planned" in await here.say(here.ann, "/next", private)
    assert "Systems" in await here.say(here.ann, "/start g1", private)
    await here.say(here.ann, "/start", private)
    await here.tap(here.ann, "Databases", here.sandbox.last(private))
    assert "No meeting is planned" in await here.say(here.ann, "/next", private)
    await here.say(here.ann, "/start", private)
    await here.tap(here.ann, "Systems", here.sandbox.last(private))
    assert "REFRAG" in await here.say(here.ann, "/next", private)


async def test_who_is_in_two_groups_is_told_whose_answer_it_is(here: Room) -> None:
    other = await _second_group(here)
    other.members[here.ann.id] = "member"
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start g1", private)
    alone = await here.say(here.ann, "/next", private)
    await here.say(here.ann, "/start g2", private)

    for command in ("/next", "/next", "/mine", "/claim jan 13 2 X", "/help"):
        said = await here.say(here.ann, command, private)
        assert said.count("Databases") == 1, command
    await here.say(here.ann, "/start g1", private)
    claimed = await here.say(here.ann, "/claim jan 13 2 LithOS", private)

    assert alone.startswith("Tue 13 January")
    assert (await here.say(here.ann, "/next", private)).startswith("Systems\n\nTue 13 January")
    assert claimed.startswith("Systems\n\n✅ Ann presents on Tue 13 January")
    assert (await here.say(here.ann, "/next")).startswith("Tue 13 January")


async def test_who_is_in_two_groups_is_told_of_which_a_reminder_is(here: Room) -> None:
    await _second_group(here)
    ann, ben = here.sandbox.private(here.ann), here.sandbox.private(here.ben)
    await here.say(here.ann, "/start", ann)
    await here.say(here.ben, "/start g1", ben)
    await here.say(here.ann, "/claim jan 20 1 LithOS")
    await here.say(here.ben, "/claim jan 20 2 [arXiv] Tally")
    await here.say(here.ann, "/swap with Ben", ann)
    await here.bot.tick()

    assert here.told(ben)[-1].startswith(
        "Systems\n\nBen, Ann would like to change places with you:"
    )
    assert here.told(ann)[-1] == "I asked Ben. You will hear from me here."


async def test_a_group_cannot_be_chosen_by_who_is_not_in_it(here: Room) -> None:
    await _second_group(here)
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    message = here.sandbox.last(private)
    for data in ("c1:group:2", "c1:group:999", "c1:page:2:0"):
        message.keyboard = [[{"text": "x", "callback_data": data}]]
        assert "older message" in await here.tap(here.ann, "x", message)

    assert "REFRAG" in await here.say(here.ann, "/next", private)


async def test_a_button_of_one_group_works_in_private_while_another_is_chosen(here: Room) -> None:
    other = await _second_group(here)
    other.members[here.ann.id] = "member"
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start g1", private)
    await here.say(here.ann, "/claim LithOS", private)
    question = here.sandbox.last(private)
    await here.say(here.ann, "/start g2", private)

    await here.tap(here.ann, "Tue 20 January · Topic I", question)

    assert question.text.startswith("Systems\n\n✅ Ann presents on Tue 20 January")


async def test_what_answers_a_message_is_about_its_group_while_another_is_chosen(
    here: Room,
) -> None:
    other = await _second_group(here)
    other.members[here.ann.id] = "member"
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start g1", private)
    await here.say(here.ann, "/claim jan 20 2 https://example.org/paper.pdf", private)
    asked = here.sandbox.last(private)
    await here.say(here.ann, "/start g2", private)

    here.sandbox.say(here.ann, private, "LithOS", reply_to=asked)
    await here.sandbox.settled()
    claimed = here.told(private)[-1]
    await here.go_to(datetime(2026, 1, 19, 19))
    reminder = here.sandbox.last(private)
    link = "/slides https://www.slideshare.net/lithos"
    here.sandbox.say(here.ann, private, link, reply_to=reminder)
    await here.sandbox.settled()

    assert claimed.startswith("Systems\n\n✅ Ann presents on Tue 20 January, 19:00, Topic II")
    assert reminder.text.startswith("Systems\n\n🎤 You present tomorrow")
    assert here.told(private)[-1].startswith("Systems\n\n📕 The slides of Tue 20 January")
    assert here.told(private)[-1].endswith("are online:\n💡 LithOS")
    assert "No meeting is planned" in await here.say(here.ann, "/next", private)


async def test_who_blocked_the_bot_and_comes_back_is_answered(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    here.sandbox.block(here.ann)
    await here.sandbox.settled()

    assert "REFRAG" in await here.say(here.ann, "/next", private)


async def test_who_sees_their_own_talk_alone_is_not_offered_to_support_or_wait_for_it(
    here: Room,
) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)
    await here.say(here.ann, "/claim jan 20 1 LithOS", private)

    assert here.sandbox.last(private).text.startswith("✅ Ann presents")
    assert here.sandbox.last(private).labels == []
    await here.say(here.ann, "/edit LithOS 2")
    assert here.sandbox.last(here.chat).labels == ["Support", "Wait for it"]
