"""One person cannot keep the bot from the others."""

from datetime import timedelta

from telegram import Update
from telegram.ext import TypeHandler

from bot.telegram.patience import (
    AT_ONCE,
    EACH,
    LETTERS_AT_ONCE,
    MOST,
    SILENCE,
    Gate,
    Patience,
    Verdict,
)
from bot.telegram.router import FIRST
from tests.fuzz.inside import Inside
from tests.fuzz.scene import BEGINS, Scene

ANN, BEN = 1, 2


def _all(patience: Patience, count: int, at: timedelta = timedelta()) -> list[Verdict]:
    return [patience.weigh(ANN, BEGINS + at) for _ in range(count)]


def test_too_much_at_once_is_told_once_and_then_passed_over() -> None:
    patience = Patience()

    assert set(_all(patience, AT_ONCE)) == {Verdict.ANSWER}
    assert _all(patience, 3) == [Verdict.TELL, Verdict.IGNORE, Verdict.IGNORE]
    assert patience.weigh(BEN, BEGINS) is Verdict.ANSWER


def test_after_a_minute_there_is_an_answer_again() -> None:
    patience = Patience()
    _all(patience, AT_ONCE + 1)

    assert _all(patience, 1, SILENCE - timedelta(seconds=1)) == [Verdict.IGNORE]
    again = _all(patience, int(SILENCE / EACH) + 2, SILENCE)
    assert again[:-2] == [Verdict.ANSWER] * int(SILENCE / EACH)
    assert again[-2:] == [Verdict.IGNORE] * 2  # told a minute ago


def test_who_asks_at_a_persons_pace_is_always_answered() -> None:
    patience = Patience()

    assert {patience.weigh(ANN, BEGINS + number * EACH) for number in range(1000)} == {
        Verdict.ANSWER
    }


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    patience = Patience()
    _all(patience, AT_ONCE + 1)
    day = timedelta(days=1)

    _all(patience, 1, -day)
    assert patience.weigh(ANN, BEGINS - day + 2 * SILENCE) is Verdict.ANSWER


def test_what_is_remembered_of_people_is_bounded() -> None:
    patience = Patience()
    for account in range(MOST + 10):
        patience.weigh(account, BEGINS)

    assert len(patience._buckets) == MOST


def _guarded(inside: Inside) -> None:
    inside.bot._application.add_handler(TypeHandler(Update, Gate()), group=FIRST)


async def test_a_flood_of_commands_gets_one_sentence_and_the_others_their_answers(
    scene: Scene,
) -> None:
    inside, mia = scene.inside, scene.cast.member
    _guarded(inside)

    answers = [await inside.say(mia, "/next", scene.here) for _ in range(AT_ONCE + 20)]

    assert all("REFRAG" in answer for answer in answers[:AT_ONCE])
    assert answers[AT_ONCE] == "That was a lot at once. I answer you again in a minute."
    assert set(answers[AT_ONCE + 1 :]) == {""}
    assert await inside.tap(mia, "c1:wait:1:6", scene.here) == ""
    assert "REFRAG" in await inside.say(scene.cast.rival, "/next", scene.here)
    inside.clock.move(SILENCE)
    assert "REFRAG" in await inside.say(mia, "/next", scene.here)


async def test_a_flood_of_taps_is_told_in_a_notice(scene: Scene) -> None:
    inside = scene.inside
    _guarded(inside)

    said = [await inside.tap(scene.cast.member, "c1:again:1:1") for _ in range(AT_ONCE + 2)]

    assert said[AT_ONCE:] == ["That was a lot at once. I answer you again in a minute.", ""]


async def test_what_people_say_to_each_other_costs_them_nothing(scene: Scene) -> None:
    inside, mia = scene.inside, scene.cast.member
    _guarded(inside)

    for _ in range(3 * AT_ONCE):
        assert await inside.say(mia, "I think that the second topic is better.", scene.here) == ""

    assert "REFRAG" in await inside.say(mia, "/next", scene.here)


async def test_a_flood_of_inline_queries_is_passed_over_and_costs_no_commands(
    scene: Scene,
) -> None:
    inside, mia = scene.inside, scene.cast.member
    _guarded(inside)
    query = {"from": mia.as_user(), "query": "diffkv", "offset": ""}

    for number in range(LETTERS_AT_ONCE + 5):
        await inside.take("inline_query", query | {"id": str(number)})

    assert "REFRAG" in await inside.say(mia, "/next", scene.here)
