"""Pages that keep themselves: when they are written, and that work ends in order."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.publish import writing
from bot.services import publications
from tests.publish.press import Press


async def test_a_page_is_written_a_minute_after_the_last_change(here: Press) -> None:
    here.claim()
    await here.after(0.9)
    assert "LithOS" not in here.text
    await here.after(0.2)
    assert "- 💡 LithOS\n- 🙎‍♂️ Ben\n" in here.text


async def test_changes_that_do_not_end_are_written_after_a_few_minutes(here: Press) -> None:
    for number, (topic, day) in enumerate([("Topic II", 13), ("Topic I", 20), ("Topic II", 20)]):
        here.claim(f"Paper {number}", topic, day)
        await here.after(0.9)
    assert "Paper" not in here.text
    await here.after(0.5)
    assert re.findall(r"Paper \d", here.text) == ["Paper 1", "Paper 2", "Paper 0"]


async def test_a_group_at_rest_costs_two_looks_and_no_write(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("somebody wrote")

    await here.until_looked_at()
    before = here.page.stat()
    monkeypatch.setattr(here.store, "write", never)
    for _ in range(5):
        await here.until_looked_at()
    assert here.page.stat() == before


async def test_beside_the_page_is_all_that_is_made_from_the_schedule(here: Press) -> None:
    assert (here.folder / "schedule.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert b"REFRAG" in (here.folder / "schedule.json").read_bytes()


async def test_what_is_over_is_published_as_such_without_a_change(here: Press) -> None:
    invitation = here.folder / "2025-fall" / "2026-01-13.ics"
    assert invitation.exists()
    here.clock.move(timedelta(days=5))
    await here.after()
    assert not invitation.exists()


async def test_a_clock_that_was_set_back_holds_up_neither_what_is_written_nor_what_is_read(
    here: Press,
) -> None:
    here.claim("Of the month ahead")
    here.clock.move(timedelta(days=-30))
    await here.after(0)
    assert "Of the month ahead" in here.text

    here.edit("REFRAG", "REFRAG, edited")
    await here.until_looked_at()
    assert here.log()[-1][1] == "page:edit"


async def test_a_deleted_file_is_written_again(here: Press) -> None:
    before = here.text
    here.page.unlink()
    await here.until_looked_at()
    assert here.text == before
    assert here.told() == []


async def test_when_a_meeting_is_over_the_slot_that_nobody_took_is_open_no_more(
    here: Press,
) -> None:
    assert here.text.count("- 💡 *open*\n") == 3
    here.clock.set(datetime(2026, 1, 13, 13, tzinfo=UTC))
    await here.after()

    over = here.text.partition("### January 13\n")[2]
    assert "#### Topic II\n\n- 💡 *no talk*\n" in over
    assert here.text.count("- 💡 *open*\n") == 2
    here.edit("- 💡 *no talk*", "- 💡 LithOS\n- 🙎‍♂️ Ben")
    await here.until_looked_at()
    assert here.log()[-1] == ("Somebody", "page:edit")
    assert "*no talk*" not in here.text


async def test_a_page_that_was_there_before_and_says_the_same_is_taken_over(made: Press) -> None:
    await made.after()
    text = made.text
    made.page.write_text(text.replace("\n\n- ", "\n- ").replace("*open*", "TBD"), "utf-8")
    with made.store.writing() as session:
        for table in ("term_pages", "publications"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    made.restart()
    await made.after()
    assert made.text == text
    assert made.told() == []


async def test_a_page_is_compared_with_what_was_imported(made: Press) -> None:
    """Its stray line was accepted then, and what the chat did since is no edit of the page."""
    imported = (
        "# 2025 Fall\n## Specific Requirements\nAt least 45 minutes.\n## Schedule\n"
        "### January 20\n#### Topic I\n- 💡 *open*\n#### Topic II\n- 💡 *open*\n<br><br>\n\n"
        "### January 13\n#### Topic I\n- 💡 [arXiv] [REFRAG](https://arxiv.org/abs/2509.01092)\n"
        "- 🙎‍♂️ Ann\nc\n#### Topic II\n- 💡 *open*\n"
    )
    with made.store.writing() as session:
        publications.remember(session, made.group_id, "2025 Fall", imported)
    made.folder.mkdir(parents=True)
    made.page.write_text(imported.replace("Ann", "Ann, Bo"), "utf-8")
    made.claim()
    await made.after()
    assert "- 🙎‍♂️ Ann, Bo\n" in made.text
    assert "- 🙎‍♂️ Ben\n" in made.text
    assert made.told() == []


async def test_one_round_ends_before_the_next_begins(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, go_on = [], asyncio.Event()

    async def publish(group_ids: tuple[int, ...]) -> None:
        rounds.append(group_ids)
        await go_on.wait()

    monkeypatch.setattr(here.keeper, "publish", publish)
    here.claim()
    here.clock.move(timedelta(minutes=5))
    await here.keeper.tick()
    await here.keeper.tick()
    await asyncio.sleep(0)
    assert rounds == [(here.group_id,)]

    go_on.set()
    await here.after()
    assert rounds == [(here.group_id,)] * 2


async def test_stopping_waits_for_the_work_in_hand(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, begun = asyncio.get_running_loop(), asyncio.Event()
    real = writing._make

    def begin(at: Path) -> None:
        loop.call_soon_threadsafe(begun.set)
        real(at)

    monkeypatch.setattr(writing, "_make", begin)
    here.claim()
    here.clock.move(timedelta(minutes=5))
    await here.keeper.tick()
    await begun.wait()
    await here.keeper.close()
    assert "LithOS" in here.text


async def test_work_that_does_not_end_is_broken_off(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forever(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(here.keeper, "publish", forever)
    monkeypatch.setattr("bot.publish.keeper.GRACE_SECONDS", 0)
    here.claim()
    here.clock.move(timedelta(minutes=5))
    await here.keeper.tick()
    await here.keeper.close()
    await here.keeper.tick()  # of a tick that was under way
    assert here.keeper._task is not None
    assert here.keeper._task.cancelled()
