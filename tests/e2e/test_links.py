"""Who may post slides, videos and summaries, and where they then stand."""

from datetime import datetime

import pytest
from sqlalchemy import URL

from storage.models import Link, Talk
from tests.e2e.room import Room, room

URL_1 = "https://www.bilibili.com/video/BV1aaa"
URL_2 = "https://www.bilibili.com/video/BV1bbb?t=10&p=2"
SLIDES = "https://github.com/ann/talks/trainverify.pdf"
SUMMARY = "https://zhuanlan.zhihu.com/p/1"
REFUSED = (
    ("/video", "Send the link after the command"),
    ("/video jan 13", ""),
    ("/video javascript:alert(1)", "“javascript:alert(1)” is no web link."),
    ("/video jan 13 javascript:alert(1)", "“javascript:alert(1)” is no web link."),
    ("/video ftp://host/x", "“ftp://host/x” is no web link."),
    ("/video https://", ""),
    ("/video jan 14 https://v.example", "There is no meeting on Wed 14 January 2026."),
    ("/video jan 13 1 https://v.example 1:75", "“1:75” is no place in a video."),
    (f"/video jan 13 {URL_1} 1:30 2:30 3:30", "That is for 2 talks of Tue 13 January"),
    ("/video jan 13 9 https://v.example", "There is no talk in that slot"),
    ("/video jan 20 https://v.example", "The meeting of Tue 20 January has not begun yet"),
)


@pytest.fixture
async def after(here: Room) -> Room:
    """The morning after a meeting with two talks."""
    await here.say(here.ann, "/claim jan 13 2 TrainVerify")
    await here.go_to(datetime(2026, 1, 14, 10))
    return here


def _links(here: Room) -> list[tuple[str, str]]:
    with here.store.reading() as session:
        found = session.query(Talk.title, Link.url).join(Link, Link.talk_id == Talk.id)
        return [(title, url) for title, url in found.order_by(Link.id)]


async def test_a_member_changes_nothing(after: Room) -> None:
    for words in (f"/video {URL_1}", f"/slides jan 13 1 {URL_1}", "/video", f"/summary {URL_1}"):
        assert (await after.say(after.ben, words)).startswith("Only organizers")

    assert _links(after) == []


async def test_a_presenter_posts_slides_before_and_video_and_summary_after(here: Room) -> None:
    await here.say(here.ann, "/claim jan 13 2 TrainVerify")

    assert (await here.say(here.ann, f"/slides {SLIDES}?utm_source=chat")).startswith(
        "📕 The slides of Tue 13 January are online:"
    )
    assert (await here.say(here.ann, f"/slides jan 13 1 {SLIDES}")).startswith("Only organizers")
    assert "not begun yet" in await here.say(here.ann, f"/summary jan 13 {URL_1}")
    assert (await here.say(here.ann, f"/video {URL_1}")).startswith("No talk waits for a video.")
    await here.go_to(datetime(2026, 1, 14, 10))
    about = here.sandbox.say(here.ben, here.chat, f"Here it is: {URL_2}&vd_source=1")
    here.sandbox.say(here.ann, here.chat, "/video", reply_to=about)
    await here.sandbox.settled()
    assert here.told()[-1].startswith("📺 The video of Tue 13 January is online:")
    assert (await here.say(here.ann, f"/summary {SUMMARY}")).startswith("📝 The summary of")

    posted = [SLIDES, URL_2, SUMMARY]
    assert _links(here) == [("TrainVerify", url) for url in posted]
    assert "📕 slides · 📺 video · 📝 summary" in await here.say(here.ben, "/meeting jan 13")


async def test_who_has_a_talk_behind_and_one_ahead_chooses_by_tap(after: Room) -> None:
    await after.say(after.ann, "/claim jan 20 1 DiffKV")
    await after.say(after.ann, f"/slides {SLIDES}")
    assert after.sandbox.last(after.chat).text == "Which talk are these slides for?"
    await after.tap(after.ann, "Tue 20 January: DiffKV")

    assert _links(after) == [("DiffKV", SLIDES)]


async def test_a_video_goes_to_the_talk_that_was_named(after: Room) -> None:
    answer = await after.say(after.admin, f"/video jan 13 2 {URL_2}")

    assert answer.startswith("📺 The video of Tue 13 January is online:")
    assert _links(after) == [("TrainVerify", URL_2)]
    assert "REFRAG" not in answer


async def test_of_two_talks_one_is_chosen_by_tap(after: Room) -> None:
    await after.say(after.admin, f"/video {URL_1}")
    question = after.sandbox.last(after.chat)

    assert "somebody else" in await after.tap(after.ann, question.labels[1], question)
    await after.tap(after.admin, "Topic II: TrainVerify", question)

    assert _links(after) == [("TrainVerify", URL_1)]
    # The other talk is the only one that still lacks a video.
    assert (await after.say(after.admin, f"/video {URL_2}")).startswith("📺")
    assert [title[:6] for title, _ in _links(after)] == ["TrainV", "REFRAG"]


async def test_two_taps_on_all_of_them_give_each_talk_one_link(after: Room) -> None:
    await after.say(after.admin, f"/video {URL_1}")
    question = after.sandbox.last(after.chat)
    after.sandbox.tap(after.admin, question, "All of them")
    after.sandbox.tap(after.admin, question, "All of them")
    await after.sandbox.settled()

    assert [url for _, url in _links(after)] == [URL_1, URL_1]
    assert "posted already" in question.text


async def test_the_same_video_again_changes_nothing(after: Room) -> None:
    await after.say(after.admin, f"/video jan 6 {URL_1}")

    assert "posted already" in await after.say(after.admin, f"/video jan 6 {URL_1}")
    assert _links(after) == [("Jenga", URL_1)]


