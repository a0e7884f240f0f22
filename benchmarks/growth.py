"""What a command costs where the schedule is long, against the same with one term.

All are asked of the group for which it is hardest: it has all of the meetings but one for each of
the others, a meeting a week for 170 years. `/find` looks in turn for a word that is nowhere, for
one of the newest titles and for what half of the talks have.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from itertools import islice
from statistics import median
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks import scenes
from benchmarks.results import Row
from bot.clock import SystemClock
from bot.services import (
    announcements,
    choices,
    deliveries,
    groups,
    ledger,
    members,
    nags,
    objections,
    offers,
    owed,
    posts,
    queries,
)
from bot.services.claims import Claimed
from bot.telegram.handlers.where import read
from bot.text.render import render
from storage.base import Base
from storage.enums import MeetingKind, MeetingStatus, Role, Weekday
from storage.models import Group, Meeting, Member, Paper, Presenter, Slot, Talk, Term
from storage.store import Store

MEETINGS, TALKS, GROUPS = 10_000, 50_000, 1_000
PER_MEETING = TALKS // MEETINGS
TERM, AHEAD = 40, 30
ROUNDS = 25
MARKS = {"/next": 1.3, "/find": 3, "/open": 1.3, "claim": 1.3, "tick": 1.3}
ACCOUNT = scenes.FIRST_PERSON


def rows() -> Iterator[Row]:
    now = SystemClock().now()
    with scenes.database() as (_, small), scenes.database() as (_, large):
        for store in (small, large):
            with store.writing() as session:
                group = scenes.add_group(session, 1, TERM, ahead=AHEAD, now=now, taken=False)
                scenes.add_people(session, group, ACCOUNT, 1)
        with large.writing() as session:
            fill(session)
        took: dict[str, tuple[list[float], list[float]]] = {what: ([], []) for what in MARKS}
        for turn in range(ROUNDS):
            for place, store in enumerate((small, large)):
                for what, do in commands(store, now, turn).items():
                    began = time.perf_counter()
                    do()
                    took[what][place].append(time.perf_counter() - began)
    for what, mark in MARKS.items():
        # The first rounds fill caches.
        short, long = (1000 * median(times[3:]) for times in took[what])
        yield Row(
            f"{what} with {MEETINGS:,} meetings, {TALKS:,} talks, {GROUPS:,} groups",
            "the same with one term",
            long / short,
            mark,
            f"{long:.2f} and {short:.2f} ms",
        )


def commands(store: Store, now: datetime, turn: int) -> dict[str, Callable[[], object]]:
    """What each costs the bot, without Telegram: the questions to the database and the words."""
    week, position = divmod(turn, 2)
    day = now.date() + scenes.WEEK * week + timedelta(days=1)

    def ask_next() -> object:
        with store.reading() as session:
            there, *_ = groups.of_account(session, ACCOUNT)
            meeting = queries.next_meeting(session, there.id, now)
        return render("meeting", group=there, meeting=meeting, today=now.date())

    def find() -> object:
        words = ("zork", scenes.title(3), "Presenter 7")[turn % 3]
        with store.reading() as session:
            there, *_ = groups.of_account(session, ACCOUNT)
            talks = queries.find(session, there.id, words, now)
        return render("found", group=there, words=words, talks=talks[:10], more=False)

    def show_open() -> object:
        with store.reading() as session:
            there, *_ = groups.of_account(session, ACCOUNT)
            meetings = queries.open_meetings(session, there.id, now)
        expected = {one.id: objections.expected(there, one) for one in meetings}
        return render("open", meetings=meetings, expected=expected, group=there)

    def claim() -> object:
        words = f"{day} {position + 1} Serving {scenes.title(10**6 + turn)}"
        with store.reading() as session:
            there, *_ = groups.of_account(session, ACCOUNT)
            wish = read(session, there, words, now)
        with store.writing() as session:
            there, *_ = groups.of_account(session, ACCOUNT)
            actor = members.meet(session, there, ACCOUNT, "Ann", organizer=None)
            meeting = queries.meeting_on(session, there.id, wish.day or day, now)
            slot = meeting.slots[position] if meeting else None
            done = choices.claim(session, actor, slot.id if slot else 0, wish.title, None, now)
        if not isinstance(done, Claimed):
            raise TypeError("the slot was not free")
        return render("slot", group=there, found=done.found)

    def tick() -> object:
        with store.writing() as session:
            offers.advance(session, now)
            announcements.look(session, now)
            nags.look(session, now)
        with store.writing() as session:
            deliveries.recover(session, now)
            ledger.expire(session, now)
        with store.writing() as session:
            owed.take(session, now)
        with store.reading() as session:
            return posts.stale(session)

    return {"/next": ask_next, "/find": find, "/open": show_open, "claim": claim, "tick": tick}


def fill(session: Session) -> None:
    """The years before the first group's term, and a meeting for each of the other groups."""
    others = range(2, GROUPS + 1)
    created = datetime(1800, 1, 1, tzinfo=UTC)
    _add(session, Group, [
        {
            "id": number, "name": f"Group {number}", "timezone": "UTC", "weekday": Weekday.TUESDAY,
            "start_time": wall_time(19), "duration_minutes": 90, "created_at": created,
        }
        for number in others
    ])  # fmt: skip
    terms = _ids(session, Term)
    texts = {"requirements": "", "other_information": ""}
    belongs = {group: next(terms) for group in (1, *others)}
    _add(session, Term, [
        {"id": term, "group_id": group, "title": "Before", **texts}
        for group, term in belongs.items()
    ])  # fmt: skip
    people = {group: list(islice(_ids(session, Member, 40 * group), 40)) for group in belongs}
    _add(session, Member, [
        {"id": one, "group_id": group, "name": f"Presenter {place}", "organizer": False,
         "reachable": False, "in_private": False, "keeps_name": False}
        for group, ones in people.items()
        for place, one in enumerate(ones, 100)
    ])  # fmt: skip
    owners = [1] * (MEETINGS - TERM - len(others)) + list(others)
    meetings = list(zip(_ids(session, Meeting), owners, strict=False))
    _add(session, Meeting, [
        _meeting(meeting, group, belongs[group], date(1801, 1, 1) + scenes.WEEK * place)
        for place, (meeting, group) in enumerate(meetings)
    ])  # fmt: skip
    _add_talks(session, meetings, people, created)


