"""Buttons for organizers, and for saying who one is."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from telegram import InlineKeyboardMarkup

from bot.domain.callbacks import (
    Arrived,
    AssignTo,
    Identify,
    NeverMind,
    PostMessage,
    SendAgain,
    SetFillDays,
    SetRule,
    SetSupporters,
    ShowDeliveries,
    ShowHosts,
    ShowLog,
    ShowReminder,
    TakeBackMessage,
    Undo,
    encode,
)
from bot.domain.views import ChangeView, DeliveryView, DraftView, GroupView, MemberView
from bot.services.messages import Scheduled
from bot.services.rules import FILL_DAYS, MOST_SUPPORTERS
from bot.telegram.keyboards import MAX_BUTTONS, column, row, rows, told_apart
from bot.text import labels
from storage.enums import DeliveryState


def names_to_be(group: GroupView, names: Iterable[MemberView]) -> InlineKeyboardMarkup | None:
    buttons = [(name.name, encode(Identify(group.id, name.id))) for name in names]
    return column(buttons[:MAX_BUTTONS]) if buttons else None


def names_to_assign(
    group: GroupView, draft: DraftView, near: Sequence[MemberView], *, several: bool
) -> InlineKeyboardMarkup:
    """`several` says that all of them are called what was said, so that it is no new name."""
    known = [
        (label, encode(AssignTo(group.id, draft.id, member.id)))
        for label, member in zip(told_apart(near), near, strict=True)
    ]
    if several:
        return column(known[:MAX_BUTTONS])
    new = (f"{labels.NEW_NAME}: {draft.title}", encode(AssignTo(group.id, draft.id, 0)))
    return column([*known[: MAX_BUTTONS - 1], new])


def to_undo(group: GroupView, change: ChangeView) -> InlineKeyboardMarkup:
    return row(((labels.UNDO, encode(Undo(group.id, change.id))),))


def log_pages(group: GroupView, offset: int, *, older: bool) -> InlineKeyboardMarkup | None:
    buttons = []
    if older:
        buttons.append((labels.EARLIER, encode(ShowLog(group.id, offset + 1))))
    if offset > 0:
        buttons.append((labels.LATER, encode(ShowLog(group.id, offset - 1))))
    return row(buttons) if buttons else None


def posting_times(
    group: GroupView, draft_id: int, times: Iterable[tuple[str, datetime | None]]
) -> InlineKeyboardMarkup:
    """A button for each time; `None` is now."""
    buttons = [
        (label, encode(PostMessage(group.id, draft_id, int(at.timestamp()) // 60 if at else 0)))
        for label, at in times
    ]
    return column([*buttons, (labels.RATHER_NOT, encode(NeverMind(group.id, draft_id)))])


def taking_back(group: GroupView, posted: Scheduled, now: datetime) -> InlineKeyboardMarkup | None:
    """Only what is to wait can be taken back in time."""
    if posted.state is not DeliveryState.PLANNED or posted.due_at <= now:
        return None
    return row(((labels.TAKE_BACK, encode(TakeBackMessage(group.id, posted.delivery_id))),))


def of_deliveries(
    group: GroupView, offset: int, shown: Iterable[DeliveryView], *, more: bool
) -> InlineKeyboardMarkup:
    """Two buttons for each message that may have arrived, and the neighbouring pages."""
    unsure = [
        [
            (f"{number}. {labels.IT_ARRIVED}", encode(Arrived(group.id, one.id))),
            (f"{number}. {labels.SEND_AGAIN}", encode(SendAgain(group.id, one.id))),
        ]
        for number, one in enumerate(
            (one for one in shown if one.state is DeliveryState.UNCERTAIN), 1
        )
    ]
    pages = []
    if offset < 0:
        if more:
            pages.append((labels.EARLIER, encode(ShowDeliveries(group.id, offset - 1))))
        later = labels.TO_COME if offset == -1 else labels.LATER
        pages.append((later, encode(ShowDeliveries(group.id, offset + 1))))
    else:
        earlier = labels.WHAT_WAS if offset == 0 else labels.EARLIER
        pages.append((earlier, encode(ShowDeliveries(group.id, offset - 1))))
        if more:
            pages.append((labels.LATER, encode(ShowDeliveries(group.id, offset + 1))))
    return rows([*unsure, pages])


def of_settings(group: GroupView) -> InlineKeyboardMarkup:
    """One row a setting; what is so already has no button."""
    on = group.selection_rule is None
    switch = (labels.RULE_ON if on else labels.RULE_OFF, encode(SetRule(group.id, int(on))))
    most = group.max_supporters
    counts = [
        (f"{labels.SUPPORTERS} {number}", encode(SetSupporters(group.id, number)))
        for number in (most - 1, most + 1)
        if 0 <= number <= MOST_SUPPORTERS
    ]
    fills = [
        (
            f"{labels.FILL} {days} days" if days else labels.FILL_NEVER,
            encode(SetFillDays(group.id, days)),
        )
        for days in (0, *FILL_DAYS)
        if days != (group.fill_days or 0)
    ]
    told = (labels.WHAT_I_TELL, encode(ShowReminder(group.id, -1)))
    sites = (labels.HOSTS, encode(ShowHosts(group.id)))
    return rows([[switch], counts, fills, [told, sites]])
