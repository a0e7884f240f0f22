"""Members write while the bot is killed again and again: what was confirmed is there, what was
sent is answered, and the group hears nothing twice."""

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.domain.page import Page, PageMeeting, PageSlot
from bot.sandbox import Chat, Limits, Message, Person, Sandbox
from bot.services import groups, imports
from bot.services.groups import NewGroup
from storage import models
from storage.enums import ChatKind, DeliveryState, LinkKind, Weekday
from storage.store import Store, open_store
from tests.soak.bot import Bot

BEGINS = datetime(2026, 1, 5, 9, tzinfo=UTC)
MEETINGS = 10
"""For each kill. A claim takes a slot of its own, of two in a meeting."""

PEOPLE = 20
UNANSWERED = 40
"""Updates that wait; above it nobody writes, so that a kill always has some of them in hand."""

LONGEST_LIFE = 1.0
"""Seconds after its start in which the bot is killed."""

CLAIMED = re.compile(r"^✅ .*\n💡 (?:\[\w+\] )?Paper number (\d+)$", re.MULTILINE)
LINKED = re.compile(r"https://github\.com/reading/slides/blob/main/(\d+)\.pdf")
REMINDED = re.compile(r"^• Point number (\d+)$", re.MULTILINE)
ANNOUNCED = re.compile(r"^📢 Word number (\d+)$", re.MULTILINE)


