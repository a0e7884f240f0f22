"""A week in the group, end to end: questions, claims, reminders and a video."""

import asyncio
from datetime import datetime

from sqlalchemy import URL

from bot.sandbox import ApiError, Drop
from storage.enums import DeliveryState
from storage.models import Delivery, Talk
from tests.e2e.room import Room, room

VIDEO = "https://www.bilibili.com/video/BV1aaa"


async def test_a_member_claims_in_one_message_and_everybody_sees_it(here: Room) -> None:
    answer = await here.say(
        here.ann, "/claim jan 13 2 [SOSP'25] TrainVerify https://arxiv.org/abs/2506.15961"
    )

    assert answer.startswith("✅ Ann presents on Tue 13 January, 19:00, Topic II")
    assert "[SOSP'25] TrainVerify" in await here.say(here.ben, "/next")


async def test_a_slot_that_is_taken_is_refused_with_who_has_it(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 TrainVerify")

    answer = await here.say(here.ben, "/claim jan 13 2 Another")

    assert answer.startswith("Ann has Topic II on Tue 13 January.")


async def test_a_claim_without_a_date_is_booked_by_the_claimers_tap_only(here: Room) -> None:
    await here.say(here.ann, "/claim LithOS https://arxiv.org/abs/2504.15465")

    notice = await here.tap(here.ben, "Tue 20 January · Topic I")
    assert "somebody else" in notice
    await here.tap(here.ann, "Tue 20 January · Topic I")

    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January")


async def test_a_question_outlives_a_restart(here: Room) -> None:
    await here.say(here.ann, "/claim LithOS")
    await here.stop()
    await here.start()

    await here.tap(here.ann, "Tue 20 January · Topic II")

    assert here.told()[-1].startswith("✅ Ann presents on Tue 20 January")


async def test_of_thirty_who_claim_one_slot_at_once_one_gets_it(here: Room) -> None:
    people = [here.sandbox.add_person(f"Person {number}") for number in range(30)]
    here.chat.members.update({person.id: "member" for person in people})
    for person in people:
        here.sandbox.say(person, None, f"/start g{1}")
    await here.sandbox.settled()
    for person in people:
        here.sandbox.say(person, None, f"/claim jan 13 2 The paper of {person.name}")
    await here.sandbox.settled()

    answers = [here.sandbox.last(here.sandbox.private(person)).text for person in people]
    won = [answer for answer in answers if answer.startswith("✅")]
    lost = [answer for answer in answers if "has Topic II on Tue 13 January" in answer]
    assert (len(won), len(lost)) == (1, 29)


async def test_a_meeting_that_has_begun_offers_no_slot_any_more(here: Room) -> None:
    await here.go_to(datetime(2026, 1, 13, 19, 30))

    answer = await here.say(here.ann, "/next")

    assert answer.startswith("Tue 13 January, 19:00 · today")
    assert "/claim" not in answer


async def test_a_slot_that_is_given_back_is_open_again(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 TrainVerify")
    await here.say(here.ann, "/release")

    assert "gives it" in await here.tap(here.ben, "Tue 13 January: TrainVerify")
    await here.tap(here.ann, "Tue 13 January: TrainVerify")

    assert here.told()[-1].endswith("⭕ Topic II of Tue 13 January, 19:00 is open.")
    assert "Tue 13 January: Topic II" in await here.say(here.ben, "/open")


async def test_only_who_presents_or_organizes_posts_a_video_and_one_holds_both_talks(
    here: Room,
) -> None:
    await here.say(here.ann, "/claim jan 13 2 TrainVerify")
    await here.go_to(datetime(2026, 1, 14, 10))

    assert (await here.say(here.ben, f"/video {VIDEO}")).startswith("Only organizers")
    await here.say(here.admin, f"/video {VIDEO}")
    await here.tap(here.admin, "All of them")

    assert here.told()[-1].startswith("📺 The video of Tue 13 January is online:")
    assert (await here.say(here.ben, "/meeting jan 13")).count("📺 video") == 2


async def test_an_organizer_who_lost_the_right_is_refused_at_once(here: Room) -> None:
    await here.go_to(datetime(2026, 1, 14, 10))
    here.sandbox.set_status(here.chat, here.admin, "member")

    assert (await here.say(here.admin, f"/video {VIDEO}")).startswith("Only organizers")


async def test_both_reminders_come_once_although_the_bot_restarts(here: Room) -> None:
    told = len(here.told())

    for day in (10, 11, 12, 13):
        await here.go_to(datetime(2026, 1, day, 19))
        await here.stop()
        await here.start()
        await here.bot.tick()

    reminders = here.told()[told:]
    assert [text[:1] for text in reminders] == ["📣", "⏰"]
    assert all("late" not in text for text in reminders)


async def test_a_reminder_is_late_rather_than_lost_and_says_so(here: Room) -> None:
    await here.stop()
    here.clock.set(datetime(2026, 1, 11, 9, tzinfo=here.zone))
    await here.start()

    await here.bot.tick()

    assert here.told()[-1].startswith("This is late: I was away when it was due.")


async def test_a_reminder_of_no_more_use_is_marked_and_not_sent(here: Room) -> None:
    await here.stop()
    told = here.told()
    here.clock.set(datetime(2026, 1, 14, 9, tzinfo=here.zone))
    await here.start()

    await here.bot.tick()

    assert here.told() == told
    with here.store.reading() as session:
        states = {d.state for d in session.query(Delivery).filter(Delivery.meeting_id == 2)}
    assert states == {DeliveryState.EXPIRED}


async def test_what_may_have_arrived_is_asked_about_and_not_sent_twice(here: Room) -> None:
    await here.say(here.admin, "/start", here.sandbox.private(here.admin))
    here.sandbox.fail_next("sendPhoto", Drop.AFTER, chat=here.chat)

    await here.go_to(datetime(2026, 1, 10, 19))
    await here.bot.tick()

    assert [text[:1] for text in here.told()].count("📣") == 1
    question = here.sandbox.last(here.sandbox.private(here.admin))
    assert question.labels == ["It arrived", "Send again"]
    await here.tap(here.admin, "It arrived", question)
    await here.bot.tick()
    assert [text[:1] for text in here.told()].count("📣") == 1


async def test_send_again_sends_once_more_however_often_it_is_tapped(here: Room) -> None:
    await here.say(here.admin, "/start", here.sandbox.private(here.admin))
    here.sandbox.fail_next("sendPhoto", Drop.BEFORE, chat=here.chat)
    await here.go_to(datetime(2026, 1, 10, 19))
    question = here.sandbox.last(here.sandbox.private(here.admin))

    here.sandbox.tap(here.admin, question, "Send again")
    here.sandbox.tap(here.admin, question, "Send again")
    await here.sandbox.settled()
    await here.bot.tick()
    await here.bot.tick()

    assert [text[:1] for text in here.told()].count("📣") == 1


async def test_telegrams_wish_to_wait_is_kept(here: Room) -> None:
    wait = ApiError(429, "Too Many Requests: retry after 30", retry_after=30)
    here.sandbox.fail_next("sendPhoto", wait, chat=here.chat)
    told = here.told()

    await here.go_to(datetime(2026, 1, 10, 19, 0, 0))
    assert here.told() == told
    await here.go_to(datetime(2026, 1, 10, 19, 0, 29))
    assert here.told() == told
    await here.go_to(datetime(2026, 1, 10, 19, 0, 31))

    assert here.told()[-1].startswith("📣")


async def test_the_reminder_follows_a_group_that_became_a_supergroup_unnoticed(
    sqlite_url: URL,
) -> None:
    async with room(sqlite_url) as here:
        here.chat = here.sandbox.add_group("Plain", {here.admin: "creator"}, "group")
        await here.set_up()
        await here.stop()
        new = here.sandbox.upgrade(here.chat)
        here.sandbox.updates.drop()
        await here.start()

        await here.go_to(datetime(2026, 1, 10, 19))
        await here.go_to(datetime(2026, 1, 10, 19, 1))

        assert [text[:1] for text in here.told(new)] == ["📣"]


async def test_an_update_that_comes_twice_acts_once(here: Room) -> None:
    release = asyncio.Event()
    handle = here.bot._poller._handle

    async def handle_and_hang(update: object) -> None:
        await handle(update)  # type: ignore[arg-type]
        await release.wait()

    here.bot._poller._handle = handle_and_hang
    here.sandbox.say(here.ann, here.chat, "/claim jan 13 2 TrainVerify")
    await here.sandbox.wait_for(lambda: here.told()[-1].startswith("✅ Ann"))
    here.running.cancel()
    await asyncio.wait({here.running})
    await here.start()
    await here.sandbox.settled()

    assert here.told()[-1].startswith("You have it already:\n\n✅ Ann presents on Tue 13 January")
    with here.store.reading() as session:
        assert session.query(Talk).filter(Talk.title == "TrainVerify").count() == 1
