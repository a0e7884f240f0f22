"""Templates into Telegram's HTML. Whatever comes from people escapes itself."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NewType
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.domain import papers, titles
from bot.domain.calendar import WEEKDAYS, local
from bot.domain.months import MONTHS
from bot.domain.names import slides_in
from bot.domain.views import SlotView
from bot.errors import DomainError

if TYPE_CHECKING:
    from jinja2 import Environment

Html = NewType("Html", str)
"""Text in Telegram's HTML subset. Only `render` makes it, so a bare `str` is never sent as one."""

# What turns the direction of all the text after it (Unicode's embeddings, overrides, isolates).
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def weekday(value: date) -> str:
    """Tue"""
    return WEEKDAYS[value.weekday()][:3].capitalize()


def day(value: date) -> str:
    """Tue 13 January"""
    return f"{weekday(value)} {value.day} {month(value)}"


def full_day(value: date) -> str:
    """Tue 13 January 2026"""
    return f"{day(value)} {value.year}"


def short_day(value: date) -> str:
    """jan 13: how a date is typed into a command"""
    return f"{month(value)[:3].lower()} {value.day}"


def month(value: date) -> str:
    """January"""
    return MONTHS[value.month - 1]


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """19:00, on the wall of the group's room"""
    return f"{local(moment, zone):%H:%M}"


def day_and_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Tue 13 January, 19:00"""
    return f"{day(local(moment, zone).date())}, {clock(moment, zone)}"


def noted(moment: str, zone: ZoneInfo) -> str:
    """Tue 13 January, 19:00, of a moment as it is written down ("2026-01-13T11:00:00+00:00")"""
    return day_and_clock(datetime.fromisoformat(moment), zone)


def how_far(meeting_day: date, today: date) -> str:
    """today, tomorrow, in 5 days; yesterday, 3 days ago"""
    days = (meeting_day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def start(seconds: int) -> str:
    """47:10 or 1:02:30, as players show it"""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def venue(name: str | None, year: int | None) -> str:
    """SOSP'25, arXiv, or nothing"""
    return titles.format_venue(name, year)


def slot_name(slot: SlotView) -> str:
    """Topic II, or Talk 2 where the slot has no heading"""
    return slot.topic or ("Talk" if slot.position == 1 else f"Talk {slot.position}")


def the_slot(slot: SlotView) -> str:
    """As `slot_name` within a sentence: "Ann has the slot", where it has no heading"""
    return "the slot" if slot.topic is None and slot.position == 1 else slot_name(slot)


def in_one_line(value: object) -> object:
    """What a parameter looks like in a message: nobody's name or title breaks its line."""
    if isinstance(value, str) and not isinstance(value, Markup):
        # Nothing that breaks a line or turns it is printable, so nearly all are as they should be.
        if value.isprintable() and "  " not in value:
            return value
        return re.sub(r"\s+", " ", value.translate(_TURNING))
    return value


FILTERS: tuple[Callable[..., str], ...] = (
    day,
    full_day,
    short_day,
    month,
    clock,
    day_and_clock,
    noted,
    how_far,
    start,
    venue,
    slot_name,
    the_slot,
)


def _nowhere(_group_id: int, _url: str) -> str | None:
    return None


_served: dict[str, Callable[[int, str], str | None]] = {"address_of": _nowhere}


def serve(address: Callable[[int, str], str | None]) -> None:
    """Have files of a group's folder linked: `address` says where the link of this group's page is
    on the web, `None` where nobody knows."""
    _served["address_of"] = address


def _address_of(group_id: int, url: str) -> str | None:
    return _served["address_of"](group_id, url)


def environment(package: str, finalize: Callable[[object], object]) -> "Environment":
    """The templates of a package, with the filters of messages; what they show goes through
    `finalize`."""
    # A fiftieth of the start, and nobody has asked anything yet.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=finalize,
    )
    made.filters.update({one.__name__: one for one in FILTERS})
    return made


@cache
def _environment() -> "Environment":
    made = environment("bot.text", in_one_line)
    made.tests["slides_file"] = lambda url: slides_in(url) is not None
    made.tests["web_url"] = lambda url: url is not None and papers.is_web_url(url)
    made.globals["address_of"] = _address_of
    return made


def render(template: str, **params: Any) -> Html:
    """The message `templates/<template>.html` with `params`. Blocks are separated by one blank
    line. Raises when the template wants something that `params` lacks."""
    text = _environment().get_template(f"{template}.html").render(**params)
    blocks = ("\n".join(line.strip() for line in block.splitlines()) for block in _blocks(text))
    return Html("\n\n".join(blocks))


def headed(heading: Html | None, text: Html) -> Html:
    """The text below a heading, if there is one and the text does not have it."""
    return text if heading is None or heading in text else Html(f"{heading}\n\n{text}")


def render_refusal(error: DomainError) -> Html:
    """The one sentence or two for a refusal."""
    return render(f"refusal/{error.code.value}", **error.params)


def _blocks(text: str) -> list[str]:
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]
