"""Playing the year, and reckoning up what came of it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from bot.clock import MovableClock
from bot.sandbox import Limits, Message, Sandbox
from bot.services.moments import next_moment
from storage.enums import DeliveryState
from storage.models import Delivery, Meeting, Member
from storage.store import Store, open_store
from tests.soak.bot import Bot
from tests.soak.faults import Chaos
from tests.soak.scene import DAY, IN_TOPIC, PLAIN, Scene, Told, build

KINDS = {"📣": "announcement", "⏰": "day before", "🔔": "last call", "🎤": "to"}
DATED = re.compile(r"\w{3} \d{1,2} (?:January|February|March|April|May|June|July|August"
                   r"|September|October|November|December)")  # fmt: skip
LATE = "This is late"
NOT_SENT = (
    DeliveryState.SKIPPED,
    DeliveryState.EXPIRED,
    DeliveryState.FAILED,
    DeliveryState.UNCERTAIN,
    DeliveryState.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Roughness:
    """How rough a year is: how many requests in a hundred fail, and how often the process is
    killed. Mishaps of people and of the machine come with it."""

    percent: int = 0
    kills: int = 0


@dataclass(slots=True)
class Outcome:
    """What came of a year. `states` counts the rows of the ledger, `lost` what was owed, did not
    arrive, and is not in the ledger with a reason."""

    name: str
    meetings: int = 0
    arrived: int = 0
    on_time: int = 0
    late: int = 0
    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    off_time: list[str] = field(default_factory=list)
    stuck: int = 0
    unexplained: int = 0


@dataclass(slots=True)
class Year:
    sandbox: Sandbox
    store: Store
    bot: Bot
    scenes: list[Scene]
    random: Random
    rough: Roughness
    mishaps: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def clock(self) -> MovableClock:
        return self.sandbox.clock

    async def play(self, ends: datetime) -> None:
        """Stop at every moment at which something is due, and at least once a day."""
        ticks = max(1, 30 * len(self.scenes[0].dates))
        while (now := self.clock.now()) < ends:
            for at, mishap in self.mishaps:
                if at <= now:
                    mishap()
            self.mishaps = [(at, mishap) for at, mishap in self.mishaps if at > now]
            may_be_killed = self.random.random() < 2 * self.rough.kills / ticks
            kill = self.bot.kills < self.rough.kills and may_be_killed
            if not await self.bot.tick(now, self.random.random() * 0.08 if kill else None):
                continue  # the next one finds what this one left
            self.clock.set(self._next(now))

    def _next(self, now: datetime) -> datetime:
        with self.store.reading() as session:
            due = next_moment(session) or now + DAY
        coming = min(max(due, now + timedelta(seconds=1)), now + DAY)
        for begins, ends in self.away:
            if begins <= coming < ends:
                return ends
        return coming


async def play(
    name: str,
    folder: Path,
    begins: date,
    weeks: int,
    rough: Roughness,
    seed: int,
    after: int = 6,
) -> Outcome:
    """A year (or some weeks) of the five groups, and the weeks `after` it, in which what is
    missing is asked for."""
    random = Random(seed)
    clock = MovableClock(datetime.combine(begins, time(), UTC))
    sandbox = Sandbox(clock, limits=Limits(None, None, None))
    chaos = Chaos(random, rough.percent / 100)
    sandbox.faults = chaos
    await sandbox.start()
    url = f"sqlite:///{folder / name}.db"
    store = open_store(url, clock.now())
    bot = Bot(sandbox, url)
    try:
        scenes = build(sandbox, store, begins, weeks)
        year = Year(sandbox, store, bot, scenes, random, rough)
        if rough.percent:
            _arrange_mishaps(year)
        await year.play(clock.now() + (weeks + after) * 7 * DAY)
        return _reckon(year, name, chaos)
    finally:
        bot.stop()
        store.close()
        await sandbox.stop()


def _arrange_mishaps(year: Year) -> None:
    """What people and machines do to a bot in a year: each in its week."""
    start, sandbox = year.clock.now(), year.sandbox

    def at(part: float, mishap: Callable[[], None]) -> None:
        weeks = len(year.scenes[0].dates)
        year.mishaps.append((start + part * weeks * 7 * DAY, mishap))

    def upgrade() -> None:
        first = year.scenes[PLAIN]
        first.chats.append(sandbox.upgrade(first.chats[-1]))

    def kick(status: str) -> None:
        chat = year.scenes[1].chats[-1]
        creator = sandbox.world.people[next(iter(chat.members))]
        sandbox.set_bot_status(chat, creator, status)

    def block(*, blocked: bool) -> None:
        name = next(iter(sorted(year.scenes[2].people)))
        person = year.scenes[2].people[name].id
        sandbox.block(sandbox.world.people[person], blocked=blocked)

    def close(*, closed: bool) -> None:
        topic = year.scenes[IN_TOPIC].topic
        if topic is not None:
            topic.closed = closed

    at(0.15, upgrade)
    at(0.20, lambda: close(closed=True))
    at(0.22, lambda: close(closed=False))
    at(0.25, lambda: kick("kicked"))
    at(0.27, lambda: kick("member"))
    at(0.35, lambda: block(blocked=True))
    at(0.55, lambda: block(blocked=False))

    def turn(hours: int) -> None:
        year.clock.move(timedelta(hours=hours))

    at(0.65, lambda: turn(-24))
    at(0.75, lambda: turn(2))
    for part, gone in ((0.45, timedelta(hours=1)), (0.6, DAY), (0.8, 30 * DAY)):
        begins = start + part * len(year.scenes[0].dates) * 7 * DAY
        year.away.append((begins, begins + min(gone, len(year.scenes[0].dates) * DAY)))


def _reckon(year: Year, name: str, chaos: Chaos) -> Outcome:
    outcome = Outcome(name, kills=year.bot.kills, faults=chaos.served)
    came: dict[Told, list[Message]] = defaultdict(list)
    for scene in year.scenes:
        outcome.meetings += len(scene.dates)
        for told, message in _messages(scene):
            came[told].append(message)
    expected = dict(pair for scene in year.scenes for pair in scene.expected())
    explained = _explained(year.store)
    for told, due in expected.items():
        arrived = came.get(told, [])
        outcome.arrived += len(arrived)
        if not arrived and told not in explained:
            outcome.lost.append(str(told))
        for message in arrived:
            is_late = message.text.startswith(LATE)
            outcome.late += is_late
            outcome.on_time += message.date == due
            if message.date != due and not is_late:
                outcome.off_time.append(f"{told} at {message.date}, due {due}")
    to_groups = (told for told in came if not told[1].startswith("to "))
    outcome.twice = [str(told) for told in to_groups if len(came[told]) > 1]
    _count(year, outcome)
    return outcome


def _messages(scene: Scene) -> Iterator[tuple[Told, Message]]:
    places = [("", chat) for chat in scene.chats] + list(scene.people.items())
    for person, chat in places:
        for message in chat.in_order():
            late, _, rest = message.text.partition("\n\n")
            text = rest if late.startswith(LATE) else message.text
            kind, found = KINDS.get(text.strip()[:1]), DATED.search(text)
            if message.from_bot and kind and found and bool(person) == (kind == "to"):
                yield (scene.number, f"to {person}" if person else kind, found[0]), message


def _explained(store: Store) -> set[Told]:
    """What did not arrive, by the ledger, and why."""
    kinds = {
        "announcement": "announcement",
        "day_before": "day before",
        "starting_soon": "last call",
    }
    with store.reading() as session:
        rows = session.execute(
            select(Delivery.kind, Delivery.group_id, Meeting.date, Delivery.member_id)
            .join(Meeting, Meeting.id == Delivery.meeting_id)
            .where(Delivery.reason.is_not(None), Delivery.state != DeliveryState.SENT)
        ).all()
        names = dict(session.execute(select(Member.id, Member.name)).all())
    return {
        (
            row.group_id - 1,
            kinds.get(row.kind.value, f"to {names.get(row.member_id)}"),
            f"{row.date:%a} {row.date.day} {row.date:%B}",
        )
        for row in rows
    }


def _count(year: Year, outcome: Outcome) -> None:
    now = year.clock.now()
    with year.store.reading() as session:
        for row in session.scalars(select(Delivery)):
            outcome.states[row.state.value] += 1
            waits = row.state is DeliveryState.PLANNED and row.expires_at <= now
            outcome.stuck += waits or row.state is DeliveryState.SENDING
            outcome.unexplained += row.state in NOT_SENT and not row.reason
