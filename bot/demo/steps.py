"""What a step of the story is, and what people do in it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo.stage import GROUP, Cast, Stage
from bot.sandbox import Person

Act = Callable[[Stage], Awaitable[None]]
Who = Callable[[Cast], Person]


@dataclass(frozen=True, slots=True)
class Step:
    """`expects` are pieces of what the bot says in the step, in any chat; `silent` means that it
    must say nothing. `page` are pieces of the exported page after the step."""

    says: str
    act: Act
    expects: tuple[str, ...] = ()
    silent: bool = False
    page: tuple[str, ...] = ()


def organizer(cast: Cast) -> Person:
    return cast.organizer


def presenter(cast: Cast) -> Person:
    return cast.presenter


def member(cast: Cast) -> Person:
    return cast.member


def newcomer(cast: Cast) -> Person:
    return cast.newcomer


def says(who: Who, text: str) -> Act:
    """Somebody writes into the group."""

    async def act(on: Stage) -> None:
        on.sandbox.say(who(on.cast), on.cast.group, text)

    return act


def taps(who: Who, label: str) -> Act:
    """Somebody taps the newest button in the group whose label begins so."""

    async def act(on: Stage) -> None:
        for message in reversed(on.sandbox.messages(on.cast.group)):
            for whole in message.labels:
                if whole.startswith(label):
                    on.sandbox.tap(who(on.cast), message, whole)
                    return
        raise ValueError(f"no button begins with “{label}”")

    return act


def shares(who: Who, words: str) -> Act:
    """Somebody types the bot's name and these words, and shares what is offered first."""

    async def act(on: Stage) -> None:
        asked = on.sandbox.ask_inline(who(on.cast), words)
        await on.sandbox.wait_for(asked.answered.is_set)
        if not asked.results:
            raise ValueError(f"nothing is offered for “{words}”")
        on.sandbox.share(who(on.cast), on.cast.group, asked, asked.results[0]["id"])

    return act


def replies(who: Who, text: str) -> Act:
    """Somebody replies to the bot's last message in the group."""

    async def act(on: Stage) -> None:
        on.sandbox.say(who(on.cast), on.cast.group, text, reply_to=on.sandbox.last(on.cast.group))

    return act


def then(*acts: Act) -> Act:
    """One after the other, each after the bot's answer to the one before."""

    async def act(on: Stage) -> None:
        for one in acts:
            await one(on)
            await on.sandbox.settled()

    return act


def at(day: int, hour: int, month: int = 1) -> Act:
    """The clock moves on to this hour, of January if no other month is said, on the wall of the
    group's room."""

    async def act(on: Stage) -> None:
        await on.travel(datetime(2026, month, day, hour, tzinfo=ZoneInfo(GROUP.timezone)))

    return act
