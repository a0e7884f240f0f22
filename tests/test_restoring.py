"""`restore`: the bot goes on with a copy, and tells nothing twice in a group."""

import asyncio
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, select, text

from bot.clock import MovableClock
from bot.errors import OperatorError
from bot.lease import Lease
from bot.restoring import Done, report, restore
from bot.services import deliveries, owed
from storage.backup import back_up
from storage.enums import DeliveryKind, DeliveryState
from storage.errors import StorageError
from storage.models import Delivery, Group
from storage.store import Store
from tests.damage import damage
from tests.factories import make_group
from tests.publish.press import press
from tests.services.owed_scene import BEGINS, DAY, Scene

HOUR = timedelta(hours=1)


class Desk:
    """A database with what is due for a meeting, and a copy of it from five days before."""

    def __init__(self, url: URL, clock: MovableClock) -> None:
        self.url, self.clock = url, clock
        self.path = Path(str(url.database))
        self.copy = self.path.with_name("copy.db")
        clock.set(BEGINS - 5 * DAY)
        with closing(Store(url)) as store, store.writing() as session:
            scene = Scene(session, clock)
            scene.plan()
        back_up(url, self.copy)

    def tell(self, *, arrives: bool = True) -> list[tuple[DeliveryKind, bool]]:
        """What goes out by now, and whether to the group. Where it is not known to arrive, what
        comes next waits."""
        now, told = self.clock.now(), []
        with closing(Store(self.url)) as store, store.writing() as session:
            deliveries.recover(session, now)
            while (due := owed.take(session, now)) is not None:
                told.append((due.kind, due.member is None))
                if not arrives:
                    break
                deliveries.sent(session, due.id, 70 + len(told), now)
        return told

    def restore(self) -> Done:
        url = self.url.render_as_string()
        return asyncio.run(restore(url, self.copy, self.clock))

    def of(self, kind: DeliveryKind) -> tuple[DeliveryState, int | None]:
        with closing(Store(self.url)) as store, store.reading() as session:
            row = session.scalars(select(Delivery).where(Delivery.kind == kind)).one()
            return row.state, row.message_id


@pytest.fixture(name="desk")
def _desk(sqlite_url: URL, clock: MovableClock) -> Desk:
    return Desk(sqlite_url, clock)


def test_what_was_told_since_the_copy_is_not_told_again(desk: Desk) -> None:
    desk.clock.set(BEGINS - 3 * DAY)
    assert desk.tell() == [(DeliveryKind.ANNOUNCEMENT, True)]

    done = desk.restore()

    assert done.restored.uncertain == 0
    assert desk.tell() == []
    assert desk.of(DeliveryKind.ANNOUNCEMENT) == (DeliveryState.SENT, 71)
    desk.clock.set(BEGINS - DAY)
    assert (DeliveryKind.DAY_BEFORE, True) in desk.tell()


def test_what_was_not_told_since_the_copy_is_told_late(desk: Desk) -> None:
    desk.clock.set(BEGINS - 3 * DAY)

    assert desk.restore().restored.uncertain == 0

    assert (DeliveryKind.ANNOUNCEMENT, True) in desk.tell()


def test_of_what_may_have_been_told_organizers_are_asked(desk: Desk) -> None:
    desk.clock.set(BEGINS - 3 * DAY)
    desk.tell(arrives=False)

    assert desk.restore().restored.uncertain == 1

    assert desk.of(DeliveryKind.ANNOUNCEMENT) == (DeliveryState.UNCERTAIN, None)
    assert desk.tell() == [(DeliveryKind.UNCERTAIN, False)]


@pytest.mark.parametrize("what", ["damaged", "gone"])
def test_where_nobody_knows_what_was_told_organizers_are_asked_about_what_groups_were_owed(
    desk: Desk, what: str
) -> None:
    desk.clock.set(BEGINS - DAY + HOUR)
    desk.tell()
    if what == "gone":
        desk.path.unlink()
    else:
        damage(desk.path, "deliveries")

    assert desk.restore().restored.uncertain == 1

    told = desk.tell()
    assert (DeliveryKind.UNCERTAIN, False) in told
    assert not [kind for kind, to_group in told if to_group]
    # In private, twice does less harm than never.
    assert (DeliveryKind.PREPARE, False) in told


def test_after_an_update_that_is_taken_back_the_copy_from_before_it_is_restored(
    desk: Desk,
) -> None:
    desk.clock.set(BEGINS - 3 * DAY)
    with closing(Store(desk.url)) as store, store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    # Of a ledger that has another shape nothing is taken.
    assert desk.restore().restored.uncertain == 1

    assert desk.of(DeliveryKind.ANNOUNCEMENT) == (DeliveryState.UNCERTAIN, None)


