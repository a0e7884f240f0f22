"""What people type to the bot as they type to people: no slash, a slip, several things at once."""

import pytest

from bot.sandbox import Chat
from tests.e2e.room import Room


@pytest.fixture
async def private(here: Room) -> Chat:
    place = here.sandbox.private(here.ann)
    await here.say(here.ann, "/start", place)
    return place


async def test_in_private_a_command_needs_no_slash(here: Room, private: Chat) -> None:
    for said, answer in (
        ("Next", "Tue 13 January, 19:00"),
        ("open?", "Open slots"),
        ("help me", "I keep the schedule of Systems."),
        ("/ claim jan 20 1 LithOS", "✅ Ann presents on Tue 20 January, 19:00, Topic I"),
        ("/claim下周二第二个Orca", "✅ Ann presents on Tue 13 January, 19:00, Topic II"),
        ("claim jan 20 2 Tally", "✅ Ann presents on Tue 20 January, 19:00, Topic II"),
        ("video https://www.bilibili.com/video/BV1aaa", "No talk waits for a video."),
        ("https://youtu.be/dQw4w9WgXcQ", "No talk waits for a video."),
        ("release", "Which talk do you give back?"),
        ("edit my talk", "Your talks:"),
    ):
        assert (await here.say(here.ann, said, private)).startswith(answer), said


async def test_in_private_who_wants_a_slot_sees_those_that_are_open(
    here: Room, private: Chat
) -> None:
    for said, answer in (
        ("can I take next week?", "Open slots"),
        ("I'd like to present DiffKV", "Open slots"),
        ("我想讲一篇", "Open slots"),
        ("is anything free in february?", "Open slots"),
        ("please release my slot", "You have no talk yet."),
        ("unsubscribe", "Systems\n\n🔔"),
        ("some help?", "I keep the schedule of Systems."),
        ("我下周二讲什么", "Tue 13 January, 19:00"),
        ("am I on for jan 20?", "Tue 20 January, 19:00"),
        ("when is the next meeting?", "Tue 13 January, 19:00"),
        ("下次是什么时候", "Tue 13 January, 19:00"),
        ("stop waiting", "You wait for no slot."),
        ("I am Bosen Yan", "Which of these names on the schedule is you?"),
        ("My name is Bosen.", "Which of these names on the schedule is you?"),
        ("I am sick", "I did not understand that."),
        ("I'm in!", "I did not understand that."),
        ("thanks!", "You are welcome!"),
        ("谢谢", "You are welcome!"),
        ("when do I present?", "You have no talk yet."),
        ("edit", "You have no talk yet."),
        ("can somebody take my slot?", "You have no talk yet."),
        ("I can't make it on jan 20", "You have no talk yet."),
        ("我不想讲了", "You have no talk yet."),
        ("ich kann am 20.1. nicht", "You have no talk yet."),
        ("wann bin ich dran?", "You have no talk yet."),
        ("freie Termine?", "Open slots"),
        ("wann ist das nächste Treffen?", "Tue 13 January, 19:00"),
        ("wer trägt am Dienstag vor?", "Tue 13 January, 19:00"),
        ("/next@another_bot", "I did not understand that."),
    ):
        assert (await here.say(here.ann, said, private)).startswith(answer), said


async def test_in_private_who_says_who_they_are_is_asked_for_no_command(
    here: Room, private: Chat
) -> None:
    said = await here.say(here.ann, "Hi, I am Bosen Yang.", private)

    assert said == "I asked the organizers. You will hear from me here."
    assert said == await here.say(here.ann, "/iam bosen yang", private)


async def test_in_private_a_link_is_what_the_words_beside_it_say(here: Room, private: Chat) -> None:
    lithos, leankv = "https://arxiv.org/abs/2504.15465", "https://arxiv.org/abs/2412.03131"

    for said, answer in (
        (
            f"could I take {lithos} in the second slot of jan 20?",
            "✅ Ann presents on Tue 20 January",
        ),
        (f"我能讲 1月20日 吗 {leankv}", "I asked the organizers, since"),
        ("here are my slides https://github.com/ann/kv.pdf", "📕 The slides of Tue 20 January"),
        ("my summary: https://zhuanlan.zhihu.com/p/99", "No talk waits for a summary."),
        ("the recording https://www.bilibili.com/video/BV1aaa", "No talk waits for a video."),
        ("I'd like to present https://arxiv.org/abs/1 on friday", "There is no meeting on Fri 9"),
    ):
        assert (await here.say(here.ann, said, private)).startswith(answer), said
    assert "LithOS: An Operating System" in await here.say(here.ann, "/mine", private)


async def test_a_slip_in_a_command_is_answered_where_it_was_meant_for_the_bot(
    here: Room, private: Chat
) -> None:
    assert await here.say(here.ann, "/clam jan 20 1 X", private) == (
        "There is no /clam. Did you mean /claim?"
    )
    assert "Did you mean /claim?" in await here.say(here.ann, "/clam@reading_group_bot x")
    assert "/help" in await here.say(here.ann, "/dance@reading_group_bot")
    assert await here.say(here.ann, "/clam jan 20 1 X") == ""
    assert await here.say(here.ann, "/clam@another_bot x") == ""


async def test_a_sign_behind_a_command_is_no_part_of_it(here: Room) -> None:
    assert (await here.say(here.ann, "/next?")).startswith("Tue 13 January, 19:00")
    assert (await here.say(here.ann, "/claim: jan 20 1 LithOS")).startswith("✅ Ann presents")


