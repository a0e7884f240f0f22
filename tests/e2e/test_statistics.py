"""`/stats` in the chat."""

import pytest
from sqlalchemy import URL

from bot.domain.page import Page
from bot.pictures import chart_picture, studio
from bot.sandbox import ApiError
from tests.e2e.room import Room, room
from tests.pictures.png import size


async def test_stats_answers_with_a_picture_and_a_sentence(here: Room) -> None:

    said = await here.say(here.ann, "/stats")

    answer = here.sandbox.last(here.chat)
    assert answer.photo is not None
    assert answer.reply_to is not None
    assert size(here.sandbox.files.content(answer.photo[-1]["file_id"]) or b"")[0] == 1080
    assert said == (
        "📊 Systems · 2025 Fall\n\n1 talk in 1 meeting.\n\n"
        "💡 Papers came from SOSP (1).\n📺 No talk has a video yet."
    )


async def test_from_all_terms_to_the_newest_and_back_in_one_message(here: Room) -> None:
    from datetime import date

    from bot.domain.page import PageMeeting, PageSlot, PageTalk
    from bot.services import groups, imports

    earlier = (PageSlot("Topic I", PageTalk("Mantle", "SOSP", 2024)),)
    with here.store.writing() as session:
        (group,) = groups.all_groups(session)
        spring = Page("2025 Spring", meetings=(PageMeeting(date(2025, 3, 4), earlier),))
        imports.import_page(session, group, spring, here.clock.now())

    everything = await here.say(here.ann, "/stats")
    answer = here.sandbox.last(here.chat)
    first = answer.photo
    await here.tap(here.ben, "2025 Fall")
    one, second = answer.text, answer.photo
    await here.tap(here.ben, "All terms")

    assert "2 talks in 2 meetings of 2 terms." in everything
    assert "1 talk in 1 meeting." in one
    assert answer.text == everything
    assert None not in (first, second)
    assert first != second
    assert here.sandbox.last(here.chat) is answer


async def test_without_talks_there_is_a_sentence_and_no_picture(sqlite_url: URL) -> None:
    async with room(sqlite_url, page=Page("2025 Fall")) as here:
        await here.set_up()

        said = await here.say(here.ann, "/stats")

        assert said == "No talk was given yet. /schedule shows what is to come."
        assert here.sandbox.last(here.chat).photo is None


async def test_a_picture_that_cannot_be_drawn_or_sent_leaves_the_sentence(
    here: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = ApiError(400, "Bad Request: not enough rights to send photos to the chat")
    here.sandbox.fail_next("sendPhoto", refusal)
    unsent = await here.say(here.ann, "/stats")
    studio._chart.cache_clear()
    monkeypatch.setattr(chart_picture, "draw", lambda _chart: 1 / 0)
    undrawn = await here.say(here.ann, "/stats")

    assert unsent == undrawn
    assert "1 talk in 1 meeting." in undrawn
