"""The demo's story: a week in the group, step by step, with what the bot must say."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo.stage import GROUP, Stage
from bot.pages import export_page

Act = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """`expects` are pieces of what the bot says in the step, in any chat; `silent` means that it
    must say nothing. `page` are pieces of the exported page after the step."""

    says: str
    act: Act
    expects: tuple[str, ...] = ()
    silent: bool = False
    page: tuple[str, ...] = ()


VIDEO = "https://www.bilibili.com/video/BV1demo11111"


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=ZoneInfo(GROUP.timezone))


async def _set_up(on: Stage) -> None:
    on.sandbox.say(on.cast.organizer, on.cast.group, f"/setup {on.code}")


async def _ask_next(on: Stage) -> None:
    on.sandbox.say(on.cast.newcomer, on.cast.group, "/next")


async def _ask_open(on: Stage) -> None:
    on.sandbox.say(on.cast.member, on.cast.group, "/open")


async def _claim_at_once(on: Stage) -> None:
    words = "/claim jan 13 2 [SOSP'25] TrainVerify https://arxiv.org/pdf/2506.15961"
    on.sandbox.say(on.cast.member, on.cast.group, words)


async def _claim_too_late(on: Stage) -> None:
    on.sandbox.say(on.cast.newcomer, on.cast.group, "/claim jan 13 2 A paper of mine")


async def _claim_without_date(on: Stage) -> None:
    words = "/claim [SOSP'25] LithOS https://arxiv.org/pdf/2504.15465"
    on.sandbox.say(on.cast.newcomer, on.cast.group, words)


async def _tap_of_somebody_else(on: Stage) -> None:
    on.sandbox.tap(on.cast.presenter, on.sandbox.last(on.cast.group), "Tue 20 January · Topic II")


async def _tap(on: Stage) -> None:
    on.sandbox.tap(on.cast.newcomer, on.sandbox.last(on.cast.group), "Tue 20 January · Topic II")


async def _release(on: Stage) -> None:
    on.sandbox.say(on.cast.newcomer, on.cast.group, "/release")
    await on.sandbox.settled()
    on.sandbox.tap(on.cast.newcomer, on.sandbox.last(on.cast.group), "Tue 20 January: LithOS")


async def _start_in_private(on: Stage) -> None:
    on.sandbox.say(on.cast.presenter, None, "/start")
    await on.sandbox.settled()
    on.sandbox.say(on.cast.presenter, None, "/mine")


async def _three_days_before(on: Stage) -> None:
    await on.travel(_at(10, 19))


async def _restart(on: Stage) -> None:
    await on.restart()
    await on.travel(_at(11, 9))


async def _day_before(on: Stage) -> None:
    await on.travel(_at(12, 19))


async def _member_posts_video(on: Stage) -> None:
    await on.travel(_at(14, 10))
    on.sandbox.say(on.cast.member, on.cast.group, f"/video {VIDEO}")


async def _organizer_posts_video(on: Stage) -> None:
    on.sandbox.say(on.cast.organizer, on.cast.group, f"/video {VIDEO}")
    await on.sandbox.settled()
    on.sandbox.tap(on.cast.organizer, on.sandbox.last(on.cast.group), "All of them")


async def _find(on: Stage) -> None:
    on.sandbox.say(on.cast.newcomer, on.cast.group, "/find rag sosp")


async def _look_back(on: Stage) -> None:
    on.sandbox.say(on.cast.newcomer, on.cast.group, "/schedule")
    await on.sandbox.settled()
    on.sandbox.tap(on.cast.newcomer, on.sandbox.last(on.cast.group), "‹ Earlier")


async def _nonsense(on: Stage) -> None:
    on.sandbox.say(on.cast.newcomer, on.cast.group, "/meeting february 31")


STORY = (
    Step(
        "The term's page is imported. The organizer ties the group's chat to it.",
        _set_up,
        ("This chat belongs to Systems reading group now.", "Tue 13 January"),
    ),
    Step(
        "Somebody new wants to know what is on.",
        _ask_next,
        ("Tue 13 January, 19:00", "REFRAG", "Bosen Yang", "Open"),
    ),
    Step("A member looks for free slots.", _ask_open, ("Tue 13 January", "Tue 20 January")),
    Step(
        "She takes one, in one message.",
        _claim_at_once,
        ("Chenhan Wang presents on Tue 13 January", "[SOSP'25] TrainVerify"),
        page=("- 💡 [SOSP'25] [TrainVerify](https://arxiv.org/pdf/2506.15961)",),
    ),
    Step(
        "Somebody else wants the same slot.",
        _claim_too_late,
        ("Chenhan Wang has Topic II on Tue 13 January",),
    ),
    Step(
        "So they leave out the date, and are asked which slot.",
        _claim_without_date,
        ("Which slot is for",),
    ),
    Step(
        "A tap by another person does nothing.",
        _tap_of_somebody_else,
        ("This button belongs to somebody else",),
    ),
    Step(
        "Their own tap books it.",
        _tap,
        ("Robin presents on Tue 20 January",),
        page=("- 💡 [SOSP'25] [LithOS](https://arxiv.org/pdf/2504.15465)", "Robin"),
    ),
    Step(
        "Robin has second thoughts, and gives the slot back.",
        _release,
        ("is open again",),
    ),
    Step(
        "A presenter opens a private chat and looks up his talks.",
        _start_in_private,
        ("Hello Bosen Yang!", "REFRAG"),
    ),
    Step(
        "Saturday evening, three days before: the announcement comes by itself.",
        _three_days_before,
        ("📣", "Tue 13 January", "TrainVerify"),
    ),
    Step("The bot is restarted. Nothing is sent twice.", _restart, silent=True),
    Step(
        "Monday evening, the day before.",
        _day_before,
        ("⏰ Tomorrow: Tue 13 January, 19:00",),
    ),
    Step(
        "After the meeting a member tries to post the video.",
        _member_posts_video,
        ("Only organizers can do that",),
    ),
    Step(
        "The organizer posts it, for both talks.",
        _organizer_posts_video,
        ("The video of Tue 13 January is online",),
        page=(f"- [📺 video]({VIDEO})",),
    ),
    Step("Anybody finds it again.", _find, ("2 talks match", "HedraRAG")),
    Step("The schedule, and a page back.", _look_back, ("what was before",)),
    Step("A date that is no date gets one sentence.", _nonsense, ("I cannot read a date there.",)),
)


def page_now(on: Stage) -> str:
    """The group's page as it would be written at this moment."""
    return export_page(on.store, "markdown", None, None)
