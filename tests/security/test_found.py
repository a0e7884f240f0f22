"""What `make fuzz` found, once more by itself."""

from datetime import time, timedelta

from sqlalchemy import select

from bot.domain.callbacks import MakeTerm, SetReminder, encode
from bot.services.group_reminders import CHOICES, NAMES
from storage.enums import DraftKind
from storage.models import Draft
from tests.fuzz.inside import command
from tests.fuzz.scene import Scene


async def test_the_log_tells_that_a_planned_term_was_taken_back(scene: Scene) -> None:
    inside, admin = scene.inside, scene.cast.admin
    with inside.store.reading() as session:
        draft_id = session.scalars(select(Draft.id).where(Draft.kind == DraftKind.TERM)).one()

    await inside.tap(admin, encode(MakeTerm(1, draft_id)), scene.here)
    await inside.say(admin, "/undo", scene.here)
    message, data = inside.button("Take that back", scene.here)
    await inside.tap_under(admin, data, message)
    log = await inside.say(admin, "/log", scene.here)

    assert "took back that 2026 Spring was planned" in log


async def test_the_time_of_the_weeks_message_may_be_moved_on_the_day_it_was_told(
    scene: Scene,
) -> None:
    inside, admin = scene.inside, scene.cast.admin

    async def tell_at(hour: int) -> str:
        choice = CHOICES["tell_at"].index(time(hour))
        data = encode(SetReminder(1, NAMES.index("tell_at"), choice))
        return await inside.tap(admin, data, scene.here)

    def called_out() -> int:
        return sum("Who presents?" in m.text for m in scene.here.in_order())

    await tell_at(12)
    inside.clock.move(timedelta(hours=2))  # Friday, past noon
    await inside.bot.tick()
    told = called_out()

    assert await tell_at(20) == ""
    inside.clock.move(timedelta(hours=9))
    await inside.bot.tick()
    assert (told, called_out()) == (1, 1)


async def test_a_chat_of_a_sort_that_telegram_does_not_have_is_not_set_up(scene: Scene) -> None:
    inside, here = scene.inside, scene.here

    said = here.add(scene.cast.admin, inside.clock.now(), text="/setup new").as_api()
    said["chat"]["type"] = "member"
    await inside.take("message", said | command("/setup new"))

    assert [record.getMessage() for record in inside.heard.records] == []


async def test_a_title_for_one_of_several_talks_is_refused_before_it_is_kept(scene: Scene) -> None:
    inside, pia = scene.inside, scene.cast.presenter
    await inside.say(pia, "/claim feb 10 1 Another", scene.here)

    assert "too long" in await inside.say(pia, f"/edit {'x' * 501}", scene.here)
    assert "is no web link" in await inside.say(pia, "/edit https://[ A title", scene.here)
    assert "Which talk" in await inside.say(pia, "/edit A title", scene.here)


async def test_what_was_asked_in_a_topic_that_is_gone_is_no_fault_of_ours(scene: Scene) -> None:
    inside, there = scene.inside, scene.there
    topic = there.topics.popitem()[0]
    said = there.add(scene.cast.boss, inside.clock.now(), text="/checklist", topic=topic).as_api()
    await inside.take("message", said | command("/checklist"))

    assert [record.levelname for record in inside.heard.records] == ["WARNING"]
