"""Buttons under messages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.delivery.outcomes import Button
from bot.domain.callbacks import (
    Agree,
    Book,
    Callback,
    ChooseGroup,
    Decline,
    NeverMind,
    ShowHelp,
    ShowSchedule,
    ShowStats,
    Support,
    Sure,
    Take,
    WaitFor,
    Withdraw,
    encode,
)
from bot.domain.views import (
    FoundTalk,
    GroupView,
    MeetingView,
    MemberView,
    RequestView,
    ScheduleView,
    SlotView,
)
from bot.services.statistics import Report
from bot.text import labels
from bot.text.commands import TOPICS, Topic
from bot.text.render import day, slot_name

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
MAX_BUTTONS = 8
"""Slots offered at once: more rows than that push the question off a phone's screen."""

MAX_LABEL = 40
"""Characters on a button; what is longer, a phone cuts anyway."""

A_LINE, MOST_IN_A_LINE = 34, 4
"""Latin letters that a phone shows on all the buttons of a line, and buttons in it."""


def told_apart(members: Sequence[MemberView]) -> list[str]:
    """Labels for people among whom one is to be chosen: their names, or, where two bear the same,
    with the numbers that the message gives them."""
    names = [member.name for member in members]
    if len(set(names)) == len(names):
        return names
    return [f"{number}. {name}" for number, name in enumerate(names, 1)]


def row(buttons: Iterable[Button]) -> InlineKeyboardMarkup:
    """Labels with their callback data, side by side as far as a phone shows them whole."""
    return rows([buttons])


def rows(groups: Iterable[Iterable[Button]]) -> InlineKeyboardMarkup:
    """Buttons that belong together, each group side by side as far as a phone shows it whole."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(short(label), callback_data=data) for label, data in line]
            for buttons in groups
            for line in _lines(list(buttons))
        ]
    )


def _lines(buttons: list[Button]) -> Iterator[list[Button]]:
    """Lines of buttons, which a phone makes equally wide, with about as many in each."""
    if not buttons:
        return
    widest = max(_width(label) for label, _ in buttons)
    most = min(max(A_LINE // widest, 1), MOST_IN_A_LINE)
    lines = -(-len(buttons) // most)
    wide = -(-len(buttons) // lines)
    for start in range(0, len(buttons), wide):
        yield buttons[start : start + wide]


def _width(label: str) -> int:
    """In Latin letters; Chinese ones are twice as wide."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in label)


def column(buttons: Iterable[Button]) -> InlineKeyboardMarkup:
    """Labels with their callback data, one below the other."""
    return rows([button] for button in buttons)


def paging(group: GroupView, schedule: ScheduleView) -> InlineKeyboardMarkup | None:
    buttons = []
    if schedule.earlier:
        buttons.append((labels.EARLIER, schedule.offset - 1))
    if schedule.offset not in (0, 1):  # from there the neighbouring button leads back
        buttons.append((labels.BACK_TO_NEXT, 0))
    if schedule.later and schedule.offset != -1:
        buttons.append((labels.LATER, schedule.offset + 1))
    if not buttons:
        return None
    return row((label, encode(ShowSchedule(group.id, offset))) for label, offset in buttons)


def slots_to_book(
    group: GroupView,
    draft_id: int,
    meetings: Iterable[MeetingView],
    own: Iterable[FoundTalk] = (),
) -> InlineKeyboardMarkup:
    """A button for each of one's `own` slots, and for each open one of these meetings, soonest
    first."""
    return _slots(meetings, lambda slot: Book(group.id, draft_id, slot.id), own)


def talks(
    found: Iterable[FoundTalk], asks: Callable[[FoundTalk], Callback]
) -> InlineKeyboardMarkup | None:
    """A button for each of these talks, with what it asks for; `None` where there is none."""
    buttons = [(f"{day(one.meeting.date)}: {one.talk.title}", encode(asks(one))) for one in found]
    return column(buttons) if buttons else None


def chapters(group: GroupView, *, organizer: bool) -> InlineKeyboardMarkup:
    """The chapters of `/help`."""
    shown = [
        (topic.value, encode(ShowHelp(group.id, place)))
        for place, topic in enumerate(TOPICS)
        if organizer or topic is not Topic.ORGANIZING
    ]
    return row(shown)


def other_statistics(group: GroupView, report: Report) -> InlineKeyboardMarkup | None:
    """From all terms to the newest one and back; `None` where there is but one."""
    if report.newest is None:
        return None
    term_id, title = report.newest
    if report.term_id is None:
        return row(((title, encode(ShowStats(group.id, term_id))),))
    return row(((labels.ALL_TERMS, encode(ShowStats(group.id, 0))),))


def choice_of_groups(groups: Iterable[GroupView]) -> InlineKeyboardMarkup:
    return column((group.name, encode(ChooseGroup(group.id))) for group in groups)


def private_chat(bot_username: str, group: GroupView) -> InlineKeyboardMarkup:
    """A link that opens the bot's private chat and tells it which group the person comes from."""
    url = f"https://t.me/{bot_username}?start=g{group.id}"
    return InlineKeyboardMarkup([[InlineKeyboardButton(labels.OPEN_PRIVATE_CHAT, url=url)]])


def of_request(group: GroupView, asked: RequestView) -> InlineKeyboardMarkup:
    return row(
        (
            (labels.AGREE, encode(Agree(group.id, asked.id))),
            (labels.DECLINE, encode(Decline(group.id, asked.id))),
        )
    )


def withdrawal(group: GroupView, asked: RequestView) -> InlineKeyboardMarkup:
    return row(((labels.TAKE_BACK, encode(Withdraw(group.id, asked.id))),))


def of_slot(group: GroupView, found: FoundTalk) -> InlineKeyboardMarkup | None:
    """What can be done with the slot on its card, as long as its meeting is to come."""
    slot, talk = found.slot, found.slot.talk
    if found.meeting.begun or found.meeting.is_cancelled:
        return None
    wait = (labels.WAIT, encode(WaitFor(group.id, slot.id)))
    if talk is None:
        take = (labels.TAKE, encode(Take(group.id, slot.id, 0)))
        return row((wait,) if slot.held else (take,))
    support = (labels.SUPPORT, encode(Support(group.id, slot.id, talk.id)))
    room = len(talk.supporters) < group.max_supporters
    return row((support, wait) if room else (wait,))


def slots_to_take(group: GroupView, meetings: Iterable[MeetingView]) -> InlineKeyboardMarkup:
    """A button for each open slot of these meetings, soonest first."""
    return _slots(meetings, lambda slot: Take(group.id, slot.id, 0))


def seen_before(group: GroupView, draft_id: int, slot_id: int) -> InlineKeyboardMarkup:
    return row(
        (
            (labels.ALL_THE_SAME, encode(Sure(group.id, draft_id, slot_id))),
            (labels.RATHER_NOT, encode(NeverMind(group.id, draft_id))),
        )
    )


def _slots(
    meetings: Iterable[MeetingView],
    asks: Callable[[SlotView], Callback],
    own: Iterable[FoundTalk] = (),
) -> InlineKeyboardMarkup:
    slots = [
        (f"{day(meeting.date)} · {slot_name(slot)}{more}", encode(asks(slot)))
        for meeting, slot, more in (
            *((*one, f" · {labels.YOURS}") for one in own),
            *((meeting, slot, "") for meeting in meetings for slot in meeting.open_slots),
        )
    ]
    return column(slots[:MAX_BUTTONS])


def short(label: str) -> str:
    """The label, cut where a phone would cut it."""
    return label if len(label) <= MAX_LABEL else label[: MAX_LABEL - 1].rstrip() + "…"