def _meeting(meeting: int, group: int, term: int, day: date) -> dict[str, Any]:
    starts_at = datetime.combine(day, wall_time(19), UTC)
    return {
        "id": meeting, "group_id": group, "term_id": term, "date": day, "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90), "kind": MeetingKind.REGULAR,
        "status": MeetingStatus.PLANNED, "revision": 1,
    }  # fmt: skip


def _add_talks(
    session: Session,
    meetings: list[tuple[int, int]],
    people: dict[int, list[int]],
    created: datetime,
) -> None:
    made: dict[type[Base], list[dict[str, Any]]] = {Slot: [], Paper: [], Talk: [], Presenter: []}
    numbers = zip(_ids(session, Slot), _ids(session, Paper), _ids(session, Talk), strict=False)
    for meeting, group in meetings:
        for position in range(1, PER_MEETING + 1):
            slot, paper, talk = next(numbers)
            said = {"group_id": group, "title": scenes.title(talk + 1000), "venue": "arXiv"}
            made[Slot].append(
                {"id": slot, "group_id": group, "meeting_id": meeting, "position": position}
            )
            made[Paper].append({"id": paper, "identity": f"title:{talk}", **said})
            made[Talk].append(
                {"id": talk, "slot_id": slot, "paper_id": paper, "created_at": created, **said}
            )
            made[Presenter].append(
                {"group_id": group, "talk_id": talk, "member_id": people[group][talk % 40],
                 "role": Role.MAIN, "position": 1}
            )  # fmt: skip
    for table, values in made.items():
        _add(session, table, values)


def _add(session: Session, table: type[Base], values: list[dict[str, Any]]) -> None:
    session.execute(insert(table), values)


def _ids(session: Session, table: Any, behind: int = 0) -> Iterator[int]:
    """Numbers that no row of the table has yet."""
    newest = session.scalar(select(table.id).order_by(table.id.desc()).limit(1)) or 0
    number = newest + behind
    while True:
        number += 1
        yield number
