"""Claims and their buttons, where people and Telegram do what they should not."""

import asyncio
from typing import Any

from bot.sandbox import Drop, Message
from storage.models import AuditEntry, Talk
from tests.e2e.room import Room

TITLES = (
    "<b>bold</b> & <script>alert(1)</script>",
    "</a></code>&lt;i&gt; \"quotes\" 'n' all",
    "שלום 👩‍👩‍👧‍👦 🇨🇳 论文：系统《大模型》",
    "[x](y) *bold* _it_ `code` ~s~ ```",
    "$\\mathcal{O}(n^2)$ %s %(name)s {0} {{ 7*7 }} {% raw %}",
    "1 2 3 Topic I",
    "/next",
    "x" * 300,
)
UNREADABLE = (
    ("/claim jan 13 2 " + "x" * 4000, "That title is too long."),
    ("/claim jan 13 2 https://arxiv.org/abs/1", "I could not look that paper up. Reply"),
    ("/claim https://arxiv.org/abs/1", "I could not look that paper up. Reply"),
    ("/claim jan 13 2 A title https://", ""),
    ("/claim jan 13 2 A title http://[bad", ""),
    ("/claim february 31 2 A title", ""),
    ("/claim 99999999999999999999", ""),
    ("/claim jan 13 99 A title", "Tue 13 January has no slot like that."),
    ("/claim jan 20 2 \u200d", "Ann, reply to this message with your paper's link or title."),
    ("/edit jan 20 2 \u200d", "Reply to this message with the new title"),
)


def _titles(here: Room) -> list[str]:
    with here.store.reading() as session:
        return [talk.title for talk in session.query(Talk).order_by(Talk.id)]


async def _question(here: Room) -> Message:
    await here.say(here.ann, "/claim LithOS https://lithos.example/paper")
    return here.sandbox.last(here.chat)


async def test_a_second_tap_gives_the_same_answer_and_one_talk(here: Room) -> None:
    question = await _question(here)
    buttons = question.keyboard

    first = here.sandbox.tap(here.ann, question, "Tue 20 January · Topic I")
    second = here.sandbox.tap(here.ann, question, "Tue 20 January · Topic I")
    await here.sandbox.settled()

    assert first.answered.is_set()
    assert second.answered.is_set()
    assert _titles(here).count("LithOS") == 1
    assert here.told()[-1].startswith("You have it already:\n\n✅ Ann presents on Tue 20 January")
    # A picture of the old message: somebody's screen was not refreshed.
    question.keyboard = buttons
    assert await here.tap(here.ann, "Tue 20 January · Topic I", question) == ""
    assert _titles(here).count("LithOS") == 1


async def test_a_question_stays_useful_when_one_of_its_slots_was_taken(here: Room) -> None:
    question = await _question(here)
    await here.say(here.ben, "/claim jan 20 1 Quicker")

    notice = await here.tap(here.ann, "Tue 20 January · Topic I", question)
    assert notice.startswith("Ben has Topic I on Tue 20 January")
    await here.tap(here.ann, "Tue 20 January · Topic II", question)

    assert question.text.startswith("✅ Ann presents on Tue 20 January, 19:00, Topic II")


async def test_a_full_meeting_says_who_presents_and_each_slot_can_be_waited_for(here: Room) -> None:
    await here.say(here.ben, "/claim jan 20 1 Quicker")
    await here.say(here.ben, "/claim jan 20 2 Quickest")

    assert await here.say(here.ann, "/claim jan 20 LithOS") == (
        "Tue 20 January is full:\nTopic I: Ben\nTopic II: Ben\n/open shows what is still free."
    )
    await here.tap(here.ann, "Wait for Topic II")

    assert "Topic II" in await here.say(here.ann, "/wait")


async def test_in_a_full_meeting_a_claim_names_the_paper_of_ones_own_slot(here: Room) -> None:
    await here.say(here.ben, "/claim jan 20 1 Quicker")
    await here.say(here.ann, "/claim jan 20 2 TBD")

    said = await here.say(here.ann, "/claim jan 20 LithOS")

    assert said.startswith("✅ Ann presents on Tue 20 January, 19:00, Topic II\n💡 LithOS")


async def test_a_tap_counts_although_its_message_was_deleted(here: Room) -> None:
    question = await _question(here)
    here.sandbox.tap(here.ann, question, "Tue 20 January · Topic I")
    question.chat.remove(question.id)
    await here.sandbox.settled()

    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January")