async def test_who_lost_the_right_loses_it_with_the_question_open(after: Room) -> None:
    await after.say(after.admin, f"/video {URL_1}")
    question = after.sandbox.last(after.chat)
    after.chat.members[after.admin.id] = "member"

    assert "organizers" in await after.tap(after.admin, "All of them", question)
    assert _links(after) == []


async def test_a_new_administrator_may_post_at_once(after: Room) -> None:
    after.chat.members[after.ben.id] = "administrator"

    assert (await after.say(after.ben, f"/video jan 6 {URL_1}")).startswith("📺")


async def test_an_organizer_named_in_the_settings_needs_no_administration(
    sqlite_url: URL,
) -> None:
    async with room(sqlite_url, begins=datetime(2026, 1, 14, 10)) as made:
        await made.set_up()
        await made.stop()
        telegram = made.settings.telegram.model_copy(update={"organizers": (made.ann.id,)})
        made.settings = made.settings.model_copy(update={"telegram": telegram})
        await made.start()

        assert (await made.say(made.ann, f"/video jan 6 {URL_1}")).startswith("📺")
        private = made.sandbox.private(made.ann)
        await made.say(made.ann, "/start", private)
        assert "posted already" in await made.say(made.ann, f"/video jan 6 {URL_1}", private)
        assert (await made.say(made.ben, f"/video jan 6 {URL_1}")).startswith("Only organizers")


async def test_an_organizer_of_one_group_is_none_in_another(after: Room) -> None:
    other = after.sandbox.add_group("Databases", {after.ann: "creator", after.ben: "member"})
    await after.say(after.ann, "/setup new", other)

    assert (await after.say(after.ann, f"/video jan 6 {URL_1}")).startswith("Only organizers")
    answer = await after.say(after.ann, f"/video jan 6 {URL_1}", other)
    assert answer.startswith("There is no meeting on")
    await after.say(after.admin, f"/video jan 13 {URL_1}")
    data = after.sandbox.last(after.chat).keyboard[0][0]["callback_data"]
    message = after.sandbox.last(other)
    message.keyboard = [[{"text": "x", "callback_data": data}]]
    assert await after.tap(after.ann, "x", message) != ""
    assert _links(after) == []


async def test_a_video_that_cannot_be_posted_gets_one_sentence(after: Room) -> None:
    for words, answer in REFUSED:
        told = len(after.told())

        said = await after.say(after.admin, words)

        assert said.startswith(answer)
        assert len(after.told()) == told + 1
        assert "wrong on my side" not in said
        assert _links(after) == []


async def test_one_video_leads_to_where_each_talk_begins(after: Room) -> None:
    question = await after.say(after.admin, f"/video jan 13 {URL_1} 1:30 47:10")
    assert "TrainVerify · from 47:10" in question
    assert [url for _, url in _links(after)] == [f"{URL_1}?t=90", f"{URL_1}?t=2830"]

    await after.say(after.admin, f"/video jan 13 {URL_2}")
    await after.tap(after.admin, "All of them")
    assert len(_links(after)) == 4  # URL_2 begins somewhere: nothing to ask


async def test_where_the_talks_begin_may_be_said_in_a_reply(after: Room) -> None:
    await after.say(after.admin, f"/video {URL_1}")
    await after.tap(after.admin, "All of them")
    posted = after.sandbox.last(after.chat)
    assert "Reply with where each talk begins" in posted.text

    told = len(after.told())
    after.sandbox.say(after.ann, after.chat, "0:10 0:20", reply_to=posted)
    after.sandbox.say(after.admin, after.chat, "Thank you all", reply_to=posted)
    await after.sandbox.settled()
    assert len(after.told()) == told
    after.sandbox.say(after.admin, after.chat, "1:30, 1:02:30", reply_to=posted)
    await after.sandbox.settled()
    assert [url for _, url in _links(after)] == [f"{URL_1}?t=90", f"{URL_1}?t=3750"]


async def test_a_site_that_nobody_knows_is_asked_about_until_an_organizer_knows_it(
    after: Room,
) -> None:
    url = "https://media.example.org/v/1"
    asked = await after.say(after.ann, f"/video jan 13 2 {url}")
    assert asked == "I do not know media.example.org. Post the video all the same?"
    assert _links(after) == []
    question = after.sandbox.last(after.chat)
    assert "organizers" in await after.tap(after.ann, "Know it from now on", question)
    await after.tap(after.ann, "Post it anyway", question)
    assert _links(after) == [("TrainVerify", url)]

    await after.say(after.admin, f"/video jan 13 1 {url}2")
    await after.tap(after.admin, "Know it from now on")
    assert (await after.say(after.ann, f"/summary {url}3")).startswith("📝 The summary of")
    assert "• media.example.org" in await after.say(after.admin, "/hosts")
    await after.tap(after.admin, "Remove media.example.org")
    assert "• " not in after.sandbox.last(after.chat).text
    assert (await after.say(after.ben, "/hosts a.example")).startswith("Only organizers")


async def test_what_was_posted_in_private_the_group_hears_once(after: Room) -> None:
    private = after.sandbox.private(after.ann)
    await after.say(after.ann, "/start", private)
    await after.say(after.ann, f"/video {URL_1}", private)
    await after.say(after.ann, f"/summary {SUMMARY}")
    told = len(after.told())

    await after.go_to(datetime(2026, 1, 14, 10, 5))

    assert after.told()[told:] == ["🆕 Now online\n\nTue 13 January\n💡 TrainVerify\n📺 video"]
