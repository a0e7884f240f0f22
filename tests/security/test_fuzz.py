"""A short part of `make fuzz`; and that it would find something."""

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.domain import callbacks
from bot.services import members
from bot.telegram import errors
from bot.telegram.router import BUTTONS, COMMANDS
from storage.models import File, Member, Talk
from tests.factories import make_file
from tests.fuzz.judge import ALL, LOOK, NOTHING, Judge
from tests.fuzz.play import episode
from tests.fuzz.rows import Watch
from tests.fuzz.scene import Scene
from tests.fuzz.sizes import TOO_LARGE
from tests.fuzz.taps import Taps
from tests.fuzz.words import written

SHORT = 300


@pytest.mark.parametrize("seed", [2, 7], ids=["while requests fail", "over weeks"])
async def test_some_hundred_updates_of_every_kind_break_nothing(
    sqlite_template: Path, tmp_path: Path, seed: int
) -> None:
    outcome = await episode(seed, SHORT, sqlite_template, tmp_path)

    assert outcome.found == []
    assert outcome.played == SHORT
    assert outcome.changed.total() > 10
    assert outcome.answered > 100


async def test_the_same_seed_plays_the_same(sqlite_template: Path, tmp_path: Path) -> None:
    first = await episode(3, 60, sqlite_template, tmp_path)
    again = await episode(3, 60, sqlite_template, tmp_path)

    assert (first.ways, first.changed, first.answered) == (
        again.ways,
        again.changed,
        again.answered,
    )


def test_every_command_is_among_what_is_said() -> None:
    random = Random(1)
    said = {written(random).partition(" ")[0].removeprefix("/") for _ in range(5000)}

    assert set(COMMANDS) <= said


async def test_every_button_is_among_what_is_forged(scene: Scene) -> None:
    taps = Taps(scene, Random(1), lambda _person: [scene.here])
    forged = {type(callbacks.decode(taps.data())) for _ in range(5000)}

    assert set(BUTTONS) <= forged


async def test_a_fault_of_ours_is_found(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(errors, "render_refusal", broken)

    outcome = await episode(7, 100, sqlite_template, tmp_path)

    assert any("a fault of ours" in finding.what for finding in outcome.found)


async def test_a_right_that_is_not_checked_is_found(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.rules.require_organizer", lambda _actor: None)

    outcome = await episode(4, 150, sqlite_template, tmp_path)

    assert any("may not, in group 1: groups 1 changed" in one.what for one in outcome.found)


async def test_what_only_postgresql_would_not_take_is_found(scene: Scene) -> None:
    names, years = update(Member).where(Member.telegram_id.is_not(None)), update(Talk)
    with scene.inside.store.writing() as session:
        session.execute(names.values(name="x" * 200))
        session.execute(years.values(year=2**31 - 1))
        with pytest.raises(IntegrityError, match=f"members.name is {TOO_LARGE}"):
            session.execute(names.values(name="x" * 201))
        with pytest.raises(IntegrityError, match=f"talks.year is {TOO_LARGE}"):
            session.execute(years.values(year=2**31))


async def test_the_judge_tells_who_may(scene: Scene) -> None:
    cast, inside = scene.cast, scene.inside
    watch = Watch(str(inside.store.url.database))
    judge = Judge(scene, watch)
    here, there = scene.here.as_api(), scene.there.as_api()
    said = {"from": cast.admin.as_user(), "chat": here}

    assert judge.right({"message": said}, 1) == ALL
    assert judge.right({"message": said}, 2) == NOTHING
    assert judge.right({"message": said | {"sender_chat": here}}, 1) == ALL
    assert judge.right({"message": said | {"sender_chat": there}}, 1) == LOOK
    assert judge.right({"message": said | {"sender_chat": there}}, 2) == NOTHING
    assert judge.right({"edited_message": said}, 1) == NOTHING
    assert judge.right({"message": {"from": cast.member.as_user()}}, 1) == cast.member.id
    assert judge.right({"message": {"from": cast.gone.as_user()}}, 1) == NOTHING
    tap = {"from": cast.stranger.as_user(), "message": {"chat": here}}
    assert judge.right({"callback_query": tap}, 1) == NOTHING

    before = watch.rows(1)
    with inside.store.writing() as session:
        members.set_reachable(session, cast.member.id, reachable=False)  # learnt, not changed
    assert judge.trespasses(before, watch.rows(1), NOTHING) == []
    await inside.say(cast.admin, "/unassign jan 20 1", scene.here)
    wrong = judge.trespasses(before, watch.rows(1), cast.member.id)
    assert any(one.startswith("talks") for one in wrong)
    assert judge.trespasses(before, watch.rows(1), LOOK) == (
        judge.trespasses(before, watch.rows(1), NOTHING)
    )
    assert judge.trespasses(before, watch.rows(1), ALL) == []

    with inside.store.writing() as session:
        talk = session.query(Talk).filter_by(group_id=1).limit(1).one()
        file_id = make_file(session, talk, telegram_file_id=None).id
    before = watch.rows(1)
    with inside.store.writing() as session:
        session.get_one(File, file_id).telegram_file_id = "file-1"
    assert judge.trespasses(before, watch.rows(1), LOOK) == []
    assert len(judge.trespasses(before, watch.rows(1), NOTHING)) == 1
    watch.close()