async def test_a_tap_counts_although_telegram_no_longer_shows_the_message(here: Room) -> None:
    question = await _question(here)
    tap = here.sandbox.queries.tap(
        here.ann, question, str(question.keyboard[1][0]["callback_data"])
    )
    shown = {"chat": here.chat.as_api(), "message_id": question.id, "date": 0}
    here.sandbox.updates.put("callback_query", tap.as_api() | {"message": shown})
    await here.sandbox.settled()

    assert tap.text == ""
    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January")


async def test_a_claim_in_private_is_seen_in_the_group(here: Room) -> None:
    private = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", private)

    assert "Which slot" in await here.say(here.ann, "/claim LithOS", private)
    await here.tap(here.ann, "Tue 13 January · Topic II", here.sandbox.last(private))

    assert here.told(private)[-1].startswith("✅ Ann presents on Tue 13 January")
    assert "LithOS" in await here.say(here.ben, "/next")


async def test_a_title_is_shown_as_it_was_written(here: Room) -> None:
    for written in TITLES:
        assert (await here.say(here.ann, f"/claim jan 13 2 {written}")).startswith("✅ Ann")

        assert _titles(here)[-1] == written
        for question in ("/next", "/schedule", "/mine", f"/find {written}"):
            assert written in await here.say(here.ann, question)
        await here.say(here.ann, "/release")
        await here.tap(here.ann, here.sandbox.last(here.chat).labels[0])
        assert written in here.told()[-1]


async def test_a_claim_that_cannot_be_read_gets_one_sentence(here: Room) -> None:
    for claim, answer in UNREADABLE:
        told = len(here.told())

        said = await here.say(here.ann, claim)

        assert said.startswith(answer)
        assert len(here.told()) == told + 1
        assert "wrong on my side" not in said


async def test_a_link_that_is_no_web_link_is_never_one_to_tap(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 A title javascript:alert(1)")
    await here.say(here.ben, "/next")

    entities = here.sandbox.last(here.chat).entities
    assert "javascript:" not in str([e.get("url") for e in entities])


async def test_the_same_update_in_two_answers_acts_once(here: Room) -> None:
    here.sandbox.fail_next("getUpdates", Drop.AFTER)

    await here.say(here.ann, "/claim jan 13 2 TrainVerify")

    assert [text[:1] for text in here.told()].count("✅") == 2  # of /setup and of this
    assert _titles(here).count("TrainVerify") == 1


async def test_a_crash_after_booking_by_tap_ends_in_the_same_answer(here: Room) -> None:
    question = await _question(here)
    handle, hang = here.bot._poller._handle, asyncio.Event()

    async def handle_and_hang(update: Any) -> None:
        await handle(update)
        await hang.wait()

    here.bot._poller._handle = handle_and_hang
    here.sandbox.tap(here.ann, question, "Tue 20 January · Topic I")
    await here.sandbox.wait_for(lambda: question.text.startswith("✅"))
    here.running.cancel()
    await asyncio.wait({here.running})
    await here.start()
    await here.sandbox.settled()

    assert question.text.startswith("You have it already:\n\n✅ Ann presents on Tue 20 January")
    assert _titles(here).count("LithOS") == 1
    with here.store.reading() as session:
        assert session.query(AuditEntry).filter(AuditEntry.action == "talk:claim").count() == 1


async def test_forged_buttons_reach_nothing_of_another_group(here: Room) -> None:
    other = here.sandbox.add_group("Databases", {here.ben: "creator"})
    await here.say(here.ben, "/setup new", other)
    await here.say(here.ben, "/next", other)
    message = here.sandbox.last(other)
    question = await _question(here)
    book = str(question.keyboard[0][0]["callback_data"])
    for data in (book, book.replace("c1:book:1:", "c1:book:2:"), "c1:page:1:0", "c1:release:1:2:1"):
        message.keyboard = [[{"text": "x", "callback_data": data}]]
        assert await here.tap(here.ben, "x", message) != ""

    assert "LithOS" not in _titles(here)
    assert "REFRAG" not in "".join(here.told(other))


async def test_a_zero_byte_is_read_as_a_blank(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 Nano\0Flow")

    assert "Nano Flow" in await here.say(here.ben, "/next")
