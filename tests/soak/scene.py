"""Five groups in five zones, and what each of them should be told, reckoned without the bot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.sandbox import Chat, Sandbox, Topic
from bot.services import announcements, groups, imports
from bot.services.groups import NewGroup
from storage import models
from storage.enums import ChatKind, LinkKind, Role, Weekday
from storage.store import Store

PLACES = (
    ("Asia/Shanghai", Weekday.TUESDAY, time(19)),
    ("Europe/Berlin", Weekday.SUNDAY, time(2, 30)),  # a time that the clock skips and doubles
    ("America/New_York", Weekday.MONDAY, time(12)),
    ("Asia/Kolkata", Weekday.WEDNESDAY, time(18, 45)),
    ("Pacific/Auckland", Weekday.THURSDAY, time(9, 15)),
)
PRESENTERS = ("Ann", "Ben", "Cleo", "Dan")
"""Ann and Ben may be written to; Cleo never pressed Start; Dan has no account."""

PLAIN, IN_TOPIC = 0, 3
"""The group that becomes a supergroup one day, and the one that lives in a topic of a forum."""

DAY = timedelta(days=1)
QUIET_FROM, QUIET_UNTIL = time(22), time(8)

Told = tuple[int, str, str]
"""Which group, what kind of message, and of which date."""


@dataclass(slots=True)
class Scene:
    """One group: its number, its zone, its meetings, and where it lives in the sandbox."""

    number: int
    zone: ZoneInfo
    at: time
    weekday: Weekday
    dates: list[date]
    chats: list[Chat] = field(default_factory=list)
    people: dict[str, Chat] = field(default_factory=dict)
    topic: Topic | None = None

    def expected(self) -> Iterator[tuple[Told, datetime]]:
        """Every message of the calm year, with the instant at which it is due."""
        for number, day in enumerate(self.dates):
            day_before = self._polite(day - DAY, self.at)
            yield self._told("announcement", day), self._polite(day - 3 * DAY, self.at)
            yield self._told("day before", day), day_before
            yield self._told("last call", day), self._on_wall(day, self.at) - timedelta(minutes=30)
            presenter = PRESENTERS[number % len(PRESENTERS)]
            if presenter in ("Ann", "Ben"):
                yield self._told(f"to {presenter}", day), day_before

    def _told(self, kind: str, day: date) -> Told:
        return self.number, kind, f"{day:%a} {day.day} {day:%B}"

    def _polite(self, day: date, at: time) -> datetime:
        if at >= QUIET_FROM:
            return self._on_wall(day + DAY, QUIET_UNTIL)
        return self._on_wall(day, max(at, QUIET_UNTIL))

    def _on_wall(self, day: date, at: time) -> datetime:
        """The first instant at which the clock there shows this, found by looking at the clock
        every quarter of an hour; an hour later where the clock never shows it."""
        wanted = datetime.combine(day, at)
        moment = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
        for _ in range(30 * 4):
            if moment.astimezone(self.zone).replace(tzinfo=None) == wanted:
                return moment
            moment += timedelta(minutes=15)
        return self._on_wall(day, (wanted + timedelta(hours=1)).time())


def build(sandbox: Sandbox, store: Store, begins: date, weeks: int) -> list[Scene]:
    """Five groups with a meeting a week from the week after `begins` on."""
    scenes = []
    for number, (zone, weekday, at) in enumerate(PLACES):
        first = begins + 7 * DAY
        while f"{first:%A}".lower() != weekday.value:
            first += DAY
        dates = [first + week * 7 * DAY for week in range(weeks)]
        scenes.append(Scene(number, ZoneInfo(zone), at, weekday, dates))
        _found(sandbox, store, scenes[-1], zone)
    return scenes


def _found(sandbox: Sandbox, store: Store, scene: Scene, zone: str) -> None:
    ada = sandbox.add_person(f"Ada {scene.number}")
    kind = "group" if scene.number == PLAIN else "supergroup"
    in_topic = scene.number == IN_TOPIC
    chat = sandbox.add_group(f"Group {scene.number}", {ada: "creator"}, kind, forum=in_topic)
    scene.topic = sandbox.add_topic(chat, "Papers") if in_topic else None
    scene.chats.append(chat)
    now = sandbox.clock.now()
    new = NewGroup(chat.title, zone, scene.weekday, scene.at, 90)
    meetings = [
        PageMeeting(
            day,
            (
                PageSlot("Topic I", _talk(scene, number)),
                PageSlot("Topic II"),
            ),
        )
        for number, day in enumerate(scene.dates)
    ]
    with store.writing() as session:
        group, _ = groups.create(session, new, now)
        imports.import_page(session, group, Page("A year", meetings=tuple(meetings[::-1])), now)
        session.add(
            models.Chat(
                group_id=group.id,
                telegram_id=chat.id,
                kind=ChatKind(kind),
                title=chat.title,
                topic_id=scene.topic.id if scene.topic else None,
            )
        )
        session.add(
            models.Member(
                group_id=group.id, name="Ada", telegram_id=ada.id, organizer=True, reachable=True
            )
        )
        sandbox.private(ada).started = True
        scene.people["Ada"] = sandbox.private(ada)
        for member in session.query(models.Member).filter_by(group_id=group.id, telegram_id=None):
            if member.name != "Dan":
                person = sandbox.add_person(f"{member.name} {scene.number}")
                chat.members[person.id] = "member"
                member.telegram_id, member.reachable = person.id, member.name != "Cleo"
                sandbox.private(person).started = member.reachable
                scene.people[member.name] = sandbox.private(person)
        session.flush()
        announcements.plan_group(session, groups.by_id(session, group.id), now)


def _talk(scene: Scene, number: int) -> PageTalk:
    """A talk of which slides, video and summary are there, but for every fifth."""
    presenter = PagePresenter(PRESENTERS[number % len(PRESENTERS)], Role.MAIN)
    kinds = (LinkKind.SLIDES, LinkKind.VIDEO, LinkKind.SUMMARY) if number % 5 else ()
    links = tuple(PageLink(kind, f"https://talks.example/{number}/{kind.value}") for kind in kinds)
    title = f"Paper {number} of group {scene.number}"
    return PageTalk(title, "arXiv", presenters=(presenter,), links=links)
