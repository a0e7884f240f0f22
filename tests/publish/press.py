"""A press: a group with a term, and the keeper that publishes it into a folder."""

import os
import subprocess
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import MovableClock
from bot.config import PublishSettings
from bot.domain.names import slug
from bot.domain.page import Page, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.views import Actor
from bot.publish.keeper import Keeper
from bot.services import claims, groups, imports, members
from storage.enums import ChatKind, Role
from storage.models import AuditEntry, Chat, Delivery, Group, Publication, Slot
from storage.store import Store
from tests.factories import make_group

AUTHOR = "Reading bot <bot@reading.example>"
REFRAG = PageTalk(
    "REFRAG", "arXiv", None, "https://arxiv.org/abs/2509.01092", (PagePresenter("Ann", Role.MAIN),)
)
PAGE = Page(
    "2025 Fall",
    "At least 45 minutes.",
    meetings=(
        PageMeeting(date(2026, 1, 20), (PageSlot("Topic I"), PageSlot("Topic II"))),
        PageMeeting(date(2026, 1, 13), (PageSlot("Topic I", REFRAG), PageSlot("Topic II"))),
    ),
)


@dataclass(slots=True)
class Press:
    """`ada` is an organizer whom the bot may write to, `ben` a member."""

    store: Store
    clock: MovableClock
    settings: PublishSettings
    group_id: int
    ada: Actor
    ben: Actor
    name: str
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The process ended, and another begins on the same database."""
        self.keeper = Keeper(self.store, self.clock, self.settings)

    @property
    def folder(self) -> Path:
        return self.settings.folder / self.name

    @property
    def page(self) -> Path:
        return self.folder / "2025-fall.md"

    @property
    def text(self) -> str:
        return self.page.read_text("utf-8")

    async def after(self, minutes: float = 5) -> None:
        """Let so many minutes pass, and what is due be done."""
        self.clock.move(timedelta(minutes=minutes))
        await self.keeper.tick()
        await self.keeper.settled()
        await self.keeper.tick()  # tells how that ended
        await self.keeper.settled()

    async def until_looked_at(self) -> None:
        """Until files are looked at for edits by hand, whatever else is to be done."""
        await self.after(11)

    def claim(self, title: str = "LithOS", topic: str = "Topic II", day: int = 13) -> None:
        """Ben claims a slot in the chat."""
        with self.store.writing() as session:
            slots = session.scalars(select(Slot).where(Slot.topic == topic).order_by(Slot.id))
            slot = list(slots)[0 if day == 13 else 1]
            claims.claim(session, self.ben, slot.id, title, None, self.clock.now())

    def edit(self, old: str, new: str) -> None:
        """Somebody edits the file."""
        text = self.text
        assert old in text
        self.page.write_text(text.replace(old, new, 1), "utf-8")

    def troubles(self) -> list[str | None]:
        """What keeps pages from being published, by group."""
        with self.store.reading() as session:
            return list(session.scalars(select(Publication.trouble)))

    def told(self) -> list[tuple[int | None, str]]:
        """What organizers are to be told of pages: to whom, and the facts."""
        with self.store.reading() as session:
            rows = session.scalars(
                select(Delivery).where(Delivery.kind == "page").order_by(Delivery.id)
            )
            return [(row.member_id, row.text or "") for row in rows]

    def asked(self) -> int:
        """The last question's number."""
        with self.store.reading() as session:
            found = session.scalars(
                select(Delivery.id).where(Delivery.kind == "page").order_by(Delivery.id.desc())
            )
            return next(iter(found))

    def log(self) -> list[tuple[str, str]]:
        """Who did what since the page was imported."""
        with self.store.reading() as session:
            rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            return [(row.actor_name, row.action) for row in rows if row.action != "page:import"]


def press(store: Store, clock: MovableClock, folder: Path, **settings: object) -> Press:
    """A press in Shanghai on January 9; nothing is published yet."""
    with store.writing() as session:
        group = make_group(session)
        session.add(
            Chat(
                group_id=group.id, telegram_id=-group.id, kind=ChatKind.SUPERGROUP, title=group.name
            )
        )
        session.flush()
        view = groups.by_id(session, group.id)
        imports.import_page(session, view, PAGE, clock.now())
        ada = members.open_private_chat(session, view, 70, "Ada", organizer=True)
        ben = members.meet(session, view, 77, "Ben", organizer=None)
        group_id = group.id
        session.get_one(Group, group_id).selection_rule = None
    made = PublishSettings.model_validate({"folder": folder, "author": AUTHOR, **settings})
    return Press(store, clock, made, group_id, ada, ben, slug(view.name))


def git(at: Path, *words: str, text: str = "") -> str:
    """What a person does at a terminal, in the checkout `at`."""
    names = {"GIT_AUTHOR_NAME": "Robin", "GIT_AUTHOR_EMAIL": "robin@reading.example"}
    names |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in names.items()}
    done = subprocess.run(
        ["git", *words],
        cwd=at,
        input=text,
        text=True,
        capture_output=True,
        check=True,
        env={**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull},
    )
    return done.stdout


def clone(remote: Path, to: Path) -> Path:
    git(remote.parent, "clone", "--quiet", str(remote), str(to))
    return to


def commit(at: Path, message: str) -> None:
    git(at, "add", "--all")
    git(at, "commit", "--quiet", "--message", message)
