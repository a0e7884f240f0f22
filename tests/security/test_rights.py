"""Nobody changes what is not theirs to change: by no button, forged or real, and by no command,
wherever they tap or write."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.domain.callbacks import encode
from bot.sandbox import Chat, Person
from bot.services.members import set_gone
from bot.telegram import router
from bot.telegram.presence import status_in
from tests.fuzz.scene import OUTSIDE, Scene
from tests.security.conftest import Trial
from tests.security.rights import BUTTONS, COMMANDS, Ids

FACTS = ("REFRAG", "DiffKV", "LithOS", "Jenga", "Pia", "Rita", "Bosen", "Ada Admin", "January")

CHANNEL = {"id": -1_009_999_999_999, "type": "channel", "title": "News"}


def test_every_button_and_every_command_says_who_may() -> None:
    shapes = {type(make(_AnyIds())) for make, _ in BUTTONS}
    named = {text.split()[0].removeprefix("/") for text, _ in COMMANDS}

    assert shapes == set(router.BUTTONS)
    assert named == set(router.COMMANDS)


async def test_no_button_lets_anybody_change_what_is_not_theirs(trial: Trial) -> None:
    scene, wrong, ids = trial.scene, [], Ids(trial.watch)
    for make, may in BUTTONS:
        asked = make(ids)
        able = set()
        for name, person in trial.people.items():
            outside = (scene.there,) if name in OUTSIDE else ()
            for place in (scene.here, None, *outside):
                data = encode(asked)
                if await trial.changes(1, _tapped(scene, person, data, place)):
                    able.add(name)
        if able != may:
            wrong.append((asked, sorted(able ^ may)))

    assert "\n".join(map(str, wrong)) == ""


async def test_ids_of_another_group_open_nothing(trial: Trial) -> None:
    scene, wrong, ids = trial.scene, [], Ids(trial.watch)
    for make, _ in BUTTONS:
        asked = make(ids)
        data = encode(asked._replace(group_id=2))
        for name, person in trial.people.items():
            outside = name in OUTSIDE
            # Who is of the second group meets its rows there; the first's are out of reach.
            place, group = (scene.there, 1) if outside else (None, 2)
            changed = await trial.changes(group, _tapped(scene, person, data, place))
            if changed:
                wrong.append((asked, name, changed))

    assert "\n".join(map(str, wrong)) == ""


async def test_no_command_lets_anybody_change_what_is_not_theirs(trial: Trial) -> None:
    scene, wrong = trial.scene, []
    for text, may in COMMANDS:
        able = set()
        for name, person in trial.people.items():
            places = (None, scene.there, scene.nowhere) if name in OUTSIDE else (None, scene.here)
            for place in places:
                if await trial.changes(1, _said(scene, person, text, place)):
                    able.add(name)
        if able != may:
            wrong.append((text, sorted(able ^ may)))

    assert "\n".join(map(str, wrong)) == ""


async def test_a_channel_and_what_was_forwarded_change_nothing(trial: Trial) -> None:
    scene, wrong = trial.scene, []
    origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1}
    ways: tuple[tuple[str, dict[str, Any]], ...] = (
        ("a channel", {"sender_chat": CHANNEL}),
        ("forwarded", {"forward_origin": origin}),
    )
    for text, _ in COMMANDS:
        for way, more in ways:
            said = _said(scene, scene.cast.admin, text, scene.here, **more)
            if await trial.changes(1, said):
                wrong.append((text, way))

    assert "\n".join(map(str, wrong)) == ""


async def test_who_is_not_in_the_chat_learns_nothing_by_any_command_or_button(trial: Trial) -> None:
    scene, ids, wrong = trial.scene, Ids(trial.watch), []
    buttons = [encode(make(ids)) for make, _ in BUTTONS]
    for person in (scene.cast.gone, scene.cast.stranger):
        for text, _ in COMMANDS:
            answer = await scene.inside.say(person, text)
            wrong += [(person.name, text, fact) for fact in FACTS if fact in answer]
            trial.put_back()
        for data in buttons:
            for place in (scene.here, scene.inside.sandbox.private(person)):
                last = place.last_id
                notice = await scene.inside.tap(person, data, place)
                said = [m.text for m in place.in_order() if m.from_bot and m.id > last]
                wrong += [(person.name, data, fact) for fact in FACTS if fact in f"{notice}{said}"]
                trial.put_back()

    assert "\n".join(map(str, wrong)) == ""


async def test_an_organizer_who_leaves_while_telegram_is_asked_is_none_elsewhere(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their private chat is about another group by then, of which nothing was asked."""
    inside, boss = scene.inside, scene.cast.boss
    scene.here.members[boss.id] = "member"
    await inside.say(boss, "/claim feb 10 1 A title", scene.here)
    await inside.say(boss, "/start g2")

    async def leaving(bot: ExtBot[Any], chat_id: int, user_id: int) -> str | None:
        status = await status_in(bot, chat_id, user_id)
        await inside.store.write(lambda s: set_gone(s, scene.there.id, boss.id, gone=True))
        return status

    monkeypatch.setattr("bot.telegram.context.status_in", leaving)
    said = await inside.say(boss, "/move jan 20 jan 21")

    assert said.startswith("This button is from an older message")
    assert "Tue 20 January" in await inside.say(scene.cast.member, "/meeting jan 20", scene.here)


def _tapped(
    scene: Scene, person: Person, data: str, place: Chat | None
) -> Callable[[], Awaitable[Any]]:
    return lambda: scene.inside.tap(person, data, place)


def _said(
    scene: Scene, person: Person, text: str, place: Chat | None, **more: Any
) -> Callable[[], Awaitable[Any]]:
    return lambda: scene.inside.say(person, text, place, **more)


class _AnyIds(Ids):
    """For asking a line only what button it is about."""

    def __init__(self) -> None:
        pass

    def __call__(self, query: str, *values: object) -> int:
        return 1