def test_long_after_the_copy_nothing_is_asked_or_told_of_what_is_over(desk: Desk) -> None:
    desk.path.unlink()
    desk.clock.set(BEGINS + 60 * DAY)

    assert desk.restore().restored.uncertain == 0

    assert not [kind for kind, to_group in desk.tell() if to_group]


async def test_while_the_bot_runs_nothing_is_restored(desk: Desk) -> None:
    url = desk.url.render_as_string()
    with closing(Store(desk.url)) as store:
        with store.writing() as session:
            make_group(session, name="Since then")
        running = Lease(store, desk.clock)
        running._me = running._me._replace(process=1)  # another process, which is alive
        await running.begin()

        with pytest.raises(OperatorError, match="Another copy of the bot runs on this database"):
            await restore(url, desk.copy, desk.clock)

        await running.renew()
        with store.reading() as session:
            assert "Since then" in session.scalars(select(Group.name)).all()


async def test_who_ran_when_the_copy_was_made_does_not_keep_the_bot_from_starting(
    desk: Desk,
) -> None:
    url = desk.url.render_as_string()
    desk.copy.unlink()
    with closing(Store(desk.url)) as store:
        running = Lease(store, desk.clock)
        running._me = running._me._replace(host="elsewhere")
        await running.begin()
        back_up(desk.url, desk.copy)
        await running.give_back()

    await restore(url, desk.copy, desk.clock)

    with closing(Store(desk.url)) as store:
        await Lease(store, desk.clock).begin()


@contextmanager
def _no_file_above(size: int) -> Iterator[None]:
    """As on a disk that is full from there on."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [-200_000, -1, 4096])
def test_where_the_disk_is_full_the_database_stays_as_it_is(desk: Desk, room: int) -> None:
    with closing(Store(desk.url)) as store, store.writing() as session:
        make_group(session, name="Since then")

    with _no_file_above(desk.path.stat().st_size + room), pytest.raises(StorageError):
        desk.restore()

    with closing(Store(desk.url)) as store, store.reading() as session:
        assert "Since then" in session.scalars(select(Group.name)).all()
    assert {path.name for path in desk.path.parent.iterdir()} == {desk.path.name, "copy.db"}


@pytest.mark.parametrize("harm", ["none", "the beginning"])
def test_killed_at_any_moment_it_leaves_the_one_or_the_other_and_can_be_done_again(
    desk: Desk, harm: str
) -> None:
    for path, name in ((desk.copy, "Then"), (desk.path, "Now")):
        with closing(Store(desk.url.set(database=str(path)))) as store, store.writing() as session:
            session.scalars(select(Group)).one().name = name
    if harm == "the beginning":
        desk.path.write_bytes(b"X" * 5000)

    ran = subprocess.run(
        [sys.executable, "-m", "tests.killed", desk.path.parent],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.stderr == ""
    assert int(ran.stdout) > 15


def test_the_operator_reads_what_happened_and_what_comes_next(desk: Desk, tmp_path: Path) -> None:
    damage(desk.path, "deliveries")
    desk.clock.set(BEGINS - 3 * DAY)
    done = desk.restore()

    said = list(report(done, tmp_path))

    assert said[0] == f"{desk.path} is restored."
    assert said[1] == f"As it was until now, it is in {desk.path}.before-20260110-110000."
    assert said[2].startswith("Messages to groups that may have been sent since: 1. The bot sends")
    assert said[3] == "Start the bot to go on."
    assert said[4].startswith(f"What a page in {tmp_path} says and the copy does not is then read")
    assert list(report(done, tmp_path / "public")) == said[:4]


@pytest.mark.parametrize("deleted", [False, True])
async def test_what_was_claimed_since_the_copy_is_read_back_from_a_page_that_is_not_deleted(
    sqlite_url: URL, clock: MovableClock, tmp_path: Path, deleted: bool
) -> None:
    with closing(Store(sqlite_url)) as store:
        here = press(store, clock, tmp_path / "public")
        await here.after()
        behind = here.text
        back_up(sqlite_url, tmp_path / "copy.db")
        here.claim("LithOS")
        await here.after()
        ahead = here.text
    if deleted:
        here.page.unlink()

    await restore(sqlite_url.render_as_string(), tmp_path / "copy.db", clock)

    with closing(Store(sqlite_url)) as here.store:
        here.restart()
        await here.until_looked_at()
        assert here.text == (behind if deleted else ahead) != (ahead if deleted else behind)
        assert here.log()[-1:] == ([] if deleted else [("Somebody", "page:edit")])