async def test_of_two_commands_in_one_message_none_is_done_by_halves(here: Room) -> None:
    said = await here.say(here.ann, "/claim jan 20 1 LithOS\n/claim jan 20 2 Tally")

    assert said == "Send one command a message, please. I have done nothing yet."
    assert "LithOS" not in await here.say(here.ann, "/schedule")


async def test_two_slots_in_one_claim_are_no_title(here: Room) -> None:
    for said in ("1 and 2 LithOS", "1+2 LithOS", "both slots"):
        answer = await here.say(here.ann, f"/claim jan 20 {said}")
        assert answer == (
            "A claim is for one slot. Send one for each, with its own paper: "
            "/claim jan 20 1 TITLE LINK"
        )
    assert "Topic I is open" in await here.say(here.ann, "/schedule")


async def test_of_two_links_the_papers_is_kept_and_the_other_is_named(here: Room) -> None:
    code, paper = "https://github.com/lithos/lithos", "https://arxiv.org/abs/2504.15465"

    booked = await here.say(here.ann, f"/claim jan 20 1 LithOS {code} {paper}")
    asked = await here.say(here.ben, f"/claim Tally {code}/x https://tally.example/p")
    posted = await here.say(here.admin, f"/video jan 6 {paper} {code}")
    bent = await here.say(here.ben, f"/claim jan 20 2 https://arxiv.org/abs/2412.03131 {code}")

    assert booked.startswith(f"I kept the paper's link, and left out {code}\n\n✅ Ann presents")
    assert booked.endswith(
        "💡 [arXiv] LithOS: An Operating System for Efficient Machine Learning on GPUs"
    )
    assert asked.startswith(
        "I kept the paper's link, and left out https://tally.example/p\n\nWhich"
    )
    assert posted == "Send one link at a time, please: I cannot tell which one you mean."
    assert bent.startswith(f"I kept the paper's link, and left out {code}\n\nBen would like")


async def test_a_link_that_is_left_out_is_named_until_the_slot_is_taken(here: Room) -> None:
    code, paper = "https://github.com/refrag/refrag", "https://arxiv.org/abs/2509.01092"
    named = f"I kept the paper's link, and left out {code}\n\n"

    asked = await here.say(here.ann, f"/claim jan 20 1 {paper} {code}")
    await here.tap(here.ann, "Take it all the same")
    which = await here.say(here.ben, f"/claim Tally https://tally.example/p {code}")
    await here.tap(here.ben, "Tue 20 January · Topic II")

    assert asked.startswith(f"{named}Bosen Yang presents")
    assert which.startswith(f"{named}Which")
    assert [said.startswith(f"{named}✅ ") for said in here.told()[-2:]] == [True, True]


async def test_next_is_the_next_that_takes_place(here: Room) -> None:
    await here.say(here.admin, "/cancel next")
    await here.tap(here.admin, "Cancel it")

    claimed = await here.say(here.ann, "/claim next 1 LithOS")
    asked = await here.say(here.admin, "/cancel next")
    back = await here.say(here.admin, "/cancel jan 13")

    assert claimed.startswith("✅ Ann presents on Tue 20 January, 19:00, Topic I")
    assert asked.startswith("Tue 20 January, 19:00")
    assert "The meeting of Tue 13 January is cancelled." in back
    await here.tap(here.admin, "Restore it")
    assert (await here.say(here.ann, "/next")).startswith("Tue 13 January")


async def test_a_day_alone_offers_its_slots_and_a_slot_alone_asks_for_the_paper(
    here: Room,
) -> None:
    offered = await here.say(here.ann, "/claim jan 20")
    buttons = here.sandbox.last(here.chat).labels
    taken = await here.say(here.ann, "/claim jan 20 1 TITLE LINK")
    card = here.sandbox.last(here.chat)
    here.sandbox.say(here.ann, here.chat, "LithOS", reply_to=card)
    await here.sandbox.settled()

    assert offered.startswith("Open slots\n\nTue 20 January: Topic I, Topic II")
    assert buttons == ["Tue 20 January · Topic I", "Tue 20 January · Topic II"]
    assert taken.startswith("Ann, reply to this message with your paper's link or title.")
    assert here.told()[-1].endswith("💡 LithOS")


async def test_a_courtesy_names_no_paper(here: Room) -> None:
    await here.say(here.ann, "/open")
    await here.tap(here.ann, "Tue 20 January · Topic I")
    card = here.sandbox.last(here.chat)
    here.sandbox.say(here.ann, here.chat, "Thanks!", reply_to=card)
    await here.sandbox.settled()

    assert "💡 To be announced" in here.told()[-1]


async def test_where_nothing_is_planned_no_slot_is_said_to_be_taken(bare: Room) -> None:
    await bare.set_up()
    await bare.go_to(bare.clock.now().astimezone(bare.zone).replace(month=3, tzinfo=None))

    assert (await bare.say(bare.ann, "/open")).startswith("No meeting is planned.")


async def test_ones_own_paper_is_ones_own(here: Room) -> None:
    await here.say(here.ann, "/claim jan 20 1 LithOS")

    said = await here.say(here.ann, "/claim jan 20 2 LithOS")

    assert said.startswith("You present that on Tue 20 January 2026:")
    assert (await here.say(here.ben, "/claim jan 20 2 LithOS")).startswith("Ann presents that")
