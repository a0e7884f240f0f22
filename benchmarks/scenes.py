"""Databases for the contestants: groups with a term around today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.domain.page import Page, PageLink, PageMeeting, PagePresenter, PageSlot, PageTalk
from bot.domain.views import GroupView
from bot.services import groups, imports, members
from bot.services.groups import NewGroup
from storage.enums import LinkKind, Role, Weekday
from storage.store import Store, open_store

WEEK = timedelta(weeks=1)
FIRST_PERSON = 5_000_000_001


@contextmanager
def database() -> Iterator[tuple[str, Store]]:
    """An empty database in a folder of its own, and its address."""
    with TemporaryDirectory(prefix="reading-group-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        store = open_store(url, SystemClock().now())
        try:
            yield url, store
        finally:
            store.close()


def add_group(
    session: Session, number: int, meetings: int, *, ahead: int, now: datetime, taken: bool
) -> GroupView:
    """A group with two slots in each of its weekly meetings, `ahead` of which are to come; their
    slots are open unless `taken`."""
    new = NewGroup(f"Group {number}", "UTC", Weekday.TUESDAY, time(19), 90)
    group, _ = groups.create(session, new, now)
    first = now.date() - WEEK * (meetings - ahead) + timedelta(days=1)
    page = Page(
        f"Term {number}",
        meetings=tuple(
            _meeting(first + WEEK * week, week, taken=taken or week < meetings - ahead)
            for week in reversed(range(meetings))
        ),
    )
    imports.import_page(session, group, page, now)
    return group


def add_people(session: Session, group: GroupView, account: int, count: int) -> list[int]:
    """Members who may write to the bot in private; their accounts, from `account` on."""
    accounts = list(range(account, account + count))
    for one in accounts:
        members.open_private_chat(session, group, one, f"P{one}", organizer=False)
    return accounts


def page_of(meetings: int) -> Page:
    """A term of so many weekly meetings, all of them held."""
    first = date(1900, 1, 2)
    weeks = reversed(range(meetings))
    return Page(
        "2025 Fall",
        "At least 45 minutes.",
        "Everybody is welcome.",
        tuple(_meeting(first + WEEK * week, week, taken=True) for week in weeks),
    )


def title(number: int) -> str:
    """No two are alike, as papers' titles are not."""
    return f"{_word(number)} {_word(number * 7 + 3)}: {_word(number * 31 + 5)} for {number}"


def _word(number: int) -> str:
    letters = "bcdfgklmnprstvz"
    said = ""
    for _ in range(3):
        number, rest = divmod(number * 37 + 11, len(letters) * 5)
        said += letters[rest // 5] + "aeiou"[rest % 5]
    return said.capitalize()


def _meeting(day: date, week: int, *, taken: bool) -> PageMeeting:
    slots = (_slot("Topic I", 2 * week, taken=taken), _slot("Topic II", 2 * week + 1, taken=taken))
    return PageMeeting(day, slots)


def _slot(topic: str, number: int, *, taken: bool) -> PageSlot:
    if not taken:
        return PageSlot(topic)
    people = (
        PagePresenter(f"Presenter {number % 40}", Role.MAIN, "Systems Lab"),
        PagePresenter(f"Supporter {number % 30}", Role.SUPPORTER, None),
    )
    links = (
        PageLink(LinkKind.SLIDES, f"./slides/{number}.pdf"),
        PageLink(LinkKind.VIDEO, f"https://videos.example/{number}"),
    )
    venue, year = ("arXiv", None) if number % 2 else ("SOSP", 2025)
    url = f"https://papers.example/{number}.pdf"
    return PageSlot(topic, PageTalk(title(number), venue, year, url, people, links))
