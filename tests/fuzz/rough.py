"""What else goes wrong while people write: requests that fail, and pages edited by hand."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any, Final

from telegram.error import NetworkError, TimedOut

from bot.sandbox import ApiError, Drop, Garbage, Hold
from bot.sandbox.faults import Fault
from tests.fuzz.words import DATES, LINKS, NAMES, NUMBERS, TITLES, odd

Answer = tuple[int, bytes]

LINES: Final = (
    "- 💡 {title}", "- 🙋 {name}", "#### Topic {number}", "### {date}", "## Schedule", "- 📽️ {link}",
    "- 💡 [arXiv] [{title}]({link})", "<br><br>", "", "# {title}", "<script>{title}</script>",
    "| {date} | {title} | {name} |", "- {odd}", "{odd}", "### January 13", "#### Topic I",
)  # fmt: skip


async def failing(fault: Fault, ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """What becomes of a request that meets this fault; whether it takes effect is the fault's.
    Raises what the library's transport raises."""
    match fault:
        case Garbage(status, body):
            return status, body.encode()
        case Drop.BEFORE:
            raise NetworkError("cut off before")
        case Hold(before=True):
            raise TimedOut
        case ApiError():
            raise fault
    await ask()
    if isinstance(fault, Hold):
        raise TimedOut
    raise NetworkError("cut off after")


def edit_a_page(folder: Path, random: Random) -> None:
    """Somebody edits a term's page by hand, more or less well."""
    pages = sorted(folder.rglob("*.md"))
    if not pages:
        return
    page = random.choice(pages)
    lines = page.read_text("utf-8", "replace").split("\n")
    for _ in range(random.choice((1, 1, 2, 9))):
        _edit(lines, random)
    content = "\n".join(lines).encode("utf-8", "replace")
    if random.random() < 0.05:
        content = random.choice((b"", b"\xff\xfe" + content, content.replace(b"\n", b"\r\n")))
    page.write_bytes(content)


def _edit(lines: list[str], random: Random) -> None:
    at = random.randrange(len(lines)) if lines else 0
    way = random.randrange(5)
    if way == 0:
        lines[at : at + 1] = []
    elif way == 1:
        lines[at : at + 1] = [_line(random)]
    elif way == 2:
        lines.insert(at, _line(random))
    elif way == 3:
        lines.insert(at, random.choice(lines) if lines else "")
    else:
        lines[at : at + 1] = [_reworded(lines[at], random)] if lines else []


def _line(random: Random) -> str:
    said: dict[str, Any] = {"date": DATES, "link": LINKS, "name": NAMES, "number": NUMBERS}
    said = {sort: random.choice(known) for sort, known in said.items()}
    return random.choice(LINES).format(**said, title=random.choice(TITLES), odd=odd(random))


def _reworded(line: str, random: Random) -> str:
    mark, _, _ = line.partition(" ")
    return f"{mark} {random.choice((*TITLES, *NAMES, '*open*'))}"
