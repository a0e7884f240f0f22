"""Some weeks of five groups over a change of clocks: the short form of `make soak`."""

from datetime import date
from pathlib import Path

from tests.soak.storm import brave
from tests.soak.year import Roughness, play


async def test_every_meeting_is_told_once_and_at_its_time_over_a_change_of_clocks(
    tmp_path: Path,
) -> None:
    outcome = await play("calm", tmp_path, date(2026, 3, 16), 2, Roughness(), 1, after=2)

    assert outcome.meetings == 10
    assert (outcome.lost, outcome.twice, outcome.off_time) == ([], [], [])
    assert outcome.on_time == outcome.arrived
    assert (outcome.stuck, outcome.unexplained) == (0, 0)


async def test_nothing_is_told_twice_or_lost_when_requests_fail_and_the_process_is_killed(
    tmp_path: Path,
) -> None:
    outcome = await play("rough", tmp_path, date(2026, 3, 16), 2, Roughness(10, 5), 1, after=2)

    assert (outcome.lost, outcome.twice) == ([], [])
    assert (outcome.stuck, outcome.unexplained) == (0, 0)
    assert outcome.kills > 0
    assert outcome.faults


async def test_what_the_chat_confirmed_survives_kills_under_load(tmp_path: Path) -> None:
    survived = await brave(tmp_path, kills=5, seed=1)

    assert (survived.lost, survived.twice, survived.damage) == ([], [], [])
    assert survived.kills == 5
    assert survived.confirmed["claims"] > 0
