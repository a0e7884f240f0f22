"""The demo's story without a browser: played, checked, and printed as the chats show it."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.demo.stage import Stage, stage
from bot.demo.steps import Step
from bot.demo.story import STORY, page_now
from bot.sandbox import Message

WIDTH = 78
Place = tuple[int, int]
"""A chat's id and a message's."""


class StepFailedError(Exception):
    """A step of the story did not end as it should; the text says what is missing."""


async def tour() -> int:
    """Play the story. Returns 0, or 1 when a step fails."""
    console = Console(width=WIDTH, highlight=False)
    async with stage() as made:
        teller = Teller(made, console)
        for number, step in enumerate(STORY, 1):
            console.print(Text(f"\n{number}. {step.says}", style="bold"))
            try:
                await teller.play(step)
            except (StepFailedError, TimeoutError, ValueError) as error:
                console.print(Text(f"\nStep {number} failed: {error}", style="red"))
                return 1
        console.print(Text("\nThe page now begins:\n", style="bold"))
        console.print(Padding(Text(_first_meetings(page_now(made))), (0, 0, 0, 2), expand=False))
    console.print(Text("Every step went as told.", style="bold green"))
    return 0


class Teller:
    """Plays steps, prints what is new in every chat, and compares it with what is expected."""

    def __init__(self, made: Stage, console: Console) -> None:
        self._stage = made
        self._console = console
        self._known: dict[Place, tuple[str, object]] = {}

    async def play(self, step: Step) -> None:
        """Raises `StepFailedError` when the bot does not say what it should."""
        answers = len(self._stage.sandbox.queries.answers)
        await step.act(self._stage)
        await self._stage.sandbox.settled()
        news = self._news()
        for message in news:
            self._print(message)
        alerts = [text for text in self._stage.sandbox.queries.answers[answers:] if text]
        for alert in alerts:
            self._console.print(
                Padding(Text(f"(a notice pops up: {alert})"), (0, 0, 0, 4), expand=False)
            )
        told = [_shown(message) for message in news if message.from_bot or message.via_bot]
        told += alerts
        self._check(step, told)

    def _check(self, step: Step, told: list[str]) -> None:
        everything = "\n".join(told)
        for expected in step.expects:
            if expected not in everything:
                raise StepFailedError(f"the bot did not say “{expected}”.")
        if step.silent and told:
            raise StepFailedError("the bot spoke, and should not have.")
        page = page_now(self._stage)
        for expected in step.page:
            if expected not in page:
                raise StepFailedError(f"the page lacks “{expected}”.")

    def _news(self) -> list[Message]:
        """Messages that are new or changed since the last step."""
        found = []
        for chat in self._stage.sandbox.world.chats.values():
            for message in chat.in_order():
                place = (chat.id, message.id)
                content = (message.text, message.photo)
                if message.service is None and self._known.get(place) != content:
                    self._known[place] = content
                    found.append(message)
        return found

    def _print(self, message: Message) -> None:
        where = "in private" if message.chat.is_private else "in the group"
        when = message.date.astimezone(self._stage.zone)
        edited = ", edited" if message.edited else ""
        via = ", from the bot" if message.via_bot else ""
        head = f"{message.sender.name}{via}, {where}, {when:%a %d %b %H:%M}{edited}"
        style = "cyan" if message.from_bot else "yellow"
        self._console.print(Padding(Text(head, style=style), (1, 0, 0, 2), expand=False))
        self._console.print(Padding(Text(_shown(message)), (0, 0, 0, 4), expand=False))
        for row in message.keyboard:
            labels = "  ".join(f"[ {button['text']} ]" for button in row)
            self._console.print(Padding(Text(labels, style="blue"), (0, 0, 0, 4), expand=False))


def _shown(message: Message) -> str:
    """The message as a terminal can show it."""
    if message.document is not None:
        return f"📄 {message.document['file_name']}\n{message.text}".strip()
    if not message.photo:
        return message.text
    picture = message.photo[-1]
    return f"🖼 {picture['width']} × {picture['height']}\n\n{message.text}"


def _first_meetings(page: str) -> str:
    schedule = page.partition("## Schedule")[2]
    return "<br><br>".join(schedule.split("<br><br>")[:2]).strip()
