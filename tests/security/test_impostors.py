"""Who somebody is, is their account, whatever they call it; and nobody acts by another's mouth."""

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.callbacks import PostMessage, encode
from bot.domain.page import Page, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.sandbox import Person
from bot.services import groups, imports
from storage.enums import Role
from storage.models import Member, Presenter, Talk
from tests.fuzz.inside import Inside
from tests.fuzz.scene import TERM, Scene

FORWARDED = {"type": "hidden_user", "sender_user_name": "Mia", "date": 1}


def _called(person: Person, name: str) -> dict[str, Any]:
    return {"from": person.as_user() | {"first_name": name}}


async def _rename(inside: Inside, person: Person, name: str) -> None:
    """Called something else, they write something that has the bot look at them again."""
    await inside.say(person, "/unmute", **_called(person, name))


def _main(inside: Inside, title: str) -> int | None:
    with inside.store.reading() as session:
        return session.scalar(
            select(Member.telegram_id)
            .join(Presenter, Presenter.member_id == Member.id)
            .join(Talk, Talk.id == Presenter.talk_id)
            .where(Talk.title == title, Talk.group_id == 1, Presenter.role == Role.MAIN)
        )


async def test_a_renamed_account_has_no_more_rights_than_before(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member

    released = await inside.say(mia, "/release", scene.here, **_called(mia, "Pia"))
    moved = await inside.say(mia, "/move jan 27 jan 28", scene.here, **_called(mia, "Ada Admin"))

    assert "DiffKV" not in released
    assert moved.startswith("Only organizers")


async def test_a_name_on_the_page_is_not_whoever_calls_their_account_so(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member
    await _rename(inside, mia, "Bosen Yang")
    bosen = PagePresenter("Bosen Yang", Role.MAIN)
    new = PageMeeting(
        TERM.meetings[0].date, (PageSlot("Topic I", PageTalk("New", presenters=(bosen,))),)
    )

    with inside.store.writing() as session:
        group = groups.by_id(session, 1)
        imports.import_page(session, group, Page(TERM.title, meetings=(new,)), inside.clock.now())

    assert _main(inside, "New") is None  # the Bosen Yang of the page, who has no account yet


async def test_a_name_that_organizers_agreed_to_stays_when_the_account_is_renamed(
    scene: Scene,
) -> None:
    inside, pia = scene.inside, scene.cast.presenter

    await _rename(inside, pia, "Somebody Else")

    assert "Pia" in await inside.say(scene.cast.member, "/meeting jan 20", scene.here)


async def test_of_two_with_one_name_an_organizer_says_which(scene: Scene) -> None:
    inside, mia, sue = scene.inside, scene.cast.member, scene.cast.supporter
    await _rename(inside, mia, "Sue")

    question = await inside.say(scene.cast.admin, "/assign feb 10 1 Sue", scene.here)

    assert question.startswith("More than one is called “Sue”. Whom do you mean?\n1. Sue\n2. Sue")
    message, data = inside.button("2. Sue", scene.here)
    people = [entity["user"]["id"] for entity in message.entities if "user" in entity]
    assert sorted(people) == sorted((mia.id, sue.id))
    await inside.tap_under(scene.cast.admin, data, message)
    assert _main(inside, "To be announced") == people[1]


async def test_two_whom_a_talk_could_be_handed_to_are_told_apart(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member
    await _rename(inside, mia, "Sue")

    said = await inside.say(scene.cast.presenter, "/handover Sue", scene.here)

    assert "1. Sue\n2. Sue" in said
    assert inside.button("1. Sue", scene.here)


async def test_a_name_of_nothing_that_can_be_seen_is_somebodys(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member

    await inside.say(mia, "/claim feb 10 1 A title", scene.here, **_called(mia, "\u2060\u200e"))

    assert "Somebody" in await inside.say(
        mia, "/meeting feb 10", scene.here, **_called(mia, "\u2060")
    )


async def test_a_deleted_account_has_no_name_and_breaks_nothing(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member

    await inside.say(mia, "/claim feb 10 1 A title", scene.here, **_called(mia, ""))

    assert "Somebody" in await inside.say(mia, "/meeting feb 10", scene.here)


async def test_a_command_that_is_forwarded_does_not_act(scene: Scene) -> None:
    inside, admin = scene.inside, scene.cast.admin
    text = "/unassign jan 20 1"

    assert await inside.say(admin, text, scene.here, forward_origin=FORWARDED) == ""
    assert "/help" in await inside.say(admin, text, forward_origin=FORWARDED)
    linked = "/claim feb 10 1 A title https://example.org/1"
    assert "/help" in await inside.say(admin, linked, forward_origin=FORWARDED)
    assert _main(inside, "DiffKV") == scene.cast.presenter.id


async def test_a_tap_under_a_message_that_stands_in_no_chat_is_answered(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member
    message = scene.here.add(inside.bot_person, inside.clock.now(), text="?")
    tap = inside.sandbox.queries.tap(mia, message, "c1:take:1:11:1")
    from_afar = {"id": tap.id, "from": mia.as_user(), "chat_instance": "1", "data": tap.data}

    await inside.take("callback_query", from_afar | {"inline_message_id": "i"})

    assert tap.text.startswith("This button is from an older message.")


async def test_a_time_before_all_times_is_an_old_button(scene: Scene) -> None:
    data = encode(PostMessage(1, 1, -(2**31 - 1)))

    assert "older message" in await scene.inside.tap(scene.cast.admin, data, scene.here)


async def test_a_tap_so_long_ago_that_nobody_waits_for_its_answer_counts(scene: Scene) -> None:
    inside, rita = scene.inside, scene.cast.rival
    message = scene.here.add(inside.bot_person, inside.clock.now(), text="?")
    tap = inside.sandbox.queries.tap(rita, message, "c1:wait:1:5")
    inside.clock.move(timedelta(hours=2))

    await inside.take("callback_query", tap.as_api())

    assert [one for one in inside.heard.records if one.levelno >= logging.ERROR] == []
    assert "Topic I of Tue 20 January" in await inside.say(rita, "/wait")
