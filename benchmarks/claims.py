"""Claims a second at the service, every one on the disk before the next, against bare `sqlite3`
that writes the same rows."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import URL
from sqlalchemy.orm import Session

from benchmarks import scenes
from benchmarks.results import Row
from bot.clock import SystemClock
from bot.domain.views import Actor
from bot.services import choices, members
from storage.engine import BUSY_TIMEOUT_MS, build_engine
from storage.models import Slot
from storage.store import Store
from tests.statements import noted

CLAIMS = 300
"""More than the titles that are indexed at once, by triggers, here and in bare `sqlite3`."""
ROUNDS = 3
WEEKS = 40
GROUPS = 4
"""Among which the claims are, each in one with a long term."""

WRITES = ("INSERT", "UPDATE")


def rows() -> Iterator[Row]:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        with scenes.database() as (_, store):
            wanted = _wanted(store)
            ours.append(len(wanted) / _claim_all(store, wanted))
        with scenes.database() as (_, store):
            written = _written_by_all(store, _wanted(store))
        with scenes.database() as (_, store):
            _wanted(store)
            bare.append(len(written) / _write_all(store.url, written))
    yield Row(
        "claims a second at the service, on the disk",
        "bare sqlite3 writing the same rows, same pragmas",
        median(ours) / median(bare),
        0.3,
        f"{median(ours):.0f} and {median(bare):.0f} a second",
        at_least=True,
    )


def _wanted(store: Store) -> list[tuple[Actor, int, str]]:
    """Who claims which slot with which title."""
    now = SystemClock().now()
    with store.writing() as session:
        found = []
        for number in range(GROUPS):
            group = scenes.add_group(session, number, WEEKS, ahead=WEEKS, now=now, taken=False)
            actor = members.meet(session, group, 1000 + number, "Ann", organizer=False)
            found += [(actor, slot) for slot in _slots(session, group.id)]
        return [
            (actor, slot, scenes.title(number))
            for number, (actor, slot) in enumerate(found[:CLAIMS])
        ]


def _slots(session: Session, group_id: int) -> list[int]:
    return [row.id for row in session.query(Slot.id).filter_by(group_id=group_id)]


def _claim_all(store: Store, wanted: list[tuple[Actor, int, str]]) -> float:
    """The seconds for all claims."""
    now = SystemClock().now()
    began = time.perf_counter()
    for actor, slot_id, title in wanted:
        _claim(store, actor, slot_id, title, now)
    return time.perf_counter() - began


def _written_by_all(
    store: Store, wanted: list[tuple[Actor, int, str]]
) -> list[list[tuple[str, Any]]]:
    """The statements with which each claim writes its rows."""
    now, written = SystemClock().now(), []
    for actor, slot_id, title in wanted:
        with noted() as said:
            _claim(store, actor, slot_id, title, now)
        written.append([one for one in said if one[0].startswith(WRITES)])
    return written


def _claim(store: Store, actor: Actor, slot_id: int, title: str, now: datetime) -> None:
    with store.writing() as session:
        choices.claim(session, actor, slot_id, title, None, now)


def _write_all(url: URL, written: list[list[tuple[str, Any]]]) -> float:
    # As the store's own connections are.
    engine = build_engine(url)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    bare = sqlite3.connect(str(url.database), isolation_level=None)
    for name, value in {**pragmas, "busy_timeout": BUSY_TIMEOUT_MS}.items():
        bare.execute(f"PRAGMA {name} = {value}")
    began = time.perf_counter()
    for statements in written:
        bare.execute("BEGIN IMMEDIATE")
        for said, given in statements:
            bare.execute(said, given)
        bare.execute("COMMIT")
    seconds = time.perf_counter() - began
    bare.close()
    return seconds
