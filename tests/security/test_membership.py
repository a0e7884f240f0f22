"""Who is in the group's chat is a member; who left it is told nothing more, anywhere."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.views import Actor
from bot.sandbox import ApiError, Asked, Person
from bot.services import (
    groups,
    handovers,
    members,
    standings,
)
from bot.telegram.presence import ASKED_AGAIN_AFTER, MOST, Presence
from storage.enums import DeliveryState
from storage.models import Delivery, Member
from tests.fuzz.inside import Inside
from tests.fuzz.scene import BEGINS, Scene

SECRETS = ("REFRAG", "DiffKV", "Bosen", "13 January")


def _row(inside: Inside, person: Person) -> Member:
    with inside.store.reading() as session:
        found = session.scalars(select(Member).where(Member.telegram_id == person.id)).one()
        session.expunge_all()
    return found


async def test_who_left_unnoticed_is_told_nothing_in_private(scene: Scene) -> None:
    inside, gus = scene.inside, scene.cast.gone

    first = await inside.say(gus, "/next")
    then = [await inside.say(gus, words) for words in ("/schedule", "/mine", "/start", "/help")]

    assert first.startswith("You are not in the chat of Systems")
    assert all(answer.startswith("I do not know your reading group yet.") for answer in then)
    assert not any(secret in "\n".join([first, *then]) for secret in SECRETS)
    assert _row(inside, gus).gone


async def test_a_button_from_before_opens_nothing_for_who_left(scene: Scene) -> None:
    inside, gus = scene.inside, scene.cast.gone

    assert "not in the chat of Systems" in await inside.tap(gus, "c1:page:1:0")
    for data in ("c1:page:1:0", "c1:group:1", "c1:take:1:11:1"):
        assert "REFRAG" not in await inside.tap(gus, data)
    assert "I do not know your reading group" in await inside.tap(gus, "c1:page:1:0")


async def test_the_buttons_of_a_public_group_are_not_for_passers_by(scene: Scene) -> None:
    notice = await scene.inside.tap(scene.cast.stranger, "c1:take:1:11:1", scene.here)

    assert notice.startswith("You are not in the chat of Systems")


async def test_telegrams_word_that_somebody_left_or_came_back_counts_at_once(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member
    service = scene.here.add(mia, inside.clock.now(), service={"left_chat_member": mia.as_user()})

    scene.here.members[mia.id] = "left"
    await inside.take("message", service.as_api())
    assert "I do not know your reading group" in await inside.say(mia, "/next")

    scene.here.members[mia.id] = "member"
    back = scene.here.add(mia, inside.clock.now(), service={"new_chat_members": [mia.as_user()]})
    await inside.take("message", back.as_api())
    assert "REFRAG" in await inside.say(mia, "/next")


async def test_telegram_is_asked_now_and_then_and_not_each_time(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member
    assert "REFRAG" in await inside.say(mia, "/next")

    scene.here.members[mia.id] = "kicked"
    assert "REFRAG" in await inside.say(mia, "/next")  # asked a moment ago

    inside.clock.move(ASKED_AGAIN_AFTER)
    assert "not in the chat" in await inside.say(mia, "/next")


@pytest.mark.parametrize("error", [ApiError(502, "Bad Gateway"), ApiError(403, "Forbidden: no")])
async def test_while_telegram_does_not_say_what_was_known_stands(
    scene: Scene, error: ApiError
) -> None:
    inside = scene.inside
    inside.sandbox.fail_next("getChatMember", error, count=2)

    assert "REFRAG" in await inside.say(scene.cast.member, "/next")
    assert "Systems" not in await inside.say(scene.cast.stranger, "/start")


async def test_while_telegram_does_not_say_an_organizer_is_not_called_none(scene: Scene) -> None:
    inside, admin = scene.inside, scene.cast.admin
    inside.sandbox.fail_next("getChatMember", ApiError(502, "Bad Gateway"))

    said = await inside.say(admin, "/settings", scene.here)
    assert said.startswith("Telegram did not tell me whether you may do that")
    assert "Systems" in await inside.say(admin, "/settings", scene.here)


async def test_the_bot_writes_no_more_to_who_left(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member
    with inside.store.writing() as session:
        members.set_gone(session, scene.here.id, mia.id, gone=True)
    before = inside.sandbox.private(mia).last_id

    inside.clock.move(timedelta(hours=1))
    await inside.bot.tick()  # the offer to Mia and the request to Mia are due

    assert inside.sandbox.private(mia).last_id == before
    with inside.store.reading() as session:
        owed = session.scalars(
            select(Delivery)
            .join(Member, Member.id == Delivery.member_id)
            .where(Member.telegram_id == mia.id)
        ).all()
        told = [one for one in owed if one.state is DeliveryState.SKIPPED]
        assert told
        assert {one.reason for one in told} == {"Mia left the group's chat"}


async def test_who_left_is_offered_to_nobody_and_organizes_nothing(scene: Scene) -> None:
    inside, rem, mia = scene.inside, scene.cast.removed, scene.cast.member
    with inside.store.writing() as session:
        for person in (rem, mia):
            members.set_gone(session, scene.here.id, person.id, gone=True)
        names = {turn.name for turn in standings.standings(session, 1, inside.clock.now())}
        asked = {
            one.name
            for one in handovers.candidates(
                session, Actor(groups.by_id(session, 1), "Pia", member_id=0)
            )
        }
        organizers = members.reachable_organizers(session, 1)
        admin = session.scalars(select(Member.id).where(Member.name == "Ada Admin")).one()

    assert "Mia" not in names | asked
    assert "Rita" in names & asked
    assert organizers == (admin,)


def test_what_is_remembered_of_people_is_bounded_and_old_answers_go_first() -> None:
    presence = Presence()
    for person in range(MOST + 1):
        presence.note(-1, person, BEGINS)

    assert not presence.is_fresh(-1, 0, BEGINS)
    assert presence.is_fresh(-1, 1, BEGINS)
    assert not presence.is_fresh(-1, 1, BEGINS - timedelta(seconds=1))  # the clock was set back


async def test_who_left_finds_no_talk_to_share(scene: Scene) -> None:
    inside = scene.inside

    async def asks(person: Person) -> Asked:
        asked = inside.sandbox.inline.ask(person, "diffkv", "")
        await inside.take("inline_query", asked.as_api())
        return asked

    assert (await asks(scene.cast.member)).titles == ["DiffKV"]
    assert (await asks(scene.cast.gone)).titles == []
    assert _row(inside, scene.cast.gone).gone
