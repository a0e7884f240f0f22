"""What a command costs the database: no more statements in a group's second year than in its
first week."""

import asyncio
from datetime import date, timedelta

from sqlalchemy import URL, update

from bot.domain.page import Page, PageMeeting, PagePresenter, PageSlot, PageTalk
from storage.enums import Role
from storage.models import Talk
from tests import statements
from tests.e2e.room import COMMANDS, TERM, Room, room

YEARS = tuple(
    PageMeeting(
        date(2025, 12, 30) - timedelta(weeks=week),
        tuple(
            PageSlot(
                f"Topic {topic}",
                PageTalk(
                    f"{name} number {week}: what {week * 7} of them have in common",
                    "arXiv",
                    presenters=(PagePresenter(f"Presenter {week % 20}", Role.MAIN),),
                ),
            )
            for topic, name in (("I", "Sockets"), ("II", "Caches"))
        ),
    )
    for week in range(40)
)
ASKED = (*COMMANDS, "/claim jan 20 2 Sockets", "/turns", "/wait")


async def _costs(database: URL, page: Page) -> dict[str, int]:
    async with room(database, page=page) as here:
        await here.set_up()
        costs = {}
        for command in ASKED:
            with statements.noted() as said:
                await here.say(here.ann, command)
            costs[command] = len(said)
        costs["a tick"] = await _of_a_tick(here)
        return costs


async def _of_a_tick(here: Room) -> int:
    await here.bot.tick()  # whatever was due
    with statements.noted() as said:
        await here.bot.tick()
    return len(said)


async def test_no_command_costs_more_statements_where_the_schedule_is_long(
    sqlite_url: URL, empty_sqlite_url: URL
) -> None:
    few = await _costs(sqlite_url, TERM)
    many = await _costs(empty_sqlite_url, TERM._replace(meetings=(*TERM.meetings, *YEARS)))

    # A search that the newest talks answer needs not look at the others.
    assert all(many[command] <= cost for command, cost in few.items())
    changing = {command for command in few if command.startswith(("/claim", "/release"))}
    assert max(cost for command, cost in few.items() if command not in changing) <= 24
    assert max(few[command] for command in changing) <= 34


async def test_what_many_ask_at_once_the_database_is_asked_once(sqlite_url: URL) -> None:
    async with room(sqlite_url) as here:
        await here.set_up()
        people = (here.ann, here.ben, here.admin)
        chats = [here.sandbox.private(person) for person in people]
        for person, chat in zip(people, chats, strict=True):
            await here.say(person, "/start g1", chat)

        with here.store.writing() as session:  # whatever was kept is told again
            session.execute(update(Talk).values(title="Another paper"))
        with statements.noted() as said:
            answers = await asyncio.gather(
                *(
                    here.say(person, "/schedule", chat)
                    for person, chat in zip(people, chats, strict=True)
                )
            )

        assert all("Another paper" in answer for answer in answers)
        assert sum("FROM meetings" in sql for sql, _ in said) == (await _of_schedule(here))


async def _of_schedule(here: Room) -> int:
    """Statements about meetings that `/schedule` takes when one person asks."""
    with here.store.writing() as session:
        session.execute(update(Talk).values(title="A third paper"))
    with statements.noted() as said:
        await here.say(here.ann, "/schedule")
    return sum("FROM meetings" in sql for sql, _ in said)