@dataclass(slots=True)
class Survived:
    """What a storm left. `lost` was confirmed, or sent, and is not there; `twice` came twice to
    the group; `damage` is what the database says of itself when it is not sound."""

    kills: int = 0
    sent: int = 0
    confirmed: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Storm:
    """`promised` is what the chat confirmed so far, by kind; `came` what was posted, by message.
    Both are noted as it goes: a chat of the sandbox forgets what is long ago."""

    sandbox: Sandbox
    store: Store
    bot: Bot
    chat: Chat
    admin: Person
    people: list[Person]
    random: Random
    slots: int
    claims: dict[int, tuple[Person, date, int]] = field(default_factory=dict)
    slides: set[int] = field(default_factory=set)
    points: int = 0
    words: set[int] = field(default_factory=set)
    came: dict[int, str] = field(default_factory=dict)
    promised: dict[str, set[int]] = field(
        default_factory=lambda: {"claims": set(), "slides": set(), "points": set()}
    )
    sent: int = 0

    async def write(self) -> None:
        """Let people write, as long as somebody answers."""
        while True:
            if len(self.sandbox.updates) < UNANSWERED:
                self.random.choice((self._claim, self._claim, self._post_slides, self._settle))()
                self.sent += 1
            self._confirm()
            await asyncio.sleep(0.004)

    def _claim(self) -> None:
        number = len(self.claims)
        if number == self.slots:
            return
        day = BEGINS.date() + timedelta(days=1 + number // 2)
        person, slot = self.random.choice(self.people), 1 + number % 2
        self.claims[number] = person, day, slot
        place = self.random.choice((self.chat, None))
        self.sandbox.say(person, place, f"/claim {day} {slot} Paper number {number}")

    def _post_slides(self) -> None:
        claimed = self.promised["claims"] - self.slides
        if not claimed:
            return
        number = self.random.choice(sorted(claimed))
        self.slides.add(number)
        person, day, slot = self.claims[number]
        link = f"https://github.com/reading/slides/blob/main/{number}.pdf"
        self.sandbox.say(person, None, f"/slides {day} {slot} {link}")

    def _settle(self) -> None:
        """An organizer changes a setting, or tells the group something."""
        if self.random.random() < 0.5:
            self.points += 1
            self.sandbox.say(self.admin, None, f"/checklist\nPoint number {self.points}")
            return
        for preview in reversed(self.sandbox.messages(self.chat)[-2 * UNANSWERED :]):
            # A command that was handled twice has two previews; nobody posts both.
            words = _numbers(ANNOUNCED, [preview.text])
            if "Post now" in preview.labels and not words & self.words:
                self.words |= words
                self.sandbox.tap(self.admin, preview, "Post now")
                return
        self.sandbox.say(self.admin, self.chat, f"/announce Word number {self.sent}")

    def _confirm(self) -> None:
        for message in self._answers():
            for kind, pattern in (("claims", CLAIMED), ("points", REMINDED)):
                self.promised[kind] |= _numbers(pattern, [message.text])
            links = (entity.get("url", "") for entity in message.entities)
            self.promised["slides"] |= _numbers(LINKED, links)
        self.note_posts(self.sandbox.messages(self.chat)[-2 * UNANSWERED :])

    def note_posts(self, messages: Iterable[Message]) -> None:
        self.came |= {
            m.id: m.text
            for m in messages
            if m.from_bot and not m.keyboard and ANNOUNCED.fullmatch(m.text)
        }

    def _answers(self) -> Iterator[Message]:
        for chat in (self.chat, *(self.sandbox.private(p) for p in (*self.people, self.admin))):
            yield from (m for m in self.sandbox.messages(chat)[-2 * UNANSWERED :] if m.from_bot)

    def missing(self, *kinds: str) -> list[str]:
        """What was confirmed and is not in the database now."""
        self._confirm()
        with self.store.reading() as session:
            there = _there(session)
        return [
            f"{kind} {number}"
            for kind in kinds
            for number in sorted(self.promised[kind] - there[kind])
        ]

    def last_point(self) -> list[str]:
        """The setting, where it is not what was confirmed last. After a kill what was not
        acknowledged is handled once more, in its order, so this is asked when all is done."""
        with self.store.reading() as session:
            there = _there(session)["points"]
        return [f"point {self.points}"] if self.points and there != {self.points} else []


def _there(session: Session) -> dict[str, set[int]]:
    """The numbers of what the database holds, by kind."""
    titles = session.scalars(select(models.Talk.title))
    links = session.scalars(select(models.Link.url).where(models.Link.kind == LinkKind.SLIDES))
    points = session.scalars(select(models.Group.checklist))
    return {
        "claims": _numbers(re.compile(r"^Paper number (\d+)$"), titles),
        "slides": _numbers(LINKED, links),
        "points": _numbers(re.compile(r"^Point number (\d+)$"), points),
    }


def _numbers(pattern: re.Pattern[str], texts: Iterable[str]) -> set[int]:
    return {int(number) for text in texts for number in pattern.findall(text)}


async def brave(folder: Path, kills: int, seed: int) -> Survived:
    """Kill the bot `kills` times under load, and see what is left."""
    clock = MovableClock(BEGINS)
    sandbox = Sandbox(clock, limits=Limits(None, None, None))
    await sandbox.start()
    path = folder / "storm.db"
    store = open_store(f"sqlite:///{path}", clock.now())
    bot = Bot(sandbox, f"sqlite:///{path}")
    try:
        storm = _gather(sandbox, store, bot, Random(seed), MEETINGS * kills)
        survived = Survived()
        writing = asyncio.create_task(storm.write())
        while bot.kills < kills and not writing.done():
            await bot.live(clock.now(), storm.random.random() * LONGEST_LIFE)
            survived.lost += storm.missing("claims", "slides")
        writing.cancel()
        await asyncio.wait({writing})
        if not writing.cancelled():
            writing.result()
        await bot.tick(clock.now())
        await sandbox.settled()
        await bot.tick(clock.now())
        _reckon(storm, survived)
    finally:
        bot.stop()
        store.close()
        await sandbox.stop()
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("PRAGMA integrity_check").fetchall()
        found += database.execute("PRAGMA foreign_key_check").fetchall()
    survived.damage = [str(row) for row in found if row != ("ok",)]
    return survived


def _gather(sandbox: Sandbox, store: Store, bot: Bot, random: Random, meetings: int) -> Storm:
    admin = sandbox.add_person("Ada")
    people = [sandbox.add_person(f"Member {number}") for number in range(PEOPLE)]
    members = {admin: "creator", **dict.fromkeys(people, "member")}
    chat = sandbox.add_group("Storm", members)
    days = [BEGINS.date() + timedelta(days=1 + number) for number in range(meetings)]
    slots = (PageSlot("Topic I"), PageSlot("Topic II"))
    page = Page("A long term", meetings=tuple(PageMeeting(day, slots) for day in reversed(days)))
    new = NewGroup(chat.title, "UTC", Weekday.TUESDAY, time(19), 90)
    with store.writing() as session:
        group, _ = groups.create(session, new, BEGINS)
        imports.import_page(session, group, page, BEGINS)
        session.add(
            models.Chat(
                group_id=group.id,
                telegram_id=chat.id,
                kind=ChatKind.SUPERGROUP,
                title=chat.title,
            )
        )
        for person in (admin, *people):
            sandbox.private(person).started = True
            session.add(
                models.Member(
                    group_id=group.id,
                    name=person.name,
                    telegram_id=person.id,
                    organizer=person is admin,
                    reachable=True,
                )
            )
    return Storm(sandbox, store, bot, chat, admin, people, random, 2 * meetings)


def _reckon(storm: Storm, survived: Survived) -> None:
    survived.kills, survived.sent = storm.bot.kills, storm.sent
    survived.lost += [*storm.missing("claims", "slides"), *storm.last_point()]
    with storm.store.reading() as session:
        there = _there(session)
        owed = session.execute(select(models.Delivery.text, models.Delivery.state)).all()
    for kind, sent in (("claims", set(storm.claims)), ("slides", storm.slides)):
        survived.lost += [f"{kind} {number}, sent" for number in sorted(sent - there[kind])]
    survived.confirmed.update({kind: len(numbers) for kind, numbers in storm.promised.items()})
    storm.note_posts(storm.sandbox.messages(storm.chat))
    came = Counter(storm.came.values())
    survived.confirmed["messages"] = len(came)
    survived.twice = [text for text, times in came.items() if times > 1]
    for text, state in owed:
        if text and f"📢 {text}" not in came and state is not DeliveryState.UNCERTAIN:
            survived.lost.append(f"“{text}” is {state.value}")
