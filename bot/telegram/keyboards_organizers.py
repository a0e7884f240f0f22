"""Buttons for organizers, and for saying who one is."""

from collections.abc import Iterable

from telegram import InlineKeyboardMarkup

from bot.domain.callbacks import (
    AssignTo,
    Identify,
    SetFillDays,
    SetRule,
    SetSupporters,
    ShowLog,
    Undo,
    encode,
)
from bot.domain.views import ChangeView, DraftView, GroupView, MemberView
from bot.services.rules import FILL_DAYS, MOST_SUPPORTERS
from bot.telegram.keyboards import MAX_BUTTONS, column, row, rows
from bot.text import labels


def names_to_be(group: GroupView, names: Iterable[MemberView]) -> InlineKeyboardMarkup | None:
    buttons = [(name.name, encode(Identify(group.id, name.id))) for name in names]
    return column(buttons[:MAX_BUTTONS]) if buttons else None


def names_to_assign(
    group: GroupView, draft: DraftView, near: Iterable[MemberView]
) -> InlineKeyboardMarkup:
    known = [(member.name, encode(AssignTo(group.id, draft.id, member.id))) for member in near]
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
            f"{labels.FILL} {days}" if days else labels.FILL_NEVER,
            encode(SetFillDays(group.id, days)),
        )
        for days in (0, *FILL_DAYS)
        if days != (group.fill_days or 0)
    ]
    return rows([[switch], counts, fills])
